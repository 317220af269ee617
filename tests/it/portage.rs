//! bincheck and Portage 3.0.83 agree on verdict, reasons and USE flags of every instance.
//!
//! Portage comes from PyPI into a virtual environment below `target/`, made when it is first needed, and
//! is run by `tests/portage/oracle.py`. Where that cannot be had the tests print that and pass, but not with
//! `CI=true`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::support::{Answers, MODES, answers, assert_file, judged, project, scratch};
use crate::workstation;

const PORTAGE: &str = "3.0.83";

/// Python with Portage, if there is one.
pub fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match PYTHON.get_or_init(make_python) {
        Ok(python) => Some(python),
        Err(error) if std::env::var_os("CI").is_some_and(|ci| ci == "true") => {
            panic!("Portage {PORTAGE} cannot be installed: {error}")
        }
        Err(error) => {
            eprintln!("skipped: Portage {PORTAGE} cannot be installed: {error}");
            None
        }
    }
}

fn make_python() -> Result<PathBuf, String> {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("portage-venv");
    let python = venv.join("bin/python");
    let version = "import pytest, importlib.metadata as m; assert m.version('portage') == '3.0.83'";
    if run(Command::new(&python).args(["-c", version])).is_ok() {
        return Ok(python);
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&venv))?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    let package = format!("portage=={PORTAGE}");
    // Portage's own tests, which come with it, are run by pytest.
    run(Command::new(&python).args(pip).args([&package, "pytest"]))?;
    Ok(python)
}

/// Standard output of a helper, or what went wrong with it.
pub fn run(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?}: {}\n{stderr}", output.status))
}

/// What Portage answers for every instance, in all modes.
fn portage(python: &Path, root: &Path) -> BTreeMap<&'static str, Answers> {
    let mut oracle = Command::new(python);
    oracle
        .arg("-B")
        .arg(project("tests/portage/oracle.py"))
        .arg(root);
    let output = run(&mut oracle).expect("Portage judges the system");
    let json: Value = serde_json::from_slice(&output).expect("the oracle writes JSON");
    MODES
        .iter()
        .map(|(mode, _)| (*mode, answers(&json["modes"][mode])))
        .collect()
}

/// Where the answers part, one paragraph an instance.
fn differences(mode: &str, portage: &Answers, bincheck: &Answers) -> Vec<String> {
    let nothing = "nothing".to_owned();
    let keys: std::collections::BTreeSet<_> = portage.keys().chain(bincheck.keys()).collect();
    keys.into_iter()
        .map(|key| {
            let theirs = portage.get(key).unwrap_or(&nothing);
            (key, theirs, bincheck.get(key).unwrap_or(&nothing))
        })
        .filter(|(_, theirs, ours)| theirs != ours)
        .map(|(key, theirs, ours)| {
            format!("{mode}: {key:?}\n    Portage:  {theirs}\n    bincheck: {ours}")
        })
        .collect()
}

fn assert_agreement(root: &Path, portage: &BTreeMap<&str, Answers>) {
    let mut all = Vec::new();
    for (mode, options) in MODES {
        let bincheck = judged(root, options);
        assert!(!bincheck.is_empty(), "no instance was judged");
        all.extend(differences(mode, &portage[mode], &bincheck));
    }
    let first = all.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(all.is_empty(), "{} differences:\n{first}", all.len());
}

#[test]
fn workstation() {
    let Some(python) = python() else { return };
    let root = project("testdata/workstation");
    let truth = portage(python, &root);
    assert_file(&workstation::table(&truth), &root.join("expected.txt"));
    assert_agreement(&root, &truth);
}

/// Write the random system of a seed, ask both, compare.
fn random_system(seed: &str) {
    let Some(python) = python() else { return };
    let made = scratch();
    let root = made.path().join("root");
    let mut script = Command::new(python);
    script
        .arg("-B")
        .arg(project("tests/portage/make_random_system.py"))
        .arg(seed)
        .arg(&root);
    run(&mut script).expect("make_random_system.py writes a system");
    assert_agreement(&root, &portage(python, &root));
}

#[test]
fn random_system_1() {
    random_system("1");
}

#[test]
fn random_system_2() {
    random_system("2");
}

#[test]
fn random_system_3() {
    random_system("3");
}

/// `BINCHECK_SEEDS="4 5 6" cargo test -- --ignored other_random_systems`
#[test]
#[ignore = "takes the seeds from BINCHECK_SEEDS"]
fn other_random_systems() {
    let seeds = std::env::var("BINCHECK_SEEDS").expect("BINCHECK_SEEDS holds words");
    for seed in seeds.split_whitespace() {
        eprintln!("seed {seed}");
        random_system(seed);
    }
}
