# Metadata only: this stub cannot be built.
EAPI=8
# dev-build/ninja-1.13.1
