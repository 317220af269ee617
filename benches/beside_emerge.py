"""Time bincheck beside emerge, on the same system and in the same run.

    beside_emerge.py [ROOT [TARGET…]]

ROOT defaults to the large system that `cargo bench` leaves in target/tmp. emerge works on a copy, as an offset
prefix, so that neither chroot nor privileges are needed. Its two runs are `emerge --pretend --getbinpkg TARGET…`
with an empty cache of indexes and with the one that the first left. bincheck judges all instances and then the
targets. Portage 3.0.83 comes from target/portage-venv, which `cargo test` makes.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(PROJECT, "target"))
VENV = os.path.join(TARGET, "portage-venv/bin")
RUNS = 5


def measure(command, environment):
    """Seconds and MiB at most of one run, with its exit status."""
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage.ru_maxrss / 1024, process.returncode, said.decode(errors="replace")


def say(what, runs, fine):
    """One line: the median of some runs."""
    seconds, peak, status, said = sorted(runs)[len(runs) // 2]
    print(f"{seconds:8.2f} s {peak:7.0f} MiB  {what}")
    if status not in fine:
        sys.exit(f"{what} ended with {status}:\n{said}")


def bincheck(root, targets, scratch):
    """bincheck on the root itself, with a warm cache."""
    binary = os.path.join(TARGET, "release/bincheck")
    environment = {"XDG_CACHE_HOME": os.path.join(scratch, "cache"), "LC_ALL": "C.UTF-8"}
    for words in (["--all", "--json"], targets):
        command = [binary, "--chroot", root, "--getbinpkg", *words]
        measure(command, environment)
        runs = [measure(command, environment) for _ in range(RUNS)]
        say("bincheck " + " ".join(words), runs, {0, 1})


def emerge(root, targets, scratch):
    """emerge on a copy."""
    import oracle

    copy = os.path.join(os.path.realpath(scratch), "root")
    oracle.copy_system(root, copy)
    oracle.enter(copy)
    command = [sys.executable, os.path.join(VENV, "emerge"), "--pretend", "--getbinpkg", *targets]
    words = " ".join(command[2:])
    for what in ("empty", "warm"):
        say(f"emerge {words} ({what} cache)", [measure(command, dict(os.environ))], {0, 1})


def main():
    if len(sys.argv) > 1 and sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    python = os.path.join(VENV, "python")
    if sys.prefix != os.path.dirname(VENV):
        if not os.path.exists(python):
            sys.exit(f"beside_emerge: no Portage in {VENV}; run cargo test first")
        os.execv(python, [python, "-B", os.path.abspath(__file__), *sys.argv[1:]])
    root = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(TARGET, "tmp/bulk-20000")
    targets = sys.argv[2:] or ["dev-libs/bulk00100"]
    if not os.path.isdir(os.path.join(root, "etc/portage")):
        sys.exit(f"beside_emerge: {root} is not a system; run cargo bench --bench verdict first")
    sys.path.insert(0, os.path.join(PROJECT, "tests/portage"))
    with tempfile.TemporaryDirectory(prefix="bincheck-beside-") as scratch:
        bincheck(root, targets, scratch)
        emerge(root, targets, scratch)


if __name__ == "__main__":
    main()
