"""Write testdata/workstation: an invented desktop machine and its two binhosts.

    make_workstation.py DIR

Every package, line and index entry is there for a reason, which stands beside it. Change this file, run
it, and commit what it wrote together with new expectations (SNAPSHOTS=overwrite cargo test).
"""
import hashlib
import shutil
import sys

import package_file
from root import Ebuild, Root, binary, install, write_index

BUILT = 1_760_000_000  # 2025-10-09
DAY = 86_400
LIBC = ">=sys-libs/glibc-2.41-r6"
ARCH = "amd64 elibc_glibc kernel_linux"
BASH_PATCH = "--- a/doc/README\n+++ b/doc/README\n@@ -1 +1 @@\n-bash\n+bash at our site\n"

# ---------------------------------------------------------------- what Portage itself would have installed

GLOBALS = [
    '# Defaults, weaker than every profile',
    'ACCEPT_PROPERTIES="*"',
    'ACCEPT_RESTRICT="*"',
    'DISTDIR="/var/cache/distfiles"',
    'PKGDIR="/var/cache/binpkgs"',
    'FEATURES="binpkg-multi-instance pkgdir-index-trusted"',
    'USE_ORDER="env:pkg:conf:defaults:pkginternal:features:repo:env.d"',
]

# ---------------------------------------------------------------- profiles: base < arch/amd64 < desktop

PROFILES = {
    "repo_name": ["gentoo"],
    "eapi": ["8"],
    "arch.list": ["amd64", "arm64", "x86"],
    "categories": sorted("app-admin app-arch app-backup app-editors app-misc app-shells dev-build dev-lang dev-libs dev-python "
                         "dev-util dev-vcs games-fps media-libs media-video net-im net-libs net-misc sys-apps sys-kernel "
                         "sys-libs virtual www-client".split()),
    "license_groups": ["FREE @GPL @OSI", "GPL GPL-2 GPL-3+ LGPL-2.1+", "OSI Apache-2.0 BSD MIT MPL-2.0 PSF-2 ZLIB curl openssl vim"],
    "package.mask": ["# Not ready for everybody", "dev-lang/zig"],
    "base/eapi": ["8"],
    "base/make.defaults": [
        'USE="acl nls unicode"',
        'ACCEPT_LICENSE="-* @FREE"',
        'USE_EXPAND="ABI_X86 CPU_FLAGS_X86 ELIBC KERNEL L10N PYTHON_TARGETS VIDEO_CARDS"',
        'USE_EXPAND_HIDDEN="ABI_X86 ELIBC KERNEL"',
        'USE_EXPAND_IMPLICIT="ELIBC KERNEL"',
        'USE_EXPAND_UNPREFIXED="ARCH"',
        'USE_EXPAND_VALUES_ARCH="amd64 arm64 x86"',
        'USE_EXPAND_VALUES_ELIBC="glibc musl"',
        'USE_EXPAND_VALUES_KERNEL="linux"',
        'ELIBC="glibc"',
        'KERNEL="linux"',
        'PYTHON_TARGETS="python3_13"',
    ],
    "base/packages": ["*sys-apps/coreutils", "*app-shells/bash", "*virtual/libc"],
    "base/use.mask": ["# No such service on this operating system", "selinux"],
    "arch/amd64/eapi": ["8"],
    "arch/amd64/parent": ["../../base"],
    "arch/amd64/make.defaults": [
        'ARCH="amd64"',
        'ACCEPT_KEYWORDS="amd64"',
        'CHOST="x86_64-pc-linux-gnu"',
        'USE_EXPAND_IMPLICIT="ARCH"',
        'IUSE_IMPLICIT="abi_x86_64"',
        'ABI_X86="64"',
    ],
    "arch/amd64/use.force": ["# Cannot be turned off", "multilib"],
    "arch/amd64/package.use.stable.mask": ["# Too new for stable systems", "net-misc/curl http3"],
    "desktop/eapi": ["8"],
    "desktop/parent": ["../arch/amd64"],
    "desktop/make.defaults": ['USE="X alsa dbus jpeg png wayland"', 'VIDEO_CARDS="amdgpu radeonsi"'],
    "desktop/package.use": ["media-video/ffmpeg vaapi"],
}

# ---------------------------------------------------------------- /etc/portage

ETC = {
    "make.conf": [
        'COMMON_FLAGS="-O2 -pipe -march=x86-64-v3"',
        'CFLAGS="${COMMON_FLAGS}"',
        'CXXFLAGS="${COMMON_FLAGS}"',
        '',
        'USE="-gnome x265"',
        'L10N="de"',
        '',
        '# Nobody sits here to answer questions, and we may not pass on what forbids it.',
        'ACCEPT_PROPERTIES="* -interactive"',
        'ACCEPT_RESTRICT="* -bindist"',
        '',
        'FEATURES="getbinpkg"',
    ],
    "package.use/00-site": ["# The whole site", "*/* -ldap", "dev-vcs/git perl -webdav"],
    "package.use/media": ["media-video/ffmpeg x264 -xvid", "# The next line has a typing error and is skipped",
                          "media-video/ffmpeg:: opus"],
    "package.accept_keywords": ["dev-build/ninja", "=www-client/firefox-143* ~amd64", "dev-lang/zig **"],
    "package.license": ["net-im/zoom all-rights-reserved"],
    "package.mask": ["# Hangs with our graphics card", ">=media-libs/mesa-25.2"],
    "package.unmask": ["dev-lang/zig"],
    "patches/app-shells/bash/site.patch": BASH_PATCH,
    "repos.conf": ["[site]", "location = /var/db/repos/site", "priority = 10", "# Secrets are built at home",
                   "usepkg-exclude = app-admin/site-secrets"],
    "binrepos.conf/gentoo.conf": [
        "[gentoo]", "priority = 1", "sync-uri = file:///srv/binhost/gentoo", "# Kernels are built here",
        "getbinpkg-exclude = sys-kernel/*"],
    "binrepos.conf/site.conf": [
        "# Our own build machine: trusted, not signed", "[site]", "priority = 10",
        "sync-uri = file:///srv/binhost/site", "verify-signature = false"],
}

# ---------------------------------------------------------------- ebuilds

EBUILDS = {
    ebuild.cpv: ebuild for ebuild in [
        Ebuild("app-arch/xz-utils-5.8.1", IUSE="+extra-filters nls static-libs", LICENSE="GPL-2"),
        Ebuild("app-arch/zstd-1.5.7-r1", SLOT="0/1", IUSE="+lzma lz4 static-libs", LICENSE="BSD",
               RDEPEND="lzma? ( app-arch/xz-utils ) lz4? ( app-arch/lz4:= )"),
        Ebuild("app-backup/borgbackup-1.4.1", IUSE="python_targets_python3_13", LICENSE="BSD",
               RDEPEND="dev-libs/openssl:= app-arch/zstd:="),
        Ebuild("app-editors/nano-8.6", IUSE="+spell nls", LICENSE="GPL-3+", RDEPEND="sys-libs/ncurses:="),
        Ebuild("app-editors/neovim-0.11.4", IUSE="+lto nls", LICENSE="Apache-2.0 vim", KEYWORDS="~amd64 ~arm64"),
        Ebuild("app-editors/vim-9.1.1652", IUSE="X acl nls perl", LICENSE="vim",
               RDEPEND=">=sys-libs/ncurses-6.5:= acl? ( sys-apps/acl ) perl? ( dev-lang/perl:= )"),
        Ebuild("app-misc/tmux-3.5a", IUSE="selinux systemd", LICENSE="BSD", RDEPEND="sys-libs/ncurses:="),
        Ebuild("app-shells/bash-5.3_p3", IUSE="nls +readline", LICENSE="GPL-3+",
               RDEPEND="readline? ( >=sys-libs/readline-8.3:= )"),
        Ebuild("dev-build/ninja-1.13.1", IUSE="doc test", LICENSE="Apache-2.0", KEYWORDS="~amd64 ~arm64",
               RESTRICT="!test? ( test )"),
        Ebuild("dev-lang/python-3.12.11", SLOT="3.12", IUSE="+readline +ssl test", LICENSE="PSF-2",
               RDEPEND="readline? ( sys-libs/readline:= ) ssl? ( dev-libs/openssl:= )"),
        Ebuild("dev-lang/python-3.13.7", SLOT="3.13", IUSE="+readline +ssl test", LICENSE="PSF-2",
               RDEPEND="readline? ( sys-libs/readline:= ) ssl? ( dev-libs/openssl:= )"),
        Ebuild("dev-lang/zig-0.14.1", SLOT="0.14", IUSE="doc", KEYWORDS=""),
        Ebuild("dev-libs/expat-2.7.3", IUSE="static-libs unicode"),
        Ebuild("dev-libs/openssl-3.5.4", SLOT="0/3", IUSE="+asm ktls static-libs weak-ssl-ciphers", LICENSE="Apache-2.0"),
        Ebuild("dev-python/requests-2.32.5", IUSE="python_targets_python3_12 python_targets_python3_13", LICENSE="Apache-2.0",
               RDEPEND="python_targets_python3_12? ( dev-lang/python:3.12 ) python_targets_python3_13? ( dev-lang/python:3.13 )"),
        Ebuild("dev-vcs/git-2.51.0", IUSE="+curl gnome-keyring nls +perl webdav", LICENSE="GPL-2",
               RDEPEND="dev-libs/openssl:= sys-libs/zlib:= curl? ( net-misc/curl ) perl? ( dev-lang/perl:= )"),
        Ebuild("games-fps/quake3-data-1.32", LICENSE="MIT", PROPERTIES="interactive"),
        Ebuild("media-libs/mesa-25.1.9", IUSE="+llvm video_cards_amdgpu video_cards_intel video_cards_radeonsi wayland X",
               RDEPEND="wayland? ( dev-libs/wayland )"),
        Ebuild("media-libs/mesa-25.2.3", IUSE="+llvm video_cards_amdgpu video_cards_intel video_cards_radeonsi wayland X",
               RDEPEND="wayland? ( dev-libs/wayland )"),
        Ebuild("media-video/ffmpeg-7.1.2", SLOT="0/59.61.61", IUSE="X alsa opus vaapi wayland x264 x265 xvid", LICENSE="LGPL-2.1+",
               RDEPEND="opus? ( media-libs/opus ) x264? ( media-libs/x264:= ) x265? ( media-libs/x265:= ) xvid? ( media-libs/xvid )"),
        Ebuild("net-im/zoom-6.6.0", IUSE="bundled-qt wayland", LICENSE="all-rights-reserved", RESTRICT="bindist mirror strip"),
        Ebuild("net-misc/curl-8.16.0", IUSE="+http2 http3 ldap +ssl", LICENSE="curl",
               RDEPEND="sys-libs/zlib http2? ( net-libs/nghttp2:= ) ldap? ( net-nds/openldap:= ) ssl? ( dev-libs/openssl:= )"),
        Ebuild("sys-apps/coreutils-9.8", IUSE="acl nls selinux", LICENSE="GPL-3+", RDEPEND="acl? ( sys-apps/acl )"),
        Ebuild("sys-apps/less-685", IUSE="pcre unicode", LICENSE="GPL-3+", BDEPEND="virtual/pkgconfig",
               DEPEND="sys-libs/ncurses:=", RDEPEND="sys-libs/ncurses:="),
        Ebuild("sys-kernel/gentoo-kernel-6.12.52", SLOT="6.12.52", IUSE="+initramfs", LICENSE="GPL-2"),
        Ebuild("sys-libs/glibc-2.41-r6", SLOT="2.2", IUSE="+multilib nls", LICENSE="LGPL-2.1+"),
        Ebuild("sys-libs/ncurses-6.5_p20250802", SLOT="0/6", IUSE="+cxx static-libs", LICENSE="MIT"),
        Ebuild("sys-libs/readline-8.3", SLOT="0/8", IUSE="static-libs +unicode", LICENSE="GPL-3+",
               RDEPEND=">=sys-libs/ncurses-6.5:="),
        Ebuild("sys-libs/zlib-1.3.1-r1", SLOT="0/1", IUSE="minizip static-libs", LICENSE="ZLIB"),
        Ebuild("virtual/libc-1-r1", RDEPEND="elibc_glibc? ( sys-libs/glibc:2.2 )", LICENSE=""),
        Ebuild("www-client/firefox-143.0.1", SLOT="rapid", IUSE="X +dbus +pgo telemetry wayland", LICENSE="MPL-2.0", KEYWORDS="~amd64",
               RDEPEND="dbus? ( sys-apps/dbus ) media-video/ffmpeg"),
        Ebuild("www-client/google-chrome-141.0", IUSE="qt6 selinux", LICENSE="google-chrome"),
    ]
}
# What the packages above need besides.
NEEDED = [
    Ebuild("dev-lang/perl-5.42.0", SLOT="0/5.42", LICENSE="GPL-2"),
    Ebuild("dev-libs/wayland-1.24.0"),
    Ebuild("dev-util/pkgconf-2.5.1"),
    Ebuild("media-libs/x264-0.0.20241119", SLOT="0/164", LICENSE="GPL-2"),
    Ebuild("media-libs/x265-4.1", SLOT="0/215", LICENSE="GPL-2"),
    Ebuild("net-libs/nghttp2-1.67.1", SLOT="0/1.14"),
    Ebuild("sys-apps/acl-2.3.2", LICENSE="LGPL-2.1+"),
    Ebuild("sys-apps/dbus-1.16.2", LICENSE="GPL-2"),
    Ebuild("virtual/pkgconfig-3", RDEPEND="dev-util/pkgconf", LICENSE=""),
]
EBUILDS.update((ebuild.cpv, ebuild) for ebuild in NEEDED)
OVERLAY = {
    ebuild.cpv: ebuild for ebuild in [
        # The same version as in ::gentoo, with one flag more: it decides about USE, for it has the higher priority.
        Ebuild("app-editors/nano-8.6", "site", IUSE="+spell +site-theme nls", LICENSE="GPL-3+", RDEPEND="sys-libs/ncurses:="),
        Ebuild("app-admin/site-secrets-4", "site"),
        Ebuild("app-admin/site-tools-2.1", "site", IUSE="+backup X", RDEPEND="backup? ( app-backup/borgbackup )"),
    ]
}

# ---------------------------------------------------------------- this machine

INSTALLED = {
    "app-arch/xz-utils-5.8.1": "extra-filters nls", "app-arch/zstd-1.5.7-r1": "lzma", "app-backup/borgbackup-1.4.1": "python_targets_python3_13",
    "app-editors/vim-9.1.1652": "X acl nls", "app-shells/bash-5.3_p3": "nls readline", "dev-lang/python-3.13.7": "readline ssl",
    "dev-libs/openssl-3.5.4": "asm", "dev-vcs/git-2.51.0": "curl nls perl", "net-misc/curl-8.16.0": "http2 ssl",
    "sys-apps/coreutils-9.8": "acl nls", "sys-libs/glibc-2.41-r6": "multilib nls", "sys-libs/ncurses-6.5_p20250802": "cxx",
    "sys-libs/readline-8.3": "unicode", "sys-libs/zlib-1.3.1-r1": "", "virtual/libc-1-r1": "",
    "dev-lang/perl-5.42.0": "", "net-libs/nghttp2-1.67.1": "", "sys-apps/acl-2.3.2": "", "sys-apps/dbus-1.16.2": "",
}
WORLD = ["app-backup/borgbackup", "app-editors/vim", "dev-build/ninja", "dev-lang/python:3.13", "dev-vcs/git", "media-video/ffmpeg",
         "net-misc/curl", "www-client/firefox"]

HEADER = {"ACCEPT_KEYWORDS": "amd64", "ARCH": "amd64", "CHOST": "x86_64-pc-linux-gnu", "TIMESTAMP": str(BUILT + 40 * DAY),
          "USE_EXPAND": "ABI_X86 CPU_FLAGS_X86 ELIBC KERNEL L10N PYTHON_TARGETS VIDEO_CARDS", "USE_EXPAND_IMPLICIT": "ARCH ELIBC KERNEL",
          "USE_EXPAND_UNPREFIXED": "ARCH", "USE_EXPAND_VALUES_ARCH": "amd64 arm64 x86", "USE_EXPAND_VALUES_ELIBC": "glibc musl",
          "USE_EXPAND_VALUES_KERNEL": "linux"}


def built(cpv, use, day=1, overlay=False, version=None, **changes):
    """An entry for the ebuild of `cpv`, built with `use` and what every amd64 build has."""
    ebuild = (OVERLAY if overlay else EBUILDS)[cpv]
    flags = set(f"{use} {ARCH} abi_x86_64".split())
    if version:
        changes["CPV"] = version
    return binary(ebuild, flags, build_time=BUILT + day * DAY, libc=LIBC, **changes)


def bash_digest():
    """What Portage records for a package that was built with our patch."""
    return hashlib.sha256(hashlib.sha256(BASH_PATCH.encode()).hexdigest().encode()).hexdigest()


ZLIB = built("sys-libs/zlib-1.3.1-r1", "")
BASH = built("app-shells/bash-5.3_p3", "nls readline", day=5, build_id=2, USER_PATCHES=bash_digest())

LOCAL = [
    # Downloaded before.
    BASH,
]

SITE = [
    # Accepted: everything fits.
    ZLIB,
    built("sys-apps/coreutils-9.8", "acl nls"),
    # Accepted: comes from the overlay.
    built("app-admin/site-tools-2.1", "X backup", overlay=True),
    # Excluded by usepkg-exclude in repos.conf.
    built("app-admin/site-secrets-4", "", overlay=True),
    # Shadowed by the copy in PKGDIR.
    BASH,
    # Accepted: the flags of package.use. http3 is masked for stable packages. It was built before the host took up a
    # newer baseline.
    built("net-misc/curl-8.16.0", "http2 ssl", build_id=3, day=3, CFLAGS="-O2 -pipe -march=x86-64-v2"),
    # USE: the build machine allows weak ciphers.
    built("dev-libs/openssl-3.5.4", "asm weak-ssl-ciphers", day=9),
    # Accepted, for only build dependencies have changed; not with --with-bdeps=y.
    built("sys-apps/less-685", "unicode", BDEPEND="dev-util/pkgconf"),
    # USE: built from ::gentoo, but the overlay's ebuild of this version has a flag that it does not know.
    built("app-editors/nano-8.6", "nls spell"),
    # Accepted: an xpak file from a host that need not sign.
    built("sys-libs/readline-8.3", "unicode", form="xpak"),
    # USE: built without multilib, which is forced here.
    built("sys-libs/glibc-2.41-r6", "nls"),
]

GENTOO = [
    # Shadowed: the same build as on the host of higher priority.
    ZLIB,
    # Accepted.
    built("app-arch/zstd-1.5.7-r1", "lzma"),
    # Accepted, both; the newer build is tried first.
    built("dev-libs/openssl-3.5.4", "asm", day=1, build_id=1),
    built("dev-libs/openssl-3.5.4", "asm", day=8, build_id=2),
    # USE: LDAP is switched off for the whole site.
    built("net-misc/curl-8.16.0", "http2 ldap ssl", day=2),
    # USE: four flags at once.
    built("media-video/ffmpeg-7.1.2", "X alsa opus wayland x264 xvid"),
    # USE: built when the ebuild still had a flag that is gone.
    built("dev-vcs/git-2.51.0", "curl nls perl subversion", day=1,
          IUSE="+curl gnome-keyring nls +perl subversion webdav"),
    # Accepted: a rebuild against another sub-slot does not count as a change of dependencies.
    built("dev-vcs/git-2.51.0", "curl nls perl", day=4, build_id=2,
          RDEPEND=f"dev-libs/openssl:0/1.1= sys-libs/zlib:0/1= net-misc/curl dev-lang/perl:0/5.42= {LIBC}"),
    # Dependencies: the ebuild asks for a newer ncurses now.
    built("app-editors/vim-9.1.1652", "X acl nls", RDEPEND=f">=sys-libs/ncurses-6.4:0/6= sys-apps/acl {LIBC}"),
    # CHOST: for another C library.
    built("app-arch/xz-utils-5.8.1", "extra-filters nls", CHOST="x86_64-gentoo-linux-musl"),
    # EAPI: from the future.
    built("app-misc/tmux-3.5a", "", EAPI="10"),
    # Keywords: testing, both the package and the ebuild.
    built("app-editors/neovim-0.11.4", "lto nls"),
    # Accepted: testing, but listed in package.accept_keywords.
    built("dev-build/ninja-1.13.1", ""),
    # License: not free.
    built("www-client/google-chrome-141.0", ""),
    # Restriction: the license is accepted, redistribution is not.
    built("net-im/zoom-6.6.0", "wayland"),
    # Property: wants to ask questions.
    built("games-fps/quake3-data-1.32", ""),
    # Mask: by the user, and with it the ebuild.
    built("media-libs/mesa-25.2.3", "X llvm video_cards_amdgpu video_cards_radeonsi wayland", day=20),
    # USE: built for other graphics cards.
    built("media-libs/mesa-25.1.9", "X llvm video_cards_intel wayland"),
    # Accepted: masked by the repository, unmasked by the user, and without keywords.
    built("dev-lang/zig-0.14.1", ""),
    # Invalid: the dependency string is broken off.
    built("dev-libs/expat-2.7.3", "unicode", RDEPEND="|| ( sys-libs/glibc"),
    # Ebuild: a version that the repository does not have any more.
    built("dev-lang/python-3.13.7", "readline ssl", version="dev-lang/python-3.13.5"),
    # Accepted: two slots.
    built("dev-lang/python-3.13.7", "readline ssl", day=2),
    built("dev-lang/python-3.12.11", "readline ssl"),
    # USE: for one Python too many.
    built("dev-python/requests-2.32.5", "python_targets_python3_12 python_targets_python3_13"),
    # Accepted, but built on a machine that this one cannot follow.
    built("media-libs/x264-0.0.20241119", "", CFLAGS="-O2 -pipe -march=x86-64-v4"),
    # Ebuild: the repository has a newer version only.
    built("media-libs/x265-4.1", "", version="media-libs/x265-4.0"),
    # Excluded by getbinpkg-exclude of this host.
    built("sys-kernel/gentoo-kernel-6.12.52", "initramfs"),
    # Patches: built without ours.
    built("app-shells/bash-5.3_p3", "nls readline", day=30),
    # Signature: wanted from this host, and xpak cannot have one.
    built("sys-libs/ncurses-6.5_p20250802", "cxx", form="xpak"),
    # Several reasons: USE, dependencies and keywords.
    built("www-client/firefox-143.0.1", "X dbus pgo telemetry", KEYWORDS="~arm64", RDEPEND=f"sys-apps/dbus {LIBC}"),
]


def with_options(entries, cflags):
    """The entries of a host that lets its index name compiler options too; `cflags` unless an entry has its own."""
    return [{"CFLAGS": cflags, **entry} for entry in entries]


def write(directory):
    """Write the whole system below `directory`, which must not exist."""
    root = Root(directory)
    share = "usr/share/portage/config"
    root.write(f"{share}/make.globals", GLOBALS)
    root.write(f"{share}/repos.conf", ["[DEFAULT]", "main-repo = gentoo", "", "[gentoo]", "location = /var/db/repos/gentoo"])
    root.write(f"{share}/binrepos.conf", ["[DEFAULT]", "verify-signature = true"])
    for name, lines in PROFILES.items():
        root.write(f"var/db/repos/gentoo/profiles/{name}", lines)
    root.write("var/db/repos/gentoo/metadata/layout.conf", ["masters =", "profile-formats = portage-2", "cache-formats = md5-dict"])
    root.write("var/db/repos/site/metadata/layout.conf", ["masters = gentoo", "cache-formats = md5-dict"])
    root.write("var/db/repos/site/profiles/repo_name", ["site"])
    root.write("var/db/repos/site/profiles/eapi", ["8"])
    for location, ebuilds in (("gentoo", EBUILDS), ("site", OVERLAY)):
        for ebuild in ebuilds.values():
            ebuild.write(root, f"var/db/repos/{location}")
    for name, text in ETC.items():
        root.write(f"etc/portage/{name}", text)
    root.link("etc/portage/make.profile", "../../var/db/repos/gentoo/profiles/desktop")
    for cpv, use in INSTALLED.items():
        install(root, EBUILDS[cpv], set(f"{use} {ARCH} abi_x86_64".split()), libc=LIBC)
    root.write("var/lib/portage/world", WORLD)
    site = with_options(SITE, "-O2 -pipe -march=x86-64-v3")
    gentoo = with_options(GENTOO, "-O2 -pipe -march=x86-64 -mtune=generic")
    local = with_options(LOCAL, "-O2 -pipe -march=x86-64-v3")
    for directory, entries, compress in (("srv/binhost/site", site, True), ("srv/binhost/gentoo", gentoo, False),
                                         ("var/cache/binpkgs", local, False)):
        written = package_file.write(root, directory, entries)
        write_index(root, directory, HEADER, written, compress)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for part in ("etc", "srv", "usr", "var"):
        shutil.rmtree(f"{sys.argv[1]}/{part}", ignore_errors=True)
    write(sys.argv[1])
