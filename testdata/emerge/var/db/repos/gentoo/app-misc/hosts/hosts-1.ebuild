EAPI=8

DESCRIPTION="Owns a file of binrepos.conf"
HOMEPAGE="https://example.org/"
S="${WORKDIR}"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64"

src_install() {
	echo "# version ${PV}" > zz-hosts.conf || die
	insinto /etc/portage/binrepos.conf
	doins zz-hosts.conf
}
