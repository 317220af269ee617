//! When a cached copy counts, and what is requested from the server then.

use std::fs;

use super::machine::*;
use super::server::{Server, ok, reply, status};
use bincheck::binhost::BinRepo;
use bincheck::binhost::IndexOrigin;

#[test]
fn an_unchanged_index_is_not_sent_again() {
    let server = rounds(|round, _| match round {
        1 => reply(
            "200 OK",
            "ETag: \"e\"\r\nLast-Modified: Thu, 01 Jan 1970 00:00:09 GMT\r\n",
            &gzip(index(1, "a/b-1")),
        ),
        _ => status("304 Not Modified"),
    });
    let machine = Machine::new();
    machine.fetch(&server.uri("x"));
    server.take_requests();
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(fetched.cpvs(), "a/b-1");
    assert_eq!(fetched.state.origin, IndexOrigin::NotModified);
    assert_eq!(fetched.state.received, 0);
    let request = &server.take_requests()[0];
    assert_eq!(request.header("if-none-match"), Some("\"e\""));
    assert_eq!(
        request.header("if-modified-since"),
        Some("Thu, 01 Jan 1970 00:00:09 GMT")
    );
}

#[test]
fn the_timestamp_stands_in_for_a_date_in_requests() {
    let server = plain(index(1000, "a/b-1"));
    let mut machine = Machine::new();
    machine.fetch(&server.uri("x"));
    server.take_requests();
    machine.fetch(&server.uri("x"));
    for request in server.take_requests() {
        assert_eq!(
            request.header("if-modified-since"),
            Some("Thu, 01 Jan 1970 00:16:45 GMT")
        );
    }
    machine.refresh(true).fetch(&server.uri("x"));
    for request in server.take_requests() {
        assert_eq!(request.header("if-modified-since"), None);
    }
}

#[test]
fn what_is_served_now_counts_even_if_it_is_not_newer() {
    let server = rounds(|round, _| match round {
        1 => ok(gzip(index(1000, "a/b-1"))),
        2 => ok(gzip(index(1000, "a/b-2"))),
        _ => ok(gzip(index(999, "a/b-3"))),
    });
    let mut machine = Machine::new();
    for cpv in ["a/b-1", "a/b-2", "a/b-3"] {
        let fetched = machine.fetch(&server.uri("x"));
        assert_eq!(
            (&*fetched.cpvs(), fetched.state.origin),
            (cpv, IndexOrigin::Fetched)
        );
    }
    assert_eq!(
        machine.offline(true).fetch(&server.uri("x")).cpvs(),
        "a/b-3"
    );
}

#[test]
fn within_its_ttl_an_index_is_not_asked_for() {
    let server = Server::start(|_| ok(gzip("VERSION: 0\nTIMESTAMP: 1\nTTL: 3600\n\nCPV: a/b-1\n")));
    let mut machine = Machine::new();
    machine.fetch(&server.uri("x"));
    server.take_requests();
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(
        (&*fetched.cpvs(), fetched.state.origin),
        ("a/b-1", IndexOrigin::Cached)
    );
    assert_eq!(server.take_paths(), [""; 0]);
    assert_eq!(
        machine.refresh(true).fetch(&server.uri("x")).state.origin,
        IndexOrigin::Fetched
    );
}

#[test]
fn a_frozen_host_is_asked_once() {
    let server = plain(index(1, "a/b-1"));
    let frozen = || BinRepo {
        frozen: true,
        ..repo(&server.uri("x"))
    };
    let mut machine = Machine::new();
    assert_eq!(
        machine.fetch_repo(frozen()).state.origin,
        IndexOrigin::Fetched
    );
    assert_eq!(
        machine.fetch_repo(frozen()).state.origin,
        IndexOrigin::Cached
    );
    assert_eq!(
        machine.refresh(true).fetch_repo(frozen()).state.origin,
        IndexOrigin::Fetched
    );
}

#[test]
fn a_dead_host_leaves_its_cached_index() {
    let server = rounds(|round, _| match round {
        1 => ok(gzip(index(1, "a/b-1"))),
        2 => status("500 Oh No"),
        3 => ok("no gzip"),
        _ => ok(gzip("VERSION: 1\nTIMESTAMP: 1\n")),
    });
    let machine = Machine::new();
    machine.fetch(&server.uri("x"));
    for text in ["500", "not a gzip file"] {
        let fetched = machine.fetch(&server.uri("x"));
        assert_eq!(
            (&*fetched.cpvs(), fetched.state.origin),
            ("a/b-1", IndexOrigin::Stale)
        );
        assert!(fetched.error().contains(text), "{}", fetched.error());
        assert!(fetched.error().contains("as for `emerge --pretend`"));
    }
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(
        (&*fetched.cpvs(), fetched.state.origin),
        ("-", IndexOrigin::Nothing)
    );
}

#[test]
fn offline_nothing_is_requested_for() {
    let server = plain(index(1, "a/b-1"));
    let mut machine = Machine::new();
    let fetched = machine.offline(true).fetch(&server.uri("x"));
    assert_eq!(fetched.state.origin, IndexOrigin::Nothing);
    assert!(fetched.error().contains("--offline"), "{}", fetched.error());
    assert_eq!(server.take_paths(), [""; 0]);
    machine.offline(false).fetch(&server.uri("x"));
    server.take_requests();
    let fetched = machine.offline(true).fetch(&server.uri("x"));
    assert_eq!(
        (&*fetched.cpvs(), fetched.state.origin),
        ("a/b-1", IndexOrigin::Cached)
    );
    assert_eq!(server.take_paths(), [""; 0]);
}

#[test]
fn a_damaged_cache_is_replaced() {
    let server = plain(index(1, "a/b-1"));
    let machine = Machine::new();
    machine.fetch(&server.uri("x"));
    let copies = machine.options.cache.path().unwrap().join("indexes");
    for copy in fs::read_dir(copies).unwrap() {
        fs::write(copy.unwrap().path(), "junk").unwrap();
    }
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(
        (&*fetched.cpvs(), fetched.state.origin),
        ("a/b-1", IndexOrigin::Fetched)
    );
    assert!(fetched.notices.contains("damaged"), "{}", fetched.notices);
    assert_eq!(machine.fetch(&server.uri("x")).notices, "");
}

#[test]
fn a_cache_that_cannot_be_written_is_a_notice() {
    let server = plain(index(1, "a/b-1"));
    let machine = Machine::new();
    fs::write(machine.options.cache.path().unwrap(), "a file in its place").unwrap();
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(fetched.cpvs(), "a/b-1");
    assert!(fetched.notices.contains("cannot"), "{}", fetched.notices);
}

#[test]
fn two_runs_may_fetch_at_once() {
    let server = plain(index(1, "a/b-1"));
    let machine = Machine::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let fetched = machine.fetch(&server.uri("x"));
                    assert_eq!((&*fetched.cpvs(), &*fetched.notices), ("a/b-1", ""));
                }
            });
        }
    });
}
