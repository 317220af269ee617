# Metadata only: this stub cannot be built.
EAPI=8
# net-misc/curl-8.16.0
