//! The command line from outside: help, usage, generated files, exit statuses.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::{self, copy, project, scratch};

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
fn the_committed_manual_page_is_what_is_generated() {
    let committed = fs::read_to_string(project("man/bincheck.1")).unwrap_or_default();
    let output = bincheck(&["--generate", "man"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        committed == text(output.stdout),
        "run: bincheck --generate man > man/bincheck.1"
    );
}

/// Formatters of manual pages, where they are installed, find nothing to say.
#[test]
fn manual_pages_have_no_warnings() {
    for page in ["man/bincheck.1", "man/bincheck-json.5"] {
        for formatter in [
            &["mandoc", "-T", "lint", "-W", "style"][..],
            &["groff", "-ww", "-man", "-z"],
        ] {
            let mut command = Command::new(formatter[0]);
            let Ok(output) = command.args(&formatter[1..]).arg(project(page)).output() else {
                eprintln!("skipped: {} is not installed", formatter[0]);
                continue;
            };
            let said = [output.stdout, output.stderr].concat();
            assert_eq!(text(said), "", "{} {page}", formatter[0]);
        }
    }
}

#[test]
fn help_and_version_go_to_stdout() {
    for (word, part) in [
        ("--help", "Usage: bincheck"),
        ("-h", "All options: bincheck --help"),
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

/// What else is missing there follows from that.
#[test]
fn where_there_is_no_gentoo_one_line_says_so_and_names_the_example() {
    let empty = scratch();
    let stderr = text(judge(empty.path(), &[]).stderr);
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(
        stderr.ends_with("bincheck --chroot testdata/workstation\n"),
        "{stderr}"
    );
}

#[test]
fn wrong_usage_is_status_two() {
    for (words, message) in [
        (
            &["--no-such-option"][..],
            "unexpected argument '--no-such-option' found",
        ),
        (&["--exclude"], "--exclude needs a value"),
        (&["--binhost="], "a value is required for '--binhost <URI>'"),
        (&["--sync"], "--sync is an action of emerge"),
        (&["--all", "app-misc/jq"], "'--all' cannot be used with"),
        (&["--offline", "--refresh"], "'--offline' cannot be used"),
        (&["--usepkg=maybe"], "--usepkg takes y or n, not \"maybe\""),
        (&["--jsn"], "hint: a similar argument exists: '--json'"),
        (&["--x\u{1b}[2J"], "unexpected argument '--x"),
        (&["-\u{9b}"], "unexpected argument '-"),
    ] {
        let output = bincheck(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty());
        let stderr = text(output.stderr);
        assert!(stderr.starts_with("bincheck: error: "), "{stderr}");
        assert!(stderr.contains(message), "{stderr}");
        assert!(stderr.ends_with("\nhint: 'bincheck --help' lists the options\n"));
        assert!(!stderr.contains("Usage"), "{stderr}");
        assert!(!stderr.contains(is_unsafe), "{stderr:?}");
    }
}

fn is_unsafe(character: char) -> bool {
    character.is_control() && character != '\n'
}

#[test]
fn what_cannot_be_judged_is_reported_in_one_message() {
    let made = scratch();
    let file = made.path().join("file");
    fs::write(&file, "").unwrap();
    let empty = made.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let workstation = project("testdata/workstation");
    for (root, words, message) in [
        (
            &file,
            &["a/b"][..],
            "as root directory: it is none, nor a system that --freeze wrote",
        ),
        (&made.path().join("none"), &[], "caused by: No such file"),
        (
            &PathBuf::new(),
            &["a/b"],
            "cannot use \"\" as root directory",
        ),
        (
            &empty,
            &[],
            "/etc/portage: is missing, so this is not a Gentoo system; name another with --chroot",
        ),
        (&workstation, &[""], "an empty word is not a target"),
        (&workstation, &[" "], "an empty word is not a target"),
        (
            &workstation,
            &["firefx"],
            "did you mean www-client/firefox?",
        ),
        (
            &workstation,
            &["=dev-lang/python"],
            "\"=dev-lang/python\" is not a target: it has an operator and no version",
        ),
        (
            &workstation,
            &["python["],
            "\"python[\" is not a target: it does not end with its \"]\"",
        ),
        (
            &workstation,
            &["dev-lang/python-3.12"],
            "write =dev-lang/python-3.12",
        ),
        (
            &workstation,
            &["@nosuch"],
            "there is no set named \"nosuch\"",
        ),
        (&workstation, &["@"], "there is no set named \"\""),
        (
            &workstation,
            &["zlib\u{1b}[2J"],
            "\"zlib\u{fffd}[2J\" is not a target",
        ),
    ] {
        let output = judge(root, words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty());
        let stderr = text(output.stderr);
        let error = stderr.find("bincheck: error: ").expect("an error");
        assert!(stderr[error..].contains(message), "{stderr}");
        assert!(!stderr.contains(is_unsafe), "{stderr:?}");
    }
}

fn judge(root: &Path, words: &[&str]) -> Output {
    let cache = scratch();
    let mut command = support::bincheck(root, cache.path());
    command.args(words).output().unwrap()
}

/// `bincheck --all | head -1`
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let cache = scratch();
    for words in [&["--all", "-v"][..], &["--all", "--json"], &["--help"]] {
        let mut child = support::bincheck(&project("testdata/workstation"), cache.path())
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{words:?}");
        assert!(!text(output.stderr).contains("error"));
    }
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    for (words, variable, coloured) in [
        (&["ninja"][..], None, false),
        (&["ninja", "--color=y"], None, true),
        (&["ninja", "--color=y"], Some(("NO_COLOR", "1")), true),
        (
            &["ninja", "--color", "n"],
            Some(("CLICOLOR_FORCE", "1")),
            false,
        ),
        (&["ninja", "--json", "--color=y"], None, false),
    ] {
        let cache = scratch();
        let mut command = support::bincheck(&project("testdata/workstation"), cache.path());
        let output = command.args(words).envs(variable).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(output.stdout.contains(&0x1b), coloured, "{words:?}");
    }
}

/// For packages their own binaries count, for a set all that it would have merged.
#[test]
fn the_exit_status_answers_the_request() {
    let root = project("testdata/workstation");
    for (words, status) in [
        (&["net-misc/curl"][..], 0),
        (&["=dev-lang/python-3.13.7"], 0),
        // Compiled, or needing something that is.
        (&["media-video/ffmpeg"], 1),
        (&["net-misc/curl", "media-video/ffmpeg"], 1),
        (&["@world"], 1),
        (&["net-misc/curl", "@world"], 1),
        // Nothing would be merged for this set.
        (&["-u", "@system"], 0),
        // Usable, but what it needs cannot be had.
        (&["-G", "media-video/ffmpeg"], 1),
        (&["--all"], 1),
        (&["no-such/package"], 2),
    ] {
        let output = judge(&root, words);
        let stdout = text(output.stdout);
        assert_eq!(output.status.code(), Some(status), "{words:?}\n{stdout}");
    }
}

/// Without the rights of root a file may be unreadable; Portage's user sees why.
#[test]
fn a_file_that_may_not_be_read_is_a_notice() {
    let made = scratch();
    support::copy(&project("testdata/workstation"), made.path()).unwrap();
    let file = made.path().join("etc/portage/package.mask");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let stderr = text(judge(made.path(), &["ninja"]).stderr);
    assert!(
        stderr.contains("/etc/portage/package.mask: cannot be read and is skipped"),
        "{stderr}"
    );
}

/// Where nothing could be asked, changes of configuration help nothing, and something else comes first.
#[test]
fn without_an_index_the_last_line_says_what_brings_one() {
    let directory = scratch();
    let root = directory.path().join("root");
    copy(&project("testdata/workstation"), &root).unwrap();
    let hosts = root.join("etc/portage/binrepos.conf");
    fs::remove_dir_all(&hosts).unwrap();
    let last = |options: &[&str]| {
        let output = text(judge(&root, &[&["media-video/ffmpeg"], options].concat()).stdout);
        output.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(
        last(&[]),
        "next: name a binhost in /etc/portage/binrepos.conf, or give --binhost=URI"
    );
    fs::create_dir(&hosts).unwrap();
    let section = "[site]\nsync-uri = http://127.0.0.1:9/packages\n";
    fs::write(hosts.join("site.conf"), section).unwrap();
    assert_eq!(
        last(&[]),
        "next: the same again when the index of site can be read"
    );
    assert_eq!(last(&["--offline"]), "next: the same without --offline");
}
