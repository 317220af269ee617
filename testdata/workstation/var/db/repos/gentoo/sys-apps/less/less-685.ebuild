# Metadata only: this stub cannot be built.
EAPI=8
# sys-apps/less-685
