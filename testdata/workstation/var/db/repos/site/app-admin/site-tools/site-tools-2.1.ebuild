# Metadata only: this stub cannot be built.
EAPI=8
# app-admin/site-tools-2.1
