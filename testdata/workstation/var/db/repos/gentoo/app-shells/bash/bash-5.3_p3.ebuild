# Metadata only: this stub cannot be built.
EAPI=8
# app-shells/bash-5.3_p3
