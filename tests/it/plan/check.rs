//! `--check-plan`: with the real emerge, with one that says something else, and with none.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::portage::python;
use crate::support::{bincheck, project, scratch};

fn check(emerge: &str, words: &[&str]) -> Output {
    let cache = scratch();
    let mut command = bincheck(&project("testdata/workstation"), cache.path());
    command
        .args(["--check-plan", "--no-fetch-metadata"])
        .args(words);
    if !emerge.is_empty() {
        command.env("EMERGE", emerge);
    }
    command.output().expect("bincheck runs")
}

/// A program that prints a text in emerge's place, and ends with a status.
fn stand_in(directory: &Path, text: &str, status: u8) -> String {
    let path = directory.join("emerge");
    let script = format!("#!/bin/sh\ncat <<'END'\n{text}\nEND\nexit {status}\n");
    fs::write(&path, script).expect("a script");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it may run");
    format!("'{}' --some-option", path.display())
}

#[test]
fn the_real_emerge_says_the_same() {
    let Some(python) = python() else { return };
    let script = project("tests/portage/emerge.py");
    let root = project("testdata/workstation");
    let emerge = format!(
        "'{}' -B '{}' '{}'",
        python.display(),
        script.display(),
        root.display()
    );
    for words in [
        &["@world"][..],
        &["-e", "www-client/firefox"],
        &["-G", "firefox"],
    ] {
        let output = check(&emerge, words);
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{words:?}:\n{text}");
        assert!(text.ends_with("emerge says the same\n"), "{text}");
    }
}

#[test]
fn differences_are_shown() {
    let directory = scratch();
    let text = "[binary  N     ] media-libs/x265-4.1-7:0/215::gentoo  0 KiB\n\
                [ebuild  N     ] media-libs/x264-0.0.20241119:0/164::gentoo  0 KiB\n\
                [ebuild  N     ] media-video/ffmpeg-7.1.2:0/59.61.61::gentoo  0 KiB\n\
                [ebuild  N     ] app-misc/more-1::gentoo  0 KiB";
    let emerge = stand_in(directory.path(), text, 0);
    let output = check(&emerge, &["--json", "media-video/ffmpeg"]);
    assert_eq!(output.status.code(), Some(1));
    let document: Value = serde_json::from_slice(&output.stdout).expect("bincheck writes JSON");
    let check = &document["check"];
    assert_eq!(check["agrees"], false);
    assert_eq!(check["command"][1], "--some-option");
    let differences = check["differences"].as_array().expect("a list");
    let reported: Vec<String> = differences.iter().map(|one| one.to_string()).collect();
    assert_eq!(
        reported,
        [
            r#"{"cpv":"app-misc/more-1","emerge":{"build_id":null,"type":"ebuild"},"plan":null}"#,
            r#"{"cpv":"media-libs/x264-0.0.20241119","emerge":{"build_id":null,"type":"ebuild"},"plan":{"build_id":1,"type":"binary"}}"#,
            r#"{"cpv":"media-libs/x265-4.1","emerge":{"build_id":7,"type":"binary"},"plan":{"build_id":null,"type":"ebuild"}}"#,
        ]
    );
}

#[test]
fn another_order_is_a_difference() {
    let directory = scratch();
    let lines = [
        "[ebuild  N     ] media-libs/x265-4.1:0/215::gentoo  0 KiB",
        "[binary  N     ] media-libs/x264-0.0.20241119-1:0/164::gentoo  0 KiB",
        "[ebuild  N     ] media-video/ffmpeg-7.1.2:0/59.61.61::gentoo  0 KiB",
    ];
    let ask = |order: [usize; 3], more: &[&str]| {
        let text = order.map(|place| lines[place]).join("\n");
        let emerge = stand_in(directory.path(), &text, 0);
        let output = check(&emerge, &[&["--json", "media-video/ffmpeg"], more].concat());
        let document: Value = serde_json::from_slice(&output.stdout).expect("bincheck writes JSON");
        (output.status.code(), document["check"]["order"].to_string())
    };
    let (code, order) = ask([1, 0, 2], &[]);
    let (other, part) = ask([0, 1, 2], &[]);
    let codes = [code, other];
    assert!(
        codes.contains(&Some(0)) && codes.contains(&Some(1)),
        "{codes:?}"
    );
    let reported = if code == Some(1) { order } else { part };
    assert!(
        reported.starts_with(r#"{"after":0,"emerge":"media-libs/x26"#),
        "{reported}"
    );
    assert_eq!(
        ask([2, 0, 1], &["--tree"]).0,
        Some(0),
        "a tree is turned over"
    );
}

#[test]
fn a_failure_that_was_not_expected_is_shown_without_its_control_characters() {
    let directory = scratch();
    let emerge = stand_in(directory.path(), "\u{1b}[31mno such thing\u{1b}[0m", 1);
    let output = check(&emerge, &["media-video/ffmpeg"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("emerge fails"), "{text}");
    assert!(text.contains("no such thing"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn a_command_that_is_not_there_is_an_error_with_a_hint() {
    for (emerge, part) in [
        ("", "EMERGE=\"chroot DIR emerge\""),
        ("/nowhere/emerge", "cannot run /nowhere/emerge"),
        ("'unfinished", "EMERGE cannot be split"),
    ] {
        let output = check(emerge, &["media-video/ffmpeg"]);
        assert_eq!(output.status.code(), Some(2), "{emerge}");
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(messages.contains(part), "{messages}");
    }
}
