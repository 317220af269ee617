# Metadata only: this stub cannot be built.
EAPI=8
# dev-util/pkgconf-2.5.1
