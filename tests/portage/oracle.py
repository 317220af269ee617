"""Ask Portage what it thinks of every binary package that a system can see.

    oracle.py ROOT [MODE…]

ROOT is laid out like `/` and is not changed: Portage runs on a copy, as an offset prefix, so that neither
chroot nor privileges are needed. Prints JSON: for each mode a list of instances with verdict and reasons.
Needs a Python in which portage 3.0.83 is installed.
"""
import grp
import importlib.metadata
import json
import os
import pwd
import re
import shutil
import signal
import sys
import tempfile

PORTAGE = "3.0.83"
MODES = {
    "g": ["--getbinpkg"],
    "g_strict": ["--getbinpkg", "--binpkg-respect-use=y", "--binpkg-changed-deps=y"],
    "g_loose": ["--getbinpkg", "--binpkg-respect-use=n", "--binpkg-changed-deps=n"],
    "g_bdeps": ["--getbinpkg", "--with-bdeps=y"],
    "g_changed_use": ["--getbinpkg", "--changed-use"],
    "G": ["--getbinpkgonly"],
    "G_newuse": ["--getbinpkgonly", "--newuse"],
}


def files_below(path):
    """The path itself if it is a file, else all files below it."""
    if os.path.isfile(path):
        yield path
    for directory, _, names in os.walk(path):
        for name in names:
            yield os.path.join(directory, name)


def move_locations(root):
    """Make the absolute paths of repositories and binhosts lead into the copy."""
    for directory in ("usr/share/portage/config", "etc/portage"):
        for name in ("repos.conf", "binrepos.conf"):
            for path in files_below(os.path.join(root, directory, name)):
                with open(path, encoding="utf-8") as file:
                    text = file.read()
                text = re.sub(r"(?m)^(location\s*=\s*|sync-uri\s*=\s*file://)/", rf"\g<1>{root}/", text)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)


def installed_config():
    """Directory of the installed Portage's own configuration, relative to its prefix."""
    for relative in ("share/portage/config", "usr/share/portage/config"):
        if os.path.exists(os.path.join(sys.prefix, relative, "make.globals")):
            return relative
    sys.exit("oracle: no make.globals in this Python's prefix")


def copy_system(source, target):
    """Copy a system and turn the copy into an offset prefix."""
    shutil.copytree(source, target, symlinks=True)
    move_locations(target)
    share = installed_config().split("/")[0]
    if not os.path.lexists(os.path.join(target, share)):
        os.symlink(f"usr/{share}", os.path.join(target, share))
    for directory in ("var/tmp", "var/cache/edb", "var/cache/distfiles", "var/db/pkg", "var/lib/portage", "tmp"):
        os.makedirs(os.path.join(target, directory), exist_ok=True)


def enter(root):
    """Replace the environment by one in which `root` is the whole system."""
    os.environ.clear()
    os.environ.update({
        "PATH": f"{os.path.dirname(sys.executable)}:/usr/local/bin:/usr/bin:/bin",
        "HOME": root, "LC_ALL": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1",
        "PORTAGE_USERNAME": pwd.getpwuid(os.getuid()).pw_name,
        "PORTAGE_GRPNAME": grp.getgrgid(os.getgid()).gr_name,
        "PORTAGE_OVERRIDE_EPREFIX": root,
        "PKGDIR": f"{root}/var/cache/binpkgs",
        "DISTDIR": f"{root}/var/cache/distfiles",
        "PORTAGE_TMPDIR": f"{root}/var/tmp",
        "PORTAGE_DEPCACHEDIR": f"{root}/var/cache/edb/dep",
    })
    os.chdir("/")


def main():
    if len(sys.argv) < 2 or importlib.metadata.version("portage") != PORTAGE:
        sys.exit(f"{__doc__}\noracle: portage {PORTAGE} and a root are wanted")
    source, modes = sys.argv[1], sys.argv[2:] or list(MODES)
    signal.alarm(900)  # Portage waits for ever when it cannot source an ebuild
    answer = os.dup(1)
    os.dup2(2, 1)  # what Portage says while it works goes to stderr
    with tempfile.TemporaryDirectory(prefix="bincheck-oracle-") as scratch:
        root = os.path.join(os.path.realpath(scratch), "root")
        copy_system(source, root)
        enter(root)
        import verdicts  # only now: Portage looks at the environment when it is imported

        result = {}
        for mode in modes:
            # Portage's own copy of an index lacks empty values, which can change a verdict.
            shutil.rmtree(os.path.join(root, "var/cache/edb/binhost"), ignore_errors=True)
            result[mode] = verdicts.judge(MODES[mode])
    with os.fdopen(answer, "w") as out:
        json.dump({"portage": PORTAGE, "modes": result}, out, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
