//! Indexes that would fill the memory, read by the whole program with 1 GiB of address space: an error that
//! names the host, and never an abort.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

use super::machine::{Machine, gzip};
use super::server::{Reply, Server, ok, reply, status};
use bincheck::binhost::IndexOrigin;
use bincheck::binhost::MemoryLimits;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::{project, scratch};

const HEADER: &str = "VERSION: 0\nTIMESTAMP: 1\n\n";

/// A gzip file of a header and a part that is repeated so often. Members may follow each other.
fn bomb(chunk: &str, times: usize) -> Vec<u8> {
    [gzip(HEADER), gzip(chunk).repeat(times)].concat()
}

/// One entry with more lines.
fn entry(lines: &str) -> Vec<u8> {
    format!("{HEADER}CPV: a/b-1\nSLOT: 0\n{lines}\n\n").into_bytes()
}

/// The whole program under `ulimit -v` of 1 GiB, with these hosts besides the two of the workstation.
fn run(cache: &Path, hosts: &[String], options: &[&str]) -> Output {
    let mut command = Command::new("bash");
    command.args([
        "-c",
        "ulimit -v 1048576; exec \"$@\"",
        "bash",
        env!("CARGO_BIN_EXE_bincheck"),
    ]);
    command.arg("--chroot").arg(project("testdata/workstation"));
    command
        .args(["--binhost", &hosts.join(" "), "--refresh"])
        .args(options);
    command
        .env_clear()
        .env("XDG_CACHE_HOME", cache)
        .env("LC_ALL", "C.UTF-8");
    command.output().expect("bash runs")
}

/// Assert that a run came to an end of its own, with the answer about the other hosts.
fn assert_survives(what: &str, output: &Output, refused: Option<&str>) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let stderr: String = stderr.chars().take(2000).collect();
    assert_eq!(output.status.signal(), None, "{what}: {stderr}");
    assert!(
        matches!(output.status.code(), Some(0..=2)),
        "{what}: {stderr}"
    );
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("net-misc/curl"), "{what}: {stderr}");
    if let Some(cause) = refused {
        assert!(stderr.contains(cause), "{what}: {stderr}");
        assert!(stderr.contains("127.0.0.1"), "{what}: {stderr}");
    }
}

#[test]
fn hostile_indexes_end_in_an_error_under_a_limit() {
    let mebibyte = "CPV: a/b-1\n".repeat(95_000);
    let tiny = "CPV: a/b-1\n\n".repeat(80_000);
    let lines: String = (0..40_000)
        .map(|number| format!("K{number}: v\n"))
        .collect();
    let words = "a b c d e f g h i j ".repeat(24_000);
    let digits = "9".repeat(400_000);
    let numbers =
        format!("SIZE: {digits}\nBUILD_TIME: {digits}\nBUILD_ID: -{digits}\nMTIME: {digits}");
    let deep = format!("RDEPEND: {}", "( ".repeat(200_000));
    let table: Vec<(&str, Vec<u8>, Option<&str>)> = vec![
        (
            "a line repeated for 1 GiB",
            bomb(&mebibyte, 1000),
            Some("corrupt gzip file"),
        ),
        (
            "nested bombs",
            gzip(bomb(&mebibyte, 1000)),
            Some("corrupt gzip file"),
        ),
        ("many tiny entries", bomb(&tiny, 7), Some("next to nothing")),
        ("empty entries", bomb(&"CPV: \n\n".repeat(90_000), 12), None),
        (
            "one line of 20 MiB",
            entry(&format!("USE: {}", "x".repeat(20 << 20))),
            Some("longer than any real one"),
        ),
        ("many keys", entry(&lines), None),
        (
            "a header without end",
            format!("VERSION: 0\n{}", lines.repeat(20)).into_bytes(),
            Some("header"),
        ),
        (
            "what all inherit",
            format!("VERSION: 0\nTIMESTAMP: 1\nCHOST: {digits}\n\n{tiny}").into_bytes(),
            Some("next to nothing"),
        ),
        (
            "bad bytes",
            [HEADER.as_bytes(), &vec![0xff; 60 << 20]].concat(),
            Some("larger than"),
        ),
        ("words", entry(&format!("USE: {words}")), None),
        ("words of IUSE", entry(&format!("IUSE: {words}")), None),
        (
            "huge numbers",
            entry(&numbers),
            Some("longer than any real one"),
        ),
        (
            "large numbers",
            entry(&numbers.replace(&digits, &digits[..4000])),
            None,
        ),
        ("nothing at all", Vec::new(), Some("VERSION")),
        ("deep groups", entry(&deep), None),
    ];
    for (what, body, refused) in table {
        let is_packed = body.starts_with(b"\x1f\x8b");
        let server = Server::start(move |request| {
            match (request.path.ends_with(".gz"), body.starts_with(b"\x1f\x8b")) {
                (true, false) => status("404 Not Found"),
                _ => ok(&body),
            }
        });
        let cache = scratch();
        let hosts = [server.uri("x")];
        // Unpacking is slow in builds for tests, and once is enough.
        let ways: &[&[&str]] = match is_packed {
            true => &[&["--all"]],
            false => &[&["--all"], &["net-misc/curl", "a/b"]],
        };
        for options in ways {
            let output = run(cache.path(), &hosts, options);
            if options.len() == 1 {
                assert_survives(what, &output, refused);
            }
            assert_eq!(output.status.signal(), None, "{what}");
        }
    }
}

#[test]
fn answers_without_end_are_cut_off() {
    let endless = |head: &'static [u8]| {
        Server::start(move |_| Reply::Trickle(head.into(), vec![b'x'; 20 << 20]))
    };
    let chunk = [
        b"1400000\r\n".to_vec(),
        vec![b'x'; 20 << 20],
        b"\r\n".to_vec(),
    ]
    .concat();
    let chunked: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let servers = [
        endless(b"HTTP/1.1 200 OK\r\n\r\n"),
        endless(b"HTTP/1.1 200 OK\r\nA: "),
        Server::start(move |_| Reply::Trickle(chunked.into(), chunk.clone())),
        Server::start(|_| reply("200 OK", "", &vec![b'x'; 100 << 20])),
    ];
    let hosts: Vec<String> = servers.iter().map(|server| server.uri("x")).collect();
    let cache = scratch();
    let output = run(cache.path(), &hosts, &["--all"]);
    assert_survives("endless", &output, Some("larger than"));
}

#[test]
fn a_host_over_its_share_leaves_the_others_theirs() {
    let mut machine = Machine::new();
    machine.options.memory = MemoryLimits {
        total: 10 << 20,
        entries: 1000,
    };
    let large = format!("{HEADER}CPV: a/b-1\nDESC: {}\n", "x".repeat(3 << 20));
    let many = format!("{HEADER}{}", "CPV: a/b-1\n\n".repeat(1001));
    for (body, cause) in [
        (large, "larger than 2 MiB"),
        (many, "more than 1000 entries"),
    ] {
        let body = gzip(&body);
        let server = Server::start(move |_| ok(&body));
        let fetched = machine.fetch(&server.uri("x"));
        assert_eq!(fetched.state.origin, IndexOrigin::Nothing);
        assert!(fetched.error().contains(cause), "{}", fetched.error());
    }
}

#[test]
fn files_that_are_no_files_do_not_hang() {
    let machine = Machine::new();
    let directory = machine.directory.path().join("host");
    fs::create_dir(&directory).unwrap();
    let uri = format!("file://{}", directory.display());
    let packages = directory.join("Packages");
    mknodat(CWD, &packages, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let fetched = machine.fetch(&uri);
    assert!(
        fetched.error().contains("not a regular file"),
        "{}",
        fetched.error()
    );
    fs::remove_file(&packages).unwrap();
    for target in ["/dev/zero", "/dev/tty", "/dev/full"] {
        std::os::unix::fs::symlink(target, &packages).unwrap();
        assert_eq!(
            machine.fetch(&uri).state.origin,
            IndexOrigin::Nothing,
            "{target}"
        );
        fs::remove_file(&packages).unwrap();
    }
    fs::File::create(&packages)
        .unwrap()
        .set_len(600 << 20)
        .unwrap();
    let fetched = machine.fetch(&uri);
    assert!(
        fetched.error().contains("larger than"),
        "{}",
        fetched.error()
    );
}

#[test]
fn another_host_for_packages_is_reported() {
    let server = Server::start(|_| {
        ok(gzip(
            "VERSION: 0\nTIMESTAMP: 1\nURI: http://u:secret@packages.invalid/p\n\nCPV: a/b-1\nPATH: b.xpak\n",
        ))
    });
    let fetched = Machine::new().fetch(&server.uri("x"));
    let elsewhere = fetched.state.elsewhere().map(|uri| uri.to_string());
    assert_eq!(elsewhere.as_deref(), Some("http://packages.invalid/p"));
    let cache = scratch();
    let output = run(cache.path(), &[server.uri("x")], &["--all", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let hosts = value["hosts"].as_array().expect("hosts");
    let reported: Vec<_> = hosts
        .iter()
        .filter_map(|host| host["packages"].as_str())
        .collect();
    assert_eq!(reported, ["http://packages.invalid/p"], "{hosts:?}");
    let output = run(cache.path(), &[server.uri("x")], &["--all"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("packages lie at http://packages.invalid/p"),
        "{stderr}"
    );
    assert!(!stderr.contains("secret"), "{stderr}");
}
