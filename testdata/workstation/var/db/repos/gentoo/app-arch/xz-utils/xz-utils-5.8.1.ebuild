# Metadata only: this stub cannot be built.
EAPI=8
# app-arch/xz-utils-5.8.1
