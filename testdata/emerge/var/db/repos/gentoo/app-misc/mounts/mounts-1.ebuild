EAPI=8

DESCRIPTION="Mounts something that is to stay"
HOMEPAGE="https://example.org/"
S="${WORKDIR}"

LICENSE="MIT"
SLOT="0"
KEYWORDS="amd64"

pkg_postinst() {
	mkdir -p "${EROOT}"/mnt || die
	mount -t tmpfs none "${EROOT}"/mnt || die
}
