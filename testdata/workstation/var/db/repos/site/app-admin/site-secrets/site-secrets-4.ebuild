# Metadata only: this stub cannot be built.
EAPI=8
# app-admin/site-secrets-4
