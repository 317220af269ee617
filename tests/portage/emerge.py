"""Run the real emerge on a system that is laid out like `/`.

    emerge.py ROOT OPTION… TARGET…

ROOT is not changed: emerge runs on a copy, as an offset prefix (see oracle.py). Its output and its status
are emerge's. `--root` and `--sysroot` name directories below ROOT, which are laid out like `/` as well. Needs
a Python in which portage 3.0.83 is installed.
"""
import os
import shutil
import subprocess
import sys
import tempfile

from oracle import copy_system, enter

TIMEOUT = 300


def enter_root(prefix, word):
    """An option with its directory below the prefix; a root has the offset prefix too."""
    option, _, directory = word.partition("=")
    if option not in ("--root", "--sysroot"):
        return word
    root = prefix + directory
    inside = root + prefix
    if not os.path.isdir(inside):
        # The environment is only for the root of the request.
        with open(os.path.join(prefix, "etc/portage/make.conf"), "a", encoding="utf-8") as file:
            file.write(f'PKGDIR="{prefix}/var/cache/binpkgs"\n')
        os.makedirs(inside)
        for name in ("var/db/pkg", "var/lib/portage"):
            os.makedirs(os.path.join(root, name), exist_ok=True)
        shutil.move(os.path.join(root, "var"), inside)
    return f"{option}={root}"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    emerge = os.path.join(os.path.dirname(sys.executable), "emerge")
    with tempfile.TemporaryDirectory(prefix="bincheck-emerge-") as scratch:
        root = os.path.join(os.path.realpath(scratch), "root")
        copy_system(sys.argv[1], root)
        words = [enter_root(root, word) for word in sys.argv[2:]]
        enter(root)
        done = subprocess.run([sys.executable, "-B", emerge, *words], stdin=subprocess.DEVNULL, timeout=TIMEOUT, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
