"""Run the real emerge on a system that is laid out like `/`.

    emerge.py ROOT OPTION… TARGET…

ROOT is not changed: emerge runs on a copy, as an offset prefix (see oracle.py). Its output and its status
are emerge's. Needs a Python in which portage 3.0.83 is installed.
"""
import os
import subprocess
import sys
import tempfile

from oracle import copy_system, enter

TIMEOUT = 300


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    emerge = os.path.join(os.path.dirname(sys.executable), "emerge")
    with tempfile.TemporaryDirectory(prefix="bincheck-emerge-") as scratch:
        root = os.path.join(os.path.realpath(scratch), "root")
        copy_system(sys.argv[1], root)
        enter(root)
        done = subprocess.run([sys.executable, "-B", emerge, *sys.argv[2:]], stdin=subprocess.DEVNULL, timeout=TIMEOUT, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
