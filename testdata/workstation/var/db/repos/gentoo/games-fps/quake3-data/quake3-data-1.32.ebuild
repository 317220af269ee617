# Metadata only: this stub cannot be built.
EAPI=8
# games-fps/quake3-data-1.32
