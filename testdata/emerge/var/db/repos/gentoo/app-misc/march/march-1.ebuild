EAPI=8

DESCRIPTION="Built for several processors"
HOMEPAGE="https://example.org/"
S="${WORKDIR}"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64"
# Static libraries are code, although no list of files shows them.
IUSE="+static-libs"

src_install() {
	echo "${PVR} ${CFLAGS}" > built || die
	insinto /usr/share/${PN}
	doins built
}
