EAPI=8

DESCRIPTION="Installs a file and runs a phase"
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

pkg_postinst() {
	mkdir -p "${EROOT}"/var/lib || die
	echo "${PVR}" >> "${EROOT}"/var/lib/${PN} || die
}
