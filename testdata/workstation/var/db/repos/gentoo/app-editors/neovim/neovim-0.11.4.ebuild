# Metadata only: this stub cannot be built.
EAPI=8
# app-editors/neovim-0.11.4
