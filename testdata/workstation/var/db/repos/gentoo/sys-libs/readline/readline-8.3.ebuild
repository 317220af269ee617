# Metadata only: this stub cannot be built.
EAPI=8
# sys-libs/readline-8.3
