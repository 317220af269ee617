EAPI=8

DESCRIPTION="Cannot be installed"
HOMEPAGE="https://example.org/"
S="${WORKDIR}"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64"

pkg_preinst() {
	die "as it should"
}
