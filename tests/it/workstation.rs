//! The invented machine in `testdata/workstation`, in all modes, against `expected.txt` there.
//!
//! `portage.rs` holds Portage against the same file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{
    Answers, Key, MODES, assert_file, copy, document, judged, key, project, scratch,
};

const HEAD: &str = "\
# Every instance that the workstation can see and what Portage 3.0.83 makes of it with --getbinpkg;
# after a semicolon the modes of tests/it/support.rs in which that is different.
";

/// The answers of all modes, one line per instance.
pub fn table(modes: &BTreeMap<&str, Answers>) -> String {
    let mut text = HEAD.to_owned();
    for (key, usual) in &modes["g"] {
        let _ = write!(text, "{}/{}: {usual}", key.0, key.1);
        for (mode, answers) in modes {
            match answers.get(key) {
                Some(answer) if answer != usual => {
                    let _ = write!(text, "; {mode} {answer}");
                }
                Some(_) => {}
                None => {
                    let _ = write!(text, "; {mode} nothing");
                }
            }
        }
        text.push('\n');
    }
    text
}

#[test]
fn every_verdict_is_as_expected() {
    let root = project("testdata/workstation");
    let modes = MODES
        .iter()
        .map(|(mode, options)| (*mode, judged(&root, options)))
        .collect();
    assert_file(&table(&modes), &root.join("expected.txt"));
}

#[test]
fn every_reason_occurs() {
    let root = project("testdata/workstation");
    let answers = judged(&root, &[]);
    let all: Vec<&str> = answers
        .values()
        .flat_map(|answer| answer.split([' ', '(']))
        .collect();
    for code in [
        "use",
        "deps",
        "chost",
        "eapi",
        "keywords",
        "license",
        "properties",
        "restrict",
        "mask",
        "invalid",
        "ebuild",
        "excluded",
        "patches",
        "shadowed",
        "signature",
        "accepted",
    ] {
        assert!(all.contains(&code), "no instance shows {code}");
    }
}

/// Every change that is proposed does what it promises: it takes away the reason for which it is given.
#[test]
fn every_remedy_helps() {
    let root = project("testdata/workstation");
    let all = document(&root, &[]);
    let mut tried = 0;
    for instance in all["instances"].as_array().expect("instances") {
        for reason in instance["reasons"].as_array().expect("reasons") {
            let remedy = &reason["remedy"];
            let after = match remedy["kind"].as_str() {
                Some("option") => document(&root, &[remedy["option"].as_str().expect("an option")]),
                Some("line") => with_line(&root, remedy),
                _ => continue,
            };
            let left = codes(&after, &key(instance));
            let code = reason["code"].as_str().expect("a code").to_owned();
            assert!(
                !left.contains(&code),
                "{remedy} leaves {left:?} of {instance}"
            );
            tried += 1;
        }
    }
    assert!(tried >= 15, "only {tried} remedies");
}

/// What bincheck says about a copy to which the line of a remedy was added.
fn with_line(root: &Path, remedy: &Value) -> Value {
    let copied = scratch();
    copy(root, copied.path()).expect("the workstation can be copied");
    let name = remedy["file"]
        .as_str()
        .expect("a file")
        .trim_start_matches('/');
    let file = copied.path().join(name);
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let line = remedy["line"].as_str().expect("a line");
    std::fs::write(&file, format!("{text}{line}\n")).expect("the file can be written");
    document(copied.path(), &[])
}

fn codes(document: &Value, wanted: &Key) -> Vec<String> {
    let instances = document["instances"].as_array().expect("instances");
    let instance = instances.iter().find(|instance| key(instance) == *wanted);
    let reasons = instance.expect("the same instance")["reasons"].as_array();
    let code = |reason: &Value| reason["code"].as_str().unwrap_or_default().to_owned();
    reasons.expect("reasons").iter().map(code).collect()
}

/// `make_workstation.py` and what is committed must not part.
#[test]
fn files_are_what_the_script_writes() {
    let made = scratch();
    let python = Command::new("python3")
        .arg("-B")
        .arg(project("tests/portage/make_workstation.py"))
        .arg(made.path())
        .status();
    match python {
        Err(error) => eprintln!("skipped: python3 cannot be run: {error}"),
        Ok(status) => {
            assert!(status.success(), "make_workstation.py failed: {status}");
            let diff = Command::new("diff")
                .args(["-r", "--exclude=expected.txt", "--exclude=Packages.gz"])
                .arg(project("testdata/workstation"))
                .arg(made.path())
                .output()
                .expect("diff runs");
            let listing = String::from_utf8_lossy(&diff.stdout);
            assert!(diff.status.success(), "run make_workstation.py:\n{listing}");
        }
    }
}
