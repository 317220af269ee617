# Metadata only: this stub cannot be built.
EAPI=8
# dev-libs/wayland-1.24.0
