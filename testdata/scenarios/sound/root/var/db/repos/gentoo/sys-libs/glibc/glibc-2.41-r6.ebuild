# Metadata only: this stub cannot be built.
EAPI=8
# sys-libs/glibc-2.41-r6
