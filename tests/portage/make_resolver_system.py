"""Write a small random system whose packages depend on each other in every way that a resolver has to know.

    make_resolver_system.py SEED DIR

The same seed writes the same system and prints the same command lines of emerge, one per line. DIR is an offset
prefix: the absolute paths of its configuration lead into it. Drawn are any-of groups, virtuals, blockers, slot
operators, USE dependencies, REQUIRED_USE, PDEPEND and its cycles, masks, keywords and licenses, installed
packages that were built against something else, and binary packages.
"""
import random
import sys

from make_workstation import HEADER
from root import Ebuild, Root, binary, install, write_index

CATEGORIES = ["app", "dev", "sys"]
FLAGS = ["foo", "bar", "baz"]
IMPLICIT = {"amd64"}
TARGETS = [["-u"], ["-uD"], ["-uD"], ["-uDN"], ["-uDN"], ["-e"], ["-D"], ["-u", "--deep=1"], ["-n"], ["-U"], ["-o"], []]
RARE = ["--with-bdeps=y", "--binpkg-respect-use=n", "--binpkg-respect-use=y", "--binpkg-changed-deps=n", "--complete-graph", "--changed-slot",
        "--rebuilt-binaries", "--ignore-built-slot-operator-deps=y", "--rebuild-if-new-slot=n", "--autounmask=n", "--autounmask=y",
        "--backtrack=3", "--backtrack=0", "--changed-deps=y", "--dynamic-deps=n", "--selective=n", "--ignore-world", "--tree",
        "--implicit-system-deps=n", "--buildpkgonly", "--fetchonly", "--rebuild-if-unbuilt", "--rebuild-if-new-rev", "--rebuild-if-new-ver",
        "--update-if-installed", "--autounmask-backtrack=y", "--nodeps", "--root-deps", "--root-deps=rdeps", "--with-test-deps"]


class System:
    """A system while it is drawn."""

    def __init__(self, seed, directory):
        self.rnd = random.Random(f"bincheck resolver {seed}")
        self.root = Root(directory)
        self.names, self.virtuals = [], []
        self.ebuilds = {}

    def chance(self, share):
        """True in this share of all cases."""
        return self.rnd.random() < share

    def write(self):
        """Write all of it, and print command lines."""
        rnd = self.rnd
        self.names = [f"{rnd.choice(CATEGORIES)}/n{number}" for number in range(rnd.randint(6, 22))]
        self.virtuals = [f"virtual/v{number}" for number in range(rnd.choice([0, 1, 2, 3]))]
        # What a system is like as a whole: how often its kinds of fault come.
        self.remote = self.chance(0.5)
        self.blockers, self.cycles = rnd.choice([0, 0.03, 0.12]), rnd.choice([0.02, 0.08, 0.3])
        self.bounds, self.operators = rnd.choice([0.15, 0.4]), rnd.choice([0.1, 0.5])
        for number, name in enumerate(self.names):
            self.draw_package(number, name)
        for name in self.virtuals:
            for version in range(1, rnd.choice([2, 2, 3])):
                choices = [self.atom(rnd.choice(self.names)) for _ in range(rnd.choice([1, 2, 3]))]
                text = f"|| ( {' '.join(choices)} )" if len(choices) > 1 else choices[0]
                self.add(Ebuild(f"{name}-{version}", RDEPEND=text, LICENSE=""), name, version)
        self.repository()
        self.configuration()
        self.packages()
        print("\n".join(self.request() for _ in range(2)))

    def add(self, ebuild, name, version):
        ebuild.name, ebuild.version = name, version
        self.ebuilds.setdefault(name, []).append(ebuild)

    def draw_package(self, number, name):
        rnd = self.rnd
        slotted, bound = self.chance(0.2), self.chance(0.5)
        flags = rnd.sample(FLAGS, rnd.choice([0, 0, 1, 2]))
        moves = [f"{name}-{version}" for version in range(1, rnd.choice([2, 3, 3, 4]))]
        for version, cpv in enumerate(moves, 1):
            slot = str(version) if slotted else "0"
            values = {
                "EAPI": rnd.choice(["8", "8", "8", "7", "6", "5"]), "SLOT": slot + (f"/{rnd.randint(1, version)}" if bound else ""),
                "IUSE": " ".join(("+" if self.chance(0.3) else "") + flag for flag in flags),
                "KEYWORDS": rnd.choice(["amd64"] * 9 + ["~amd64"]), "LICENSE": rnd.choice(["MIT"] * 19 + ["EULA"]),
            }
            for key, share in (("RDEPEND", 0.75), ("DEPEND", 0.4), ("BDEPEND", 0.2), ("PDEPEND", 0.15), ("IDEPEND", 0.08)):
                if (key != "BDEPEND" or values["EAPI"] >= "7") and (key != "IDEPEND" or values["EAPI"] >= "8") and self.chance(share):
                    values[key] = self.dependencies(number, flags, later=key == "PDEPEND")
            if flags and self.chance(0.1):
                values["REQUIRED_USE"] = rnd.choice([flags[0], f"!{flags[0]}", f"|| ( {' '.join(flags)} )", f"?? ( {' '.join(flags)} )"])
            self.add(Ebuild(cpv, **values), name, version)

    def atom(self, name, flags=()):
        """An atom for a name, which some version mostly matches."""
        rnd = self.rnd
        text = name
        if self.chance(self.bounds):
            text = f"{rnd.choice(['>=', '>=', '>=', '<', '<=', '=', '~'])}{name}-{rnd.randint(1, 3)}"
        if self.chance(self.operators):
            text += rnd.choice([":=", ":=", ":=", ":0=", ":0", ":*", ":2"])
        if self.chance(0.1):
            choices = ["[foo(+)]", "[foo(-)]", "[-foo(+)]", "[bar(-)]", "[-bar(-)]"]
            choices += [f"[{flag}(-)?]" for flag in flags] + [f"[{flag}(+)=]" for flag in flags]
            text += rnd.choice(choices)
        return text

    def dependencies(self, number, flags, later):
        """A dependency string; most of it looks at names that were drawn before, so that cycles are rare."""
        rnd, parts = self.rnd, []
        for _ in range(rnd.choice([1, 1, 2, 3])):
            looks_back = number and not self.chance(0.5 if later else self.cycles)
            others = self.names[:number] if looks_back else self.names
            name = rnd.choice(others)
            kind = rnd.random()
            if kind < 0.12:
                parts.append(f"|| ( {self.atom(name, flags)} {self.atom(rnd.choice(others), flags)} )")
            elif kind < 0.15:
                parts.append(f"|| ( ( {self.atom(name)} {self.atom(rnd.choice(others))} ) {self.atom(rnd.choice(others))} )")
            elif kind < 0.25 and flags:
                parts.append(f"{rnd.choice(['', '!'])}{rnd.choice(flags)}? ( {self.atom(name, flags)} )")
            elif kind < 0.32 and self.virtuals:
                parts.append(rnd.choice(self.virtuals))
            elif kind < 0.32 + self.blockers:
                parts.append(f"{rnd.choice(['!', '!', '!!'])}{rnd.choice(['', '<', '<'])}{name}-{rnd.randint(1, 3)}".replace(f"!{name}-", f"!={name}-"))
            else:
                parts.append(self.atom(name, flags))
        return " ".join(parts)

    # ------------------------------------------------------------ files

    def repository(self):
        root, base = self.root, "var/db/repos/gentoo"
        root.write(f"{base}/metadata/layout.conf", ["masters =", "profile-formats = portage-2", "cache-formats = md5-dict"])
        profile = f"{base}/profiles"
        root.write(f"{profile}/repo_name", ["gentoo"])
        root.write(f"{profile}/arch.list", ["amd64"])
        root.write(f"{profile}/categories", [*CATEGORIES, "virtual"])
        root.write(f"{profile}/base/eapi", ["8"])
        root.write(f"{profile}/base/make.defaults", [
            'ARCH="amd64"', 'ACCEPT_KEYWORDS="amd64"', 'ACCEPT_LICENSE="* -EULA"', 'IUSE_IMPLICIT="amd64"', 'USE_EXPAND_UNPREFIXED="ARCH"',
            'USE_EXPAND_IMPLICIT="ARCH"', 'USE_EXPAND_VALUES_ARCH="amd64"', 'CHOST="x86_64-pc-linux-gnu"'])
        system = self.rnd.sample(self.names, self.rnd.choice([0, 0, 1, 2]))
        root.write(f"{profile}/base/packages", [f"*{name}" for name in system])
        root.link("etc/portage/make.profile", "../../var/db/repos/gentoo/profiles/base")
        for ebuilds in self.ebuilds.values():
            for ebuild in ebuilds:
                if not self.chance(0.07):
                    ebuild.write(root, base)

    def configuration(self):
        rnd, root, prefix = self.rnd, self.root, self.root.path
        share = "usr/share/portage/config"
        root.write(f"{share}/make.globals", [
            'ACCEPT_PROPERTIES="*"', 'ACCEPT_RESTRICT="*"', f'DISTDIR="{prefix}/var/cache/distfiles"', f'PKGDIR="{prefix}/var/cache/binpkgs"',
            'FEATURES="binpkg-multi-instance pkgdir-index-trusted"', 'USE_ORDER="env:pkg:conf:defaults:pkginternal:features:repo:env.d"'])
        root.write(f"{share}/repos.conf", ["[DEFAULT]", "main-repo = gentoo", "[gentoo]", f"location = {prefix}/var/db/repos/gentoo"])
        root.link("share", "usr/share")
        if self.remote:
            root.write("etc/portage/binrepos.conf/host.conf", ["[host]", f"sync-uri = file://{prefix}/srv/host", "verify-signature = false"])
        use = rnd.choice(["", "", "foo", "bar", "-foo", "foo -bar"])
        root.write("etc/portage/make.conf", [f'USE="{use}"'])
        plain = lambda: rnd.choice([rnd.choice(self.names), f">={rnd.choice(self.names)}-{rnd.randint(2, 3)}"])
        for name, share, more in (("package.mask", 0.2, ""), ("package.accept_keywords", 0.2, " ~amd64"), ("package.use", 0.3, " foo"),
                                  ("package.license", 0.1, " EULA")):
            if self.chance(share):
                root.write(f"etc/portage/{name}", [plain() + more])
        if self.chance(0.03):
            root.write("etc/portage/profile/package.provided", [f"{rnd.choice(self.names)}-1"])

    def packages(self):
        rnd = self.rnd
        entries = []
        for ebuilds in self.ebuilds.values():
            for ebuild in ebuilds:
                for build in range(1, rnd.choice([1, 2, 2, 3])):
                    entries.append(self.built(binary, ebuild, build_id=build, build_time=1000 + rnd.randint(1, 5)))
        write_index(self.root, "srv/host" if self.remote else "var/cache/binpkgs", HEADER, entries, compress=False)
        there = rnd.choice([0.3, 0.6, 0.9])
        for name, ebuilds in self.ebuilds.items():
            if self.chance(there):
                slots = {}
                for ebuild in rnd.sample(ebuilds, 1 if self.chance(0.8) else len(ebuilds)):
                    slots[ebuild.metadata["SLOT"].split("/")[0]] = ebuild
                for ebuild in slots.values():
                    self.built(lambda *args, **more: install(self.root, *args, **more), ebuild, build_time=1000 + rnd.randint(1, 5))
        self.root.write("var/lib/portage/world", sorted(rnd.sample(self.names, rnd.randint(1, 5))))
        for directory in ("var/tmp", "var/cache/edb", "var/cache/distfiles", "var/db/pkg", "tmp"):
            self.root.write(f"{directory}/.keep", "")

    def built(self, kind, ebuild, **more):
        """A build of a version: with some USE, and slots bound to something that exists."""
        iuse = ebuild.metadata.get("IUSE", "").split()
        use = {flag.lstrip("+") for flag in iuse if flag.startswith("+") != self.chance(0.15)}
        metadata = dict(ebuild.metadata)
        metadata.pop("REQUIRED_USE", None)
        for key in ("RDEPEND", "DEPEND", "BDEPEND", "PDEPEND", "IDEPEND"):
            words = metadata.get(key, "").split()
            metadata[key] = " ".join(self.bind(word) for word in words)
        if self.chance(0.04) and "!" not in metadata["RDEPEND"]:  # emerge notes blockers when it first sees a package
            metadata["RDEPEND"] = self.rnd.choice(self.names)
        drifted = Ebuild(ebuild.cpv, **metadata)
        return kind(drifted, use | IMPLICIT, **more)

    def bind(self, word):
        """`:=` as a build writes it."""
        head, bracket, use = word.partition("[")
        if not head.endswith("=") or ":" not in head or head.startswith(("!", "|")):
            return word
        name = head.lstrip("<>=~").split(":")[0]
        name = name if name in self.ebuilds else name.rsplit("-", 1)[0]
        slots = [ebuild.metadata["SLOT"] for ebuild in self.ebuilds.get(name, ())]
        if not slots:
            return word
        slot = self.rnd.choice(slots)
        slot = slot if "/" in slot else f"{slot}/{slot}"
        return f"{head.rsplit(':', 1)[0]}:{slot}={bracket}{use}"

    def request(self):
        """One command line."""
        rnd = self.rnd
        some, only = ("-g", "-G") if self.remote else ("-k", "-K")
        words = [rnd.choice([some, some, some, only]), *rnd.choice(TARGETS)]
        # For these Portage reads the files of PKGDIR, which are not there.
        rare = [option for option in RARE if self.remote or not option.startswith("--rebuild-if-")]
        words += [option for option in rare if self.chance(0.02)]
        if self.chance(0.06):
            words.append(f"--exclude={rnd.choice(self.names)}")
        updates = any(word.startswith(("-u", "-e", "-n", "-U")) for word in words)
        if updates and self.chance(0.5):  # else bincheck adds -uDN
            return " ".join([*words, rnd.choice(["@world", "@world", "@system"])])
        return " ".join([*words, *rnd.sample(self.names, rnd.choice([1, 1, 2, 3]))])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    System(sys.argv[1], sys.argv[2]).write()
