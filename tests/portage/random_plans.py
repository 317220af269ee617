"""Hold bincheck's plans against the real emerge's on random systems.

    random_plans.py BINCHECK DIR FIRST LAST [--two-roots]

Draws the systems of `make_resolver_system.py` with seeds from FIRST to LAST below DIR, one at a time, and puts
each command line to both. Compared are success, the list of merges, and its order. Each difference is a line;
the last line counts. A system that differs is written again by its seed. Portage goes through sets where it
does not care, so what differs is run again with other hash seeds (PYTHONHASHSEED); an answer that Portage
gives with any of them is right. With --two-roots packages go to another root than DIR, which has a part of what is
installed. Needs a Python in which portage 3.0.83 is installed.
"""
import glob
import io
import json
import os
import random
import shutil
import subprocess
import sys
from contextlib import redirect_stdout

HERE = os.path.dirname(os.path.abspath(__file__))
HASH_SEEDS = [str(seed) for seed in range(1, 9)]
LIMIT = 60


def draw(seed, prefix):
    """Write a system; gives its command lines."""
    from make_resolver_system import System
    shutil.rmtree(prefix, ignore_errors=True)
    printed = io.StringIO()
    with redirect_stdout(printed):
        System(seed, prefix).write()
    return [line.split() for line in printed.getvalue().splitlines()]


def split(seed, prefix):
    """Make another root below a system, with some of what is installed; gives its path."""
    rnd = random.Random(seed)
    root = os.path.join(prefix, "target")
    inside = root + prefix  # it has the same offset prefix
    database = os.path.join(prefix, "var/db/pkg")
    for found in sorted(glob.glob(os.path.join(database, "*", "*"))):
        if os.path.isdir(found):
            category, package = found.split(os.sep)[-2:]
            here, there = (os.path.join(base, category, package) for base in (database, os.path.join(inside, "var/db/pkg")))
            place = rnd.choice(["here", "there", "both"])
            if place != "here":
                shutil.copytree(here, there)
            if place == "there":
                shutil.rmtree(here)
    world = os.path.join(prefix, "var/lib/portage/world")
    if os.path.exists(world):
        os.makedirs(os.path.join(inside, "var/lib/portage"), exist_ok=True)
        shutil.copy(world, os.path.join(inside, "var/lib/portage/world"))
    os.makedirs(root, exist_ok=True)
    return root


def emerge(words, answer):
    """Ask Portage, in this process, which ends with it."""
    import signal
    signal.alarm(LIMIT)
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    from _emerge import actions
    from _emerge.Package import Package
    resolve = actions.backtrack_depgraph

    def resolve_and_tell(*args, **kwargs):
        success, graph, favorites = resolve(*args, **kwargs)
        tasks = graph._dynamic_config._serialized_tasks_cache or ()
        running = graph._frozen_config._running_root.root
        of_root = lambda task: "running" if task.root == running and len(graph._frozen_config.roots) > 1 else "target"
        merges = [[str(task.cpv), task.type_name, (getattr(task.cpv, "build_id", None) or None) if task.type_name == "binary" else None, of_root(task)]
                  for task in tasks if isinstance(task, Package) and task.operation == "merge"]
        uninstalls = [str(task.cpv) for task in tasks if isinstance(task, Package) and task.operation == "uninstall"]
        os.write(answer, json.dumps({"success": bool(success), "merges": merges, "uninstalls": uninstalls}).encode())
        os._exit(0)

    actions.backtrack_depgraph = resolve_and_tell
    from _emerge.main import emerge_main
    status = emerge_main(["--pretend", "--ignore-default-opts", *words])
    os.write(answer, json.dumps({"success": status == 0, "merges": [], "uninstalls": [], "early": True}).encode())


def ask_portage(words):
    """Ask Portage in a child."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            emerge(words, writer)
        except SystemExit as ended:
            os.write(writer, json.dumps({"success": not ended.code, "merges": [], "uninstalls": [], "early": True}).encode())
        except BaseException as fault:
            os.write(writer, json.dumps({"crash": repr(fault)}).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        text = file.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else {"crash": "no answer"}


def ask_bincheck(program, prefix, words):
    """Ask bincheck; gives what it says, in Portage's form."""
    command = [program, "--prefix", prefix, "--ignore-default-opts", "--no-fetch-metadata", "--json", *words]
    env = {"PATH": "/usr/bin:/bin", "HOME": prefix, "XDG_CACHE_HOME": f"{prefix}/var/cache/bincheck", "PORTAGE_OVERRIDE_EPREFIX": prefix}
    done = subprocess.run(command, env=env, capture_output=True, timeout=LIMIT, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return {"success": False, "merges": [], "refused": done.stderr.decode("utf-8", "replace")[-300:]}
    if report.get("plan") is None:
        return {"success": False, "merges": [], "refused": "no plan"}
    merges = [[merge["cpv"], merge["type"], merge["build_id"] or None, merge["root"]] for merge in report["merges"]]
    return {"success": report["plan"]["sound"], "merges": merges, "unresolved": report["plan"]["unresolved"],
            "uninstalls": [gone["cpv"] for gone in report["plan"].get("uninstalls", ())]}


def compare(real, ours):
    """What differs: nothing, the order, or more."""
    if "crash" in real:
        return "portage"
    if real["success"] != ours["success"]:
        return "success"
    if not real["success"]:
        return None
    by_text = lambda merges: sorted(merges, key=str)
    if by_text(real["merges"]) != by_text(ours["merges"]) or sorted(real["uninstalls"]) != sorted(ours["uninstalls"]):
        return "merges"
    return None if real["merges"] == ours["merges"] else "order"


def is_any_answer(prefix, words, ours):
    """Whether Portage says the same with another hash seed."""
    for seed in HASH_SEEDS:
        code = f"import sys; sys.path.insert(0, {HERE!r}); import random_plans; print(random_plans.json.dumps(random_plans.ask_portage({words!r})))"
        done = subprocess.run([sys.executable, "-B", "-c", code], env=environment(prefix, seed), capture_output=True, check=False)
        try:
            if compare(json.loads(done.stdout), ours) is None:
                return True
        except (ValueError, KeyError):
            continue
    return False


def environment(prefix, hash_seed):
    """The environment in which the prefix is the whole system."""
    import grp
    import pwd
    return {"PATH": f"{os.path.dirname(sys.executable)}:/usr/bin:/bin", "HOME": prefix, "LC_ALL": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1",
            "PORTAGE_OVERRIDE_EPREFIX": prefix, "PYTHONHASHSEED": hash_seed, "PORTAGE_USERNAME": pwd.getpwuid(os.getuid()).pw_name,
            "PORTAGE_GRPNAME": grp.getgrgid(os.getgid()).gr_name, "PORTAGE_TMPDIR": f"{prefix}/var/tmp",
            "PORTAGE_DEPCACHEDIR": f"{prefix}/var/cache/edb/dep"}


def run(program, prefix, seeds, two_roots=False):
    """All systems; gives how many command lines there were, and how many differ."""
    import portage  # once: the children share what is loaded
    portage._internal_caller = True
    import _emerge.actions
    import _emerge.depgraph
    import _emerge.main
    count = {"same": 0, "it varies": 0, "sound": 0}
    for seed in seeds:
        lines = draw(seed, prefix)
        root = [f"--root={split(seed, prefix)}"] if two_roots else []
        for words in lines:
            words = [*root, *words]
            real, ours = ask_portage(words), ask_bincheck(program, prefix, words)
            kind = compare(real, ours)
            if kind in ("order", "merges", "success") and is_any_answer(prefix, words, ours):
                kind = None
                count["it varies"] += 1
            count["same" if kind is None else kind] = count.get("same" if kind is None else kind, 0) + 1
            count["sound"] += bool(real.get("success"))
            if kind:
                print(json.dumps({"seed": seed, "words": " ".join(words), "kind": kind, "portage": real, "bincheck": ours}), flush=True)
    return count


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    program, prefix = os.path.abspath(sys.argv[1]), os.path.realpath(sys.argv[2])
    if os.environ.get("PORTAGE_OVERRIDE_EPREFIX") != prefix:
        os.makedirs(prefix, exist_ok=True)
        os.execve(sys.executable, [sys.executable, "-B", os.path.abspath(__file__), program, prefix, *sys.argv[3:]], environment(prefix, "0"))
    count = run(program, prefix, range(int(sys.argv[3]), int(sys.argv[4]) + 1), "--two-roots" in sys.argv[5:])
    print(json.dumps(count))


if __name__ == "__main__":
    main()
