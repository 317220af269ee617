# Metadata only: this stub cannot be built.
EAPI=8
# dev-lang/python-3.13.7
