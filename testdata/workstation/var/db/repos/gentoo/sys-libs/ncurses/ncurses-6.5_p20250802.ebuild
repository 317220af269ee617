# Metadata only: this stub cannot be built.
EAPI=8
# sys-libs/ncurses-6.5_p20250802
