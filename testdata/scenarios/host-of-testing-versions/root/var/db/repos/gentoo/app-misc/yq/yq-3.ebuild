# Metadata only: this stub cannot be built.
EAPI=8
# app-misc/yq-3
