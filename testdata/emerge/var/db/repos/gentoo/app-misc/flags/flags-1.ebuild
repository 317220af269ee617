EAPI=8

DESCRIPTION="Built with a flag that is off here"
HOMEPAGE="https://example.org/"
S="${WORKDIR}"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64"
IUSE="doc"

src_install() {
	echo "${PVR} ${CFLAGS}" > built || die
	insinto /usr/share/${PN}
	doins built
}
