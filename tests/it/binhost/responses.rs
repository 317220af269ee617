//! What servers answer, and what is made of it.

use std::time::{Duration, Instant};

use super::machine::*;
use super::server::{Reply, Request, Server, ok, reply, status};
use bincheck::binhost::IndexOrigin;
use bincheck::pms::Key;

#[test]
fn a_compressed_index_is_preferred() {
    let server = Server::start(|_| ok(gzip(index(1, "a/b-1"))));
    let fetched = Machine::new().fetch(&server.uri("x/"));
    assert_eq!(fetched.cpvs(), "a/b-1");
    assert_eq!(fetched.state.origin, IndexOrigin::Fetched);
    assert_eq!(fetched.error(), "");
    assert!(fetched.state.received > 0);
    let requests = server.take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].path, "/x/Packages.gz");
    assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
    assert_eq!(requests[0].header("authorization"), None);
    assert_eq!(requests[0].header("if-modified-since"), None);
}

#[test]
fn the_plain_index_is_taken_where_there_is_no_other() {
    let server = plain(index(1, "a/b-1"));
    assert_eq!(Machine::new().fetch(&server.uri("x")).cpvs(), "a/b-1");
    assert_eq!(server.take_paths(), ["/x/Packages.gz", "/x/Packages"]);
}

#[test]
fn what_fails_a_host() {
    type Script = fn(&Request) -> Reply;
    let table: &[(&str, Script, &str)] = &[
        (
            "404",
            |_| status("404 Not Found"),
            "neither Packages.gz nor Packages",
        ),
        ("500", |_| status("500 Oh No"), "500"),
        ("403", |_| status("403 No"), "403"),
        (
            "304",
            |_| status("304 Not Modified"),
            "server replied 304 to a request without a cached copy",
        ),
        ("no gzip", |_| ok("text"), "not a gzip file"),
        ("empty", |_| ok(""), "not a gzip file"),
        (
            "cut gzip",
            |_| ok(&gzip(index(1, "a/b-1"))[..30]),
            "corrupt gzip",
        ),
        (
            "loop",
            |_| reply("302 Found", "Location: /x/Packages.gz\r\n", b""),
            "in a circle",
        ),
        ("endless", endless, "too often"),
        (
            "elsewhere",
            |_| reply("302 Found", "Location: file:///etc/passwd\r\n", b""),
            "cannot get",
        ),
        ("closed", |_| Reply::Bytes(Vec::new()), "cannot get"),
        (
            "junk",
            |_| Reply::Bytes(b"\x00\xff junk".to_vec()),
            "cannot get",
        ),
        ("cut", cut, "ended after 5 of 1000 bytes"),
        ("cut chunks", cut_chunks, "broke off after"),
        ("huge", huge, "the index is larger than"),
        (
            "VERSION 1",
            |_| ok(gzip("VERSION: 1\nTIMESTAMP: 1\n")),
            "VERSION \"1\" is not supported",
        ),
        ("no VERSION", |_| ok(gzip("TIMESTAMP: 1\n")), "no VERSION"),
        ("no TIMESTAMP", |_| ok(gzip("VERSION: 0\n")), "no TIMESTAMP"),
        (
            "empty TIMESTAMP",
            |_| ok(gzip("VERSION: 0\nTIMESTAMP:\n")),
            "no TIMESTAMP",
        ),
    ];
    for (name, script, text) in table {
        let server = Server::start(*script);
        let fetched = Machine::new().fetch(&server.uri("x"));
        let error = fetched.error();
        assert_eq!(fetched.cpvs(), "-", "{name}");
        assert_eq!(fetched.state.origin, IndexOrigin::Nothing, "{name}");
        assert!(error.contains(text), "{name}: {error}");
        assert!(error.contains(&server.uri("x")), "{name}: {error}");
    }
}

fn endless(request: &Request) -> Reply {
    reply(
        "302 Found",
        &format!("Location: {}x\r\n", request.path),
        b"",
    )
}

fn cut(_: &Request) -> Reply {
    Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nVERSI".to_vec())
}

fn cut_chunks(_: &Request) -> Reply {
    Reply::Bytes(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nVERS\r\n5\r\nIO".to_vec(),
    )
}

fn huge(_: &Request) -> Reply {
    Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n".to_vec())
}

#[test]
fn an_error_with_the_compressed_index_does_not_lead_to_the_plain_one() {
    let server = Server::start(|request| match is_gz(request) {
        true => status("500 Oh No"),
        false => ok(index(1, "a/b-1")),
    });
    assert_eq!(Machine::new().fetch(&server.uri("x")).cpvs(), "-");
    assert_eq!(server.take_paths(), ["/x/Packages.gz"]);
}

#[test]
fn redirections_are_followed() {
    let server = Server::start(|request| match request.path.as_str() {
        "/x/Packages.gz" => reply("301 Moved", "Location: /y/a\r\n", b""),
        "/y/a" => reply("307 Moved", "Location: b\r\n", b""),
        _ => ok(gzip(index(1, "a/b-1"))),
    });
    assert_eq!(Machine::new().fetch(&server.uri("x")).cpvs(), "a/b-1");
    assert_eq!(server.take_paths(), ["/x/Packages.gz", "/y/a", "/y/b"]);
}

#[test]
fn a_silent_server_is_given_up() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_vec();
    let replies = [
        Reply::Stall(Vec::new()),
        Reply::Stall(b"HTTP/1.1 200".to_vec()),
        Reply::Stall(head.clone()),
        Reply::Drip(head),
    ];
    for silent in replies {
        let server = Server::start(move |_| silent.clone());
        let start = Instant::now();
        let fetched = Machine::new().hurried().fetch(&server.uri("x"));
        assert_eq!(fetched.cpvs(), "-");
        assert!(start.elapsed() < Duration::from_secs(5));
        let known = [
            "no answer within",
            "sent nothing for",
            "less than 4096 bytes a second",
        ];
        let error = fetched.error();
        assert!(known.iter().any(|text| error.contains(text)), "{error}");
    }
}

#[test]
fn odd_text_is_read_all_the_same() {
    let long = "x".repeat(3 << 20);
    let text = format!("VERSION: 0\nTIMESTAMP: 1\nX: {long}\n\nCPV: a/b-1\nDESC: {long}\nUSE: ");
    let server = plain([text.as_bytes(), b"\xff\0\x1b[31m\n\n"].concat());
    let fetched = Machine::new().fetch(&server.uri("x"));
    assert_eq!(fetched.cpvs(), "a/b-1");
    let entries = &fetched.state.index.as_ref().unwrap().entries;
    assert_eq!(entries[0].text(Key::Use), "\u{fffd}\0\u{1b}[31m");
}

#[test]
fn a_date_from_the_server_stands_in_for_a_timestamp() {
    let date = "Last-Modified: Thu, 01 Jan 1970 00:16:40 GMT\r\n";
    let server = Server::start(move |_| reply("200 OK", date, &gzip("VERSION: 0\n\nCPV: a/b-1\n")));
    assert_eq!(Machine::new().fetch(&server.uri("x")).cpvs(), "a/b-1");
}

#[test]
fn a_refused_connection_is_reported() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let fetched = Machine::new().fetch(&format!("http://127.0.0.1:{port}/x"));
    assert_eq!(fetched.state.origin, IndexOrigin::Nothing);
    assert!(
        fetched
            .error()
            .to_lowercase()
            .contains("connection refused"),
        "{}",
        fetched.error()
    );
}
