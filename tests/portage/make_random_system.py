"""Write a small random system with binhosts, for comparing verdicts with Portage's.

    make_random_system.py SEED DIR

The same seed writes the same system. Nothing in it is meant to be sensible, only legal, and now and then
slightly illegal in ways that Portage survives.
"""
import hashlib
import random
import re
import sys

from draw import ALL_FLAGS, CATEGORIES, CHOSTS, EXPANDED, FLAGS, KEYWORDS, LICENSES, VERSIONS, Draw
from make_workstation import GLOBALS, HEADER, PROFILES
from root import Ebuild, Root, binary, install, write_index

LIBC = ">=sys-libs/glibc-2.41-r6"
IMPLICIT = {"amd64", "elibc_glibc", "kernel_linux"}
BUILT = 1_750_000_000
PROFILE_NODES = ["base", "arch/amd64", "release", "release/desktop"]
PARENTS = {"arch/amd64": "../../base", "release": "../arch/amd64", "release/desktop": ".."}


# Tokens of package.use and USE that stand for many flags.
USE_WILDCARDS = ["-*", "-video_cards_*", "python_targets_*", "-python_targets_*", "VIDEO_CARDS: intel -amdgpu", "PYTHON_TARGETS: -* python3_12",
                 "L10N: de", "*", "--doc", "-"]


class Scenario:
    """One system while it is written."""

    def __init__(self, seed, directory):
        self.rnd = random.Random(f"bincheck {seed}")
        self.draw = Draw(self.rnd)
        self.root = Root(directory)
        self.repos = {"gentoo": [], "lab": [], "extra": []}
        self.use = []  # global USE in order of strength, for guessing what fits

    def write(self):
        """Write all of it."""
        self.ebuilds()
        self.repositories()
        self.profiles()
        self.make_conf()
        self.packages_files()
        self.others()
        self.installed()
        self.binhosts()

    # ------------------------------------------------------------ repositories

    def ebuilds(self):
        for name in self.draw.names:
            versions = self.rnd.sample(VERSIONS, self.rnd.randint(1, 4))
            self.repos["gentoo"] += [self.draw.ebuild(name, version, "gentoo") for version in versions]
            for repo in ("lab", "extra"):
                if self.draw.chance(0.2):
                    version = self.rnd.choice(versions + VERSIONS[:3])
                    self.repos[repo].append(self.draw.ebuild(name, version, repo))

    def repositories(self):
        root, rnd = self.root, self.rnd
        root.write("var/db/repos/gentoo/metadata/layout.conf", ["masters =", "profile-formats = portage-2", "cache-formats = md5-dict"])
        for repo in ("lab", "extra"):
            masters = "gentoo" if repo == "lab" else rnd.choice(["gentoo", "gentoo lab", ""])
            root.write(f"var/db/repos/{repo}/metadata/layout.conf", [f"masters = {masters}", "cache-formats = md5-dict"])
            root.write(f"var/db/repos/{repo}/profiles/repo_name", [repo])
            root.write(f"var/db/repos/{repo}/profiles/eapi", [rnd.choice(["5", "7", "8"])])
            if self.draw.chance(0.3):
                root.write(f"var/db/repos/{repo}/profiles/make.defaults", [f'USE="{self.signed(rnd.choice(FLAGS), 0.3)}"'])
            self.node_files(f"var/db/repos/{repo}/profiles", 0.25)
        libc = [Ebuild("sys-libs/glibc-2.41-r6", SLOT="2.2"),
                Ebuild("virtual/libc-1-r1", RDEPEND="elibc_glibc? ( sys-libs/glibc:2.2 )", LICENSE="")]
        for repo, ebuilds in self.repos.items():
            for ebuild in ebuilds + (libc if repo == "gentoo" else []):
                ebuild.write(root, f"var/db/repos/{repo}")
        self.libc = libc
        lines = []
        for repo, priority in (("lab", 10), ("extra", rnd.choice([-5, 10, 20]))):
            lines += [f"[{repo}]", f"location = /var/db/repos/{repo}", f"priority = {priority}"]
            if self.draw.chance(0.2):
                lines.append(f"usepkg-exclude = {rnd.choice(self.draw.names)} */oak")
        root.write("etc/portage/repos.conf/overlays.conf", lines)

    # ------------------------------------------------------------ profiles

    def node_files(self, directory, share):
        """The mask, force and package files of a profile directory, each with this probability."""
        rnd, draw = self.rnd, self.draw
        for kind in ("mask", "force"):
            for stable in ("", "stable."):
                if draw.chance(share):
                    self.root.write(f"{directory}/use.{stable}{kind}", [self.signed(flag, 0.3) for flag in draw.some(ALL_FLAGS, 3)])
                if draw.chance(share):
                    self.root.write(f"{directory}/package.use.{stable}{kind}", self.use_lines(4, draw.exact_atom, minus=0.3))
        if draw.chance(share):
            lines = [draw.exact_atom() for _ in range(rnd.randint(1, 3))]
            self.root.write(f"{directory}/package.mask", lines)

    def signed(self, flag, minus):
        return ("-" if self.draw.chance(minus) else "") + flag

    def use_lines(self, most, atom, minus=0.4, wild=False):
        lines = []
        for _ in range(self.rnd.randint(1, most)):
            flags = [self.signed(flag, minus) for flag in self.rnd.sample(ALL_FLAGS, self.rnd.randint(1, 3))]
            if wild and self.draw.chance(0.25):
                flags.insert(self.rnd.randint(0, len(flags)), self.rnd.choice(USE_WILDCARDS))
            lines.append(" ".join([atom(), *flags]))
        return lines

    def profiles(self):
        root, rnd = self.root, self.rnd
        base = "var/db/repos/gentoo/profiles"
        for name in ("repo_name", "eapi", "arch.list", "base/make.defaults", "arch/amd64/make.defaults", "base/packages"):
            root.write(f"{base}/{name}", PROFILES[name])
        root.write(f"{base}/categories", sorted([*CATEGORIES, "sys-libs", "virtual"]))
        root.write(f"{base}/license_groups", ["FREE @SOFTWARE FDL", "SOFTWARE MIT BSD GPL-2"])
        for node in PROFILE_NODES:
            root.write(f"{base}/{node}/eapi", [rnd.choice(["5", "7", "8", "8"])])
            if node in PARENTS:
                root.write(f"{base}/{node}/parent", [PARENTS[node]])
            self.node_files(f"{base}/{node}", 0.35)
            if self.draw.chance(0.5):
                root.write(f"{base}/{node}/package.use", self.use_lines(4, self.draw.exact_atom))
            if self.draw.chance(0.2):
                keywords = [f"{self.draw.exact_atom()} {rnd.choice(['~amd64', '-amd64', 'arm64', '** -~amd64'])}" for _ in range(2)]
                root.write(f"{base}/{node}/{rnd.choice(['package.keywords', 'package.accept_keywords'])}", keywords)
            if self.draw.chance(0.2):
                root.write(f"{base}/{node}/package.unmask", [self.draw.exact_atom(), self.draw.exact_atom()])
            if node.startswith("release"):
                use = [self.signed(flag, 0.2) for flag in self.draw.some(FLAGS, 5)]
                self.use += use
                root.write(f"{base}/{node}/make.defaults", [f'USE="{" ".join(use)}"', 'VIDEO_CARDS="amdgpu"'])
        root.link("etc/portage/make.profile", "../../" + base + "/" + rnd.choice(PROFILE_NODES[2:]))
        if self.draw.chance(0.5):
            self.node_files("etc/portage/profile", 0.4)

    # ------------------------------------------------------------ /etc/portage

    def make_conf(self):
        rnd, draw = self.rnd, self.draw
        use = [self.signed(flag, 0.4) for flag in draw.some(FLAGS, 5)]
        if draw.chance(0.15):
            use.insert(0, "-*")
            self.use.clear()
        if draw.chance(0.2):
            use.append(rnd.choice(["-video_cards_*", "video_cards_intel", "python_targets_*", "-l10n_*"]))
        self.use += use
        lines = [f'USE="{" ".join(use)}"']
        choices = {
            "VIDEO_CARDS": (0.5, ["intel", "-* intel", "amdgpu intel", "-amdgpu"]),
            "PYTHON_TARGETS": (0.4, ["python3_12", "-python3_13 python3_12", "python3_12 python3_13"]),
            "L10N": (0.4, ["de", "-*", "de fr"]),
            "ACCEPT_KEYWORDS": (0.4, ["~amd64", "amd64 ~arm64", "amd64 x86", "**", "-amd64 ~amd64"]),
            "ACCEPT_LICENSE": (0.5, ["-* @FREE", "* -EULA", "*", "@FREE EULA", "-* MIT"]),
            "ACCEPT_PROPERTIES": (0.4, ["* -interactive", "-* live", "*"]),
            "ACCEPT_RESTRICT": (0.4, ["* -bindist", "-fetch -bindist", "-*"]),
            "ACCEPT_CHOSTS": (0.3, ["x86_64-pc-linux-gnu x86_64-unknown-linux-gnu", "x86_64-.*-linux-gnu", "x86_64-pc-linux-gnu.*"]),
            "FEATURES": (0.4, ["test", "getbinpkg", "-binpkg-multi-instance", "binpkg-request-signature"]),
            "USE_ORDER": (0.1, ["env:pkg:conf:pkginternal:defaults:features:repo:env.d", "env:conf:pkg:defaults:pkginternal:repo"]),
            "EMERGE_DEFAULT_OPTS": (0.5, ["--with-bdeps=y --jobs=4", "--usepkg-exclude dev-libs/*a* --keep-going",
                                          "--getbinpkg-exclude 'x11-libs/* oak'", "--binpkg-respect-user-patches=n",
                                          "--exclude=*/fir", "--binpkg-changed-deps=n", "--usepkg-exclude-live"]),
        }
        lines += [f'{key}="{rnd.choice(values)}"' for key, (share, values) in choices.items() if draw.chance(share)]
        self.root.write("etc/portage/make.conf", lines)

    def packages_files(self):
        """package.use and its relatives, as files or directories."""
        rnd, draw = self.rnd, self.draw
        self.user_file("package.use", self.use_lines(12, draw.atom, wild=True))
        keywords = ["", " ~amd64", " **", " -amd64", " *", " ~*", " amd64", " -~amd64 ~arm64", " -*"]
        self.user_file("package.accept_keywords", [draw.atom() + rnd.choice(keywords) for _ in range(10)])
        self.user_file("package.license", [f"{draw.atom()} {rnd.choice(['EULA', '-*', '*', '* -MIT', '@FREE -GPL-2', 'FDL EULA'])}" for _ in range(6)])
        self.user_file("package.properties", [f"{draw.atom()} {rnd.choice(['interactive', '-live', '*'])}" for _ in range(2)])
        self.user_file("package.accept_restrict", [f"{draw.atom()} {rnd.choice(['bindist', '-bindist', '*', '-fetch'])}" for _ in range(3)])
        self.user_file("package.mask", [draw.exact_atom() for _ in range(4)] + [f"{draw.exact_atom()}::lab"])
        self.user_file("package.unmask", [draw.exact_atom() for _ in range(3)] + rnd.choice([[], ["*/*::extra"], ["=*/*-*9999*"]]))
        self.root.write("etc/portage/env/some", ['USE="doc -ssl"'])
        self.root.write("etc/portage/env/tests", ['FEATURES="test"'])
        self.user_file("package.env", [f"{draw.atom()} {rnd.choice(['some', 'tests', 'some tests'])}" for _ in range(2)])

    def user_file(self, name, lines):
        """A file, or a directory of two files and some that do not count."""
        if self.draw.chance(0.15):
            return
        if self.draw.chance(0.2):
            lines.insert(0, "not/an/atom~ broken")
        if self.draw.chance(0.5):
            self.root.write(f"etc/portage/{name}", ["# one file", *lines])
            return
        half = len(lines) // 2
        self.root.write(f"etc/portage/{name}/10-first", lines[:half])
        self.root.write(f"etc/portage/{name}/sub/late.conf.bak", lines[half:])
        self.root.write(f"etc/portage/{name}/20-edited~", ["*/* -* doc"])
        self.root.write(f"etc/portage/{name}/.hidden", ["*/* -* doc"])

    def others(self):
        share = "usr/share/portage/config"
        self.root.write(f"{share}/make.globals", GLOBALS)
        self.root.write(f"{share}/repos.conf", ["[DEFAULT]", "main-repo = gentoo", "[gentoo]", "location = /var/db/repos/gentoo"])
        self.root.write(f"{share}/binrepos.conf", ["[DEFAULT]", "verify-signature = true"])
        self.patches = {}
        for name in self.rnd.sample(self.draw.names, 2):
            text = f"patch for {name}\n"
            self.root.write(f"etc/portage/patches/{name}/one.patch", text)
            inner = hashlib.sha256(text.encode()).hexdigest()
            self.patches[name] = hashlib.sha256(inner.encode()).hexdigest()

    def installed(self):
        for ebuild in self.libc:
            install(self.root, ebuild, IMPLICIT)
        for ebuild in self.rnd.sample(self.repos["gentoo"], 10):
            install(self.root, ebuild, IMPLICIT, libc=LIBC)
        self.root.write("var/lib/portage/world", sorted(self.rnd.sample(self.draw.names, 6)))

    # ------------------------------------------------------------ binhosts

    def guess(self, ebuild):
        """Flags with which the package might fit this machine."""
        iuse = ebuild.metadata["IUSE"].split()
        on = {flag[1:] for flag in iuse if flag.startswith("+")}
        for token in self.use:
            (on.discard if token.startswith("-") else on.add)(token.lstrip("-"))
        on |= {"video_cards_amdgpu", "python_targets_python3_13"}
        on &= {flag.lstrip("+-") for flag in iuse}
        if self.draw.chance(0.25) and iuse:
            on ^= {self.rnd.choice(iuse).lstrip("+-")}
        return on

    def entry(self, ebuild, build_id):
        """One entry, drifted now and then from what its ebuild says."""
        name = f"{ebuild.cpv.split('/')[0]}/{ebuild.name}"
        changes = {"USER_PATCHES": self.patches[name]} if name in self.patches and self.draw.chance(0.5) else {}
        form = "gpkg.tar" if self.draw.chance(0.9) else "xpak"
        when = BUILT + self.rnd.randint(1, 50) * 3600
        use = self.guess(ebuild)
        libc = LIBC if self.draw.chance(0.8) else None
        entry = binary(ebuild, use | IMPLICIT, build_id, when, form, libc, **changes)
        if self.draw.chance(0.3):
            self.drift(entry)
        return entry

    def drift(self, entry):
        """Change one thing."""
        rnd, draw = self.rnd, self.draw
        change = rnd.choice(["atom", "drop", "swap", "iuse", "chost", "keywords", "license", "eapi", "slot", "repo", "version", "broken",
                             "restrict", "build-depend", "conditional", "numbers", "subslot"])
        words = entry.get("RDEPEND", "").split()
        if change == "atom":
            entry["RDEPEND"] = " ".join([*words, draw.dependency([], "8")])
        elif change == "drop" and words and "(" not in words:
            entry["RDEPEND"] = " ".join(words[1:])
        elif change == "swap" and "(" not in words:
            entry["RDEPEND"] = " ".join(reversed(words))
        elif change == "iuse":
            entry["IUSE"] = (entry.get("IUSE", "") + rnd.choice([" legacy", " +modern", " doc"])).strip()
            entry["USE"] += rnd.choice(["", " legacy", " modern"])
        elif change == "chost":
            entry["CHOST"] = rnd.choice(CHOSTS)
        elif change == "keywords":
            entry["KEYWORDS"] = rnd.choice(KEYWORDS)
        elif change == "license":
            entry["LICENSE"] = rnd.choice([text for text in LICENSES if "?" not in text])
        elif change == "eapi":
            entry["EAPI"] = rnd.choice(["10", "5-progress", "0", "6"])
        elif change == "slot":
            entry["SLOT"] = rnd.choice(["7", "0/9", "-bad!", "2/7"])
        elif change == "repo":
            entry["repository"] = rnd.choice(["othercorp", "lab", "gentoo", "we ird"])
        elif change == "version":
            entry["CPV"] += rnd.choice(["_p7", "-r9"] if re.search(r"-[\d.]+$", entry["CPV"]) else [""])
        elif change == "broken":
            entry["RDEPEND"] = rnd.choice(["|| ( dev-libs/oak", ">=dev-libs/oak", "nosuch? ( dev-libs/oak )", "( dev-libs/oak ) )"])
        elif change == "restrict":
            entry[rnd.choice(["RESTRICT", "PROPERTIES"])] = rnd.choice(["bindist", "interactive", "fetch", "live"])
        elif change == "build-depend":
            entry[rnd.choice(["DEPEND", "BDEPEND"])] = draw.dependency([], "8")
        elif change == "conditional":
            flags = [flag.lstrip("+-") for flag in entry.get("IUSE", "").split()]
            entry["RDEPEND"] = draw.dependencies(flags, "8")
        elif change == "numbers":
            entry[rnd.choice(["BUILD_TIME", "SIZE", "_mtime_"])] = rnd.choice(["", "many", " 12 "])
        elif change == "subslot":
            entry["RDEPEND"] = entry.get("RDEPEND", "").replace(":=", ":0/old=")

    def binhosts(self):
        rnd, everything = self.rnd, [ebuild for ebuilds in self.repos.values() for ebuild in ebuilds]
        previous = []
        for host, priority, signed in (("alpha", 9, False), ("beta", None, False), ("gamma", 1, True)):
            entries = [self.entry(ebuild, build_id) for ebuild in rnd.sample(everything, min(len(everything), 60))
                       for build_id in range(1, rnd.choice([2, 2, 2, 3]))]
            entries += rnd.sample(previous, min(len(previous), 5))  # a mirror's copies
            taken = {entry["PATH"]: entry for entry in entries}
            previous = list(taken.values())
            write_index(self.root, f"srv/{host}", HEADER, previous, compress=self.draw.chance(0.5))
            lines = [f"[{host}]", f"sync-uri = file:///srv/{host}", f"verify-signature = {str(signed).lower()}"]
            lines += [f"priority = {priority}"] if priority is not None else []
            if self.draw.chance(0.15):
                lines.append(f"getbinpkg-{rnd.choice(['exclude', 'exclude', 'include'])} = dev-libs/* media-libs/* oak:0")
            self.root.write(f"etc/portage/binrepos.conf/{host}.conf", lines)
        if self.draw.chance(0.5):
            write_index(self.root, "var/cache/binpkgs", HEADER, rnd.sample(previous, 8), compress=False)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Scenario(sys.argv[1], sys.argv[2]).write()
