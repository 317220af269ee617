# Metadata only: this stub cannot be built.
EAPI=8
# virtual/pkgconfig-3
