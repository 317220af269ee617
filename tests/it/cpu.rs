//! Instruction sets against compilers and real processors. What is expected here comes from them, not from
//! the program: `tests/cpu/pairs.tsv` from what gcc and clang print, `testdata/cpuinfo` from machines.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use bincheck::compat::{Asked, Built, CpuCompat, CpuSource, Machine, judge};
use bincheck::cpu::{Family, Feature, Features, Processor, named};

use crate::support::project;

const AMD64: &str = "x86_64-pc-linux-gnu";

fn built(flags: &str) -> Built {
    Built::of(|name| match name {
        "CFLAGS" => Some(flags),
        "CHOST" => Some(AMD64),
        "NEEDED.ELF.2" => Some("X86_64;/usr/bin/x;;;"),
        _ => None,
    })
}

#[test]
fn code_runs_where_compilers_say_so() {
    let table = fs::read_to_string(project("tests/cpu/pairs.tsv")).unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    assert!(rows.len() >= 300, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let [flags, cpu, expected, missing] = row[..] else {
            panic!("{row:?}");
        };
        let machine = Machine::of_name(cpu, AMD64).expect(cpu);
        let asked = Asked::of([flags], &machine);
        let compatibility = judge(&built(flags), "", &machine, &asked);
        let runs = match expected {
            "yes" => CpuCompat::Yes,
            _ => CpuCompat::No,
        };
        if compatibility.runs != Some(runs) {
            wrong.push(format!(
                "{flags} on {cpu}: {expected} {missing}, not {compatibility:?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What each real processor runs, and what it does not, by the names of its makers. (That A64FX was sold
/// without the AES instructions that compilers expect.)
const PROCESSORS: &[(&str, &str, &str)] = &[
    ("core2-e8400", "core2 penryn x86-64", "nehalem x86-64-v2"),
    ("k10", "amdfam10 k8-sse3", "x86-64-v2 core2"),
    (
        "bulldozer",
        "bdver1 x86-64-v2 westmere",
        "bdver2 haswell x86-64-v3",
    ),
    (
        "piledriver",
        "bdver2 x86-64-v2",
        "bdver4 haswell x86-64-v3 znver1",
    ),
    (
        "ivybridge",
        "ivybridge sandybridge x86-64-v2",
        "haswell x86-64-v3",
    ),
    (
        "haswell",
        "haswell x86-64-v3 ivybridge",
        "broadwell skylake x86-64-v4 znver1",
    ),
    (
        "broadwell",
        "broadwell skylake haswell",
        "skylake-avx512 znver1",
    ),
    (
        "skylake_avx512",
        "skylake-avx512 x86-64-v4 skylake",
        "cascadelake icelake-client znver1 knl",
    ),
    (
        "cascadelake",
        "cascadelake skylake-avx512",
        "cooperlake icelake-client znver4",
    ),
    (
        "sapphirerapids",
        "sapphirerapids icelake-server cooperlake",
        "znver4 knl",
    ),
    (
        "alderlake",
        "alderlake skylake x86-64-v3",
        "skylake-avx512 x86-64-v4 znver1",
    ),
    (
        "zen",
        "znver1 haswell skylake x86-64-v3",
        "znver3 x86-64-v4",
    ),
    (
        "zen3",
        "znver3 znver2 haswell skylake",
        "znver4 x86-64-v4 alderlake",
    ),
    (
        "zen4",
        "znver4 znver3 x86-64-v4 icelake-client",
        "znver5 sapphirerapids",
    ),
    (
        "zen5",
        "znver5 znver4 x86-64-v4 icelake-client",
        "sapphirerapids",
    ),
    (
        "cortex_a72",
        "cortex-a72 armv8-a",
        "neoverse-n1 armv8.1-a armv8.2-a",
    ),
    (
        "neoverse_n1",
        "neoverse-n1 armv8.2-a cortex-a72",
        "neoverse-v1 armv8.4-a",
    ),
    (
        "neoverse_v1",
        "neoverse-v1 neoverse-n1 armv8.4-a",
        "neoverse-v2 armv9-a",
    ),
    ("neoverse_v2", "neoverse-n1 armv9-a armv8.4-a", "armv9.6-a"),
    ("a64fx", "armv8.2-a", "a64fx neoverse-v1 armv8.4-a"),
    (
        "ampere1",
        "ampere1 neoverse-n1 armv8.4-a",
        "neoverse-v1 armv9-a",
    ),
    (
        "m2",
        "armv8.4-a apple-m1 neoverse-n1",
        "armv9-a neoverse-v1",
    ),
    ("power8le", "power8 power7", "power9"),
    ("power9", "power9 power8", "power10"),
    ("power10", "power10 power9", ""),
    ("u74mc", "rv64gc", "rv64gcv rva22u64"),
    ("x60", "rv64gc rv64gcv", "rv64gc_zvkned"),
];

fn chost(family: Family) -> &'static str {
    match family {
        Family::X86 => AMD64,
        Family::Arm64 => "aarch64-unknown-linux-gnu",
        Family::Riscv => "riscv64-unknown-linux-gnu",
        Family::Ppc64 => "powerpc64le-unknown-linux-gnu",
    }
}

#[test]
fn real_processors_run_what_they_are_made_for() {
    let directory = project("testdata/cpuinfo");
    let readme = fs::read_to_string(directory.join("README.md")).unwrap();
    for (name, runs, not) in PROCESSORS {
        let text = fs::read_to_string(directory.join(name)).expect(name);
        let processor = Processor::parse(&text).expect(name);
        let chost = chost(processor.family);
        let machine =
            Machine::of_processor(processor, CpuSource::Cpuinfo((*name).to_owned()), chost);
        let answer = |target: &str| {
            let option = if target.starts_with("power") {
                "mcpu"
            } else {
                "march"
            };
            let built = Built {
                chost: Some(chost.to_owned()),
                ..built(&format!("-{option}={target}"))
            };
            let compatibility = judge(&built, "", &machine, &Asked::of([""], &machine));
            (compatibility.runs, compatibility.concerns)
        };
        for target in runs.split_whitespace() {
            let (runs, concerns) = answer(target);
            assert_eq!(
                runs,
                Some(CpuCompat::Yes),
                "{target} on {name}: {concerns:?}"
            );
        }
        for target in not.split_whitespace() {
            let (runs, concerns) = answer(target);
            assert_eq!(
                runs,
                Some(CpuCompat::No),
                "{target} on {name}: {concerns:?}"
            );
        }
        assert!(
            readme.contains(&format!("`{name}`")),
            "where is {name} from?"
        );
    }
}

fn gcc(options: &[&str]) -> Option<String> {
    let mut command = Command::new("gcc");
    command.args(options).args(["-E", "-x", "c", "/dev/null"]);
    let output = command.env("LC_ALL", "C").output().ok()?;
    let streams = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&streams).into_owned())
}

/// Features of a name that gcc has macros for.
fn macros(name: &str) -> Option<BTreeSet<String>> {
    let text = gcc(&[&format!("-march={name}"), "-dM"])?;
    let macros = text.lines().filter_map(|line| {
        let name = line.strip_prefix("#define __")?.strip_suffix("__ 1")?;
        let name = name.to_ascii_lowercase();
        Feature::parse(Family::X86, &name).map(|_| name)
    });
    Some(macros.collect())
}

#[test]
fn the_tables_have_what_the_gcc_of_this_machine_prints() {
    let listed = gcc(&["-march=nothing"]).unwrap_or_default();
    let Some((_, names)) = listed.split_once("valid arguments to") else {
        eprintln!("skipped: there is no gcc for x86 here");
        return;
    };
    let names = names.split_once("are: ").map_or("", |(_, rest)| rest);
    let names = names.lines().next().unwrap_or_default();
    let mut compared = 0;
    for name in names.trim_end_matches(';').split_whitespace() {
        let Some(known) = named(Family::X86, name) else {
            eprintln!("skipped: the tables do not know {name}, nor does the program");
            continue;
        };
        let Some(printed) = macros(name).filter(|printed| !printed.is_empty()) else {
            continue;
        };
        let (printed, _) = Features::of(Family::X86, printed.iter().map(String::as_str));
        let mut lacking = printed.deciding().without(known);
        if name == "sapphirerapids" {
            // A mistake of gcc 12: those processors lack it.
            lacking = lacking.without(Features::of(Family::X86, ["avx512vp2intersect"]).0);
        }
        assert!(lacking.is_empty(), "{name}: gcc may also use {lacking:?}");
        compared += 1;
    }
    assert!(compared > 40, "{compared} names compared");
}
