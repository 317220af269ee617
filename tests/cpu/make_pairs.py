#!/usr/bin/env python3
"""Write tests/cpu/pairs.tsv: options, a processor, whether code built so runs there, and what is missing.

    python3 tests/cpu/make_pairs.py [CLANG…]

Nothing of bincheck is used: both sides are macros that compilers predefine (`gcc -dM -E`, and clang with the
same options if its command is given, such as `python -m ziglang clang`), the union of both. A macro in NEVER
does not count: privileged, a hint, or for programs that test for it first.
"""

import functools
import itertools
import pathlib
import re
import subprocess
import sys

COMPILERS = [["gcc"]] + ([[*sys.argv[1:], "--target=x86_64-linux-gnu"]] if sys.argv[1:] else [])
MACHINES = ("x86-64 core2 nehalem sandybridge haswell skylake skylake-avx512 icelake-client alderlake sapphirerapids "
            "knl silvermont tremont k8 amdfam10 bdver1 bdver2 btver2 znver1 znver2 znver3 x86-64-v2 x86-64-v3").split()
OPTIONS = """-O2 -pipe
-march=x86-64 -mtune=generic -O2 -pipe
-march=x86-64-v2
-march=x86-64-v3 -O2
-march=x86-64-v4
-march=nocona
-march=core2
-march=nehalem
-march=westmere
-march=ivybridge
-march=haswell -O2 -pipe
-march=haswell -mno-avx2
-march=haswell -mno-avx -mno-bmi -mno-bmi2 -mno-lzcnt -mno-movbe
-mno-avx2 -march=haswell
-march=broadwell
-march=skylake -mno-sgx
-march=skylake -mtune=znver3
-march=skylake-avx512
-march=skylake-avx512 -mno-avx512f
-march=icelake-client
-march=tigerlake
-march=alderlake
-march=sapphirerapids
-march=knl
-march=silvermont
-march=goldmont
-march=tremont
-march=amdfam10
-march=bdver1
-march=bdver2 -mno-fma4 -mno-xop -mno-tbm
-march=bdver4
-march=btver2
-march=znver1
-march=znver1 -mno-sse4a -mno-sha
-march=znver2
-march=znver3 -O3 -flto
-march=znver3 -march=x86-64
-march=x86-64 -march=znver3
-march=x86-64 -mavx2
-march=x86-64 -msse4.2 -mpopcnt
-march=x86-64-v2 -maes -mpclmul
-march=x86-64-v3 -mno-avx -mavx
-march=x86-64 -mavx512f -mno-avx512f
-mssse3
-march=x86-64-v3 -mfma4""".splitlines()
NEVER = set("""amx_bf16 amx_complex amx_fp16 amx_int8 amx_tile cldemote clflushopt clwb clzero enqcmd fsgsbase hreset kl
lwp movdir64b mwaitx pconfig pku prefetchi prefetchwt1 prfchw ptwrite rdpid serialize sgx shstk tsxldtrk uintr usermsr
waitpkg wbnoinvd widekl xsavec xsaveopt xsaves mwait hle""".split())


def words():
    """Lower-case names of macros that stand for instruction sets: those that `-mX` of some X defines."""
    known = subprocess.run(["gcc", "-Q", "--help=target"], capture_output=True, text=True).stdout
    options = re.findall(r"^  -m([a-z0-9.-]+) ", known, re.M)
    return {option.replace(".", "_").replace("-", "_") for option in options} | {"lahf_sahf", "3dnow_a"}


@functools.cache
def features(options):
    found = set()
    for compiler in COMPILERS:
        run = subprocess.run([*compiler, *options.split(), "-dM", "-E", "-x", "c", "-"], input="",
                             capture_output=True, text=True)
        if run.returncode:
            continue
        macros = re.findall(r"#define __(\w+?)__ 1$", run.stdout, re.M)
        found |= {macro.lower() for macro in macros} & WORDS
        if "__GCC_HAVE_SYNC_COMPARE_AND_SWAP_16 " in run.stdout:
            found.add("cx16")
    if options == "-march=sapphirerapids":
        # A mistake of gcc 12: those processors lack it.
        found.discard("avx512vp2intersect")
    return found - NEVER - {"abm", "64", "80387", "fancy_math_387", "code_model_small", "tune_native"}


WORDS = words() - {"16", "32", "64", "x32", "android", "iamcu", "long_double_64", "long_double_80", "long_double_128"}


def main():
    rows = []
    for options, machine in itertools.product(OPTIONS, MACHINES):
        missing = features(options) - features(f"-march={machine}")
        rows.append(f"{options}\t{machine}\t{'no' if missing else 'yes'}\t{' '.join(sorted(missing))}\n")
    path = pathlib.Path(__file__).with_name("pairs.tsv")
    path.write_text("# Made by tests/cpu/make_pairs.py from what gcc and clang print; do not edit.\n" + "".join(rows))


main()
