# Metadata only: this stub cannot be built.
EAPI=8
# media-libs/mesa-25.1.9
