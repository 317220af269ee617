//! Completions as a person gets them: TAB in the real shells.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::binhost::machine::{index, plain};
use crate::support::{self, project, scratch};

/// What is typed, and the words that the program gets after TAB and Enter. `$` is the example.
const CASES: &[(&str, &[&str])] = &[
    ("bincheck --offl", &["--offline"]),
    ("bincheck --cpu=sandy", &["--cpu=sandybridge"]),
    ("bincheck --cpu sandy", &["--cpu", "sandybridge"]),
    (
        "bincheck --color=y --ignore-d",
        &["--color=y", "--ignore-default-opts"],
    ),
    (
        "bincheck --chroot $ net-misc/cu",
        &["--chroot", "$", "net-misc/curl"],
    ),
    ("bincheck --chroot $ ffm", &["--chroot", "$", "ffmpeg"]),
    ("bincheck --chroot=$ @wor", &["--chroot=$", "@world"]),
    // Offered by a binhost alone.
    (
        "bincheck --chroot $ '=dev-lang/python-3.12",
        &["--chroot", "$", "=dev-lang/python-3.12.11"],
    ),
    (
        "bincheck --chroot $ net-misc/curl::sit",
        &["--chroot", "$", "net-misc/curl::site"],
    ),
    (
        "bincheck --chroot $ --exclude=net-misc/cu",
        &["--chroot", "$", "--exclude=net-misc/curl"],
    ),
    (
        "bincheck --chroot $ --binhost=file:///srv/binhost/gen",
        &["--chroot", "$", "--binhost=file:///srv/binhost/gentoo"],
    ),
    ("bincheck --emerge --searchd", &["--emerge", "--searchdesc"]),
    // An alias stands for what it was made from.
    ("emerge --unm", &["--emerge", "--unmerge"]),
];

#[test]
fn bash_completes() {
    completes("bash");
}

#[test]
fn zsh_completes() {
    completes("zsh");
}

#[test]
fn fish_completes() {
    completes("fish");
}

fn completes(shell: &str) {
    if !is_there(shell) || !is_there("python3") {
        eprintln!("skipped: there is no {shell} or no python3 here");
        return;
    }
    let made = scratch();
    let programs = made.path().join("bin");
    fs::create_dir(&programs).unwrap();
    fake_bincheck(&programs.join("bincheck"));
    let example = project("testdata/workstation");
    let example = example.to_str().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut child = Command::new("python3")
        .arg(project("tests/shells/tab.py"))
        .args([shell, project("completions").to_str().unwrap(), &path])
        .env("HOME", made.path())
        .env("XDG_CACHE_HOME", made.path())
        .env("XDG_CONFIG_HOME", made.path())
        .env("LC_ALL", "C.UTF-8")
        .env("SHOW", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = CASES
        .iter()
        .map(|(line, _)| line.replace('$', example))
        .collect();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines.join("\n").as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let mut answers = answers.lines();
    for ((_, expected), line) in CASES.iter().zip(lines) {
        let expected: Vec<String> = expected
            .iter()
            .map(|word| word.replace('$', example))
            .collect();
        let answer = answers.next().unwrap_or("null");
        let answer: Option<Vec<String>> = serde_json::from_str(answer).unwrap();
        assert_eq!(answer, Some(expected), "{shell}: {line}");
    }
}

fn is_there(program: &str) -> bool {
    let version = Command::new(program).arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

/// A program that completes as bincheck and else tells its words.
fn fake_bincheck(file: &Path) {
    let bincheck = env!("CARGO_BIN_EXE_bincheck");
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = --complete ]; then exec '{bincheck}' \"$@\"; fi\n\
         printf 'GOT['; sep=; for word; do printf '%s\"%s\"' \"$sep\" \"$word\"; sep=,; done; printf ']TOG\\n'\n"
    );
    fs::write(file, script).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}

/// An index completes names as long as it is in the cache, and no request is sent for it.
#[test]
fn names_of_a_cached_index_are_offered_without_a_request() {
    let server = plain(index(1, "net-misc/only-remote-1"));
    let (root, cache) = (project("testdata/workstation"), scratch());
    let binhost = format!("--binhost={}", server.uri("/"));
    let offered = || {
        let typed = "--complete bincheck --chroot";
        let output = Command::new(env!("CARGO_BIN_EXE_bincheck"))
            .env("XDG_CACHE_HOME", cache.path())
            .env("HOME", cache.path())
            .args(typed.split(' '))
            .arg(&root)
            .args([&binhost, "only-r"])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(offered(), "");
    assert!(server.take_paths().is_empty());
    let mut fetch = support::bincheck(&root, cache.path());
    fetch.args([&binhost, "net-misc/curl"]).output().unwrap();
    assert!(!server.take_paths().is_empty());
    assert!(
        offered().starts_with("only-remote\tbinary ("),
        "{}",
        offered()
    );
    assert!(server.take_paths().is_empty());
}
