# Metadata only: this stub cannot be built.
EAPI=8
# dev-lang/perl-5.42.0
