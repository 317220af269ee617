# Metadata only: this stub cannot be built.
EAPI=8
# sys-apps/acl-2.3.2
