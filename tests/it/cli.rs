//! The command line from outside: help, usage, generated files, exit statuses.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::process::{Command, Output, Stdio};

fn bincheck(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bincheck"))
        .args(words)
        .env_remove("EMERGE_DEFAULT_OPTS")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn committed_files_are_those_that_are_generated() {
    for (what, file) in [
        ("man", "man/bincheck.1"),
        ("bash", "completions/bincheck.bash"),
        ("zsh", "completions/_bincheck"),
        ("fish", "completions/bincheck.fish"),
    ] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        let output = bincheck(&["--generate", what]);
        assert_eq!(output.status.code(), Some(0));
        let generated = text(output.stdout);
        assert!(
            committed == generated,
            "run: bincheck --generate {what} > {file}"
        );
    }
}

#[test]
fn help_and_version_go_to_stdout() {
    for (word, part) in [
        ("--help", "Usage: bincheck"),
        ("-h", "Exit status"),
        ("-V", "bincheck 0."),
    ] {
        let output = bincheck(&[word]);
        assert_eq!(output.status.code(), Some(0), "{word}");
        let stdout = text(output.stdout);
        assert!(stdout.contains(part), "{stdout}");
        assert!(output.stderr.is_empty());
        assert!(
            stdout.lines().all(|line| line.chars().count() <= 100),
            "{stdout}"
        );
    }
}

#[test]
fn wrong_usage_is_status_two() {
    for words in [
        &["--no-such-option"][..],
        &["--exclude"],
        &["--sync"],
        &["--all", "app-misc/jq"],
        &["--offline", "--refresh"],
        &["--usepkg=maybe"],
    ] {
        let output = bincheck(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty());
        assert!(text(output.stderr).starts_with("error: "), "{words:?}");
    }
}
