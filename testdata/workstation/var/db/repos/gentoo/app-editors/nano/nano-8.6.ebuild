# Metadata only: this stub cannot be built.
EAPI=8
# app-editors/nano-8.6
