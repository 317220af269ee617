EAPI=8

DESCRIPTION="Depends on what no host has"
HOMEPAGE="https://example.org/"
S="${WORKDIR}"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64"
RDEPEND="app-misc/source"

src_install() {
	echo "${PVR} ${CFLAGS}" > built || die
	insinto /usr/share/${PN}
	doins built
}
