# Metadata only: this stub cannot be built.
EAPI=8
# dev-libs/expat-2.7.3
