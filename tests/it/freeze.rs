//! `--freeze`, `--deploy`, and judging what was frozen.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::binhost::server::{Request, Server, ok, status};
use crate::emerge::client::Client;
use crate::portage::python;
use crate::support::{bincheck, copy, project, scratch};

fn run(root: &Path, words: &[&str]) -> Output {
    let cache = scratch();
    let mut command = bincheck(root, cache.path());
    command.args(words).output().expect("bincheck runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Freeze a root into a file; what was printed.
fn freeze(root: &Path, file: &Path, more: &[&str]) -> String {
    let words = [&["--freeze", file.to_str().expect("a path")], more].concat();
    let output = run(root, &words);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn deploy(file: &Path, into: &Path, more: &[&str]) -> Output {
    let [file, into] = [file, into].map(|path| path.to_str().expect("a path"));
    let words = [&["--deploy", file, into], more].concat();
    let cache = scratch();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bincheck"));
    command.env("XDG_CACHE_HOME", cache.path()).args(words);
    command.output().expect("bincheck runs")
}

/// The workstation with its binhosts on a server.
fn workstation() -> (tempfile::TempDir, Server) {
    let root = scratch();
    copy(&project("testdata/workstation"), root.path()).expect("the system");
    let directory = root.path().join("srv/binhost");
    let server = Server::start(move |request: &Request| {
        let path = request.path.trim_start_matches('/');
        fs::read(directory.join(path)).map_or_else(|_| status("404 Not Found"), ok)
    });
    for name in ["site", "gentoo"] {
        let conf = root
            .path()
            .join(format!("etc/portage/binrepos.conf/{name}.conf"));
        let text = fs::read_to_string(&conf).expect("a section");
        let here = text.replace("file:///srv/binhost/", &server.uri(""));
        fs::write(conf, here).expect("a section");
    }
    (root, server)
}

#[test]
fn a_frozen_system_is_judged_as_it_was() {
    let (root, _server) = workstation();
    let directory = scratch();
    // Packages of PKGDIR are not part of a configuration.
    let _ = fs::remove_dir_all(root.path().join("var/cache/binpkgs"));
    let requests = [&["@world"][..], &["-v", "curl"], &["--all"]];
    for (more, requests) in [
        (&[][..], &requests[..2]),
        (&["--with-repositories"], &requests),
    ] {
        let file = directory.path().join("frozen.tar.gz");
        freeze(root.path(), &file, more);
        for words in requests {
            let [frozen, own] = [&file, root.path()].map(|root| {
                let output = run(root, words);
                (output.status.code(), text(&output.stdout))
            });
            assert_eq!(frozen, own, "{words:?}");
        }
    }
    let stderr = text(&run(&directory.path().join("frozen.tar.gz"), &["jq"]).stderr);
    assert!(!stderr.contains("package names"), "it holds all: {stderr}");
}

#[test]
fn the_same_system_gives_the_same_bytes_also_after_it_was_deployed() {
    let (root, _server) = workstation();
    let conf = root.path().join("etc/portage/make.conf");
    fs::set_permissions(&conf, fs::Permissions::from_mode(0o640)).expect("a mode");
    let elsewhere = root.path().join("srv/profile");
    fs::create_dir_all(&elsewhere).expect("a directory");
    fs::write(elsewhere.join("package.mask"), "# nothing\n").expect("a file");
    symlink("/srv/profile", root.path().join("etc/portage/linked")).expect("a link");
    let directory = scratch();
    let [one, two, three, into] = ["1", "2", "3", "into"].map(|name| directory.path().join(name));
    freeze(root.path(), &one, &[]);
    freeze(root.path(), &two, &[]);
    let bytes = fs::read(&one).expect("a file");
    assert_eq!(bytes, fs::read(&two).expect("a file"));
    assert_eq!(deploy(&one, &into, &[]).status.code(), Some(0));
    freeze(&into, &three, &[]);
    assert_eq!(bytes, fs::read(&three).expect("a file"));
    let mode = fs::metadata(into.join("etc/portage/make.conf")).expect("a file");
    assert_eq!(mode.permissions().mode() & 0o777, 0o640);
    assert!(
        into.join("srv/profile/package.mask").is_file(),
        "what links lead to"
    );
    // Nothing is overwritten, and a part can be taken.
    let again = deploy(&one, &into, &[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("overwrites nothing"));
    let part = directory.path().join("part");
    let words = ["--only", "/etc/portage"];
    assert_eq!(deploy(&one, &part, &words).status.code(), Some(0));
    let names: Vec<_> = fs::read_dir(&part).expect("it is there").collect();
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(part.join("etc/portage/make.conf").is_file());
}

#[test]
fn secrets_stay_and_are_named() {
    let (root, _server) = workstation();
    let portage = root.path().join("etc/portage");
    fs::create_dir(portage.join("gnupg")).expect("a directory");
    fs::write(portage.join("gnupg/secring.gpg"), "CANARY-1").expect("a file");
    fs::write(portage.join("host.key"), "CANARY-2").expect("a file");
    let section = "[mine]\nsync-uri = https://me:CANARY-3@packages.invalid/x\n\
                   fetchcommand = wget --http-password=CANARY-4 ${URI}\n";
    fs::write(portage.join("binrepos.conf/mine.conf"), section).expect("a file");
    let directory = scratch();
    let file = directory.path().join("frozen");
    let printed = freeze(root.path(), &file, &[]);
    for path in ["gnupg", "host.key", "binrepos.conf/mine.conf"] {
        let named = format!("without /etc/portage/{path}");
        assert!(printed.contains(&named), "{printed}");
    }
    let into = directory.path().join("into");
    let deployed = deploy(&file, &into, &[]);
    assert!(text(&deployed.stdout).contains("without /etc/portage/gnupg"));
    let mut all = Vec::new();
    read_all(&into, &mut all);
    assert!(!text(&all).contains("CANARY"), "{}", text(&all));
    assert!(
        text(&all).contains("packages.invalid"),
        "the rest of the file is there"
    );
}

fn read_all(at: &Path, all: &mut Vec<u8>) {
    for entry in fs::read_dir(at).expect("a directory") {
        let path = entry.expect("a name").path();
        match fs::symlink_metadata(&path).expect("metadata") {
            metadata if metadata.is_dir() => read_all(&path, all),
            metadata if metadata.is_file() => all.extend(fs::read(&path).expect("a file")),
            _ => {}
        }
    }
}

#[test]
fn what_is_not_a_frozen_system_is_refused() {
    let directory = scratch();
    let file = directory.path().join("no.tar.gz");
    fs::write(&file, "nothing").expect("a file");
    for output in [
        run(&file, &["@world"]),
        deploy(&file, &directory.path().join("x"), &[]),
    ] {
        assert_eq!(output.status.code(), Some(2));
        let stderr = text(&output.stderr);
        assert!(
            stderr.contains("no.tar.gz") && stderr.contains("not an archive"),
            "{stderr}"
        );
    }
}

/// What fails midway leaves the directory as it was: gone, or empty.
#[test]
fn a_deployment_that_fails_leaves_nothing() {
    let (root, _server) = workstation();
    let directory = scratch();
    let [whole, damaged] = ["whole", "damaged"].map(|name| directory.path().join(name));
    freeze(root.path(), &whole, &[]);
    let mut bytes = fs::read(&whole).expect("an archive");
    bytes.truncate(bytes.len() * 9 / 10);
    fs::write(&damaged, bytes).expect("an archive");
    let [new, there] = ["new", "there"].map(|name| directory.path().join(name));
    fs::create_dir(&there).expect("a directory");
    for into in [&new, &there] {
        let output = deploy(&damaged, into, &[]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        assert!(is_empty(into));
    }
    assert!(!new.exists() && there.exists());
    assert_eq!(deploy(&whole, &there, &[]).status.code(), Some(0));
    let names = fs::read_dir(&there).expect("a directory");
    let hidden = names.map(|entry| entry.expect("an entry").file_name());
    let hidden: Vec<_> = hidden
        .filter(|name| name.to_string_lossy().starts_with(".bincheck-"))
        .collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

/// A signal ends a deployment as it ends other programs, and nothing stays behind.
#[test]
fn an_interrupted_deployment_leaves_nothing() {
    let (root, _server) = workstation();
    let directory = scratch();
    let [file, pipe, into] = ["file", "pipe", "into"].map(|name| directory.path().join(name));
    freeze(root.path(), &file, &[]);
    let bytes = fs::read(&file).expect("an archive");
    for signal in [rustix::process::Signal::INT, rustix::process::Signal::TERM] {
        let _ = fs::remove_file(&pipe);
        let made = Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("mkfifo runs").success());
        let mut child = Command::new(env!("CARGO_BIN_EXE_bincheck"))
            .arg("--deploy")
            .args([&pipe, &into])
            .spawn()
            .expect("bincheck runs");
        let mut writer = fs::OpenOptions::new()
            .write(true)
            .open(&pipe)
            .expect("a pipe");
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        writer.write_all(first).expect("it is read");
        let start = Instant::now();
        while is_empty(&into) && start.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(!is_empty(&into), "it has begun");
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, signal).expect("it runs");
        // It may end before it has read everything.
        let _ = writer.write_all(rest);
        drop(writer);
        let status = child.wait().expect("it ends");
        assert_eq!(status.signal(), Some(signal.as_raw()));
        assert!(!into.exists(), "{signal:?}");
    }
}

fn is_empty(directory: &Path) -> bool {
    fs::read_dir(directory).map_or(true, |mut entries| entries.next().is_none())
}

/// emerge sees in a deployed system what it saw in the one that was frozen.
#[test]
fn emerge_reads_what_was_deployed() {
    let Some(python) = python() else { return };
    let client = Client::with_portage(python);
    let directory = scratch();
    let [file, into] = ["frozen", "into"].map(|name| directory.path().join(name));
    freeze(client.root(), &file, &[]);
    let only = ["--only", "etc/portage"];
    assert_eq!(deploy(&file, &into, &only).status.code(), Some(0));
    let names = ["USE", "CFLAGS", "ACCEPT_KEYWORDS", "FEATURES", "CHOST"];
    let seen = || {
        let variables = client.run(&format!("portageq envvar -v {}", names.join(" ")));
        let info = client.run("emerge --info").well().stdout;
        // Loads, clocks and free memory stand in lines of other forms.
        let info = info.lines().map(str::trim_end);
        let mut info: Vec<String> = info
            .filter(|line| line.contains("=\"") || line.starts_with("    "))
            .map(str::to_owned)
            .collect();
        // Options of a repository come in another order each time.
        info.sort_unstable();
        (variables.well().stdout, info)
    };
    let before = seen();
    fs::remove_dir_all(client.root().join("etc/portage")).expect("its configuration");
    copy(
        &into.join("etc/portage"),
        &client.root().join("etc/portage"),
    )
    .expect("the deployed one");
    assert_eq!(before, seen());
    let (variables, info) = before;
    assert!(variables.contains("USE="), "{variables}");
    assert!(
        info.iter().any(|line| line.starts_with("CFLAGS=")),
        "{info:?}"
    );
}
