#!/usr/bin/env python3
"""Write src/cpu/march.tsv and src/cpu/flags.tsv from what compilers print.

    python3 tests/cpu/make_tables.py DIRECTORY

DIRECTORY holds march-features.tsv and mflag-features.tsv: name, compiler, number (only in the first),
features, as printed by `gcc -dM -E`, `gcc -Q --help=target`, `clang -dM -E` and `rustc --print cfg`.
The names of 32-bit processors, and the options that choose no instructions, come from the gcc of this
machine (`gcc -m32`), so run it where there is a recent one.

march.tsv: architecture, name of a processor, union of what any compiler may use for it, and what of that LLVM
(clang, rustc) does not use, where it knows the name.
flags.tsv: option, features that it adds to the baseline (union), and for `-mno-…` what it takes away from
everything that gcc knows. A row without features chooses no instructions.
"""

import pathlib
import re
import subprocess
import sys

OUT = pathlib.Path(__file__).resolve().parents[2] / "src/cpu"

# One name for one thing. None: no instruction set extension, or a name for several others.
X86 = {
    "bmi1": "bmi", "cmpxchg16b": "cx16", "pclmulqdq": "pclmul", "rdrand": "rdrnd", "sse4.1": "sse4_1",
    "sse4.2": "sse4_2", "sahf": "lahf_sahf", "abm": "lzcnt popcnt", "sse4": "sse4_1 sse4_2", "no-sse4": None,
    "ilp32": None, "long_double_128": None, "long_double_64": None, "android": None,
    "lahfsahf": "lahf_sahf", "fp_fast_fma": None, "fp_fast_fmaf": None, "fp_fast_fmaf32": None,
    "fp_fast_fmaf64": None,
}
ARM64 = {
    "feature_atomics": "lse", "feature_crc32": "crc", "feature_qrdmx": "rdm", "feature_complex": "fcma",
    "feature_jcvt": "jsconv", "feature_rcpc": "rcpc", "feature_rcpc=3": "rcpc rcpc2 rcpc3", "feature_pauth": "paca pacg",
    "feature_dotprod": "dotprod", "feature_frint": "frintts", "feature_bti": "bti", "feature_aes": "aes",
    "feature_sha2": "sha2", "feature_crypto": "aes sha2", "feature_sha3": "sha3", "feature_sha512": "sha3",
    "feature_sm3": "sm4", "feature_sm4": "sm4", "feature_fp16_scalar_arithmetic": "fp16",
    "feature_fp16_vector_arithmetic": "fp16", "feature_fp16_fml": "fhm", "feature_bf16": "bf16",
    "feature_bf16_scalar_arithmetic": "bf16", "feature_bf16_vector_arithmetic": "bf16",
    "feature_matmul_int8": "i8mm", "feature_sve": "sve", "feature_sve2": "sve2", "feature_sve2_aes": "sve2-aes",
    "feature_sve2_bitperm": "sve2-bitperm", "feature_sve_bf16": "svebf16", "feature_sve_matmul_int8": "svei8mm",
    "feature_sve2p1": "sve2p1", "feature_sve_b16b16": "sve-b16b16", "feature_memory_tagging": "mte",
    "feature_rng": "rand", "feature_mops": "mops", "feature_cssc": "cssc", "feature_ls64": "ls64",
    "feature_fp8": "fp8", "feature_fp8dot2": "fp8dot2", "feature_fp8dot4": "fp8dot4", "feature_fp8fma": "fp8fma",
    "feature_sme": "sme", "feature_sme2": "sme2", "feature_sme2p1": "sme2p1", "feature_sme_b16b16": "sme-b16b16",
    "feature_sme_f16f16": "sme-f16f16", "feature_locally_streaming": None, "feature_clz": None,
    "feature_directed_rounding": None, "feature_div": None, "feature_fma": None, "feature_idiv": None,
    "feature_ldrex=0xF": None, "feature_numeric_maxmin": None, "feature_unaligned": None, "neon_fp=0xE": None,
    "feature_sve_vector_operators=2": None, "neon_sve_bridge": None, "fp_fast_fma": None, "fp_fast_fmaf": None,
    "fp_fast_fmaf32": None, "fp_fast_fmaf64": None,
}
# Parts of the Arm architecture that compilers use and have no macro for (Arm ARM, A2.2).
ARM64_LEVELS = {"armv8.2-a": "dpb", "armv8.4-a": "flagm rcpc2 lse2 dit", "armv8.5-a": "flagm2 sb ssbs dpb2"}

# Other names of the same (clang prints the same for both; the second two are gcc's).
SAME = {"apple-m1": "apple-a14", "apple-m2": "apple-a15", "apple-m3": "apple-a16", "ares": "neoverse-n1",
        "zeus": "neoverse-v1"}

# gcc 12 gave this name an extension that its processors lack (gcc 13 took it back); code that needs it would not
# even run there.
# LLVM gives A64FX the AES instructions, which it was sold without.
WRONG = {"sapphirerapids": {"avx512vp2intersect"}, "a64fx": {"aes"}}

# Registers for condition codes: no compiler has a macro for what the Pentium Pro and the Pentium brought.
NO_CMOV = set("i386 i486 i586 pentium pentium-mmx pentium_mmx lakemont winchip-c6 winchip2 c3 samuel-2 "
              "k6 k6-2 k6-3 generic".split())
NO_CX8 = {"i386", "i486", "generic"}


def normal(words, names):
    out = set()
    for word in words:
        mapped = names.get(word, word.replace("-", "_") if names is X86 else word)
        out |= set((mapped or "").split())
    return out


def gcc(*args):
    run = subprocess.run(["gcc", *args], input="", capture_output=True, text=True)
    return run.stdout + run.stderr


def names_32():
    valid = re.search(r"valid arguments to .-march=. switch are: (.*)", gcc("-m32", "-march=no", "-E", "-"))
    return [name for name in valid.group(1).split() if name != "native"]


MACROS = {"MMX": "mmx", "SSE": "sse", "SSE2": "sse2", "SSE3": "sse3", "SSSE3": "ssse3", "SSE4_1": "sse4_1",
          "3dNOW": "3dnow", "3dNOW_A": "3dnowa", "FXSR": "fxsr", "POPCNT": "popcnt"}


def features_32(name):
    defined = re.findall(r"#define __(\w+?)__ 1$", gcc("-m32", f"-march={name}", "-dM", "-E", "-"), re.M)
    return {MACROS[macro] for macro in defined if macro in MACROS}


def march(rows):
    table, llvm = {}, {}
    # rustc got a 64-bit target, to which every name adds the baseline of that.
    only_32 = set(names_32()) - {row[0] for row in rows if row[1].startswith("gcc")}
    for row in rows:
        name, compiler, _, features = (row + [""])[:4]
        if name in only_32 or "_" in name or name == "generic":
            continue
        arch, names = ("arm64", ARM64) if "aarch64" in compiler else ("x86", X86)
        for known in [table] if compiler.startswith("gcc") else [table, llvm]:
            known.setdefault((arch, name), set()).update(normal(features.split(), names))
    for name in names_32():
        table.setdefault(("x86", name), set()).update(features_32(name))
    for name, other in SAME.items():
        table[("arm64", name)] = set(table[("arm64", other)])
    only_gcc = {key: table[key] - used for key, used in llvm.items()}
    for (arch, name), features in table.items():
        features -= WRONG.get(name, set())
        if arch == "x86":
            features |= set() if name in NO_CMOV else {"cmov"}
            features |= set() if name in NO_CX8 else {"cx8"}
        elif level := re.fullmatch(r"armv(\d)\.?(\d?)-a", name):
            # Version 9.n has what 8.(n+5) has.
            number = int(level[2] or 0) + (5 if level[1] == "9" else 0)
            for base, more in ARM64_LEVELS.items():
                if int(base[6]) <= number:
                    features |= set(more.split())
    return {key: (features, only_gcc.get(key, set())) for key, features in table.items()}


NO_ISA = {"-m16", "-m32", "-mx32", "-miamcu"}


WORDS = set()


def macros(options):
    """What gcc may use with these options, where it has a macro for it."""
    defined = re.findall(r"#define __(\w+?)__ 1$", gcc(*options, "-dM", "-E", "-"), re.M)
    return {word.lower().replace("3dnow_a", "3dnowa") for word in defined} & WORDS


# What SSE 4.2 and AVX bring unless they are switched off by name: nothing depends on these.
BROUGHT = {"crc32", "popcnt", "xsave"}

# `-mabm` is `-mlzcnt` and `-mpopcnt`, `-mno-abm` neither's opposite; the others have several names.
OWN = {"-mabm": set(), "-msse4": {"sse4_1", "sse4_2"}, "-msahf": {"lahf_sahf"},
       "-mavx10.1": {"avx10.1", "avx10_1", "avx10_1_512"}, "-mavx10.2": {"avx10.2", "avx10_2", "avx10_2_512"},
       "-mapxf": set("apxf apx_f ccmp egpr ndd nf ppx push2pop2 zu".split())}


def flags(rows):
    adds, by_compiler = {}, {}
    for row in rows:
        flag, compiler, features = (row + [""])[:3]
        if flag in NO_ISA:
            continue
        found = normal(features.split(), X86)
        if not found:
            continue
        adds.setdefault(flag, set()).update(found)
        by_compiler.setdefault(compiler, {})[flag] = found
        WORDS.update(found)
    adds["-mcx16"], adds["-mmwait"] = {"cx16"}, {"mwait"}
    for plain, needs in {"-mmmx": "mmx", "-msse": "mmx sse", "-msse2": "mmx sse sse2", "-mfxsr": "fxsr",
                         "-m3dnow": "mmx 3dnow", "-m3dnowa": "mmx 3dnow 3dnowa", "-mhle": "hle"}.items():
        adds[plain] = set(needs.split())
    WORDS.update(*adds.values())
    own = {flag: OWN.get(flag, normal([flag[2:]], X86)) for flag in adds}
    for flag, features in adds.items():
        # Both compilers' lists are about x86-64, which has these; `-mno-sse2 -mavx` has them again.
        features |= macros(["-mno-mmx", "-mno-sse", flag]) - macros(["-mno-mmx", "-mno-sse"])
        features |= {"sse", "sse2"} if features & {"sse3", "avx"} else set()
    known = [*by_compiler["gcc-12.2"], "-mmmx", "-msse", "-msse2", "-mfxsr", "-m3dnow", "-m3dnowa", "-mhle"]
    everything = sorted(flag for flag in known if flag not in NO_ISA)
    whole, takes = macros(everything), {}
    for flag in adds:
        no = "-mno-" + flag[2:]
        left = macros([*everything, no])
        # A gcc that does not know the option prints nothing.
        takes[no] = own[flag] | (whole - left if left else set())
        # What only the other compiler knows goes with what it cannot be without.
        for other in set(adds) - set(everything):
            if (own[flag] - BROUGHT) & adds[other]:
                takes[no] |= own[other]
    return adds, takes


def neutral(known):
    listed = re.findall(r"^  (-m[\w.+-]+=?)", gcc("-Q", "--help=target"), re.M)
    listed += ["-mtune=", "-mcpu=", "-mno-ms-bitfields", "-mfloat-abi=", "-mabi=", "-mfix-cortex-a53-835769",
               "-mfix-cortex-a53-843419", "-mbranch-protection=", "-moutline-atomics", "-mllvm",
               "-mno-implicit-float", "-mtls-dialect=", "-mlong-double-128", "-mlong-double-64",
               "-mguard=", "-mretpoline", "-mharden-sls=", "-mstack-protector-guard=", "-momit-leaf-frame-pointer",
               "-mrelax", "-mcmodel=", "-mstrict-align", "-mfpu=", "-mthumb", "-marm", "-mtp="]
    skip = {"-march=", "-m16", *known}
    return sorted({flag for flag in listed if flag not in skip})


def read(path):
    return [line.split("\t") for line in path.read_text().splitlines()[1:]]


def main():
    source = pathlib.Path(sys.argv[1])
    note = "# Made by tests/cpu/make_tables.py; do not edit.\n"
    rows = [f"{arch}\t{name}\t{' '.join(sorted(features))}\t{' '.join(sorted(only_gcc))}\n"
            for (arch, name), (features, only_gcc) in sorted(march(read(source / "march-features.tsv")).items())]
    (OUT / "march.tsv").write_text(note + "".join(rows))
    adds, takes = flags(read(source / "mflag-features.tsv"))
    rows = [f"{flag}\t{' '.join(sorted(features))}\n" for table in (adds, takes) for flag, features in sorted(table.items())]
    rows += [f"{flag}\t\n" for flag in neutral(set(adds) | set(takes))]
    (OUT / "flags.tsv").write_text(note + "".join(rows))


main()
