//! Hosts that are slow in every way that a host can be: each is given up, named and remembered.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::machine::*;
use super::server::{Reply, Server, ok, reply};
use bincheck::binhost::IndexOrigin;
use bincheck::binhost::{BinRepo, BinRepos, TimeLimits, fetch_all};
use bincheck::source::Notices;

use crate::support::{bincheck, project, scratch};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Longer silence than between two parts of a server that trickles, however busy this machine is.
const TRICKLING: TimeLimits = TimeLimits {
    silence: Duration::from_secs(2),
    connect: Duration::from_secs(2),
    grace: Duration::from_secs(1),
    index: Duration::from_secs(4),
    ..HURRIED
};

/// A machine that waits for a short time only.
fn machine() -> Machine {
    let mut machine = Machine::new();
    machine.options.time = TRICKLING;
    machine
}

#[test]
fn slow_hosts_are_given_up() {
    let table: [(&str, Reply, &str); 7] = [
        (
            "60 bytes a second",
            Reply::Trickle(HEAD.into(), vec![b'x'; 6]),
            "less than 4096 bytes",
        ),
        (
            "1 KiB a second",
            Reply::Trickle(HEAD.into(), vec![b'x'; 102]),
            "less than 4096 bytes",
        ),
        (
            "chunks that drip",
            Reply::Trickle(CHUNKED.into(), b"1\r\nx\r\n".into()),
            "less than 4096 bytes",
        ),
        (
            "a head that drips",
            Reply::Trickle(b"HTTP/1.1 200 OK\r\nA: ".into(), b"x".into()),
            "no answer",
        ),
        (
            "heads without end",
            Reply::Trickle(b"HTTP/1.1 200 OK\r\n".into(), b"A: x\r\n".into()),
            "no answer",
        ),
        (
            "an end that never comes",
            Reply::Stall([CHUNKED, b"1\r\nx\r\n"].concat()),
            "sent nothing for",
        ),
        (
            "as fast as it must be, for ever",
            Reply::Trickle(CHUNKED.into(), chunk(2000)),
            "longer than a host is given",
        ),
    ];
    thread::scope(|scope| {
        for (what, slow, cause) in table {
            scope.spawn(move || {
                let server = Server::start(move |_| slow.clone());
                let start = Instant::now();
                let fetched = machine().fetch(&server.uri("x"));
                let error = fetched.error();
                assert_eq!(fetched.state.origin, IndexOrigin::Nothing, "{what}");
                assert!(error.contains(cause), "{what}: {error}");
                assert!(fetched.state.is_unresponsive, "{what}");
                assert!(start.elapsed() < Duration::from_secs(15), "{what}");
            });
        }
    });
}

fn chunk(length: usize) -> Vec<u8> {
    [
        format!("{length:x}\r\n").into_bytes(),
        vec![b'x'; length],
        b"\r\n".to_vec(),
    ]
    .concat()
}

#[test]
fn all_redirections_together_have_the_time_of_one_answer() {
    let server = Server::start(|request| {
        thread::sleep(Duration::from_millis(700));
        reply("302 x", &format!("Location: {}x\r\n", request.path), b"")
    });
    let start = Instant::now();
    let fetched = machine().fetch(&server.uri("x"));
    assert!(fetched.state.is_unresponsive, "{}", fetched.error());
    assert!(start.elapsed() < Duration::from_secs(12));
}

#[test]
fn a_tls_handshake_that_hangs_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let held: Vec<_> = listener.incoming().map_while(Result::ok).collect();
        drop(held);
    });
    let mut machine = machine();
    machine.options.time.silence = Duration::from_secs(10);
    let start = Instant::now();
    let fetched = machine.fetch(&format!("https://127.0.0.1:{port}/x"));
    let error = fetched.error();
    assert!(error.contains("no connection within 2 seconds"), "{error}");
    assert!(fetched.state.is_unresponsive);
    assert!(start.elapsed() < Duration::from_secs(12));
}

#[test]
fn a_slow_host_is_not_asked_again_for_a_while() {
    let server = rounds(|round, _| match round {
        1 => ok(gzip(index(1, "a/b-1"))),
        2 => Reply::Stall(HEAD.into()),
        _ => ok(gzip(index(1, "a/b-2"))),
    });
    let mut machine = Machine::new().hurried();
    machine.fetch(&server.uri("x"));
    let failed = machine.fetch(&server.uri("x"));
    assert_eq!(
        (&*failed.cpvs(), failed.state.origin),
        ("a/b-1", IndexOrigin::Stale)
    );
    server.take_requests();
    let resting = machine.fetch(&server.uri("x"));
    assert_eq!(
        (&*resting.cpvs(), resting.state.origin),
        ("a/b-1", IndexOrigin::Stale)
    );
    assert!(resting.state.is_unresponsive);
    for text in [
        "not contacted, because it failed",
        "sent nothing",
        "--refresh asks again",
    ] {
        assert!(resting.error().contains(text), "{}", resting.error());
    }
    assert_eq!(server.take_paths(), [""; 0]);
    assert_eq!(
        machine.refresh(true).fetch(&server.uri("x")).cpvs(),
        "a/b-2"
    );
    let again = machine.refresh(false).fetch(&server.uri("x"));
    assert_eq!(
        (again.state.origin, again.error()),
        (IndexOrigin::Fetched, "")
    );
}

#[test]
fn hosts_that_answer_at_once_are_asked_each_time() {
    let server = Server::start(|_| reply("500 Oh No", "", b""));
    let machine = Machine::new();
    for _ in 0..2 {
        assert!(!machine.fetch(&server.uri("x")).state.is_unresponsive);
        assert_eq!(server.take_paths().len(), 1);
    }
}

#[test]
fn one_slow_host_does_not_keep_the_others_back() {
    let slow = Server::start(|_| Reply::Trickle(HEAD.into(), vec![b'x'; 6]));
    let good = Server::start(|_| ok(gzip(index(1, "a/b-1"))));
    let machine = machine();
    let list: Vec<BinRepo> = vec![repo(&slow.uri("x")), repo(&good.uri("x"))];
    let states = fetch_all(
        &machine.base,
        &BinRepos { list },
        &machine.options,
        &Notices::default(),
    );
    assert_eq!(states[0].origin, IndexOrigin::Nothing);
    assert_eq!(states[1].origin, IndexOrigin::Fetched);
}

/// The same command with interrupts as a terminal's programs have them: whoever started the tests in the
/// background had them ignored, which every program inherits.
fn interruptible(command: &Command) -> Command {
    let mut env = Command::new("/usr/bin/env");
    env.arg("--default-signal=INT").arg(command.get_program());
    env.args(command.get_args()).env_clear();
    env.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    env
}

#[test]
fn ctrl_c_ends_a_run_that_waits() {
    let server = Server::start(|_| Reply::Stall(HEAD.into()));
    let cache = scratch();
    let mut child = interruptible(&bincheck(&project("testdata/workstation"), cache.path()))
        .args(["--binhost", &server.uri("x"), "--all"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("bincheck runs");
    let start = Instant::now();
    while server.take_requests().is_empty() && start.elapsed() < Duration::from_secs(30) {
        thread::sleep(Duration::from_millis(20));
    }
    let pid = Pid::from_child(&child);
    kill_process(pid, Signal::INT).expect("the signal is sent");
    let sent = Instant::now();
    let status = child.wait().expect("bincheck ends");
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&status),
        Some(Signal::INT.as_raw())
    );
    assert!(
        sent.elapsed() < Duration::from_secs(5),
        "{:?}",
        sent.elapsed()
    );
}

#[test]
fn a_terminal_tells_who_is_waited_for() {
    let server = Server::start(|_| Reply::Stall(HEAD.into()));
    let cache = scratch();
    let root = project("testdata/workstation");
    let command = format!(
        "timeout -s INT 4 {} --chroot {} --binhost {} --all",
        env!("CARGO_BIN_EXE_bincheck"),
        root.display(),
        server.uri("slow-one")
    );
    // `script` gives it a terminal.
    let output = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .env("XDG_CACHE_HOME", cache.path())
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: there is no `script`");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("waiting for") && text.contains("slow-one"),
        "{text}"
    );
    assert!(text.contains("more at most"), "{text}");
}

#[test]
fn what_comes_steadily_may_take_longer_than_silence() {
    let header = "VERSION: 0\nTIMESTAMP: 1\n\n";
    let chunk = format!("CPV: a/b-1\nDESC: {}\n\n", "x".repeat(2000));
    let length = header.len() + 30 * chunk.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{header}");
    let server = Server::start(move |request| match is_gz(request) {
        true => reply("404 Not Found", "", b""),
        false => Reply::Trickle(head.clone().into(), chunk.clone().into()),
    });
    let mut machine = machine();
    machine.options.time.index = Duration::from_secs(60);
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(
        fetched.state.origin,
        IndexOrigin::Fetched,
        "{}",
        fetched.error()
    );
}
