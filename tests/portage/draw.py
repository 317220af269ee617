"""Draw words of the specification at random: atoms, dependency strings, ebuilds.

Everything follows from the `random.Random` that is handed in.
"""
from root import Ebuild

FLAGS = ["X", "acl", "alsa", "cairo", "doc", "gtk", "ipv6", "nls", "perl", "qt6", "ssl", "static-libs", "test", "unicode", "zstd"]
EXPANDED = ["video_cards_amdgpu", "video_cards_intel", "python_targets_python3_12", "python_targets_python3_13", "l10n_de"]
ALL_FLAGS = FLAGS + EXPANDED
CATEGORIES = ["app-misc", "dev-libs", "dev-util", "media-libs", "net-misc", "sys-apps", "x11-libs"]
TREES = ["alder", "apple", "ash", "aspen", "beech", "birch", "cedar", "cherry", "elder", "elm", "fig", "fir", "hazel", "holly",
         "juniper", "larch", "lime", "maple", "oak", "olive", "pear", "pine", "plum", "rowan", "spruce", "willow", "yew", "lib-yew"]
VERSIONS = ["0.9_p3", "1", "1.0", "1.00", "1.2.3", "1.2.3-r1", "1.10", "1.2b", "2.0_rc1", "2.0", "2.0-r3", "3.1-r2", "10.4.1", "20240101",
            "9999"]
KEYWORDS = ["amd64"] * 20 + ["~amd64"] * 3 + ["amd64 ~arm64", "~amd64 arm64", "-* amd64", "-* ~amd64", "", "~arm64", "-amd64 ~x86",
                                           "arm64 x86", "*", "~*", "-*"]
LICENSES = ["MIT"] * 12 + ["GPL-2", "BSD GPL-2", "|| ( GPL-2 EULA )", "doc? ( FDL ) MIT", "EULA", "all-rights-reserved",
                         "MIT ssl? ( EULA )", "|| ( EULA all-rights-reserved )", "nls? ( || ( FDL EULA ) ) !nls? ( MIT )", ""]
PROPERTIES = [""] * 12 + ["interactive", "live", "test_network", "X? ( interactive )"]
RESTRICTS = [""] * 8 + ["!test? ( test )", "bindist", "fetch mirror", "strip", "test", "bindist? ( bindist )"]
SLOTS = ["0"] * 5 + ["0/1", "0/2.3", "2", "2/7", "rapid"]
EAPIS = ["8"] * 8 + ["7", "7", "6", "5", "9", "4"]
CHOSTS = ["i686-pc-linux-gnu", "x86_64-gentoo-linux-musl", "x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-pc-linux-gnux32"]


class Draw:
    """Random values that refer to a common pool of package names."""

    def __init__(self, rnd):
        self.rnd = rnd
        self.names = sorted({f"{rnd.choice(CATEGORIES)}/{tree}" for tree in TREES})
        self.ebuilds = []

    def chance(self, share):
        """True in this share of all cases."""
        return self.rnd.random() < share

    def some(self, values, most):
        """Up to `most` different ones."""
        return self.rnd.sample(values, self.rnd.randint(0, min(most, len(values))))

    def atom(self):
        """An atom of a configuration file, from exact to wild."""
        rnd, ebuild = self.rnd, self.rnd.choice(self.ebuilds)
        name, version = ebuild.cpv.rsplit("/", 1)[0] + "/" + ebuild.name, ebuild.version
        slot = ebuild.metadata["SLOT"]
        plain = version.split("-r")[0]
        return rnd.choice([
            name, name, name, name, f"={name}-{version}", f">={name}-{plain}", f"<{name}-{plain}", f"<={name}-{version}",
            f"~{name}-{plain}", f"={name}-{plain[0]}*", f"={name}-{plain}*", f"{name}:{slot.split('/')[0]}", f"{name}:{slot}",
            f"{name}::{ebuild.repo}", f">={name}-{plain}:{slot.split('/')[0]}", f"={name}-{version}::{ebuild.repo}",
            f"*/{ebuild.name}", f"{name.split('/')[0]}/*", f"*/{ebuild.name[:2]}*", "=*/*-*9999*", f"{name.split('/')[0]}/*::lab",
            f"*/*::{ebuild.repo}", f"*/{ebuild.name}:{slot.split('/')[0]}",
        ])

    def exact_atom(self):
        """An atom without wildcards and repository, as profiles have."""
        while True:
            atom = self.atom()
            if "::" not in atom and "*" not in atom.rstrip("*"):
                return atom

    def dependency(self, flags, eapi):
        """One atom of a dependency string; `flags` are the ebuild's own."""
        rnd, name = self.rnd, self.rnd.choice(self.names)
        version = rnd.choice(VERSIONS[:-1]).split("-r")[0]
        forms = [name, name, f">={name}-{version}", f"={name}-{version}*", f"~{name}-{version}", f"{name}:2", f">={name}-{version}:0",
                 f"!{name}", f"!!<{name}-{version}", f"{name}[ssl(+)]", f"{name}[-doc(-),nls(+)]"]
        if eapi >= "5":
            forms += [f"{name}:=", f"{name}:=", f"{name}:0=", f">={name}-{version}:2/7=", f"{name}:*", f"{name}:0/1"]
        if flags:
            flag = rnd.choice(flags)
            forms += [f"{name}[{flag}?]", f"{name}[{flag}(-)=]", f"{name}[!{flag}(+)?]"]
            if eapi >= "5" and flag != "acl":  # one flag with two defaults is an error
                forms.append(f"{name}:=[{flag}(-)?,acl(+)]")
        return rnd.choice(forms)

    def dependencies(self, flags, eapi, depth=0):
        """A dependency string with groups and USE conditionals."""
        rnd, out = self.rnd, []
        for _ in range(rnd.choice([0, 1, 1, 2, 3]) if depth == 0 else rnd.choice([1, 1, 2])):
            kind = rnd.random()
            if kind < 0.6 or depth == 2:
                out.append(self.dependency(flags, eapi))
                continue
            inside = self.dependencies(flags, eapi, depth + 1)
            if kind < 0.75 and flags:
                out.append(f"{rnd.choice(['', '!'])}{rnd.choice(flags)}? ( {inside} )")
            elif kind < 0.8:
                out.append(f"{rnd.choice(['', '!'])}{rnd.choice(['amd64', 'elibc_musl', 'kernel_linux'])}? ( {inside} )")
            elif kind < 0.91:
                out.append(f"|| ( {inside} {self.dependency(flags, eapi)} )")
            elif kind < 0.93:
                out.append(f"|| ( {inside} )")
            elif kind < 0.95 and flags:
                out.append(f"|| ( {rnd.choice(flags)}? ( {self.dependency(flags, eapi)} ) ( {inside} ) )")
            elif kind < 0.97:
                out.append(f"|| ( ( {inside} {self.dependency(flags, eapi)} ) {self.dependency(flags, eapi)} )")
            else:
                out.append(f"( {inside} )")
        return " ".join(out)

    def metadata(self):
        """Metadata of an ebuild."""
        rnd, eapi = self.rnd, self.rnd.choice(EAPIS)
        flags = self.some(FLAGS, 3) + self.some(EXPANDED, 1)
        slot = rnd.choice(SLOTS)
        values = {
            "EAPI": eapi, "SLOT": slot if eapi >= "5" else slot.split("/")[0], "KEYWORDS": rnd.choice(KEYWORDS),
            "IUSE": " ".join(rnd.choice(["", "", "+", "-"]) + flag for flag in flags),
            "RDEPEND": self.dependencies(flags, eapi), "DEPEND": self.dependencies(flags, eapi),
        }
        if self.chance(0.3):
            values["PDEPEND"] = self.dependencies(flags, eapi)
        if eapi >= "7":
            values["BDEPEND"] = self.dependencies(flags, eapi)
        if eapi >= "8" and self.chance(0.2):
            values["IDEPEND"] = self.dependencies(flags, eapi)
        for key, choices in (("LICENSE", LICENSES), ("PROPERTIES", PROPERTIES), ("RESTRICT", RESTRICTS)):
            values[key] = self.conditional(rnd.choice(choices), flags)
        return values

    def conditional(self, text, flags):
        """The text, unless it asks for a flag that the ebuild does not have."""
        named = {word.strip("!?") for word in text.split() if word.endswith("?")}
        return text if named <= set(flags) else ""

    def ebuild(self, name, version, repo):
        """An ebuild; remembered, so that atoms can refer to it."""
        ebuild = Ebuild(f"{name}-{version}", repo, **self.metadata())
        ebuild.name, ebuild.version = name.split("/")[1], version
        self.ebuilds.append(ebuild)
        return ebuild
