# Metadata only: this stub cannot be built.
EAPI=8
# sys-kernel/gentoo-kernel-6.12.52
