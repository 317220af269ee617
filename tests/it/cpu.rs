//! Instruction sets against compilers and real processors. What is expected here comes from them, not from
//! the program: `tests/cpu/pairs.tsv` from what gcc and clang print, `testdata/cpuinfo` from machines.

use std::fs;
use std::process::Command;

use bincheck::compat::{Built, CpuCompat, CpuSource, Machine, Requested, judge};
use bincheck::cpu::{Family, Feature, Features, Processor, named, of_cflags};

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
        let requested = Requested::of([flags], &machine);
        let compatibility = judge(&built(flags), "", &machine, &requested);
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

/// What each real processor runs, its own name first, and what it does not, by the names of its makers.
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
    (
        "neoverse_v2",
        "neoverse-v2 neoverse-v1 neoverse-n1 armv9-a armv8.4-a",
        "armv9.6-a",
    ),
    (
        "a64fx",
        "a64fx armv8.2-a",
        "neoverse-v1 armv8.4-a armv8-a+crypto",
    ),
    (
        "ampere1",
        "ampere1 neoverse-n1 armv8.4-a",
        "neoverse-v1 armv9-a",
    ),
    (
        "m2",
        "apple-m2 armv8.4-a apple-m1 neoverse-n1",
        "armv9-a neoverse-v1",
    ),
    ("power8le", "power8 power7 970", "power9"),
    ("power9", "power9 power8", "power10"),
    ("power10", "power10 power9 970", ""),
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
            let option = match machine.family {
                Some(Family::Ppc64) => "mcpu",
                _ => "march",
            };
            let built = Built {
                chost: Some(chost.to_owned()),
                ..built(&format!("-{option}={target}"))
            };
            let compatibility = judge(&built, "", &machine, &Requested::of([""], &machine));
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

/// What gcc prints on both streams.
fn gcc(options: &[&str]) -> Option<String> {
    let mut command = Command::new("gcc");
    command.args(options);
    let output = command.env("LC_ALL", "C").output().ok()?;
    let streams = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&streams).into_owned())
}

/// Features that gcc has macros for with these options; `None` where it refuses them.
fn macros(options: &[String]) -> Option<Features> {
    let options = options.iter().map(String::as_str);
    let rest = ["-dM", "-E", "-x", "c", "/dev/null"];
    let text = gcc(&options.chain(rest).collect::<Vec<_>>())?;
    let mut features = Features::NONE;
    for line in text.lines() {
        let name = line.strip_prefix("#define __").unwrap_or_default();
        let name = match name.strip_suffix("__ 1").unwrap_or(name) {
            "3dNOW_A" => "3dnowa".to_owned(),
            "GCC_HAVE_SYNC_COMPARE_AND_SWAP_16 1" => "cx16".to_owned(),
            name => name.to_ascii_lowercase(),
        };
        features.extend(Feature::parse(Family::X86, &name));
    }
    (!features.is_empty()).then_some(features)
}

/// The processors that the gcc of this machine knows, if it is one for x86, and the tables too.
fn processors() -> Vec<String> {
    let listed = gcc(&["-march=nothing", "-E", "-x", "c", "/dev/null"]).unwrap_or_default();
    let names = listed.split_once("valid arguments to");
    let names = names.and_then(|(_, rest)| rest.split_once("are: "));
    let names = names.and_then(|(_, rest)| rest.lines().next());
    let names = names.unwrap_or_default().trim_end_matches(';');
    let (known, unknown): (Vec<&str>, Vec<&str>) = names
        .split_whitespace()
        .filter(|name| *name != "native")
        .partition(|name| named(Family::X86, name).is_some());
    if !unknown.is_empty() {
        eprintln!("skipped: the tables do not know {unknown:?}, nor does the program");
    }
    known.into_iter().map(str::to_owned).collect()
}

/// Options of the gcc of this machine that switch an instruction set which has a macro.
fn switches() -> Vec<String> {
    let listed = gcc(&["-Q", "--help=target"]).unwrap_or_default();
    let words = listed.lines().filter_map(|line| {
        let option = line.split_whitespace().next()?;
        let word = option.strip_prefix("-m")?;
        let known = Feature::parse(Family::X86, &word.replace('.', "_")).is_some();
        (known || matches!(word, "abm" | "sahf" | "sse4")).then(|| word.to_owned())
    });
    words.collect()
}

/// A mistake of gcc 12: those processors lack it.
fn mistaken(options: &[String]) -> Features {
    match options.iter().any(|one| one == "-march=sapphirerapids") {
        true => Features::of(Family::X86, ["avx512vp2intersect"]).0,
        false => Features::NONE,
    }
}

/// Sets of options, the same in every run: a name or none, and up to five switches around it.
fn sets(processors: &[String], switches: &[String], number: u32) -> Vec<Vec<String>> {
    let mut state = 12_u64;
    let mut draw = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % below
    };
    let mut set = || {
        let mut options = Vec::new();
        if draw(8) > 0 {
            options.push(format!("-march={}", processors[draw(processors.len())]));
        }
        for _ in 0..draw(6) {
            let no = if draw(2) == 0 { "no-" } else { "" };
            let option = format!("-m{no}{}", switches[draw(switches.len())]);
            options.insert(draw(options.len() + 1), option);
        }
        options
    };
    (0..number).map(|_| set()).collect()
}

#[test]
fn sets_of_options_mean_what_the_gcc_of_this_machine_prints() {
    let (processors, switches) = (processors(), switches());
    if processors.is_empty() || switches.is_empty() {
        eprintln!("skipped: there is no gcc for x86 here");
        return;
    }
    let mut sets = sets(&processors, &switches, 600);
    sets.extend(processors.iter().map(|name| vec![format!("-march={name}")]));
    let (mut compared, mut wrong) = (0, Vec::new());
    for options in &sets {
        let target = of_cflags(&options.join(" "), AMD64).unwrap();
        // A later gcc may have options that the tables do not know; the user gets a notice.
        let (Some(printed), true) = (macros(options), target.doubts.is_empty()) else {
            continue;
        };
        compared += 1;
        let lacking = printed.without(target.features).without(mistaken(options));
        if !lacking.is_empty() {
            wrong.push(format!("{}: gcc also uses {lacking:?}", options.join(" ")));
        }
        // What one compiler brings by a switch the other may not.
        let brings =
            |option: &&String| !option.starts_with("-march=") && !option.starts_with("-mno-");
        if options.iter().any(|option| brings(&option)) {
            continue;
        }
        for option in options {
            let Some(word) = option.strip_prefix("-mno-") else {
                continue;
            };
            let word = word.replace('.', "_");
            let own = Features::of(Family::X86, [word.as_str()]).0;
            if own.and(printed).is_empty() && !own.and(target.features).is_empty() {
                wrong.push(format!("{}: {own:?} is switched off", options.join(" ")));
            }
        }
    }
    assert!(compared > 500, "{compared} of {} compared", sets.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
