# Metadata only: this stub cannot be built.
EAPI=8
# sys-apps/dbus-1.16.2
