# Metadata only: this stub cannot be built.
EAPI=8
# sys-kernel/gentoo-kernel-bin-6.12.52
