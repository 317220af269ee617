//! `--root`: what builds and installs packages lies in the running system, and what they need at run time beside them.

use std::fs;

use serde_json::Value;

use super::system;
use crate::suggest::document;
use crate::support::scratch;

const EBUILDS: [&str; 6] = [
    "ebuild a/x-1 RDEPEND=c/lib BDEPEND=d/tool DEPEND=c/header",
    "ebuild c/lib-1 IDEPEND=d/hook",
    "ebuild c/header-1",
    "ebuild d/tool-1 RDEPEND=c/lib",
    "ebuild d/tool-2 RDEPEND=c/lib",
    "ebuild d/hook-1",
];

/// Merges as `cpv root`, in their order.
fn merges(more: &[&str], options: &[&str]) -> Vec<String> {
    let root = scratch();
    system::write(root.path(), &[&EBUILDS[..], more].concat());
    fs::create_dir(root.path().join("target")).expect("a directory");
    let words = [&["--root=/target", "a/x"], options].concat();
    let document = document(root.path(), &words);
    let text = |merge: &Value, key: &str| merge[key].as_str().expect("a text").to_owned();
    let merges = document["merges"].as_array().expect("merges").iter();
    merges
        .map(|merge| format!("{} {}", text(merge, "cpv"), text(merge, "root")))
        .collect()
}

#[test]
fn what_the_running_system_has_is_not_merged() {
    let has = [
        "installed d/tool-1 RDEPEND=c/lib",
        "installed d/hook-1",
        "installed c/header-1",
        "installed c/lib-1",
    ];
    assert_eq!(merges(&has, &[]), ["c/lib-1 target", "a/x-1 target"]);
    assert_eq!(
        merges(&has, &["-uD"]),
        ["d/tool-2 running", "c/lib-1 target", "a/x-1 target"],
        "what is there is updated below --deep"
    );
}

#[test]
fn what_it_lacks_comes_first() {
    let has = ["installed d/hook-1"];
    let mut running = vec!["c/header-1 running", "c/lib-1 running", "d/tool-2 running"];
    let found = merges(&has, &[]);
    let mut first: Vec<&str> = found.iter().take(3).map(String::as_str).collect();
    first.sort_unstable();
    running.sort_unstable();
    assert_eq!(first, running);
    assert_eq!(found[3..], ["c/lib-1 target", "a/x-1 target"]);
}

/// Of a binary package only what it needs at run time and to be installed counts.
#[test]
fn a_binary_package_needs_no_build_tools() {
    let has = [
        "installed d/hook-1",
        "binary a/x-1 RDEPEND=c/lib BDEPEND=d/tool DEPEND=c/header",
        "binary c/lib-1 IDEPEND=d/hook",
    ];
    assert_eq!(merges(&has, &["-k"]), ["c/lib-1 target", "a/x-1 target"]);
    assert_eq!(
        merges(&has, &["-k", "--sysroot=/target"]),
        ["c/lib-1 target", "a/x-1 target"]
    );
}

/// With EAPI 7 and later DEPEND is looked for in SYSROOT.
#[test]
fn headers_come_into_the_system_root() {
    let has = ["installed d/hook-1", "installed d/tool-2 RDEPEND=c/lib"];
    let found = merges(&has, &["--sysroot=/target"]);
    assert!(found.contains(&"c/header-1 target".to_owned()), "{found:?}");
    let found = merges(&has, &[]);
    assert!(
        found.contains(&"c/header-1 running".to_owned()),
        "{found:?}"
    );
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
    let found = document(root.path(), &["--suggest", "--root=/target", "a/x", "a/y"]);
    assert_eq!(
        found["suggestions"][0]["lines"]["/etc/portage/package.use"][0], "a/x foo",
        "{found}"
    );
    assert_eq!(found["after"]["compiled"], serde_json::json!(["a/y-1"]));
}
