"""Write a machine with so many installed packages, for measuring how the time of a plan grows.

    make_system.py INSTALLED DIR [SEED]

The same arguments write the same files. Packages need 3 to 24 others, a few names far more often than the
rest, in the ways that ebuilds do: any-of groups, virtuals, `:=`, slots, USE conditionals and USE dependencies,
build and post dependencies, blockers. Some are to be updated, of these some to another sub-slot, and three installed
packages do not let a neighbour be updated. @world and @system reach all that is installed.
"""
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests/portage"))
from make_workstation import GLOBALS, HEADER, PROFILES  # noqa: E402
from root import Ebuild, Root, binary, evaluate, install, write_index  # noqa: E402

CATEGORIES = sorted("app-admin app-arch app-misc dev-lang dev-libs dev-python dev-util media-libs media-video net-libs net-misc "
                    "sys-apps sys-libs www-client".split())
ON = ["X", "acl", "alsa", "dbus", "jpeg", "nls", "png", "unicode", "wayland"]  # as the profile has them
OFF = ["cups", "debug", "doc", "examples", "gtk", "ldap", "samba", "static-libs", "test"]
ARCH = ["amd64", "elibc_glibc", "kernel_linux", "abi_x86_64"]
SYSTEM = 30
CONFLICTS = 3
LIBC = Ebuild("sys-libs/glibc-2.41-r6", SLOT="2.2"), Ebuild("virtual/libc-1-r1", RDEPEND="elibc_glibc? ( sys-libs/glibc:2.2 )")


class Package:
    """One name: its ebuilds from the lowest version up, and which of them is installed."""

    def __init__(self, name, iuse):
        self.name, self.iuse = name, iuse
        self.use = [flag.lstrip("+") for flag in iuse if flag.startswith("+") or flag in ON]
        self.ebuilds = []
        self.installed = None

    def slot(self, built=None):
        """Slot and sub-slot, as a build names them, of an ebuild or of the newest."""
        slot, _, sub_slot = (built or self.ebuilds[-1]).metadata["SLOT"].partition("/")
        return f"{slot}/{sub_slot or slot}"


class System:
    """A machine while it is written."""

    def __init__(self, installed, directory, seed):
        self.rnd = random.Random(f"bincheck growth {seed}")
        self.root = Root(directory)
        self.wanted = installed - len(LIBC)
        self.packages, self.by_name, self.virtuals = [], {}, []
        self.needed = set()
        # as many at any size: they decide how often is backtracked
        self.conflicts = [installed * part // 5 for part in range(CONFLICTS, 0, -1)]

    def chance(self, share):
        return self.rnd.random() < share

    # ------------------------------------------------------------ names and versions

    def draw(self):
        """All packages; each needs only those that were drawn before, but for PDEPEND."""
        while self.wanted:
            number = len(self.packages)
            if number > 40 and self.chance(1 / 40):
                self.virtual(number)
            else:
                self.package(number)

    def add(self, package, installed):
        self.packages.append(package)
        self.by_name[package.name] = package
        if installed:
            package.installed = installed
            self.wanted -= 1

    def package(self, number):
        rnd = self.rnd
        iuse = [("+" if self.chance(0.2) else "") + flag for flag in rnd.sample(ON + OFF, rnd.choice([0, 1, 2, 3, 5]))]
        package = Package(f"{rnd.choice(CATEGORIES)}/p{number:04}", iuse)
        depends = self.depends(number, package)
        library = self.chance(0.45)
        slotted = number > 10 and self.chance(0.04)
        versions = sorted(rnd.sample(range(1, 10), rnd.choice([1, 1, 2, 2, 3])))
        for position, version in enumerate(versions):
            sub_slot = version if library and self.chance(0.3) else versions[0]
            slot = str(version) if slotted else f"0/{sub_slot}" if library else "0"
            changed = {**depends, "RDEPEND": self.drifted(depends["RDEPEND"])} if position and self.chance(0.15) else depends
            values = {key: text for key, text in changed.items() if text}
            package.ebuilds.append(Ebuild(f"{package.name}-{version}.{number % 7}", IUSE=" ".join(iuse), SLOT=slot, **values))
        newest = number < 10 or self.chance(0.8)
        installed = [package.ebuilds[-1] if newest else rnd.choice(package.ebuilds)]
        if slotted and len(versions) > 1 and self.chance(0.5):
            installed = [package.ebuilds[-2], package.ebuilds[-1]]
        self.add(package, installed if number < SYSTEM or self.chance(0.88) else None)

    def drifted(self, text):
        """Another version's dependencies: one more."""
        return f"{text} {self.rnd.choice(self.packages[:10]).name}" if len(self.packages) > 10 else text

    def virtual(self, number):
        """A virtual over what is there; the first of its group is mostly what is installed."""
        some = [package for package in self.rnd.sample(self.packages[10:], 12) if not package.name.startswith("virtual/")]
        group = sorted(some, key=lambda package: not package.installed)[:self.rnd.choice([2, 2, 3])]
        self.needed.update(package.name for package in group if package.installed)
        package = Package(f"virtual/v{number:04}", [])
        text = " ".join(self.atom(each, plain=True) for each in group)
        package.ebuilds = [Ebuild(f"{package.name}-{version}", RDEPEND=f"|| ( {text} )") for version in (0, 1)]
        self.virtuals.append(package)
        self.add(package, [package.ebuilds[self.chance(0.9)]])

    # ------------------------------------------------------------ dependencies

    def neighbour(self, number):
        """A package that was drawn before: one of a few that all need, or one from nearby."""
        if self.chance(0.4):
            return self.packages[self.rnd.randrange(max(0, number - 250), number)]
        return self.packages[int(number * self.rnd.random() ** 4)]

    def depends(self, number, package):
        if not number:
            return {"RDEPEND": "", "DEPEND": "", "BDEPEND": "", "PDEPEND": ""}
        wanted = min(3 + int(self.rnd.expovariate(1 / 5)), 24)
        run, build, tools = [], [], []
        for _ in range(wanted):
            text = self.dependency(number, package)
            kind = self.rnd.random()
            if kind < 0.72:
                run.append(text)
                if kind < 0.5 and not text.startswith("!"):
                    build.append(text)
            elif kind < 0.86:
                build.append(text)
            else:
                tools.append(text)
        post = self.neighbour(number).name if self.chance(0.02) else ""
        return {"RDEPEND": " ".join(run), "DEPEND": " ".join(build), "BDEPEND": " ".join(tools), "PDEPEND": post}

    def dependency(self, number, package):
        rnd, kind = self.rnd, self.rnd.random()
        other = self.neighbour(number)
        if kind < 0.06 and self.virtuals:
            return self.need(rnd.choice(self.virtuals)).name
        if kind < 0.11:
            second = self.neighbour(number)
            first, second = sorted((other, second), key=lambda each: (not each.installed, each.name))
            return f"|| ( {self.atom(first, plain=True)} {self.atom(second, plain=True)} )"
        if kind < 0.13 and other.installed:
            return f"!<{other.ebuilds[0].cpv}"
        if not other.installed and self.chance(0.85):
            other = self.packages[rnd.randrange(min(number, SYSTEM))]
        if kind < 0.28 and package.iuse:
            flag = rnd.choice(package.iuse).lstrip("+")
            return f"{flag}? ( {self.atom(other, package)} )"
        if self.conflicts and number > self.conflicts[-1]:
            newest = other.ebuilds[-1]
            if other.installed and newest not in other.installed and newest.metadata["SLOT"].startswith("0"):
                self.conflicts.pop()
                return f"<{newest.cpv}"
        return self.atom(other, package)

    def need(self, package):
        self.needed.add(package.name)
        return package

    def atom(self, other, package=None, plain=False):
        """An atom that the installed version satisfies too."""
        rnd = self.rnd
        lowest = (other.installed or other.ebuilds)[0]
        text = f">={lowest.cpv}" if self.chance(0.3) else other.name
        self.needed.add(other.name)
        if plain or other.name.startswith("virtual/"):
            return text
        if "/" in lowest.metadata["SLOT"] and self.chance(0.75):
            text += rnd.choice([":=", ":=", ":0="])
        elif lowest.metadata["SLOT"] not in ("0", "0/1"):
            text += rnd.choice(["", ":=", f":{lowest.metadata['SLOT'].split('/')[0]}"])
        if other.use and self.chance(0.12):
            text += f"[{rnd.choice(other.use)}(+)]"
        elif package and self.chance(0.05):
            common = sorted(set(package.use) & set(other.use))
            text += f"[{common[0]}(+)?]" if common else ""
        return text

    # ------------------------------------------------------------ builds

    def bound(self, text, use, old):
        """A dependency string as a build records it: conditionals worked out, slots bound."""
        return " ".join(self.bind(word, old) for word in evaluate(text, use).split())

    def bind(self, word, old):
        head, bracket, use = word.partition("[")
        if not head.endswith("=") or ":" not in head:
            return word
        name = head.lstrip("<>=").split(":")[0]
        name = name.rsplit("-", 1)[0] if head[0] in "<>=" else name
        other = self.by_name[name]
        slot = head.rsplit(":", 1)[1][:-1]
        candidates = other.installed if old and other.installed else other.ebuilds[-1:]
        matching = [each for each in candidates if not slot or each.metadata["SLOT"].split("/")[0] == slot]
        return f"{head.rsplit(':', 1)[0]}:{other.slot((matching or candidates)[-1])}={bracket}{use}"

    def built(self, package, ebuild, use, old):
        keys = ("RDEPEND", "DEPEND", "BDEPEND", "PDEPEND")
        return {key: self.bound(ebuild.metadata.get(key, ""), use, old) for key in keys}

    def install(self):
        for ebuild in LIBC:
            install(self.root, ebuild, set(ARCH))
        for package in self.packages:
            for ebuild in package.installed or ():
                use = set(package.use) | set(ARCH)
                if package.iuse and self.chance(0.01):
                    use ^= {self.rnd.choice(package.iuse).lstrip("+")}
                install(self.root, ebuild, use, **self.built(package, ebuild, use, old=True))

    def entries(self):
        entries = [binary(ebuild, set(ARCH)) for ebuild in LIBC]
        for package in self.packages:
            for ebuild in package.ebuilds:
                for build in range(1, self.rnd.choice([1, 2, 2, 2, 3])):
                    use = set(package.use) | set(ARCH)
                    if package.iuse and self.chance(0.12):
                        use ^= {self.rnd.choice(package.iuse).lstrip("+")}
                    built = self.built(package, ebuild, use, old=self.chance(0.1))
                    entries.append(binary(ebuild, use, build, 1_760_000_000 + build * 86_400, **built))
        return entries

    # ------------------------------------------------------------ files

    def write(self):
        root, base = self.root, "var/db/repos/gentoo"
        share = "usr/share/portage/config"
        root.write(f"{share}/make.globals", GLOBALS)
        root.write(f"{share}/repos.conf", ["[DEFAULT]", "main-repo = gentoo", "[gentoo]", f"location = /{base}"])
        root.write(f"{share}/binrepos.conf", ["[DEFAULT]", "verify-signature = false"])
        root.write(f"{base}/metadata/layout.conf", ["masters =", "profile-formats = portage-2", "cache-formats = md5-dict"])
        system = ["*virtual/libc", *("*" + package.name for package in self.packages[:SYSTEM] if package.installed)]
        changes = {"base/packages": system, "categories": sorted([*CATEGORIES, "virtual"]), "package.mask": [],
                   "license_groups": ["FREE MIT"], "arch/amd64/package.use.stable.mask": [], "desktop/package.use": []}
        for name, lines in {**PROFILES, **changes}.items():
            root.write(f"{base}/profiles/{name}", lines)
        root.link("etc/portage/make.profile", f"../../{base}/profiles/desktop")
        root.write("etc/portage/make.conf", ['FEATURES="getbinpkg"'])
        root.write("etc/portage/binrepos.conf", ["[host]", "priority = 1", "sync-uri = file:///srv/binhost/host"])
        for ebuild in [*LIBC, *(ebuild for package in self.packages for ebuild in package.ebuilds)]:
            ebuild.write(root, base)
        self.install()
        world = [package.name for package in self.packages if package.installed and package.name not in self.needed]
        some = [package.name for package in self.packages if package.installed and self.chance(0.05)]
        slotted = [f"{package.name}:{ebuild.metadata['SLOT']}" for package in self.packages if len(package.installed or ()) > 1
                   for ebuild in package.installed]
        root.write("var/lib/portage/world", sorted({*world, *some, *slotted}))
        write_index(root, "srv/binhost/host", HEADER, self.entries(), compress=False)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    system = System(int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "1")
    system.draw()
    system.write()


if __name__ == "__main__":
    main()
