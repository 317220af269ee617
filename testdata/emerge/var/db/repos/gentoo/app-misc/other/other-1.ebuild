EAPI=8

DESCRIPTION="On another host"
HOMEPAGE="https://example.org/"
S="${WORKDIR}"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64"

src_install() {
	echo "${PVR} ${CFLAGS}" > built || die
	insinto /usr/share/${PN}
	doins built
}
