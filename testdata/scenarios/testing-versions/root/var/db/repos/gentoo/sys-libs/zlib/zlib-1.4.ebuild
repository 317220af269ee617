# Metadata only: this stub cannot be built.
EAPI=8
# sys-libs/zlib-1.4
