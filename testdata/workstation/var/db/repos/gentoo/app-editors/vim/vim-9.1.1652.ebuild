# Metadata only: this stub cannot be built.
EAPI=8
# app-editors/vim-9.1.1652
