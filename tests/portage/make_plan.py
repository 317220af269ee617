"""Write a small random system and runs for it, in the form of testdata/vectors/plan, without outcomes.

    make_plan.py SEED

The same seed writes the same text. Packages depend on each other in all the ways that dependency strings
have, so that plans meet choices, slots, conflicts and cycles.
"""
import random
import sys

CATEGORIES = ["a", "c", "d"]
OPTIONS = [["-u"], ["-uD"], ["-uDN"], ["-e"], ["-D"], ["-u", "--deep=1"], ["-n"], ["-U"], ["-o"], ["-O"], []]
RARE = [["--with-bdeps=y"], ["--binpkg-respect-use=n"], ["--binpkg-respect-use=y"], ["--binpkg-changed-deps=n"], ["--complete-graph"],
        ["--rebuilt-binaries"], ["--changed-slot"], ["--ignore-built-slot-operator-deps=y"], ["--rebuild-if-new-slot=n"],
        ["--autounmask=n"], ["--backtrack=3"], ["--changed-deps=y"], ["--dynamic-deps=n"], ["--selective=n"]]


class Package:
    """One version of a package, as an ebuild has it."""

    def __init__(self, name, version, slot, iuse):
        self.name, self.version, self.slot, self.iuse = name, version, slot, iuse
        self.depends = {}

    @property
    def cpv(self):
        return f"{self.name}-{self.version}"


class System:
    """A system while it is drawn."""

    def __init__(self, seed):
        self.rnd = random.Random(f"bincheck plan {seed}")
        self.lines, self.runs = [], []
        count = self.rnd.randint(6, 14)
        self.names = [f"{self.rnd.choice(CATEGORIES)}/n{number}" for number in range(count)]
        self.ebuilds = []

    def chance(self, share):
        return self.rnd.random() < share

    def draw(self):
        """Fill lines and runs."""
        for number, name in enumerate(self.names):
            slotted, bound = self.chance(0.2), self.chance(0.5)
            flags = self.rnd.sample(["foo", "bar"], self.rnd.choice([0, 0, 1, 2]))
            for version in range(1, self.rnd.randint(2, 4)):
                slot = str(version) if slotted else "0"
                sub_slot = f"/{self.rnd.randint(1, version)}" if bound else ""
                iuse = [("+" if self.chance(0.3) else "") + flag for flag in flags]
                package = Package(name, version, slot + sub_slot, iuse)
                for key, share in (("RDEPEND", 0.75), ("DEPEND", 0.4), ("BDEPEND", 0.2), ("PDEPEND", 0.1)):
                    if self.chance(share):
                        package.depends[key] = self.dependencies(number, package)
                self.ebuilds.append(package)
        for package in self.ebuilds:
            if not self.chance(0.1):
                self.line("ebuild", package, package.depends, IUSE=" ".join(package.iuse))
        for package in self.ebuilds:
            for build in range(1, self.rnd.choice([1, 2, 2, 2, 3])):
                self.built("binary", package, build)
        for name in self.names:
            if self.chance(0.6):
                versions = [package for package in self.ebuilds if package.name == name]
                self.built("installed", self.rnd.choice(versions), 0)
        self.lines.append("world " + " ".join(self.rnd.sample(self.names, self.rnd.randint(1, 4))))
        if self.chance(0.4):
            self.lines.append(f"conf USE={self.rnd.choice(['foo', 'bar', '-foo'])}")
        if self.chance(0.2):
            self.lines.append(f"etc package.mask {self.atom(self.rnd.choice(self.names), plain=True)}")
        for _ in range(5):
            self.run()

    def atom(self, name, plain=False):
        """An atom for a name, which some version mostly matches."""
        kind = self.rnd.random()
        if kind < 0.55 or plain and kind < 0.8:
            text = name
        else:
            text = f"{self.rnd.choice(['>=', '>=', '<', '='])}{name}-{self.rnd.randint(1, 3)}"
        if plain:
            return text
        if self.chance(0.35):
            text += self.rnd.choice([":=", ":=", ":0=", ":0", ":*"])
        if self.chance(0.12):
            text += "[" + self.rnd.choice(["foo(+)", "foo(-)", "-foo(+)", "bar(-)", "-bar(-)"]) + "]"
        return text

    def dependencies(self, number, package):
        """A dependency string; most of it looks at names that were drawn before, so that cycles are rare."""
        parts = []
        for _ in range(self.rnd.choice([1, 1, 2, 3])):
            others = self.names[:number] if number and not self.chance(0.08) else self.names
            name = self.rnd.choice(others)
            kind = self.rnd.random()
            if kind < 0.15:
                second = self.rnd.choice(others)
                parts.append(f"|| ( {self.atom(name)} {self.atom(second)} )")
            elif kind < 0.25 and package.iuse:
                flag = self.rnd.choice(package.iuse).lstrip("+")
                parts.append(f"{self.rnd.choice(['', '!'])}{flag}? ( {self.atom(name)} )")
            elif kind < 0.28:
                parts.append(f"!<{name}-{self.rnd.randint(1, 2)}")
            else:
                parts.append(self.atom(name))
        return " ".join(parts)

    def built(self, kind, package, build):
        """A build of a version: with some USE, and slots bound to something that exists."""
        use = [flag.lstrip("+") for flag in package.iuse if flag.startswith("+") != self.chance(0.2)]
        depends = {key: self.bind(text, use) for key, text in package.depends.items()}
        if self.chance(0.05):
            depends["RDEPEND"] = self.rnd.choice(self.names)
        more = {"IUSE": " ".join(package.iuse), "USE": " ".join(use), "BUILD_TIME": str(self.rnd.randint(1, 5))}
        if kind == "binary":
            more["BUILD_ID"] = str(build)
        self.line(kind, package, depends, **more)

    def bind(self, text, use):
        """Conditionals worked out, and `:=` written as a build does."""
        out = []
        words = text.split()
        position = 0
        while position < len(words):
            word = words[position]
            if word.endswith("?"):
                flag = word[:-1]
                on = flag[1:] not in use if flag.startswith("!") else flag in use
                position += 2
                inner = words[position:words.index(")", position)]
                out += [self.bind_atom(atom) for atom in inner] if on else []
                position = words.index(")", position)
            else:
                out.append(word if word in ("||", "(", ")") else self.bind_atom(word))
            position += 1
        return " ".join(out)

    def bind_atom(self, atom):
        if "=" not in atom.split("[")[0].split(":")[-1] or ":" not in atom:
            return atom
        name = atom.lstrip("<>=!~").split(":")[0].rsplit("-", 1)[0] if atom[0] in "<>=!" else atom.split(":")[0]
        slots = [package.slot for package in self.ebuilds if package.name == name]
        if not slots:
            return atom
        head, _, use = atom.partition("[")
        slot = self.rnd.choice(slots)
        slot = slot if "/" in slot else f"{slot}/{slot}"
        return head.rsplit(":", 1)[0] + f":{slot}=" + (f"[{use}" if use else "")

    def line(self, kind, package, depends, **more):
        words = [kind, package.cpv, f"SLOT={package.slot}"]
        for key, value in {**depends, **more}.items():
            if value:
                words.append(f'{key}="{value}"' if " " in value or "|" in value else f"{key}={value}")
        self.lines.append(" ".join(words))

    def run(self):
        words = [self.rnd.choice(["-k", "-k", "-k", "-K"])] + list(self.rnd.choice(OPTIONS))
        for option in RARE:
            if self.chance(0.05):
                words += option
        if self.chance(0.1):
            words.append(f"--exclude={self.rnd.choice(self.names)}")
        names = sorted({package.name for package in self.ebuilds})
        if len(words) > 1 and words[1] in ("-u", "-uD", "-uDN", "-e", "-n", "-U") and self.chance(0.5):  # else bincheck adds -uDN
            self.runs.append(" ".join(words + ["@world"]))
            return
        words += self.rnd.sample(names, self.rnd.choice([1, 1, 2]))
        self.runs.append(" ".join(words))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    system = System(sys.argv[1])
    system.draw()
    print(f"random system {sys.argv[1]}")
    for line in system.lines:
        print(f"    {line}")
    for run in system.runs:
        print(f"    {run}: ?")


if __name__ == "__main__":
    main()
