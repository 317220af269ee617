//! `--changes`: silent unless something has changed since the last run.

use std::fs;
use std::path::Path;

use crate::plan::system;
use crate::support::{bincheck, scratch};

/// The exit status and what was printed.
fn changes(root: &Path, cache: &Path, more: &[&str]) -> (Option<i32>, String) {
    let mut command = bincheck(root, cache);
    let output = command
        .args(["--changes", "a/x", "a/y"])
        .args(more)
        .output();
    let output = output.expect("bincheck runs");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

#[test]
fn only_changes_are_printed() {
    let [root, cache] = [scratch(), scratch()];
    let base = ["ebuild a/x-1 IUSE=foo", "ebuild a/y-1 IUSE=foo"];
    let both = |x: &str, y: &str| {
        let lines = [&base[..], &[x, y]].concat();
        let _ = fs::remove_dir_all(root.path().join("var"));
        system::write(root.path(), &lines);
    };
    let [on, off] = ["IUSE=foo USE=foo", "IUSE=foo"];
    let binary = |name: &str, r#use: &str| format!("binary a/{name}-1 {use}");
    let quiet = (Some(0), String::new());
    both(&binary("x", on), &binary("y", off));
    assert_eq!(
        changes(root.path(), cache.path(), &[]),
        quiet,
        "the first run"
    );
    assert_eq!(
        changes(root.path(), cache.path(), &[]),
        quiet,
        "nothing has changed"
    );
    // Kept as --json writes it, for later.
    let json = root.path().join("earlier.json");
    let mut command = bincheck(root.path(), cache.path());
    let document = command
        .args(["--json", "a/x", "a/y"])
        .output()
        .expect("it runs");
    both(&binary("x", off), &binary("y", on));
    let (status, text) = changes(root.path(), cache.path(), &[]);
    assert_eq!(status, Some(1));
    assert_eq!(
        text,
        "binary now: a/x-1, was compiled or of no use (use)\nno longer binary: a/y-1 (use)\n"
    );
    assert_eq!(
        changes(root.path(), cache.path(), &[]),
        quiet,
        "that is known now"
    );
    fs::write(&json, document.stdout).expect("a file");
    let since = ["--since", json.to_str().expect("a path")];
    assert_eq!(changes(root.path(), cache.path(), &since), (Some(1), text));
    let (status, text) = changes(root.path(), cache.path(), &["--since", "/nonexistent"]);
    assert_eq!((status, &*text), (Some(2), ""));
}
