# Metadata only: this stub cannot be built.
EAPI=8
# dev-vcs/git-2.51.0
