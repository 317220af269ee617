# Metadata only: this stub cannot be built.
EAPI=8
# app-arch/zstd-1.5.7-r1
