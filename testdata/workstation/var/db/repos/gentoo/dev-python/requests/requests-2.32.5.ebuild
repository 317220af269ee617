# Metadata only: this stub cannot be built.
EAPI=8
# dev-python/requests-2.32.5
