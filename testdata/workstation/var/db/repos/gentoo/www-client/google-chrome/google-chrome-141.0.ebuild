# Metadata only: this stub cannot be built.
EAPI=8
# www-client/google-chrome-141.0
