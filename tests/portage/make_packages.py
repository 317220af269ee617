"""Let the real Portage write binary packages, and the index of a binhost that has them.

    make_packages.py DIRECTORY [COUNT]

Writes one gpkg file for each compression whose program is there (BINPKG_COMPRESS), one that is signed, and
an xpak file. With COUNT, that many gpkg and xpak files of 1 to 5 MB instead, for measurements. Needs a Python
in which portage 3.0.83 is installed.
"""
import bz2
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile

import oracle

HERE = os.path.dirname(os.path.abspath(__file__))
WORKSTATION = os.path.join(HERE, "../../testdata/workstation")
TIME = 1758000000
COMPRESSIONS = ["none", "bzip2", "gzip", "lz4", "lzip", "lzop", "xz", "zstd"]


def metadata(name, flags, noise=0, **more):
    """Members of a package as a build leaves them; `noise` makes the saved environment as long as real ones."""
    rng = random.Random(name)
    environment = f'declare -x CFLAGS="{flags}"\ndeclare -x RUSTFLAGS="-C opt-level=3 -C target-cpu=x86-64-v2"\n'
    environment += "".join(f"declare -- X{n}={rng.getrandbits(400):x}\n" for n in range(noise))
    values = {
        "CATEGORY": "app-made", "PF": f"{name}-1", "EAPI": "8", "SLOT": "0", "USE": "amd64", "CHOST": "x86_64-pc-linux-gnu",
        "CFLAGS": flags, "CXXFLAGS": flags, "FEATURES": "buildpkg", "INHERITED": "cargo", "KEYWORDS": "amd64",
        "LICENSE": "MIT", "DEFINED_PHASES": "compile install", "BUILD_TIME": str(TIME), "SIZE": "4096",
        "NEEDED.ELF.2": f"X86_64;/usr/bin/{name};;;libc.so.6", "repository": "gentoo", "DESCRIPTION": name, **more,
    }
    members = {key: f"{value}\n".encode() for key, value in values.items()}
    members["environment.bz2"] = bz2.compress(environment.encode())
    return members


def image(directory, size, seed):
    os.makedirs(os.path.join(directory, "usr/bin"), exist_ok=True)
    with open(os.path.join(directory, "usr/bin/made"), "wb") as file:
        file.write(random.Random(seed).randbytes(size))


class Maker:
    """Writes packages and remembers what an index says about them."""

    def __init__(self, directory, scratch):
        import portage

        self.portage, self.directory, self.scratch = portage, directory, scratch
        self.entries = []

    def settings(self, **values):
        settings = self.portage.config(clone=self.portage.settings)
        for key, value in values.items():
            settings[key] = value
            settings.backup_changes(key)
        settings.regenerate()
        return settings

    def gpkg(self, name, flags, size=2000, noise=0, **values):
        from portage.gpkg import gpkg

        path = f"app-made/{name}/{name}-1-1.gpkg.tar"
        target = self.target(path)
        tree = os.path.join(self.scratch, name)
        image(tree, size, name)
        package = gpkg(self.settings(**values), f"app-made/{name}-1-1", target)
        package.compress(tree, metadata(name, flags, noise))
        shutil.rmtree(tree)
        self.note(name, path)

    def xpak(self, name, flags, size=2000, noise=0):
        from portage.xpak import tbz2, xpak_mem

        path = f"app-made/{name}/{name}-1-1.xpak"
        target = self.target(path)
        tree = os.path.join(self.scratch, name)
        image(tree, size, name)
        subprocess.run(["tar", "-cjf", target, "-C", tree, "."], check=True)
        shutil.rmtree(tree)
        tbz2(target).recompose_mem(xpak_mem(metadata(name, flags, noise)))
        self.note(name, path)

    def target(self, path):
        target = os.path.join(self.directory, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        return target

    def note(self, name, path):
        file = os.path.join(self.directory, path)
        os.utime(file, (TIME, TIME))
        with open(file, "rb") as opened:
            content = opened.read()
        self.entries.append(
            f"BUILD_ID: 1\nBUILD_TIME: {TIME}\nCPV: app-made/{name}-1\nDEFINED_PHASES: compile install\nEAPI: 8\n"
            f"KEYWORDS: amd64\nLICENSE: MIT\nMD5: {hashlib.md5(content).hexdigest()}\nPATH: {path}\n"
            f"SIZE: {len(content)}\nUSE: amd64\nMTIME: {TIME}\nREPO: gentoo\n")

    def index(self):
        head = f"CHOST: x86_64-pc-linux-gnu\nPACKAGES: {len(self.entries)}\nTIMESTAMP: {TIME}\nVERSION: 0\n"
        with open(os.path.join(self.directory, "Packages"), "w", encoding="utf-8") as file:
            file.write("\n".join([head, *self.entries]))


def signing(home):
    """Settings to sign with a key that is made for it."""
    os.makedirs(home, mode=0o700)
    gpg = ["gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", ""]
    subprocess.run([*gpg, "--quick-generate-key", "made@example.org", "rsa2048", "sign"], check=True)
    command = "gpg --sign --armor [PORTAGE_CONFIG]"
    return {"FEATURES": "binpkg-signing", "BINPKG_GPG_SIGNING_GPG_HOME": home,
            "BINPKG_GPG_SIGNING_KEY": "made@example.org", "BINPKG_GPG_SIGNING_DIGEST": "SHA512",
            "BINPKG_GPG_SIGNING_BASE_COMMAND": command}


def every_kind(maker, scratch):
    for compression in COMPRESSIONS:
        program = {"none": "sh"}.get(compression, compression)
        if shutil.which(program):
            maker.gpkg(compression, "-O2 -pipe -march=x86-64-v3", BINPKG_COMPRESS=compression)
        else:
            print(f"no {program} here", file=sys.stderr)
    if shutil.which("gpg"):
        maker.gpkg("signed", "-O2 -march=znver4", **signing(os.path.join(scratch, "gnupg")))
    maker.gpkg("long", "-O2 -march=haswell", noise=600)
    maker.xpak("xpak", "-O2 -march=znver3")
    maker.xpak("xpak-long", "-O2 -march=haswell", noise=600)


def many(maker, count):
    rng = random.Random(count)
    for number in range(count):
        write = maker.xpak if number % 3 == 0 else maker.gpkg
        write(f"many{number:03}", f"-O2 -march={rng.choice(['x86-64-v3', 'znver3', 'haswell'])}",
              size=rng.randrange(1_000_000, 5_000_000), noise=rng.randrange(40, 160))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    directory = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        root = os.path.join(scratch, "root")
        oracle.copy_system(WORKSTATION, root)
        oracle.enter(root)
        maker = Maker(directory, scratch)
        if len(sys.argv) == 3:
            many(maker, int(sys.argv[2]))
        else:
            every_kind(maker, scratch)
        maker.index()


if __name__ == "__main__":
    main()
