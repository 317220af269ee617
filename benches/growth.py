"""How the cost of a plan grows with what is installed: instructions, which are the same in every run.

    growth.py [--emerge] [INSTALLED…]

Makes systems (make_system.py) with so many installed packages, by default 600, 1300, 1800 and 3600, and counts the
instructions of `bincheck --getbinpkg -uDN @world` with valgrind's callgrind; a profile of each stays in
target/tmp/growth. Growth is the exponent from the first size to the last. With --emerge also the processor time,
user and system, of bincheck and of `emerge --pretend --getbinpkg -uDN @world` on the same systems (medians), and how
many times emerge takes. Where instructions and attempts jump together, it is backtracking that costs, in emerge too.
"""
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile

import beside_emerge
from beside_emerge import TARGET, bincheck_command, emerge_command, enter_venv, measure, median
from make_system import System

SIZES = [600, 1300, 1800, 3600]
WORDS = ["-uDN", "@world"]
PLACE = os.path.join(TARGET, "tmp/growth")
EMERGE_RUNS = 3


def make(installed):
    """The root of a system, made anew."""
    root = os.path.join(PLACE, str(installed))
    shutil.rmtree(root, ignore_errors=True)
    system = System(installed, root, "1")
    system.draw()
    system.write()
    return root


def instructions(root, scratch):
    """Instructions of one run, and how many attempts it took."""
    command, environment = bincheck_command(root, [*WORDS, "--json"], scratch)
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)  # fetches the index, too
    attempts = json.loads(answer.stdout)["plan"]["attempts"]
    profile = f"--callgrind-out-file={root}.callgrind"
    environment["PATH"] = os.environ["PATH"]
    command, _ = bincheck_command(root, WORDS, scratch)
    run = measure(["valgrind", "--tool=callgrind", profile, *command], environment)
    counted = re.search(r"refs:\s+([\d,]+)", run.stderr)
    if not counted:
        sys.exit(f"valgrind ended with {run.status}:\n{run.stderr}")
    return int(counted[1].replace(",", "")), attempts


def processor_time(root, scratch):
    """Processor time and MiB of bincheck and of emerge."""
    ours, environment = bincheck_command(root, WORDS, scratch)
    measure(ours, environment)
    one = median("bincheck", [measure(ours, environment) for _ in range(beside_emerge.RUNS)], {0, 1})
    theirs = emerge_command(root, WORDS, scratch)
    environment = dict(os.environ)
    measure(theirs, environment)
    other = median("emerge", [measure(theirs, environment) for _ in range(EMERGE_RUNS)], {0, 1})
    return one, other


def main():
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        sys.exit(__doc__)
    beside = "--emerge" in words
    sizes = [int(word) for word in words if word != "--emerge"] or SIZES
    if beside:
        enter_venv()
    counts = {}
    with tempfile.TemporaryDirectory(prefix="bincheck-growth-") as scratch:
        for installed in sizes:
            root = make(installed)
            if shutil.which("valgrind"):
                counts[installed], attempts = instructions(root, scratch)
                print(f"{installed:6} installed {counts[installed] / 1e6:10.0f} million instructions, {attempts} attempts", flush=True)
            if beside:
                path = os.environ["PATH"]
                one, other = processor_time(root, scratch)
                os.environ["PATH"] = path
                print(f"{installed:6} installed {one.cpu:8.2f} s and {one.peak:5.0f} MiB, emerge {other.cpu:8.2f} s and {other.peak:5.0f} MiB: "
                      f"{other.cpu / one.cpu:.0f} times", flush=True)
    if len(counts) > 1:
        first, *_, last = counts
        exponent = math.log(counts[last] / counts[first]) / math.log(last / first)
        print(f"exponent {exponent:.2f}")


if __name__ == "__main__":
    main()
