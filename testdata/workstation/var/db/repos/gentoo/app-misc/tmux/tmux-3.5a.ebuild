# Metadata only: this stub cannot be built.
EAPI=8
# app-misc/tmux-3.5a
