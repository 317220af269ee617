//! Scenarios of several steps: `steps` in the place of `args` has one per line, all in the directory of the machines.
//!
//! - `bincheck …` runs it, with one cache for all steps;
//! - `put DIR MACHINE` copies what lies below the scenario's DIR over a machine, as time goes on;
//! - `list DIR` prints what a directory holds;
//! - `same FILE FILE` tells whether they have the same bytes;
//! - `show FILE` prints a file, `show ARCHIVE MEMBER` one of an archive.
//!
//! `[HERE]` in a step is the directory of the machines.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use flate2::read::GzDecoder;
use tar::Archive;

use crate::support::{ageless, bincheck_anywhere, copy, scratch};

/// Stands for the directory of the machines, in steps and in what is printed.
pub const HERE: &str = "[HERE]";

/// Play the steps on machines that were put into `stage`; what a person sees.
pub fn play(scenario: &Path, stage: &Path, steps: &str) -> String {
    usual_modes(stage);
    let cache = scratch();
    let here = stage.to_str().expect("a path in UTF-8");
    let mut shown = String::new();
    for step in steps.lines() {
        let line = step.replace(HERE, here);
        let words: Vec<&str> = line.split_whitespace().collect();
        let text = match words[..] {
            ["bincheck", ref args @ ..] => ended(
                bincheck_anywhere(cache.path())
                    .args(args)
                    .current_dir(stage)
                    .output()
                    .expect("bincheck runs"),
            ),
            ["put", from, machine] => {
                copy(&scenario.join(from), &stage.join(machine)).expect("files to put there");
                String::new()
            }
            ["list", what] if !stage.join(what).exists() => "nothing\n".to_owned(),
            ["list", what] => list(&stage.join(what)),
            ["show", what] => {
                fs::read_to_string(stage.join(what)).unwrap_or_else(|error| format!("{error}\n"))
            }
            ["same", one, other] => same(&stage.join(one), &stage.join(other)),
            ["show", archive, member] => member_of(&stage.join(archive), member),
            _ => panic!("{}: no such step: {step}", scenario.display()),
        };
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        shown += &format!("$ {step}\n{}{end}", text.replace(here, HERE));
    }
    stable(&ageless(&shown))
}

/// What a run printed and how it ended.
fn ended(output: Output) -> String {
    let stdout = String::from_utf8(output.stdout).expect("bincheck writes UTF-8");
    let stderr = String::from_utf8(output.stderr).expect("bincheck writes UTF-8");
    let code = output.status.code().expect("bincheck ends on its own");
    let stderr = match stderr.as_str() {
        "" => String::new(),
        text => format!("--- stderr\n{text}"),
    };
    format!("{stdout}{stderr}--- status {code}\n")
}

fn same(one: &Path, other: &Path) -> String {
    let [one, other] = [one, other].map(|file| fs::read(file).expect("a file"));
    if one == other {
        "the same bytes\n"
    } else {
        "other bytes\n"
    }
    .to_owned()
}

fn list(what: &Path) -> String {
    let mut lines = Vec::new();
    list_directory(what, what, &mut lines);
    lines.concat()
}

fn list_directory(top: &Path, at: &Path, lines: &mut Vec<String>) {
    let entries = fs::read_dir(at).expect("a directory");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        let name = path.strip_prefix(top).expect("below").display();
        let metadata = fs::symlink_metadata(&path).expect("metadata");
        if metadata.is_symlink() {
            let target = fs::read_link(&path).expect("a link");
            lines.push(format!("{name} -> {}\n", target.display()));
        } else if metadata.is_dir() {
            lines.push(format!("{name}/\n"));
            list_directory(top, &path, lines);
        } else {
            lines.push(format!("{name}\n"));
        }
    }
}

/// Modes as if everything had been made under the usual umask.
fn usual_modes(directory: &Path) {
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        let metadata = fs::symlink_metadata(&path).expect("metadata");
        if metadata.is_symlink() {
            continue;
        }
        let mode = if metadata.is_dir() { 0o755 } else { 0o644 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
        if metadata.is_dir() {
            usual_modes(&path);
        }
    }
}

fn archive(file: &Path) -> Archive<GzDecoder<File>> {
    Archive::new(GzDecoder::new(File::open(file).expect("an archive")))
}

fn member_of(file: &Path, member: &str) -> String {
    let mut text = String::new();
    for entry in archive(file).entries().expect("an archive") {
        let mut entry = entry.expect("a member");
        if entry.path().expect("a path") == Path::new(member) {
            entry.read_to_string(&mut text).expect("a text");
        }
    }
    assert!(!text.is_empty(), "{} has no {member}", file.display());
    text
}

/// The text without what differs between runs: sizes of what is compressed, the time, and bincheck's version with what
/// follows from it.
fn stable(text: &str) -> String {
    let patterns = [
        (
            r"(?m)^(\S+\.tar\.gz): [\d.]+ (?:B|KiB|MiB) with",
            "$1: 3 KiB with",
        ),
        (r"(?m)^TIMESTAMP: \d+$", "TIMESTAMP: 1763456000"),
        (r#""bincheck": "[^"]*""#, r#""bincheck": "VERSION""#),
        (r"(?m)^[0-9a-f]{64} (.*/about.json)$", "HASH $1"),
    ];
    let replace = |text: String, (pattern, with): &(&str, &str)| {
        let pattern = regex::Regex::new(pattern).expect("a pattern");
        pattern.replace_all(&text, *with).into_owned()
    };
    patterns.iter().fold(text.to_owned(), replace)
}
