# Metadata only: this stub cannot be built.
EAPI=8
# media-libs/x264-0.0.20241119
