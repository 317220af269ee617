//! Packages of hosts with a `fetchcommand`, which brings whole files.

use std::fs;
use std::path::Path;

use bincheck::binhost::BinRepo;

use super::inspect::{TestInspector, assert_all_known, describe, entry, index, made};
use crate::binhost::machine::repo;
use crate::support::scratch;

/// A host whose command is a script that copies files, and notes which.
fn host(directory: &Path) -> BinRepo {
    let script = directory.join("fetch");
    let text = format!(
        "echo \"$1\" >> {}\ncp {}/\"${{1#x://packages/}}\" \"$2\"\n",
        directory.join("log").display(),
        made().display(),
    );
    fs::write(&script, text).expect("a script");
    let command = format!("sh {} ${{URI}} ${{DISTDIR}}/${{FILE}}", script.display());
    BinRepo {
        fetch_command: Some(command),
        ..repo("x://packages")
    }
}

#[test]
fn small_packages_come_by_it_once() {
    let directory = scratch();
    let log = directory.path().join("log");
    let inspector = TestInspector::new();
    for _ in 0..2 {
        assert_all_known(&inspector.inspect_repo(host(directory.path()), &index()));
    }
    let text = fs::read_to_string(&log).expect("it ran");
    let lines: Vec<&str> = text.lines().collect();
    let unique: std::collections::BTreeSet<&str> = lines.iter().copied().collect();
    assert_eq!(lines.len(), unique.len(), "each once: {text}");
    assert!(!lines.is_empty());
}

#[test]
fn large_ones_only_on_request() {
    let directory = scratch();
    let log = directory.path().join("log");
    let name = super::inspect::MADE[0].0;
    let entry = entry(name);
    let size = entry.lines().find(|line| line.starts_with("SIZE: "));
    let large = entry.replace(size.expect("a size"), "SIZE: 5000000");
    for (whole, text) in [(false, "--fetch-whole reads them"), (true, " bytes")] {
        let mut inspector = TestInspector::new();
        inspector.options.whole = whole;
        let inspected = inspector.inspect_repo(host(directory.path()), &large);
        let seen = describe(&inspected.inspections[name]);
        assert!(seen.contains(text), "{seen}");
        assert_eq!(log.exists(), whole);
    }
}

#[test]
fn failures_and_refusals_are_named() {
    let entry = entry(super::inspect::MADE[0].0);
    let failing = BinRepo {
        fetch_command: Some("false".to_owned()),
        ..repo("x://packages")
    };
    for (repo, text) in [
        (failing, "the fetch command failed (exit status: 1)"),
        (repo("x://packages"), "FETCHCOMMAND"),
    ] {
        let inspected = TestInspector::new().inspect_repo(repo, &entry);
        let seen = describe(inspected.inspections.values().next().expect("one"));
        assert!(seen.contains(text), "{seen}");
    }
}
