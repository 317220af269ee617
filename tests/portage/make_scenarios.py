"""Write the systems of the scenarios in testdata/scenarios.

    make_scenarios.py DIR

Each function is a scenario: its name is the folder's, its text says what goes wrong, and `args` are what is
requested. All start from the same small sound system; a folder holds only what differs from it. Expected output is not written here:
SNAPSHOTS=overwrite cargo test scenarios
"""
import filecmp
import gzip
import inspect
import os
import shutil
import sys

import package_file
from make_workstation import GLOBALS, HEADER, PROFILES
from root import Ebuild, Root, binary, index_text, install, write_index

USE = {"abi_x86_64", "amd64", "elibc_glibc", "kernel_linux"}
ZLIB = Ebuild("sys-libs/zlib-1.3.1", SLOT="0/1", IUSE="minizip", LICENSE="ZLIB")
JQ = Ebuild("app-misc/jq-1.8.1", IUSE="doc +oniguruma", RDEPEND="oniguruma? ( dev-libs/oniguruma:= )")
ONIGURUMA = Ebuild("dev-libs/oniguruma-6.9.10", SLOT="0/5", LICENSE="BSD")
LIBC = [Ebuild("sys-libs/glibc-2.41-r6", SLOT="2.2"),
        Ebuild("virtual/libc-1-r1", RDEPEND="elibc_glibc? ( sys-libs/glibc:2.2 )", LICENSE="")]
GOOD_ZLIB = binary(ZLIB, USE)
GOOD_JQ = binary(JQ, USE | {"oniguruma"})
REPO = "var/db/repos/gentoo"


def sound(root):
    """A system on which everything is in order."""
    share = "usr/share/portage/config"
    root.write(f"{share}/make.globals", GLOBALS)
    root.write(f"{share}/repos.conf", ["[DEFAULT]", "main-repo = gentoo", "[gentoo]", f"location = /{REPO}"])
    root.write(f"{REPO}/metadata/layout.conf", ["masters =", "profile-formats = portage-2"])
    for name in ("repo_name", "eapi", "arch.list", "license_groups", "base/eapi", "base/make.defaults",
                 "arch/amd64/eapi", "arch/amd64/parent", "arch/amd64/make.defaults"):
        root.write(f"{REPO}/profiles/{name}", PROFILES[name])
    root.write(f"{REPO}/profiles/categories", ["app-misc", "dev-libs", "sys-libs", "virtual"])
    for ebuild in [ZLIB, JQ, ONIGURUMA, *LIBC]:
        ebuild.write(root, REPO)
    for ebuild in [ONIGURUMA, *LIBC]:
        install(root, ebuild, USE)
    root.link("etc/portage/make.profile", f"../../{REPO}/profiles/arch/amd64")
    root.write("etc/portage/make.conf", ['USE=""'])
    root.write("etc/portage/binrepos.conf", ["[site]", "sync-uri = file:///srv/site"])
    root.write("var/lib/portage/world", ["app-misc/jq", "sys-libs/zlib"])
    write_index(root, "srv/site", HEADER, [GOOD_ZLIB, GOOD_JQ], compress=False)


def block(**fields):
    """One block of an index, as text."""
    return "".join(f"{key}: {value}\n" for key, value in fields.items()) + "\n"


def hostile_index(root):
    """Entries that break off, lie, are not UTF-8, are huge, lack their name or carry terminal escapes."""
    head = index_text(HEADER, [])
    nested = "|| ( " * 5000 + "app-misc/jq" + " )" * 5000
    entries = [
        block(CPV="app-misc/jq-1.8.1", EAPI="8", USE="amd64", LICENSE="\x1b[31mred\x1b[0m \x9b2J \u202etxt.exe\u202c", KEYWORDS="amd64"),
        "this line has no colon\n::::\n" + block(PATH="no/cpv.gpkg.tar", SLOT="0"),
        block(CPV="app-misc/jq-1.8.1", EAPI="8", BUILD_ID="2", RDEPEND=nested, KEYWORDS="amd64"),
        block(CPV="app-misc/jq-1.8.1", EAPI="8", BUILD_ID="99999999999999999999999999", SLOT="", KEYWORDS="amd64"),
        block(CPV="app-misc/jq-1.8.1", EAPI="8", BUILD_ID="-4", IUSE="+ - ++ \0 " + "x" * 20000, KEYWORDS="amd64"),
        block(CPV="not a package", EAPI="8"),
        block(CPV="../../etc/passwd", EAPI="8"),
        block(CPV="app-misc/jq-1.8.1", EAPI="8", BUILD_ID="5", PATH="../../../etc/shadow", KEYWORDS="amd64"),
    ]
    text = (head + "".join(entries)).encode() + b"CPV: app-misc/jq-1.8.1\nBUILD_ID: 6\nKEYWORDS: \xff\xfe amd64\nEAPI: 8\n\n"
    root.write("srv/site/Packages", text + block(**{key: value for key, value in GOOD_ZLIB.items() if key != "_mtime_"}).encode())


def escapes_everywhere(root):
    """Terminal escapes in the header and in each field of an entry of its own, and in files that are configured here.

    args: -v --all
    """
    escape = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
    fields = ("BDEPEND BUILD_ID BUILD_TIME CHOST DEFINED_PHASES DEPEND DESC EAPI IDEPEND IUSE KEYWORDS LICENSE MD5 MTIME PATH "
              "PDEPEND PROPERTIES PROVIDES RDEPEND REPO REQUIRED_USE REQUIRES RESTRICT SIZE SLOT USE USER_PATCHES").split()
    good = {key: value for key, value in GOOD_ZLIB.items() if key != "_mtime_"}
    entries = [block(**dict(good, BUILD_ID=str(number), PATH=f"zlib-{number}.gpkg.tar") | {field: good.get(field, "") + escape})
               for number, field in enumerate(fields, 2)]
    entries += [block(**dict(good, CPV="sys-libs/zlib" + escape)), block(**{escape: "x", **good})]
    head = index_text({**HEADER, "REPO": "gentoo" + escape}, [])
    root.write("srv/site/Packages", (head + "".join(entries)).encode())
    root.write("etc/portage/package.use", [f"sys-libs/zlib{escape} minizip", f"sys-libs/zlib minizip{escape}"])
    root.write("etc/portage/package.mask", [f"{escape}/{escape}"])


def hostile_target(root):
    """A target that would clear the screen.

    args: zlib\x1b[2J
    """


def directory_for_a_file(root):
    """The index is a directory."""
    os.unlink(os.path.join(root.path, "srv/site/Packages"))
    root.write("srv/site/Packages/readme", ["no index"])


def link_to_itself(root):
    """package.mask is a link to itself: no file, so nothing is masked."""
    root.link("etc/portage/package.mask", "package.mask")


def world_directory(root):
    """The world file is a directory, and all files in it count.

    args: @world
    """
    os.unlink(os.path.join(root.path, "var/lib/portage/world"))
    root.write("var/lib/portage/world/one", ["app-misc/jq"])


def text_that_is_not_utf_8(root):
    """Bytes that are not UTF-8 in files that are configured here."""
    root.write("etc/portage/make.conf", b'USE=""\nACCEPT_LICENSE="* \xff\xfe"\n')
    root.write("etc/portage/package.use", b"# \xe9\nsys-libs/zlib \xff\n")


def older_portage(root):
    """The installed Portage decides some things otherwise.

    args: @world
    """
    install(root, Ebuild("sys-apps/portage-3.0.77-r2"), USE)


def broken_package_use(root):
    """Lines that Portage skips with a warning; the good ones between them count."""
    root.write("etc/portage/package.use", [
        "# comment", "app-misc/jq:: doc", ">=app-misc/jq doc", "app-misc/jq -oniguruma", "jq doc", "app-misc/jq[doc] doc",
        "sys-libs/zlib !minizip"])


def missing_profile_parent(root):
    """A profile whose parent is gone."""
    root.write(f"{REPO}/profiles/arch/amd64/parent", ["../../nowhere"])


def no_profile(root):
    """make.profile leads nowhere."""
    os.unlink(os.path.join(root.path, "etc/portage/make.profile"))


def no_config_root(root):
    """No such directory is there to judge.

    args: --config-root /nowhere --all
    """


def syntax_error(root):
    """make.conf breaks off in the middle of a string."""
    root.write("etc/portage/make.conf", ['FEATURES="getbinpkg"', 'USE="doc'])


def wrong_version_index(root):
    """An index of a format that is not known."""
    path = os.path.join(root.path, "srv/site/Packages")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    root.write("srv/site/Packages", text.replace("VERSION: 0", "VERSION: 1"))


def broken_gzip(root):
    """An index that was cut off; the plain one beside it does not help."""
    text = index_text(HEADER, [GOOD_ZLIB]).encode()
    root.write("srv/site/Packages.gz", gzip.compress(text, mtime=0)[:200])


def no_index(root):
    """A binhost that has nothing."""
    shutil.rmtree(os.path.join(root.path, "srv"))


def no_binhost(root):
    """No binhost is configured, and PKGDIR is empty.

    args: zlib
    """
    os.unlink(os.path.join(root.path, "etc/portage/binrepos.conf"))


def duplicate_section(root):
    """binrepos.conf names a section twice, and Portage forgets all of them."""
    root.write("etc/portage/binrepos.conf", ["[site]", "sync-uri = file:///srv/site", "[site]", "priority = 3"])


def stale_md5_cache(root):
    """An ebuild was edited after its cache entry was made: Portage would source it, we cannot tell."""
    root.write(f"{REPO}/app-misc/jq/jq-1.8.1.ebuild", "# edited\nEAPI=8\n")


def two_overlays(root):
    """One version in three repositories: the highest priority decides about USE."""
    lines = []
    for name, priority, iuse in (("high", 20, "doc +oniguruma +fast"), ("low", 5, "doc oniguruma")):
        Ebuild("app-misc/jq-1.8.1", name, IUSE=iuse, RDEPEND="oniguruma? ( dev-libs/oniguruma:= )").write(root, f"var/db/repos/{name}")
        root.write(f"var/db/repos/{name}/profiles/repo_name", [name])
        root.write(f"var/db/repos/{name}/metadata/layout.conf", ["masters = gentoo"])
        lines += [f"[{name}]", f"location = /var/db/repos/{name}", f"priority = {priority}"]
    root.write("etc/portage/repos.conf", lines)


def build_dependencies(root):
    """Only a build dependency has changed, and it was requested.

    args: --with-bdeps=y app-misc/jq sys-libs/zlib
    """
    write_index(root, "srv/site", HEADER, [dict(GOOD_ZLIB, BDEPEND="dev-build/cmake"), GOOD_JQ], compress=True)


def update_of_a_build_dependency(root):
    """Something that only building needs could be updated, which emerge skips where it takes binary packages.

    args: -uD @world
    """
    built = Ebuild("app-misc/jq-1.8.1", IUSE="doc +oniguruma", BDEPEND="sys-libs/zlib")
    built.write(root, REPO)
    install(root, built, USE | {"oniguruma"})
    install(root, ZLIB, USE)
    Ebuild("sys-libs/zlib-1.3.2", SLOT="0/1", IUSE="minizip", LICENSE="ZLIB").write(root, REPO)
    root.write("var/lib/portage/world", ["app-misc/jq"])


def newer_build_first(root):
    """Two builds fit; the newer one is chosen, whatever the number says.

    args: zlib
    """
    older = binary(ZLIB, USE, build_id=9, build_time=1_700_000_000)
    newer = binary(ZLIB, USE, build_id=2, build_time=1_750_000_000)
    write_index(root, "srv/site", HEADER, [newer, older], compress=False)


def dropped_version(root):
    """The tree has dropped a version; emerge takes its package for an atom that nothing else satisfies.

    args: <sys-libs/zlib-1.3 sys-libs/zlib
    """
    dropped = dict(GOOD_ZLIB, CPV="sys-libs/zlib-1.2.13", PATH="sys-libs/zlib/zlib-1.2.13-1.gpkg.tar")
    write_index(root, "srv/site", HEADER, [dropped, GOOD_ZLIB], compress=False)


def end_of_the_search(root):
    """An excluded package ends the search; the older one behind it is not looked at.

    args: -G --usepkg-exclude=zlib:0/1 sys-libs/zlib
    """
    older = dict(GOOD_ZLIB, CPV="sys-libs/zlib-1.2.13", PATH="sys-libs/zlib/zlib-1.2.13-1.gpkg.tar", SLOT="1.2")
    write_index(root, "srv/site", HEADER, [older, GOOD_ZLIB], compress=False)


def misspelt_target(root):
    """A name that nothing has.

    args: zlip
    """


def ambiguous_name(root):
    """A bare name that two categories have.

    args: zlib
    """
    Ebuild("app-misc/zlib-7").write(root, REPO)


def unknown_set(root):
    """A set that nobody made.

    args: @nobodys
    """


def looping_sets(root):
    """Two sets that name each other.

    args: @one
    """
    root.write("etc/portage/sets/one", ["@two", "sys-libs/zlib"])
    root.write("etc/portage/sets/two", ["@one", "app-misc/jq"])


def looping_license_groups(root):
    """Two license groups that contain each other."""
    root.write("etc/portage/make.conf", ['ACCEPT_LICENSE="-* @A"'])
    root.write(f"{REPO}/profiles/license_groups", ["A MIT @B", "B ZLIB @A"])


def bad_default_options(root):
    """EMERGE_DEFAULT_OPTS holds options of every kind.

    args: zlib
    """
    root.write("etc/portage/make.conf", ['EMERGE_DEFAULT_OPTS="--jobs=4 --keep-going --quiet-build=y --no-such-option --with-bdeps=y"'])


def newer(root):
    """A newer oniguruma with another sub-slot, and world wants all of it."""
    Ebuild("dev-libs/oniguruma-6.9.11", SLOT="0/6", LICENSE="BSD").write(root, REPO)


def sub_slot_moved(root):
    """The binary was built against a sub-slot that the next upgrade replaces, so that it is compiled.

    args: @world
    """
    newer(root)
    bound = binary(JQ, USE | {"oniguruma"}, RDEPEND="dev-libs/oniguruma:0/5=")
    write_index(root, "srv/site", HEADER, [GOOD_ZLIB, bound], compress=False)


def version_skew(root):
    """The binhost has an older version and a newer one than the repository.

    args: -uD -v @world
    """
    write_index(root, "srv/site", HEADER, [GOOD_JQ, binary(ZLIB, USE, CPV="sys-libs/zlib-1.2"), binary(ZLIB, USE, CPV="sys-libs/zlib-1.4")],
                compress=False)


def nested_plan(root):
    """Each package below what needs it, though two of them need each other.

    args: -u --tree app-misc/jq
    """
    Ebuild("dev-libs/oniguruma-6.9.11", SLOT="0/6", LICENSE="BSD", PDEPEND="app-misc/jq", RDEPEND="sys-libs/zlib").write(root, REPO)
    Ebuild("app-misc/jq-1.8.1", IUSE="doc +oniguruma", RDEPEND="oniguruma? ( >=dev-libs/oniguruma-6.9.11:= )").write(root, REPO)


def slot_conflict(root):
    """Two packages want different versions in one slot; emerge decides nothing, and neither do we.

    args: app-misc/jq app-misc/yq
    """
    newer(root)
    Ebuild("app-misc/jq-1.8.1", IUSE="doc +oniguruma", RDEPEND="<dev-libs/oniguruma-6.9.11").write(root, REPO)
    Ebuild("app-misc/yq-4", RDEPEND=">=dev-libs/oniguruma-6.9.11").write(root, REPO)


def use_change_needed(root):
    """A dependency wants USE that is off: emerge would stop and propose to change it.

    args: app-misc/yq
    """
    Ebuild("app-misc/yq-4", RDEPEND="app-misc/jq[doc]").write(root, REPO)


def wait_for_each_other(root):
    """Each of two packages must be there before the other can be built.

    args: app-misc/yq
    """
    Ebuild("app-misc/yq-4", DEPEND="app-misc/tq").write(root, REPO)
    Ebuild("app-misc/tq-4", DEPEND="app-misc/yq").write(root, REPO)


def blocker(root):
    """A package that another one excludes, and a world that wants both.

    args: app-misc/jq app-misc/yq
    """
    Ebuild("app-misc/yq-4", RDEPEND="!app-misc/jq").write(root, REPO)


def binaries_only(root):
    """With -G nothing is compiled, so that a dependency without binary package ends in an error.

    args: -G app-misc/yq
    """
    yq = Ebuild("app-misc/yq-4", RDEPEND="app-misc/tq")
    yq.write(root, REPO)
    Ebuild("app-misc/tq-4").write(root, REPO)
    write_index(root, "srv/site", HEADER, [GOOD_ZLIB, GOOD_JQ, binary(yq, USE)], compress=False)


def gone_from_the_tree(root):
    """World names a package that nothing has any more, and one that is installed and has no ebuild.

    args: @world
    """
    root.write("var/lib/portage/world", ["app-misc/gone", "app-misc/jq", "dev-libs/orphan"])
    install(root, Ebuild("dev-libs/orphan-3"), USE)


YQ = Ebuild("app-misc/yq-4", IUSE="color", RDEPEND="sys-libs/zlib")


def renamed_package(root):
    """A package and its dependency moved; the binhost has both under their old names.

    args: -g app-misc/yq
    """
    tq = Ebuild("app-misc/tq-2")
    yq = Ebuild("app-misc/yq-4", RDEPEND="app-misc/tq")
    for ebuild in (tq, yq):
        ebuild.write(root, REPO)
    root.write(f"{REPO}/profiles/updates/1Q-2025", ["move dev-libs/old app-text/older", "move app-text/older app-misc/tq"])
    old = Ebuild("dev-libs/old-2")
    write_index(root, "srv/site", HEADER, [binary(old, USE), binary(yq, USE, RDEPEND="dev-libs/old")], compress=False)


def renamed_package_without_ebuilds(root):
    """With -G the moved package is not to be had, and the answer names the one of its old name.

    args: -G app-misc/yq app-misc/tq
    """
    renamed_package(root)


def masked_without_ebuilds(root):
    """With -G a dependency is hidden by its keywords, and another version by a mask and its comment.

    args: -G app-misc/yq
    """
    yq = Ebuild("app-misc/yq-4", RDEPEND=">=app-misc/tq-2")
    tq = [Ebuild("app-misc/tq-2", KEYWORDS="~amd64"), Ebuild("app-misc/tq-3")]
    root.write("etc/portage/package.mask", ["# eats files", "=app-misc/tq-3"])
    write_index(root, "srv/site", HEADER, [binary(one, USE) for one in [yq, *tq]], compress=False)


def files_that_are_gone(root):
    """The index names files that are not there, and one of another size: nothing of it is usable.

    args: --fetch-metadata sys-libs/zlib app-misc/jq
    """
    jq = write_files(root, "srv/site", [GOOD_JQ])[0]
    write_index(root, "srv/site", HEADER, [GOOD_ZLIB, dict(jq, SIZE="7")], compress=False)


def file_without_signature(root):
    """A host that has to sign offers one file without a signature, and one in a format that cannot have any.

    args: --fetch-metadata sys-libs/zlib app-misc/jq
    """
    root.write("etc/portage/binrepos.conf", ["[site]", "sync-uri = file:///srv/site", "verify-signature = true"])
    zlib = write_files(root, "srv/site", [GOOD_ZLIB], signature=None)[0]
    write_index(root, "srv/site", HEADER, [zlib, binary(JQ, USE | {"oniguruma"}, form="xpak")], compress=False)


def file_beside_the_index(root):
    """A package was put into PKGDIR by hand, and the index there does not have it.

    args: -K app-misc/yq
    """
    YQ.write(root, REPO)
    write_index(root, "var/cache/binpkgs", HEADER, [], compress=False)
    write_files(root, "var/cache/binpkgs", [binary(YQ, USE)])


def default_options_without_ebuilds(root):
    """EMERGE_DEFAULT_OPTS wants nothing but binary packages, and the binhosts lack one.

    args: app-misc/tq
    """
    Ebuild("app-misc/tq-4").write(root, REPO)
    root.write("etc/portage/make.conf", ['USE=""', 'EMERGE_DEFAULT_OPTS="--getbinpkgonly"'])


def default_options_without_binhost(root):
    """EMERGE_DEFAULT_OPTS wants nothing but binary packages, and no binhost is configured.

    args: app-misc/jq
    """
    root.write("etc/portage/binrepos.conf", [""])
    root.write("etc/portage/make.conf", ['USE=""', 'EMERGE_DEFAULT_OPTS="--getbinpkgonly"'])


def skipped_update(root):
    """With -G an update is skipped, since a dependency of it has no binary package.

    args: -uDG @world
    """
    root.write("var/lib/portage/world", ["app-misc/yq"])
    install(root, Ebuild("app-misc/yq-3"), USE)
    yq = Ebuild("app-misc/yq-4", RDEPEND="acct-group/yq")
    write_index(root, "srv/site", HEADER, [binary(yq, USE)], compress=False)


def web_page_for_an_index(root):
    """What should be an index is a web page."""
    root.write("srv/site/Packages", ["<!DOCTYPE html>", "<html><head><title>Just a moment...</title></head></html>"])


def builds_of_one_version(root):
    """Two builds differ in a flag outside IUSE, which emerge does not compare; it takes the newer one.

    args: -v app-misc/yq
    """
    root.write(f"{REPO}/profiles/base/make.defaults",
               [*PROFILES["base/make.defaults"], 'IUSE_IMPLICIT="static"', 'USE="acl nls unicode static"'])
    YQ.write(root, REPO)
    builds = [binary(YQ, USE | {"static"}), binary(YQ, USE, 2, 1_760_000_500)]
    write_index(root, "srv/site", HEADER, [GOOD_ZLIB, *builds], compress=False)


def another_chost(root):
    """Packages for another vendor's name of the same machine, and for another machine.

    args: app-misc/jq sys-libs/zlib
    """
    entries = [binary(JQ, USE | {"oniguruma"}, CHOST="x86_64-gentoo-linux-gnu"), binary(ZLIB, USE, CHOST="aarch64-unknown-linux-gnu")]
    write_index(root, "srv/site", dict(HEADER, CHOST=""), entries, compress=False)


def flag_that_is_new(root):
    """The ebuild has got a flag since the package was built: no setting of USE helps.

    args: app-misc/yq
    """
    Ebuild("app-misc/yq-4", IUSE="color new", RDEPEND="sys-libs/zlib").write(root, REPO)
    write_index(root, "srv/site", HEADER, [GOOD_ZLIB, binary(YQ, USE)], compress=False)


def another_profile(root):
    """The host follows another profile: one cause, and the line that decided once.

    args: app-misc/yq app-misc/tq
    """
    both = [Ebuild(f"app-misc/{name}-4", IUSE="color nls") for name in ("tq", "yq")]
    for ebuild in both:
        ebuild.write(root, REPO)
    header = dict(HEADER, PROFILE="default/linux/amd64/23.0")
    root.write(f"{REPO}/profiles/arch/amd64/make.defaults", [*PROFILES["arch/amd64/make.defaults"], 'USE="color"'])
    write_index(root, "srv/site", header, [binary(ebuild, USE) for ebuild in both], compress=False)


def newer_processors(root):
    """A host builds for newer processors than this machine has, and an older build of one package is elsewhere.

    args: --fetch-metadata app-misc/jq sys-libs/zlib
    """
    root.write("etc/portage/make.conf", ['USE=""', 'CFLAGS="-O2 -march=sandybridge"'])
    root.write("etc/portage/binrepos.conf", ["[site]", "sync-uri = file:///srv/site", "[older]", "sync-uri = file:///srv/older"])
    new = write_files(root, "srv/site", [dict(entry, CFLAGS="-O2 -march=x86-64-v3") for entry in (GOOD_ZLIB, GOOD_JQ)])
    write_index(root, "srv/site", HEADER, new, compress=False)
    old = binary(ZLIB, USE, 2, 1_759_000_000, CFLAGS="-O2 -march=x86-64")
    write_index(root, "srv/older", HEADER, write_files(root, "srv/older", [old]), compress=False)


def newer_processors_and_advice(root):
    """The same with --suggest: the one host is kept from delivering what the other has.

    args: --fetch-metadata --suggest app-misc/jq sys-libs/zlib
    """
    newer_processors(root)


def write_files(root, directory, entries, **more):
    """Package files of the entries; CFLAGS stand in the files alone."""
    written = package_file.write(root, directory, entries, **more)
    return [{key: value for key, value in entry.items() if key != "CFLAGS"} for entry in written]


def scenarios():
    """All of them: name and function."""
    skip = {"block", "write_files", "newer", "scenarios", "keep_differences", "is_link", "main"}
    here = sys.modules[__name__]
    return [(name, function) for name, function in inspect.getmembers(here, inspect.isfunction)
            if function.__module__ == __name__ and name not in skip]


def keep_differences(root, base):
    """Delete what is as in `base`; return what `base` has and the scenario has not."""
    names = {os.path.relpath(os.path.join(folder, name), start) for start in (root, base)
             for folder, folders, files in os.walk(start) for name in files + [link for link in folders if is_link(folder, link)]}
    gone = []
    for name in sorted(names):
        here, there = os.path.join(root, name), os.path.join(base, name)
        if not os.path.lexists(here) or (os.path.isdir(here) and not is_link(root, name)):
            gone.append(name)
        elif os.path.lexists(there) and (is_link(root, name) or filecmp.cmp(here, there, shallow=False)):
            os.unlink(here)
    for folder, _, _ in os.walk(root, topdown=False):
        if not os.listdir(folder):
            os.rmdir(folder)
    return gone


def is_link(folder, name):
    """Whether a name in a folder is a symbolic link."""
    return os.path.islink(os.path.join(folder, name))


def main(directory):
    """Write every scenario, keeping what is expected of it."""
    base = os.path.join(directory, "sound/root")
    shutil.rmtree(base, ignore_errors=True)
    sound(Root(base))
    for name, function in scenarios():
        folder = os.path.join(directory, name.replace("_", "-"))
        about, _, args = inspect.getdoc(function).partition("args: ")
        scenario = Root(folder)
        scenario.write("about.txt", about.strip() + "\n")
        scenario.write("args", (args or "--all").strip() + "\n")
        if function is sound:
            continue
        shutil.rmtree(f"{folder}/root", ignore_errors=True)
        root = Root(f"{folder}/root")
        sound(root)
        function(root)
        gone = keep_differences(root.path, os.path.abspath(base))
        if gone:
            scenario.write("without", gone)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
