# Metadata only: this stub cannot be built.
EAPI=8
# dev-lang/zig-0.14.1
