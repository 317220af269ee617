# Metadata only: this stub cannot be built.
EAPI=8
# dev-libs/oniguruma-6.9.10
