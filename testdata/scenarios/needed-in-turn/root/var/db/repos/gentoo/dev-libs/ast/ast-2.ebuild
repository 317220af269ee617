# Metadata only: this stub cannot be built.
EAPI=8
# dev-libs/ast-2
