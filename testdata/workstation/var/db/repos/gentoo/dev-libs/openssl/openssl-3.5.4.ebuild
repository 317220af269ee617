# Metadata only: this stub cannot be built.
EAPI=8
# dev-libs/openssl-3.5.4
