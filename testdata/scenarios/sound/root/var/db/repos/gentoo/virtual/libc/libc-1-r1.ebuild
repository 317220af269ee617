# Metadata only: this stub cannot be built.
EAPI=8
# virtual/libc-1-r1
