# Metadata only: this stub cannot be built.
EAPI=8
# www-client/firefox-143.0.1
