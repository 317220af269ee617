# Metadata only: this stub cannot be built.
EAPI=8
# media-libs/x265-4.1
