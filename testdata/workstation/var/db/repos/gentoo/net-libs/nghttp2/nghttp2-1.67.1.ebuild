# Metadata only: this stub cannot be built.
EAPI=8
# net-libs/nghttp2-1.67.1
