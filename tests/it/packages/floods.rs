//! Indexes that would have one ask and wait without end: how often a host is contacted, and for how long.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::inspect::*;
use crate::binhost::server::{Reply, Server, reply};
use bincheck::binhost::TimeLimits;
use bincheck::inspect::Inspection;

/// So many entries like that of a package, each with what `edit` makes of it.
fn many(count: usize, edit: impl Fn(usize, &str) -> String) -> String {
    let one = entry("zstd");
    let (header, block) = one.trim_end().split_once("\n\n").unwrap();
    let mut index = header.to_owned();
    for number in 0..count {
        let named = block.replace("zstd-1\n", &format!("zstd{number}-1\n"));
        write!(index, "\n\n{}", edit(number, &named)).unwrap();
    }
    index
}

/// Each with a file of its own.
fn apart(number: usize, block: &str) -> String {
    block.replace("zstd-1-1.", &format!("zstd-1-{number}."))
}

#[test]
fn a_file_of_many_entries_is_asked_for_once() {
    let server = range_server(&made());
    let index = many(5000, |_, block| block.to_owned());
    let inspected = TestInspector::new().inspect(&server.uri(""), &index);
    assert_eq!(inspected.inspections.len(), 5000);
    assert!(
        inspected
            .inspections
            .values()
            .all(|inspection| matches!(inspection, Inspection::Built(_)))
    );
    assert_eq!(server.take_requests().len(), 1);
}

#[test]
fn entries_that_disagree_on_the_size_of_one_file_are_told_apart() {
    let server = range_server(&made());
    let size = std::fs::metadata(made().join("app-made/zstd/zstd-1-1.gpkg.tar"))
        .unwrap()
        .len();
    let index = many(30, |number, block| match number % 3 {
        0 => block.to_owned(),
        _ => block.replace(
            &format!("SIZE: {size}\n"),
            &format!("SIZE: {}\n", number * 1000),
        ),
    });
    let inspected = TestInspector::new().inspect(&server.uri(""), &index);
    for number in 0..30 {
        let inspection = &inspected.inspections[&format!("zstd{number}")];
        match number % 3 {
            0 => assert!(
                matches!(inspection, Inspection::Built(_)),
                "{number}: {inspection:?}"
            ),
            _ => assert_eq!(*inspection, Inspection::Size(size), "{number}"),
        }
    }
    assert_eq!(server.take_requests().len(), 1);
}

#[test]
fn no_host_is_asked_for_more_than_so_many_files() {
    let server = range_server(&made());
    let mut inspector = TestInspector::new();
    inspector.options.most = 10;
    let inspected = inspector.inspect(&server.uri(""), &many(50, apart));
    assert_eq!(server.take_requests().len(), 10);
    let capped = |inspection: &&Inspection| {
        describe(inspection).contains("10 packages of this host were inspected")
    };
    assert_eq!(inspected.inspections.values().filter(capped).count(), 40);
}

#[test]
fn many_dripping_packages_do_not_hold_a_run() {
    let head =
        b"HTTP/1.1 206 x\r\nContent-Range: bytes 0-10239/10240\r\nContent-Length: 10240\r\n\r\n";
    let server = Server::start(move |_| Reply::Drip(head.into()));
    let start = Instant::now();
    let index = many(400, |number, block| {
        let block = apart(number, block);
        let lines = block.lines().filter(|line| !line.starts_with("SIZE: "));
        lines
            .map(|line| format!("{line}\n"))
            .collect::<String>()
            .trim_end()
            .to_owned()
    });
    let inspected = TestInspector::new()
        .hurried()
        .inspect(&server.uri(""), &index);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(inspected.inspections.len(), 400);
    assert!(
        inspected
            .inspections
            .values()
            .all(|inspection| matches!(inspection, Inspection::Unreadable(_)))
    );
    assert!(server.take_requests().len() < 100);
}

#[test]
fn whole_files_that_drip_are_given_up() {
    let size = std::fs::metadata(made().join("app-made/xpak/xpak-1-1.xpak"))
        .unwrap()
        .len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n");
    let server = Server::start(move |_| Reply::Drip(head.clone().into()));
    let mut inspector = TestInspector::new();
    inspector.options.whole = true;
    inspector.options.time = TimeLimits {
        grace: Duration::from_secs(1),
        ..TimeLimits::DEFAULT
    };
    let start = Instant::now();
    let inspected = inspector.inspect(&server.uri(""), &entry("xpak"));
    let describe = describe(&inspected.inspections["xpak"]);
    assert!(
        describe.contains("less than 4096 bytes a second"),
        "{describe}"
    );
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn packages_of_a_slow_host_have_a_time_limit_in_all() {
    let made = made();
    let server = Server::start(move |request| {
        std::thread::sleep(Duration::from_millis(100));
        let path = made.join("app-made/zstd/zstd-1-1.gpkg.tar");
        part(request, &std::fs::read(path).unwrap())
    });
    let mut inspector = TestInspector::new();
    inspector.options.time.packages = Duration::from_secs(1);
    let inspected = inspector.inspect(&server.uri(""), &many(2000, apart));
    let late = |inspection: &&Inspection| describe(inspection).contains("was left alone");
    assert!(
        inspected
            .inspections
            .values()
            .any(|inspection| matches!(inspection, Inspection::Built(_)))
    );
    assert!(inspected.inspections.values().filter(late).count() > 200);
}

#[test]
fn a_remote_index_does_not_name_files_of_this_machine() {
    let directory = made();
    for uri in [
        format!("file://{}", directory.display()),
        directory.display().to_string(),
        "gopher://h/x".into(),
    ] {
        let index = index().replace("\nVERSION:", &format!("\nURI: {uri}\nVERSION:"));
        assert!(index.contains("\nURI: "), "{index}");
        let inspected = TestInspector::new().inspect("http://127.0.0.1:9/x", &index);
        for inspection in inspected.inspections.values() {
            let describe = describe(inspection);
            let expected = [
                "would be a file of this one",
                "another machine, to which no command is sent",
            ];
            assert!(
                expected.iter().any(|text| describe.contains(text)),
                "{uri}: {describe}"
            );
        }
    }
    // An index that lies here may.
    let index = index().replace(
        "\nVERSION:",
        &format!("\nURI: file://{}\nVERSION:", directory.display()),
    );
    let inspected = TestInspector::new().inspect("file:///nonexistent", &index);
    assert_all_known(&inspected);
}

#[test]
fn ranges_at_the_end_of_all_numbers_are_refused() {
    for range in [
        "bytes 0-18446744073709551615/*",
        "bytes 18446744073709551615-18446744073709551615/*",
        "bytes 0-18446744073709551614/18446744073709551615",
        "bytes 18446744073709551614-18446744073709551614/18446744073709551615",
    ] {
        for name in ["zstd", "xpak"] {
            let server = Server::start(move |_| {
                reply("206 x", &format!("Content-Range: {range}\r\n"), b"1234")
            });
            let inspection = TestInspector::new()
                .inspect(&server.uri(""), &entry(name))
                .inspections[name]
                .clone();
            assert!(
                !matches!(inspection, Inspection::Built(_) | Inspection::No),
                "{range} {name}: {inspection:?}"
            );
        }
    }
}

#[test]
fn a_file_of_packages_elsewhere_is_asked_for_without_our_password() {
    let other = range_server(&made());
    let index = index().replace("\nVERSION:", &format!("\nURI: {}\nVERSION:", other.uri("")));
    let inspected = TestInspector::new().inspect("http://me:secret@127.0.0.1:9/x", &index);
    assert_all_known(&inspected);
    let requests = other.take_requests();
    assert!(!requests.is_empty());
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}
