"""Write a small Gentoo system as files: repositories, installed packages and binhost indexes.

Shared by make_workstation.py and make_random_system.py. Nothing here knows Portage; the Python standard
library is enough. All values follow from the arguments, so the same call writes the same bytes.
"""
import gzip
import hashlib
import os
import re

DEPEND_KEYS = ("BDEPEND", "DEPEND", "IDEPEND", "PDEPEND", "RDEPEND")
EVALUATED_KEYS = DEPEND_KEYS + ("LICENSE", "PROPERTIES", "RESTRICT")
CACHE_KEYS = ("BDEPEND", "DEFINED_PHASES", "DEPEND", "DESCRIPTION", "EAPI", "HOMEPAGE", "IDEPEND", "IUSE", "KEYWORDS",
              "LICENSE", "PDEPEND", "PROPERTIES", "RDEPEND", "REQUIRED_USE", "RESTRICT", "SLOT")
# Spellings that Portage uses inside an index file.
INDEX_NAMES = {"DESCRIPTION": "DESC", "_mtime_": "MTIME", "repository": "REPO"}


class Root:
    """A directory that is laid out like `/`."""

    def __init__(self, path):
        self.path = os.path.abspath(path)

    def write(self, name, text):
        """Write a file; `text` may be bytes. A list becomes lines."""
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if isinstance(text, (list, tuple)):
            text = "".join(line + "\n" for line in text)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())

    def link(self, name, target):
        """Make a relative symbolic link."""
        path = os.path.join(self.path, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)


def split_cpv(cpv):
    """Category, package name and version with revision."""
    match = re.fullmatch(r"([^/]+)/(.+?)-(\d[^-]*(?:-r\d+)?)", cpv)
    return match.groups()


class Ebuild:
    """One ebuild with the metadata that its cache entry holds."""

    def __init__(self, cpv, repo="gentoo", **metadata):
        self.cpv = cpv
        self.repo = repo
        self.metadata = {"EAPI": "8", "SLOT": "0", "DEFINED_PHASES": "-", "KEYWORDS": "amd64", "LICENSE": "MIT"}
        self.metadata.update(metadata)

    def write(self, root, location):
        """Write the stub and its cache entry below the repository at `location`."""
        category, name, version = split_cpv(self.cpv)
        stub = f"# Metadata only: this stub cannot be built.\nEAPI={self.metadata['EAPI']}\n# {self.cpv}\n"
        root.write(f"{location}/{category}/{name}/{name}-{version}.ebuild", stub)
        lines = [f"{key}={self.metadata[key]}" for key in CACHE_KEYS if self.metadata.get(key)]
        lines.append("_md5_=" + hashlib.md5(stub.encode()).hexdigest())
        root.write(f"{location}/metadata/md5-cache/{category}/{name}-{version}", lines)


def evaluate(text, use):
    """Drop the USE conditionals of a dependency string, as building with `use` does."""
    tokens = text.split()
    out = []
    position = 0

    def skip(position):
        depth = 0
        while True:
            depth += {"(": 1, ")": -1}.get(tokens[position], 0)
            position += 1
            if depth == 0:
                return position

    drop = []
    while position < len(tokens):
        token = tokens[position]
        if token.endswith("?"):
            flag = token[:-1]
            on = flag[1:] not in use if flag.startswith("!") else flag in use
            position = position + 2 if on else skip(position + 1)
            if on:
                drop.append(True)
            continue
        if token == "(" or token in ("||", "^^", "??"):
            drop.append(False)
            if token != "(":
                out.append(token)
                position += 1
            out.append("(")
        elif token == ")":
            if not drop.pop():
                out.append(")")
        else:
            out.append(evaluate_use_deps(token, use))
        position += 1
    return " ".join(out)


def evaluate_use_deps(atom, use):
    """The USE conditionals inside one atom."""
    match = re.fullmatch(r"(.*)\[(.*)\]", atom)
    if not match:
        return atom
    kept = []
    for dep in match[2].split(","):
        parts = re.fullmatch(r"(!?)(-?)([\w+@-]+?)(\([+-]\))?([?=]?)", dep)
        negated, _, flag, default, conditional = parts.groups()
        flag += default or ""
        on = parts[3] in use
        if conditional == "?":
            if on != bool(negated):
                kept.append(("-" if negated else "") + flag)
        elif conditional == "=":
            kept.append(flag if on != bool(negated) else "-" + flag)
        else:
            kept.append(dep)
    return match[1] + (f"[{','.join(kept)}]" if kept else "")


def binary(ebuild, use, build_id=1, build_time=1_760_000_000, form="gpkg.tar", libc=None, **changes):
    """An index entry for `ebuild`, built with the flags `use`; `changes` overwrite its keys."""
    cpv = changes.pop("CPV", ebuild.cpv)
    category, name, version = split_cpv(cpv)
    entry = {key: ebuild.metadata[key] for key in ("DEFINED_PHASES", "EAPI", "IUSE", "KEYWORDS", "SLOT")
             if ebuild.metadata.get(key)}
    for key in EVALUATED_KEYS:
        entry[key] = evaluate(ebuild.metadata.get(key, ""), use)
    if libc and not cpv.startswith("sys-libs/glibc-"):
        entry["RDEPEND"] = (entry["RDEPEND"] + " " + libc).strip()
    digest = hashlib.sha256(f"{cpv} {build_id} {build_time} {form}".encode()).hexdigest()
    entry.update({
        "CPV": cpv, "BUILD_ID": str(build_id), "BUILD_TIME": str(build_time), "USE": " ".join(sorted(use)),
        "PATH": f"{category}/{name}/{name}-{version}-{build_id}.{form}", "repository": ebuild.repo,
        "SIZE": str(20480 + 512 * int(digest[:4], 16)), "MD5": digest[:32], "SHA1": digest[:40],
        "_mtime_": str(build_time + 60),
    })
    entry.update(changes)
    return {key: value for key, value in entry.items() if value}


def index_text(header, entries):
    """The text of a `Packages` file."""
    blocks = [dict(header, PACKAGES=str(len(entries)), VERSION="0")]
    blocks += [{INDEX_NAMES.get(key, key): value for key, value in entry.items()} for entry in entries]
    return "".join("".join(f"{key}: {value}\n" for key, value in sorted(block.items())) + "\n" for block in blocks)


def write_index(root, directory, header, entries, compress):
    """Write `Packages`, or `Packages.gz` if `compress`."""
    text = index_text(header, entries).encode()
    if compress:
        root.write(f"{directory}/Packages.gz", gzip.compress(text, mtime=0))
    else:
        root.write(f"{directory}/Packages", text)


def install(root, ebuild, use, build_time=1_755_000_000, libc=None, **changes):
    """Record a package as installed; what is empty has no file, as in a real database."""
    fields = binary(ebuild, use, build_time=build_time, libc=libc, **changes)
    category, package = ebuild.cpv.split("/")
    fields.update({"CATEGORY": category, "PF": package})
    for key in ("CPV", "PATH", "MD5", "SHA1", "SIZE", "_mtime_", "BUILD_ID", "DEFINED_PHASES"):
        fields.pop(key, None)
    for key, value in fields.items():
        root.write(f"var/db/pkg/{ebuild.cpv}/{key}", value + "\n")
