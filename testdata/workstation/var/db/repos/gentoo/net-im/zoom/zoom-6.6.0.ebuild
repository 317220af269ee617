# Metadata only: this stub cannot be built.
EAPI=8
# net-im/zoom-6.6.0
