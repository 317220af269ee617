"""Time bincheck beside emerge, on the same system and in the same run.

    beside_emerge.py [ROOT [TARGET…]]

ROOT defaults to the large system that `cargo bench` leaves in target/tmp. emerge works on a copy, as an offset
prefix, so that neither chroot nor privileges are needed. Its two runs are `emerge --pretend --getbinpkg TARGET…`
with an empty cache of indexes and with the one that the first left. bincheck judges all instances and then the
targets. Portage 3.0.83 comes from target/portage-venv, which `cargo test` makes; PORTAGE_VENV and BINCHECK name
others than that and target/release/bincheck.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import typing

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(PROJECT, "target"))
VENV = os.environ.get("PORTAGE_VENV", os.path.join(TARGET, "portage-venv")) + "/bin"
BINARY = os.environ.get("BINCHECK", os.path.join(TARGET, "release/bincheck"))
RUNS = 5


class Run(typing.NamedTuple):
    """One run: seconds of the processors and of the clock, MiB at most, exit status and standard error."""

    cpu: float
    seconds: float
    peak: float
    status: int
    stderr: str


def measure(command, environment):
    """Run a command."""
    start = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    stderr = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Run(cpu, time.monotonic() - start, usage.ru_maxrss / 1024, process.returncode, stderr.decode(errors="replace"))


def median(what, runs, fine):
    """The run of median processor time; ends the program if it failed."""
    run = sorted(runs)[len(runs) // 2]
    if run.status not in fine:
        sys.exit(f"{what} ended with {run.status}:\n{run.stderr}")
    return run


def show(what, runs, fine):
    """One line: the median of some runs."""
    run = median(what, runs, fine)
    print(f"{run.cpu:8.2f} s CPU {run.seconds:8.2f} s {run.peak:7.0f} MiB  {what}")


def bincheck_command(root, words, scratch):
    """bincheck on a root, with its environment."""
    environment = {"XDG_CACHE_HOME": os.path.join(scratch, "cache"), "LC_ALL": "C.UTF-8"}
    return [BINARY, "--chroot", root, "--getbinpkg", *words], environment


def bincheck(root, targets, scratch):
    """bincheck on the root itself, with a warm cache."""
    for words in (["--all", "--json"], targets):
        command, environment = bincheck_command(root, words, scratch)
        measure(command, environment)
        runs = [measure(command, environment) for _ in range(RUNS)]
        show("bincheck " + " ".join(words), runs, {0, 1})


def emerge_command(root, words, scratch):
    """emerge on a copy, which is the whole system from now on."""
    import oracle

    copy = os.path.join(os.path.realpath(scratch), "root")
    shutil.rmtree(copy, ignore_errors=True)
    oracle.copy_system(root, copy)
    oracle.enter(copy)
    return [sys.executable, os.path.join(VENV, "emerge"), "--pretend", "--getbinpkg", *words]


def emerge(root, targets, scratch):
    """emerge on a copy."""
    command = emerge_command(root, targets, scratch)
    words = " ".join(command[2:])
    for what in ("empty", "warm"):
        show(f"emerge {words} ({what} cache)", [measure(command, dict(os.environ))], {0, 1})


def enter_venv():
    """Go on in the Python that has Portage."""
    python = os.path.join(VENV, "python")
    if sys.prefix != os.path.dirname(VENV):
        if not os.path.exists(python):
            sys.exit(f"no Portage in {VENV}; run cargo test first")
        os.execv(python, [python, "-B", *sys.argv])
    sys.path.insert(0, os.path.join(PROJECT, "tests/portage"))


def main():
    if len(sys.argv) > 1 and sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    enter_venv()
    root = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(TARGET, "tmp/bulk-20000")
    targets = sys.argv[2:] or ["dev-libs/bulk00100"]
    if not os.path.isdir(os.path.join(root, "etc/portage")):
        sys.exit(f"beside_emerge: {root} is not a system; run cargo bench --bench verdict first")
    with tempfile.TemporaryDirectory(prefix="bincheck-beside-") as scratch:
        bincheck(root, targets, scratch)
        emerge(root, targets, scratch)


if __name__ == "__main__":
    main()
