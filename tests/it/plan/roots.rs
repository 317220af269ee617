//! `--root`: packages for another root and for the running system in one plan, held against bincheck and against the
//! real emerge.

use std::fs;
use std::path::Path;
use std::process::Command;

use bincheck::plan::merge_list;
use serde_json::Value;

use super::{system, vectors};
use crate::portage::python;
use crate::suggest::document;
use crate::support::{bincheck, project, scratch};

const ROOT: &str = "--root=/target";

/// Hold every run against what an asker says about the system.
fn check(ask: &dyn Fn(&Path, &[&str]) -> String) {
    let mut wrong = Vec::new();
    for case in vectors::cases("roots.txt") {
        let root = scratch();
        let lines: Vec<&str> = case.lines.iter().map(String::as_str).collect();
        system::write(root.path(), &lines);
        fs::create_dir_all(root.path().join("target")).expect("a directory");
        for (run, wanted) in &case.runs {
            let words: Vec<&str> = std::iter::once(ROOT).chain(run.split(' ')).collect();
            let found = ask(root.path(), &words);
            if found != *wanted {
                let title = &case.title;
                wrong.push(format!(
                    "{title}\n    {run}\n    wanted {wanted}\n    found  {found}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn by_bincheck() {
    check(&|root, words| {
        let cache = scratch();
        let mut command = bincheck(root, cache.path());
        let output = command.args(words).arg("--json").output();
        let output = output.expect("bincheck runs");
        let document: Value = serde_json::from_slice(&output.stdout).expect("bincheck writes JSON");
        if document["plan"]["sound"] == false {
            return "fails".to_owned();
        }
        let text = |step: &Value, key: &str| step[key].as_str().expect("a text").to_owned();
        let one = |step: &Value| format!("{} {}", text(step, "cpv"), text(step, "root"));
        let merges = document["merges"].as_array().expect("merges").iter();
        let mut steps: Vec<String> = merges.map(one).collect();
        let uninstalls = document["plan"]["uninstalls"]
            .as_array()
            .expect("uninstalls");
        // from the last, so that the places of the others stay
        for gone in uninstalls.iter().rev() {
            let after = gone["after"]
                .as_u64()
                .and_then(|after| usize::try_from(after).ok());
            steps.insert(after.expect("a number"), format!("uninstall {}", one(gone)));
        }
        steps.join(", ")
    });
}

#[test]
fn by_emerge() {
    let Some(python) = python() else { return };
    check(&|root, words| {
        let mut command = Command::new(python);
        command
            .arg("-B")
            .arg(project("tests/portage/emerge.py"))
            .arg(root);
        let output = command
            .args(["--pretend", "--verbose", "--color=n"])
            .args(words)
            .output();
        let output = output.expect("Python runs");
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(!messages.contains("Traceback"), "{words:?}: {messages}");
        if !output.status.success() {
            return "fails".to_owned();
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let one = |line: &str| {
            let place = if line.contains("/target/") {
                "target"
            } else {
                "running"
            };
            if let Some(gone) = line.strip_prefix("[uninstall") {
                let cpv = gone.split_once(']')?.1.split_whitespace().next()?;
                return Some(format!("uninstall {} {place}", cpv.split(':').next()?));
            }
            let merge = merge_list(line).pop()?;
            Some(format!("{} {place}", merge.cpv))
        };
        text.lines().filter_map(one).collect::<Vec<_>>().join(", ")
    });
}

/// What is tried for --suggest has the running system beside it as well.
#[test]
fn changes_are_tried_with_both_roots() {
    let root = scratch();
    let lines = [
        "ebuild a/x-1 IUSE=foo",
        "binary a/x-1 IUSE=foo USE=foo",
        "ebuild a/y-1 BDEPEND=d/tool",
        "ebuild d/tool-1",
        "installed d/tool-1",
    ];
    system::write(root.path(), &lines);
    fs::create_dir(root.path().join("target")).expect("a directory");
    let found = document(root.path(), &["--suggest", ROOT, "a/x", "a/y"]);
    assert_eq!(
        found["suggestions"][0]["lines"]["/etc/portage/package.use"][0], "a/x foo",
        "{found}"
    );
    assert_eq!(found["after"]["compiled"], serde_json::json!(["a/y-1"]));
}

/// Random systems with two roots: merges and their order are the real emerge's.
#[test]
fn random_systems() {
    let Some(python) = python() else { return };
    let directory = scratch();
    let mut command = Command::new(python);
    command
        .arg("-B")
        .arg(project("tests/portage/random_plans.py"));
    command
        .arg(env!("CARGO_BIN_EXE_bincheck"))
        .arg(directory.path());
    let output = command.args(["410000", "410011", "--two-roots"]).output();
    let output = output.expect("Python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let messages = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().last().unwrap_or_default();
    let count: Value = serde_json::from_str(count).expect(&messages);
    let kinds = count.as_object().expect("counts").keys();
    let differs = ["merges", "order", "success"];
    let mut kinds = kinds.filter(|kind| differs.contains(&kind.as_str()));
    assert!(kinds.next().is_none(), "{text}");
}
