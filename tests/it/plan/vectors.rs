//! Tables under `testdata/vectors/plan`: each system is a paragraph, and each line with options a run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use bincheck::plan::merge_list;
use serde_json::Value;

use super::system;
use crate::portage::python;
use crate::support::{bincheck, project, scratch};

/// One system and the request for it.
pub(super) struct Case {
    pub title: String,
    pub lines: Vec<String>,
    /// Options with targets, and what comes of them.
    pub runs: Vec<(String, String)>,
}

pub(super) fn cases(file: &str) -> Vec<Case> {
    let path = project("testdata/vectors/plan").join(file);
    let cases = read(&fs::read_to_string(path).expect(file));
    assert!(!cases.is_empty(), "{file} is empty");
    cases
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
    {
        let Some(inner) = line.strip_prefix("    ") else {
            cases.push(Case {
                title: line.to_owned(),
                lines: Vec::new(),
                runs: Vec::new(),
            });
            continue;
        };
        let case = cases.last_mut().expect("a title comes first");
        match inner
            .starts_with('-')
            .then(|| inner.rsplit_once(": "))
            .flatten()
        {
            Some((run, outcome)) => case.runs.push((run.to_owned(), outcome.to_owned())),
            None => case.lines.push(inner.to_owned()),
        }
    }
    cases
}

/// Hold every run of a file against what an asker says about the system.
fn check(file: &str, ask: &dyn Fn(&Path, &[&str]) -> String) {
    let mut wrong = Vec::new();
    for case in cases(file) {
        let root = scratch();
        let lines: Vec<&str> = case.lines.iter().map(String::as_str).collect();
        system::write(root.path(), &lines);
        assert!(!case.runs.is_empty(), "{} has no run", case.title);
        for (run, wanted) in &case.runs {
            let words: Vec<&str> = run.split(' ').collect();
            let found = ask(root.path(), &words);
            if sorted(&found) != sorted(wanted) {
                wrong.push(format!(
                    "{}\n    {run}\n    wanted {wanted}\n    found  {found}",
                    case.title
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn sorted(outcome: &str) -> BTreeSet<&str> {
    outcome.split(", ").collect()
}

fn joined(mut merges: Vec<String>) -> String {
    merges.sort();
    match merges.is_empty() {
        true => "nothing".to_owned(),
        false => merges.join(", "),
    }
}

/// What bincheck says.
fn ours(root: &Path, words: &[&str]) -> String {
    let cache = scratch();
    let output = bincheck(root, cache.path())
        .args(words)
        .arg("--json")
        .output()
        .expect("bincheck runs");
    if output.status.code() == Some(2) {
        return "fails".to_owned(); // a target that nothing has
    }
    let document: Value = serde_json::from_slice(&output.stdout).expect("bincheck writes JSON");
    if document["plan"]["sound"] == false {
        return "fails".to_owned();
    }
    let merges = document["merges"].as_array().expect("a list of merges");
    let one = |merge: &Value| {
        let text = |key: &str| merge[key].as_str().unwrap_or_default();
        match merge["build_id"].as_i64() {
            Some(id) => format!("{} {}-{id}", text("type"), text("cpv")),
            None => format!("{} {}", text("type"), text("cpv")),
        }
    };
    joined(merges.iter().map(one).collect())
}

/// What emerge says.
fn theirs(python: &Path, root: &Path, words: &[&str]) -> String {
    let output = Command::new(python)
        .arg("-B")
        .arg(project("tests/portage/emerge.py"))
        .arg(root)
        .args(["--pretend", "--verbose", "--color=n"])
        .args(words)
        .output()
        .expect("Python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(
        !messages.contains("Traceback"),
        "{words:?}:\n{text}\n{messages}"
    );
    if !output.status.success() {
        return "fails".to_owned();
    }
    let one = |line: bincheck::plan::EmergeOutput| match (line.binary, line.build_id) {
        (false, _) => format!("ebuild {}", line.cpv),
        (true, Some(id)) => format!("binary {}-{id}", line.cpv),
        (true, None) => format!("binary {}", line.cpv),
    };
    joined(merge_list(&text).into_iter().map(one).collect())
}

#[test]
fn selection() {
    check("selection.txt", &ours);
}

#[test]
fn slot_operators() {
    check("slot-operators.txt", &ours);
}

#[test]
fn choices() {
    check("choices.txt", &ours);
}

#[test]
fn installed() {
    check("installed.txt", &ours);
}

#[test]
fn options() {
    check("options.txt", &ours);
}

#[test]
fn selection_by_emerge() {
    let Some(python) = python() else { return };
    check("selection.txt", &|root, words| theirs(python, root, words));
}

#[test]
fn slot_operators_by_emerge() {
    let Some(python) = python() else { return };
    check("slot-operators.txt", &|root, words| {
        theirs(python, root, words)
    });
}

#[test]
fn choices_by_emerge() {
    let Some(python) = python() else { return };
    check("choices.txt", &|root, words| theirs(python, root, words));
}

#[test]
fn installed_by_emerge() {
    let Some(python) = python() else { return };
    check("installed.txt", &|root, words| theirs(python, root, words));
}

#[test]
fn options_by_emerge() {
    let Some(python) = python() else { return };
    check("options.txt", &|root, words| theirs(python, root, words));
}

/// Random systems: bincheck against emerge.
fn random(seeds: impl Iterator<Item = String>) {
    let Some(python) = python() else { return };
    let mut wrong = Vec::new();
    for seed in seeds {
        let script = project("tests/portage/make_plan.py");
        let output = Command::new(python)
            .arg("-B")
            .arg(script)
            .arg(&seed)
            .output();
        let output = output.expect("Python runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        for case in read(&String::from_utf8_lossy(&output.stdout)) {
            let root = scratch();
            let lines: Vec<&str> = case.lines.iter().map(String::as_str).collect();
            system::write(root.path(), &lines);
            for (run, _) in &case.runs {
                let words: Vec<&str> = run.split(' ').collect();
                let found = ours(root.path(), &words);
                let wanted = theirs(python, root.path(), &words);
                if found != wanted {
                    let title = &case.title;
                    wrong.push(format!(
                        "{title}\n    {run}\n    emerge   {wanted}\n    bincheck {found}"
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn random_systems() {
    random((1..=6).map(|seed| seed.to_string()));
}

/// `BINCHECK_SEEDS="7 8 9" cargo test -- --ignored other_random_plans`
#[test]
#[ignore = "takes the seeds from BINCHECK_SEEDS"]
fn other_random_plans() {
    let seeds = std::env::var("BINCHECK_SEEDS").expect("BINCHECK_SEEDS holds words");
    random(seeds.split_whitespace().map(str::to_owned));
}
