//! What can go wrong, and that emerge can be run anyway.

use super::builds::{Builds, taken};
use super::client::{Client, end};
use crate::support::{project, scratch};

#[test]
fn only_binary_packages_and_one_is_missing() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    let ended = client.bincheck("-G app-misc/tool app-misc/source").with(1);
    assert!(
        ended
            .stderr
            .contains("no usable binary package for:\n  app-misc/source\nhint: "),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("hint: --force runs emerge anyway"));
    assert!(!ended.stderr.contains("bincheck: emerge"));
    assert_eq!(taken(&server), ["/Packages.gz", "/Packages"]);
    assert!(client.installed("tool-2", "BUILD_ID").is_none());

    let forced = client
        .bincheck("--force -G app-misc/tool app-misc/source")
        .with(1);
    assert_eq!(
        forced.shown(),
        "--binpkg-respect-use=y --binpkg-changed-deps=y -G app-misc/tool app-misc/source"
    );
    let deep = client.bincheck("-G app-misc/depends").with(1);
    let text = "no usable binary package for:\n  app-misc/source\nhint: ";
    assert!(deep.stderr.contains(text), "{}", deep.stderr);
    assert!(client.installed("depends-1", "BUILD_ID").is_none());

    let pretend = client.bincheck("-pG app-misc/source").with(1);
    assert!(
        pretend
            .stderr
            .contains("bincheck: warning: there is no usable")
    );
    let all = client.bincheck("-G app-misc/tool").well();
    assert!(!all.stderr.contains("error"), "{}", all.stderr);
}

#[test]
fn there_is_no_emerge() {
    let empty = scratch();
    let client = Client::with_emerge_in(empty.path());
    let mut command = client.bincheck_command("app-misc/tool");
    let ended = end(command.env("PATH", empty.path())).with(2);
    assert!(
        ended
            .stderr
            .starts_with("bincheck: error: there is no emerge on PATH\nhint: "),
        "{}",
        ended.stderr
    );
}

/// Ctrl-C at emerge's question ends emerge as ever.
#[test]
fn an_interrupt_at_the_question() {
    let Some(builds) = Builds::get() else { return };
    let client = builds.client();
    let server = builds.serve("site");
    client.hosts(&[("site", &format!("sync-uri = {}", server.uri("")))]);
    let ask = |program: &str, words: &[&str]| {
        let mut command = client.command(builds.python);
        command.arg(project("tests/portage/interrupt.py"));
        end(command.arg(program).args(words)).well().stdout
    };
    let with = ask(
        env!("CARGO_BIN_EXE_bincheck"),
        &["--emerge", "-a", "app-misc/tool"],
    );
    let emerge = builds.python.with_file_name("emerge");
    let alone = ask(emerge.to_str().unwrap(), &["-ag", "app-misc/tool"]);
    let last = |text: &str| text.lines().last().unwrap_or_default().to_owned();
    assert!(last(&alone).starts_with("ended with "), "{alone}");
    assert_eq!(last(&with), last(&alone), "{with}");
    assert!(client.installed("tool-2", "BUILD_ID").is_none());
}

/// What stops bincheck does not stop emerge, unless that is wanted.
#[test]
fn a_broken_configuration() {
    let client = Client::with_stand_in("#!/bin/sh\necho \"ran: $*\"\nexit 42\n");
    client.append("etc/portage/make.conf", "USE=\"unfinished\n");
    let ended = client.bincheck("-1 app-misc/tool").with(42);
    assert_eq!(ended.stdout, "ran: -1 app-misc/tool\n");
    assert!(
        ended.stderr.contains("bincheck: error: "),
        "{}",
        ended.stderr
    );
    assert_eq!(ended.shown(), "-1 app-misc/tool");
    let strict = client.bincheck("--strict -1 app-misc/tool").with(2);
    assert_eq!(strict.stdout, "");
    assert!(strict.stderr.contains("bincheck: error: "));
    client.bincheck("--strict --sync").with(42);
}

/// A script named emerge that runs bincheck is found out, whether it starts it or becomes it.
#[test]
fn an_emerge_that_is_bincheck() {
    let bincheck = env!("CARGO_BIN_EXE_bincheck");
    for how in ["", "exec "] {
        let script = format!("#!/bin/sh\n{how}{bincheck} --emerge \"$@\"\n");
        let client = Client::with_stand_in(&script);
        let ended = client.bincheck("--info").with(2);
        assert_eq!(ended.stderr.lines().count(), 2, "{}", ended.stderr);
        assert!(
            ended
                .stderr
                .contains("is a script that runs bincheck again"),
            "{}",
            ended.stderr
        );
    }
}
