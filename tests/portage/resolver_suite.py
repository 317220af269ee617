"""Put every request of Portage's own resolver tests to bincheck as well.

    resolver_suite.py BINCHECK [--only WORD,...] [--jobs N] [--variants] [--work DIR] [--keep]

Portage's tests come with its package on PyPI and run unchanged; only the playground that they share is watched.
Whatever a test asks the resolver is run again with `--usepkg --with-bdeps=y` where it says nothing about
binary packages, and bincheck gets the same on the same files. Compared are success, the list of merges with
type, build id and repository, and its order. With `--variants` requests about binary packages are also put with
other values of --binpkg-respect-use and --binpkg-changed-deps.

Prints one line for each difference and a count at the end; the status is 0 if nothing differs. What is not
compared is counted as `not claimed`: removals, tests that switch a part of Portage off, and options that bincheck
says it does not follow. `--keep` leaves systems that differ below DIR. Needs a Python with portage 3.0.83 and pytest.
"""
import argparse
import collections
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

BINARY = ("--usepkg", "--usepkgonly", "--getbinpkg", "--getbinpkgonly")
NOT_FOLLOWED = ("--quickpkg-direct",)
MEANINGLESS = ("--pretend", "--debug", "--quiet", "--verbose", "--circular-deps-report")
VARIANTS = ({}, {"--binpkg-respect-use": "y"}, {"--binpkg-respect-use": "n"}, {"--binpkg-changed-deps": "y"})
KEYS = ("BDEPEND", "DEPEND", "EAPI", "IDEPEND", "IUSE", "KEYWORDS", "LICENSE", "PDEPEND", "PROPERTIES", "RDEPEND", "REQUIRED_USE",
        "RESTRICT", "SLOT", "DEFINED_PHASES")
LIMIT = 60


def command_line(options):
    """The options of a test as emerge has them."""
    from _emerge.main import insert_optional_args
    words = []
    for name, value in options.items():
        if name in MEANINGLESS or value is False or value is None:
            continue
        values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
        for one in values:
            if one is True:
                stands_alone = insert_optional_args([name, "x"]) == [name, "x"] or name in ("--deep", "--root-deps")
                words.append(name if stands_alone else f"{name}=y")
            else:
                words.append(f"{name}={one}")
    return words


def cache_path(repository, cpv):
    """Where the metadata of an ebuild are kept."""
    return os.path.join(repository, "metadata", "md5-cache", *cpv.split("/"))


def write_entry(repository, cpv, values):
    """Write the metadata of an ebuild where bincheck reads them."""
    category, version = cpv.split("/")
    from portage.versions import cpv_getkey
    name = cpv_getkey(cpv).split("/")[1]
    with open(os.path.join(repository, category, name, f"{version}.ebuild"), "rb") as ebuild:
        digest = hashlib.md5(ebuild.read()).hexdigest()
    path = cache_path(repository, cpv)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        for key, value in sorted(values.items()):
            if value:
                file.write(f"{key}={' '.join(value.split())}\n")
        file.write(f"_md5_={digest}\n")


class Watch:
    """Stands between a test module and the playground."""

    def __init__(self, args, module):
        self.args, self.module, self.test, self.is_asking = args, module, "?", False
        self.systems = 0

    def install(self):
        """Watch the playground."""
        from portage.tests.resolver.ResolverPlayground import ResolverPlayground
        watch, begin, run, end = self, ResolverPlayground.__init__, ResolverPlayground.run, ResolverPlayground.cleanup
        create, world = ResolverPlayground._create_ebuilds, ResolverPlayground._create_world

        def begin_at_known_place(playground, *args, **kwargs):
            kwargs["debug"] = False
            config = dict(kwargs.get("user_config") or {})
            if not any("BINPKG_FORMAT" in line for line in config.get("make.conf", ())):
                # The resolver does not care for the format, and this one is not signed.
                config["make.conf"] = ["BINPKG_FORMAT=xpak", *config.get("make.conf", ())]
                kwargs["user_config"] = config
            if kwargs.get("eprefix") is None:
                watch.systems += 1
                kwargs["eprefix"] = os.path.join(watch.args.work, f"{watch.module.rsplit('.', 1)[1]}-{watch.systems}")
                shutil.rmtree(kwargs["eprefix"], ignore_errors=True)
                os.makedirs(kwargs["eprefix"])
            playground.differs = False
            begin(playground, *args, **kwargs)

        def create_and_remember(playground, ebuilds):
            playground.drawn = ebuilds
            create(playground, ebuilds)

        def world_and_metadata(playground, *args):
            # Before the configuration is loaded, which looks for cached metadata once.
            watch.write_assignments(playground, playground.drawn)
            world(playground, *args)

        def run_and_ask(playground, atoms, options={}, action=None):
            result = run(playground, atoms, options, action)
            if not watch.is_asking:
                watch.is_asking = True
                try:
                    watch.request(playground, run, atoms, dict(options), action, result)
                except Exception:
                    watch.tell("crash", atoms, options, traceback.format_exc())
                finally:
                    watch.is_asking = False
            return result

        def end_or_keep(playground):
            if playground.differs and watch.args.keep:
                shutil.copytree(playground.eprefix, playground.eprefix + ".kept", symlinks=True, dirs_exist_ok=True)
            end(playground)
            shutil.rmtree(playground.eprefix, ignore_errors=True)

        ResolverPlayground.__init__, ResolverPlayground.run = begin_at_known_place, run_and_ask
        ResolverPlayground.cleanup, ResolverPlayground._create_ebuilds = end_or_keep, create_and_remember
        ResolverPlayground._create_world = world_and_metadata
        ResolverPlayground._create_ebuild_manifests = lambda playground, ebuilds: None  # nothing is fetched

    @staticmethod
    def write_assignments(playground, ebuilds):
        """Metadata of ebuilds that are nothing but assignments: no bash is needed to know them."""
        from portage.dep import Atom
        if not playground._share_metadata:
            return  # eclasses add to them
        for cpv, given in ebuilds.items():
            if set(given) - set(KEYS) or any(mark in str(value) for value in given.values() for mark in "$`\\\""):
                continue
            atom = Atom("=" + cpv, allow_repo=True)
            values = {"DEFINED_PHASES": "-", "EAPI": "0", "KEYWORDS": "x86", "SLOT": "0", **{key: str(value) for key, value in given.items()}}
            if values["EAPI"] in "0123":
                values.setdefault("RDEPEND", values.get("DEPEND", ""))
            write_entry(playground._get_repo_dir(atom.repo or "test_repo"), str(atom.cpv), values)
        for name, repository in playground._repositories.items():
            if name != "DEFAULT":
                os.makedirs(os.path.join(repository["location"], "metadata", "md5-cache"), exist_ok=True)

    @staticmethod
    def write_rest(playground):
        """Metadata of all other ebuilds, as Portage reads them."""
        database = playground.trees[playground.eroot]["porttree"].dbapi
        for name, repository in playground._repositories.items():
            if name == "DEFAULT":
                continue
            location = repository["location"]
            for cp in database.cp_all(trees=[location]):
                for cpv in database.cp_list(cp, mytree=location):
                    if not os.path.exists(cache_path(location, str(cpv))):
                        try:
                            write_entry(location, str(cpv), dict(zip(KEYS, database.aux_get(cpv, list(KEYS), myrepo=name))))
                        except KeyError:
                            continue  # it is not an ebuild that Portage can read

    def request(self, playground, run, atoms, options, action, result):
        """Put one request, in all its variants."""
        if action or options.get("--depclean") or options.get("--prune"):
            return self.tell("not claimed", atoms, options, "a removal")
        if not is_whole():
            return self.tell("not claimed", atoms, options, "the test switches a part of Portage off")
        if not any(options.get(name) is True for name in BINARY):
            options = {**options, "--usepkg": True}
            if "--with-bdeps" not in options and options.get("--with-bdeps-auto") != "n":
                options["--with-bdeps"] = "y"
            return self.ask(playground, atoms, options, run(playground, atoms, options, action))
        self.ask(playground, atoms, options, result)
        for more in VARIANTS[1:] if self.args.variants else ():
            if not more.keys() & options.keys():
                changed = {**options, **more}
                self.ask(playground, atoms, changed, run(playground, atoms, changed, action))

    def ask(self, playground, atoms, options, result):
        """Ask bincheck the same, and compare."""
        self.write_rest(playground)
        words = command_line(options)
        with tempfile.TemporaryDirectory(dir=self.args.work) as home:
            root = [] if playground.target_root == os.sep else ["--root", playground.target_root]
            command = [self.args.bincheck, "--prefix", playground.eprefix, "--ignore-default-opts", "--no-fetch-metadata", *root, *words, "--json", "--",
                       *map(str, atoms)]
            env = {"PATH": "/usr/bin:/bin", "HOME": home, "XDG_CACHE_HOME": home, "LC_ALL": "C.UTF-8", "PORTAGE_OVERRIDE_EPREFIX": playground.eprefix}
            try:
                done = subprocess.run(command, env=env, capture_output=True, timeout=LIMIT, check=False)
            except subprocess.TimeoutExpired:
                return self.tell("crash", atoms, options, "no answer in time")
        kind, why = verdict(truth(result), done)
        is_between_roots = root and why.startswith("the order")  # what goes to / comes first here
        if kind == "differs" and (is_between_roots or any(name in options for name in NOT_FOLLOWED)):
            kind = "not claimed"
        playground.differs |= kind != "agrees"
        return self.tell(kind, atoms, options, why)

    def tell(self, kind, atoms, options, why):
        """One row of the result."""
        row = {"kind": kind, "module": self.module.split(".tests.")[1], "test": self.test, "words": command_line(options), "atoms": list(map(str, atoms)),
               "why": why}
        with open(self.args.rows, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def is_whole():
    """Whether Portage does what it does outside its tests: one of them does without prune_rebuilds."""
    from _emerge.depgraph import _dynamic_depgraph_config
    return _dynamic_depgraph_config._ENABLE_PRUNE_REBUILDS


def truth(result):
    """What Portage says: success, and the list."""
    from _emerge.Package import Package
    tasks = result.depgraph._dynamic_config._serialized_tasks_cache or ()
    merges = [task for task in tasks if isinstance(task, Package) and task.operation == "merge"]
    build_id = lambda task: (getattr(task.cpv, "build_id", None) if task.type_name == "binary" else None) or None
    return bool(result.success), [[str(task.cpv), task.type_name, build_id(task), task.repo] for task in merges]


def verdict(real, done):
    """Whether bincheck says the same, and if not, what differs."""
    success, merges = real
    if done.returncode not in (0, 1, 2):
        return "crash", f"exit status {done.returncode}"
    try:
        report = json.loads(done.stdout)
    except ValueError:
        refusal = done.stderr.decode("utf-8", "replace").strip()[-300:]
        return ("differs" if success else "agrees"), f"refused: {refusal}"
    plan = report["plan"]
    if plan is None:
        return "crash", "no plan"
    if plan["implied"]:
        return "not claimed", "a set alone means an update here"
    if plan["sound"] != success:
        return "differs", f"success: Portage {success}, bincheck {plan['sound']}"
    ours = [[merge["cpv"], merge["type"], merge["build_id"] or None, merge["repo"]] for merge in report["merges"]]
    if not success or ours == merges:
        return "agrees", ""
    kind = "the order" if sorted(ours, key=str) == sorted(merges, key=str) else "merges"
    return "differs", f"{kind}: Portage {shown(merges)}, bincheck {shown(ours)}"


def shown(merges):
    """A list in short."""
    return "[" + ", ".join(" ".join(str(word) for word in merge[:3] if word) for merge in merges) + "]"


def run_module(args, name, log):
    """Run one test module in this process, which ends with it."""
    os.dup2(log, 1)
    os.dup2(log, 2)
    watch = Watch(args, name)
    watch.install()
    import pytest
    module = importlib.import_module(name)
    if hasattr(module, "SUPPORTED_GENTOO_BINPKG_FORMATS"):
        module.SUPPORTED_GENTOO_BINPKG_FORMATS = ["xpak"]

    class Names:
        """Tells the watch which test runs."""

        @staticmethod
        def pytest_runtest_setup(item):
            watch.test = item.name

    pytest.main(["-q", "-p", "no:cacheprovider", "--noconftest", "--rootdir", args.work, module.__file__], plugins=[Names()])


def modules(only):
    """Test modules that ask the resolver."""
    import portage.tests.resolver as package
    folder = os.path.dirname(package.__file__)
    found = []
    for directory, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(directory, name)
            if name.startswith("test_") and name.endswith(".py"):
                with open(path, encoding="utf-8") as file:
                    if "ResolverPlayground" in file.read():
                        found.append("portage.tests.resolver." + os.path.relpath(path, folder)[:-3].replace("/", "."))
    return sorted(name for name in found if not only or any(word in name for word in only))


def prepare(args):
    """What Portage's tests expect of the process that runs them."""
    tools = os.path.join(args.work, "tools")
    os.makedirs(tools, exist_ok=True)
    for name, real in (("gtar", "tar"), ("egrep", "grep")):
        if not shutil.which(name) and not os.path.lexists(os.path.join(tools, name)):
            os.symlink(shutil.which(real), os.path.join(tools, name))
    home = os.path.join(args.work, "gnupg")
    os.makedirs(home, mode=0o700, exist_ok=True)
    os.environ.update({"PORTAGE_USERNAME": "root", "PORTAGE_GRPNAME": "root", "PORTAGE_GNUPGHOME": home,
                       "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}:{tools}"})
    import portage
    portage._internal_caller = True
    portage._disable_legacy_globals()
    os.environ["PATH"] = portage.const.PORTAGE_BIN_PATH + ":" + os.environ["PATH"]
    import portage.tests.resolver.ResolverPlayground  # once: the children share what is loaded
    # The package on PyPI keeps its configuration elsewhere than an installed Portage.
    for module in [*sys.modules.values()]:
        if getattr(module, "GLOBAL_CONFIG_PATH", None) == portage.const.GLOBAL_CONFIG_PATH and module is not portage.const:
            module.GLOBAL_CONFIG_PATH = "/usr/share/portage/config"
    portage.const.GLOBAL_CONFIG_PATH = "/usr/share/portage/config"


def run_all(args):
    """All modules, some at a time."""
    prepare(args)
    waiting, running = modules(args.only.split(",") if args.only else []), set()
    while waiting or running:
        while waiting and len(running) < args.jobs:
            name = waiting.pop(0)
            log = os.open(os.path.join(args.work, f"log-{name.rsplit('.', 1)[1]}"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            child = os.fork()
            if child == 0:
                try:
                    run_module(args, name, log)
                except BaseException:
                    traceback.print_exc()
                finally:
                    sys.stdout.flush()
                    os._exit(0)
            os.close(log)
            running.add(child)
        child, _ = os.wait()
        running.discard(child)


def report(args):
    """What differs, and the count; tells whether all is well."""
    count = collections.Counter()
    with open(args.rows, encoding="utf-8") as file:
        for row in map(json.loads, file):
            count[row["kind"]] += 1
            if row["kind"] in ("differs", "crash"):
                print(f"{row['kind']}: {row['module']} {row['test']}: {' '.join(row['words'])} -- {' '.join(row['atoms'])}: {row['why']}")
    print("resolver suite: " + ", ".join(f"{count[kind]} {kind}" for kind in ("agrees", "differs", "not claimed", "crash")))
    return count["agrees"] > 0 and not count["differs"] and not count["crash"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bincheck")
    parser.add_argument("--only", help="test modules whose names have one of these words")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--variants", action="store_true")
    parser.add_argument("--work")
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    if "PYTHONHASHSEED" not in os.environ:  # else Portage's order varies where it goes through sets
        os.execve(sys.executable, [sys.executable, "-B", *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    args.bincheck = os.path.abspath(args.bincheck)
    with tempfile.TemporaryDirectory(prefix="bincheck-suite-") as scratch:
        args.work = os.path.realpath(args.work or scratch)
        args.rows = os.path.join(args.work, "rows.jsonl")
        os.makedirs(args.work, exist_ok=True)
        open(args.rows, "w", encoding="utf-8").close()
        run_all(args)
        sys.exit(0 if report(args) else 1)


if __name__ == "__main__":
    main()
