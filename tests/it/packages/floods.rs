//! Indexes that would have one ask and wait without end: how often a host is asked, and for how long.

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
    let looked = Looker::new().look(&server.uri(""), &index);
    assert_eq!(looked.looks.len(), 5000);
    assert!(
        looked
            .looks
            .values()
            .all(|look| matches!(look, Inspection::Built(_)))
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
    let looked = Looker::new().look(&server.uri(""), &index);
    for number in 0..30 {
        let look = &looked.looks[&format!("zstd{number}")];
        match number % 3 {
            0 => assert!(matches!(look, Inspection::Built(_)), "{number}: {look:?}"),
            _ => assert_eq!(*look, Inspection::Size(size), "{number}"),
        }
    }
    assert_eq!(server.take_requests().len(), 1);
}

#[test]
fn no_host_is_asked_for_more_than_so_many_files() {
    let server = range_server(&made());
    let mut looker = Looker::new();
    looker.options.most = 10;
    let looked = looker.look(&server.uri(""), &many(50, apart));
    assert_eq!(server.take_requests().len(), 10);
    let capped =
        |look: &&Inspection| said(look).contains("10 packages of this host were looked into");
    assert_eq!(looked.looks.values().filter(capped).count(), 40);
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
    let looked = Looker::new().hurried().look(&server.uri(""), &index);
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(looked.looks.len(), 400);
    assert!(
        looked
            .looks
            .values()
            .all(|look| matches!(look, Inspection::Unreadable(_)))
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
    let mut looker = Looker::new();
    looker.options.whole = true;
    looker.options.time = TimeLimits {
        grace: Duration::from_secs(1),
        ..TimeLimits::DEFAULT
    };
    let start = Instant::now();
    let looked = looker.look(&server.uri(""), &entry("xpak"));
    let said = said(&looked.looks["xpak"]);
    assert!(said.contains("less than 4096 bytes a second"), "{said}");
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
    let mut looker = Looker::new();
    looker.options.time.packages = Duration::from_secs(1);
    let looked = looker.look(&server.uri(""), &many(2000, apart));
    let late = |look: &&Inspection| said(look).contains("was left alone");
    assert!(
        looked
            .looks
            .values()
            .any(|look| matches!(look, Inspection::Built(_)))
    );
    assert!(looked.looks.values().filter(late).count() > 200);
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
        let looked = Looker::new().look("http://127.0.0.1:9/x", &index);
        for look in looked.looks.values() {
            let said = said(look);
            let expected = [
                "would be a file of this one",
                "cannot be read in parts over gopher",
            ];
            assert!(
                expected.iter().any(|text| said.contains(text)),
                "{uri}: {said}"
            );
        }
    }
    // An index that lies here may.
    let index = index().replace(
        "\nVERSION:",
        &format!("\nURI: file://{}\nVERSION:", directory.display()),
    );
    let looked = Looker::new().look("file:///nonexistent", &index);
    assert_all_known(&looked);
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
            let look = Looker::new().look(&server.uri(""), &entry(name)).looks[name].clone();
            assert!(
                !matches!(look, Inspection::Built(_) | Inspection::No),
                "{range} {name}: {look:?}"
            );
        }
    }
}

#[test]
fn a_file_of_packages_elsewhere_is_asked_for_without_our_password() {
    let other = range_server(&made());
    let index = index().replace("\nVERSION:", &format!("\nURI: {}\nVERSION:", other.uri("")));
    let looked = Looker::new().look("http://me:secret@127.0.0.1:9/x", &index);
    assert_all_known(&looked);
    let requests = other.take_requests();
    assert!(!requests.is_empty());
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}
