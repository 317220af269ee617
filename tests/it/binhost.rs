//! Indexes over real connections: what is asked for, what counts, what is said when it goes wrong.

mod server;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bincheck::binhost::fetch::Origin;
use bincheck::binhost::{BinRepo, BinRepos, FetchOptions, HostState, Uri, fetch_all};
use bincheck::chroot::Chroot;
use bincheck::env::Env;
use bincheck::local::Base;
use bincheck::local::getconfig::Assignment;
use bincheck::local::roots::Roots;
use bincheck::local::vars::{Layer, Vars};
use bincheck::pms::Key;
use bincheck::source::{Notices, Source};
use flate2::Compression;
use flate2::write::GzEncoder;
use server::{Reply, Request, Server, ok, reply, status};
use tempfile::TempDir;

/// One machine with its cache.
struct Machine {
    base: Base,
    options: FetchOptions,
    directory: TempDir,
}

/// What a fetch came to, with all that a user may see of it.
struct Fetched {
    state: HostState,
    notices: String,
}

impl Fetched {
    /// CPVs of the index; `-` if there is none.
    fn cpvs(&self) -> String {
        let Some(index) = &self.state.index else {
            return "-".to_owned();
        };
        let cpvs: Vec<&str> = index
            .entries
            .iter()
            .map(|entry| entry.text(Key::Cpv))
            .collect();
        cpvs.join(" ")
    }

    fn trouble(&self) -> &str {
        self.state.trouble.as_deref().unwrap_or("")
    }
}

impl Machine {
    fn new() -> Machine {
        Machine::with(&[])
    }

    fn with(variables: &[(&str, &str)]) -> Machine {
        let directory = tempfile::tempdir().unwrap();
        let layers = variables
            .iter()
            .map(|(name, value)| (Layer::Conf, Assignment::new(*name, *value, Source::BuiltIn)));
        let root = || "/".into();
        let base = Base {
            chroot: Chroot::new(None).unwrap(),
            roots: Roots {
                config_root: root(),
                root: root(),
                sysroot: root(),
                eprefix: "".into(),
                eroot: root(),
                global_config: "/nonexistent".into(),
                user_config: "/nonexistent".into(),
            },
            env: Env::default(),
            repositories: Default::default(),
            profile: Default::default(),
            vars: Vars::new(layers.collect()),
        };
        let options = FetchOptions {
            offline: false,
            refresh: false,
            progress: false,
            cache_dir: directory.path().join("cache"),
            timeout: Duration::from_secs(5),
        };
        Machine {
            base,
            options,
            directory,
        }
    }

    fn hurried(mut self) -> Machine {
        self.options.timeout = Duration::from_millis(300);
        self
    }

    fn fetch(&self, uri: &str) -> Fetched {
        self.fetch_repo(repo(uri))
    }

    fn fetch_repo(&self, repo: BinRepo) -> Fetched {
        let notices = Notices::default();
        let repos = BinRepos { list: vec![repo] };
        let state = fetch_all(&self.base, &repos, &self.options, &notices).remove(0);
        let notices = notices.into_sorted();
        Fetched {
            state,
            notices: notices.iter().map(|notice| format!("{notice}\n")).collect(),
        }
    }

    fn refresh(&mut self, refresh: bool) -> &mut Machine {
        self.options.refresh = refresh;
        self
    }

    fn offline(&mut self, offline: bool) -> &mut Machine {
        self.options.offline = offline;
        self
    }
}

fn repo(uri: &str) -> BinRepo {
    BinRepo {
        name: "host".to_owned(),
        named: true,
        sync_uri: Uri::new(uri),
        priority: 0,
        location: None,
        frozen: false,
        verify_signature: None,
        fetch_command: None,
        exclude: Vec::new(),
        include: Vec::new(),
        source: Source::BuiltIn,
    }
}

fn index(timestamp: u32, cpv: &str) -> String {
    format!("VERSION: 0\nTIMESTAMP: {timestamp}\n\nCPV: {cpv}\n\n")
}

fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

fn is_gz(request: &Request) -> bool {
    request.path.ends_with("/Packages.gz")
}

/// A server with a plain index only.
fn plain(body: impl AsRef<[u8]>) -> Server {
    let body = body.as_ref().to_owned();
    Server::start(move |request| match is_gz(request) {
        true => status("404 Not Found"),
        false => ok(&body),
    })
}

/// A server that answers one script a round, counted by requests for `Packages.gz`.
fn rounds(script: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Server {
    let round = AtomicUsize::new(0);
    Server::start(move |request| {
        if is_gz(request) {
            round.fetch_add(1, Ordering::SeqCst);
        }
        script(round.load(Ordering::SeqCst), request)
    })
}

#[test]
fn a_compressed_index_is_preferred() {
    let server = Server::start(|_| ok(gzip(index(1, "a/b-1"))));
    let fetched = Machine::new().fetch(&server.uri("x/"));
    assert_eq!(fetched.cpvs(), "a/b-1");
    assert_eq!(fetched.state.origin, Origin::Fetched);
    assert_eq!(fetched.trouble(), "");
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
            "takes us to have a copy",
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
        ("huge", huge, "too large"),
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
        let trouble = fetched.trouble();
        assert_eq!(fetched.cpvs(), "-", "{name}");
        assert_eq!(fetched.state.origin, Origin::Nothing, "{name}");
        assert!(trouble.contains(text), "{name}: {trouble}");
        assert!(trouble.contains(&server.uri("x")), "{name}: {trouble}");
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
fn trouble_with_the_compressed_index_does_not_lead_to_the_plain_one() {
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
            "sends next to nothing",
        ];
        let trouble = fetched.trouble();
        assert!(known.iter().any(|text| trouble.contains(text)), "{trouble}");
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
    assert_eq!(fetched.state.origin, Origin::NotModified);
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
            (cpv, Origin::Fetched)
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
        ("a/b-1", Origin::Cached)
    );
    assert_eq!(server.take_paths(), [""; 0]);
    assert_eq!(
        machine.refresh(true).fetch(&server.uri("x")).state.origin,
        Origin::Fetched
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
    assert_eq!(machine.fetch_repo(frozen()).state.origin, Origin::Fetched);
    assert_eq!(machine.fetch_repo(frozen()).state.origin, Origin::Cached);
    assert_eq!(
        machine.refresh(true).fetch_repo(frozen()).state.origin,
        Origin::Fetched
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
            ("a/b-1", Origin::Stale)
        );
        assert!(fetched.trouble().contains(text), "{}", fetched.trouble());
    }
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(
        (&*fetched.cpvs(), fetched.state.origin),
        ("-", Origin::Nothing)
    );
}

#[test]
fn a_refused_connection_is_told() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let fetched = Machine::new().fetch(&format!("http://127.0.0.1:{port}/x"));
    assert_eq!(fetched.state.origin, Origin::Nothing);
    assert!(
        fetched
            .trouble()
            .to_lowercase()
            .contains("connection refused"),
        "{}",
        fetched.trouble()
    );
}

#[test]
fn offline_nothing_is_asked_for() {
    let server = plain(index(1, "a/b-1"));
    let mut machine = Machine::new();
    let fetched = machine.offline(true).fetch(&server.uri("x"));
    assert_eq!(fetched.state.origin, Origin::Nothing);
    assert!(
        fetched.trouble().contains("--offline"),
        "{}",
        fetched.trouble()
    );
    assert_eq!(server.take_paths(), [""; 0]);
    machine.offline(false).fetch(&server.uri("x"));
    server.take_requests();
    let fetched = machine.offline(true).fetch(&server.uri("x"));
    assert_eq!(
        (&*fetched.cpvs(), fetched.state.origin),
        ("a/b-1", Origin::Cached)
    );
    assert_eq!(server.take_paths(), [""; 0]);
}

#[test]
fn a_damaged_cache_is_replaced() {
    let server = plain(index(1, "a/b-1"));
    let machine = Machine::new();
    machine.fetch(&server.uri("x"));
    let copies = machine.options.cache_dir.join("indexes");
    for copy in fs::read_dir(copies).unwrap() {
        fs::write(copy.unwrap().path(), "junk").unwrap();
    }
    let fetched = machine.fetch(&server.uri("x"));
    assert_eq!(
        (&*fetched.cpvs(), fetched.state.origin),
        ("a/b-1", Origin::Fetched)
    );
    assert!(fetched.notices.contains("damaged"), "{}", fetched.notices);
    assert_eq!(machine.fetch(&server.uri("x")).notices, "");
}

#[test]
fn a_cache_that_cannot_be_written_is_a_notice() {
    let server = plain(index(1, "a/b-1"));
    let machine = Machine::new();
    fs::write(&machine.options.cache_dir, "a file in its place").unwrap();
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

#[test]
fn hosts_keep_their_order_and_are_asked_side_by_side() {
    let servers: Vec<Server> = (0..4u64)
        .map(|number| {
            Server::start(move |_| {
                std::thread::sleep(Duration::from_millis(400 - number * 100));
                ok(gzip(index(1, &format!("a/b-{number}"))))
            })
        })
        .collect();
    let machine = Machine::new();
    let list = servers
        .iter()
        .map(|server| repo(&server.uri("x")))
        .collect();
    let start = Instant::now();
    let states = fetch_all(
        &machine.base,
        &BinRepos { list },
        &machine.options,
        &Notices::default(),
    );
    assert!(start.elapsed() < Duration::from_millis(1000));
    for (number, state) in states.into_iter().enumerate() {
        let fetched = Fetched {
            state,
            notices: String::new(),
        };
        assert_eq!(fetched.cpvs(), format!("a/b-{number}"));
    }
}

#[test]
fn credentials_are_sent_and_never_shown() {
    let uri = |server: &Server| format!("http://user:p%40ss@{}/x?token=hush", server.authority());
    let good = Server::start(|_| ok(gzip(index(1, "a/b-1"))));
    Machine::new().fetch(&uri(&good));
    let request = &good.take_requests()[0];
    // "user:p%40ss", as it is written
    assert_eq!(
        request.header("authorization"),
        Some("Basic dXNlcjpwJTQwc3M=")
    );
    assert_eq!(request.path, "/x?token=hush/Packages.gz");

    let bad = [
        Server::start(|_| status("401 Who Are You")),
        Server::start(|_| Reply::Bytes(Vec::new())),
        Server::start(|_| reply("302 Found", "Location: /x?token=hush/Packages.gz\r\n", b"")),
        Server::start(|_| ok("text")),
    ];
    for server in bad {
        let fetched = Machine::new().fetch(&uri(&server));
        let said = format!(
            "{}{}{:?}",
            fetched.trouble(),
            fetched.notices,
            fetched.state.repo
        );
        assert!(!fetched.trouble().is_empty());
        for secret in ["user", "p%40ss", "p@ss", "hush"] {
            assert!(!said.contains(secret), "{secret}: {said}");
        }
    }
}

#[test]
fn credentials_stay_with_their_host() {
    let other = Server::start(|_| ok(gzip(index(1, "a/b-1"))));
    let target = format!(
        "Location: http://localhost:{}/y\r\n",
        other.authority().rsplit_once(':').unwrap().1
    );
    let server = Server::start(move |_| reply("302 Found", &target, b""));
    let fetched = Machine::new().fetch(&format!("http://u:p@{}/x", server.authority()));
    assert_eq!(fetched.cpvs(), "a/b-1");
    assert_eq!(other.take_requests()[0].header("authorization"), None);
}

#[test]
fn a_proxy_is_used() {
    let proxy = Server::start(|_| ok(gzip(index(1, "a/b-1"))));
    let address = proxy.uri("");
    let machine = Machine::with(&[("http_proxy", &address), ("no_proxy", "direct.invalid")]);
    assert_eq!(machine.fetch("http://some.invalid/x").cpvs(), "a/b-1");
    assert_eq!(proxy.take_paths(), ["http://some.invalid/x/Packages.gz"]);
    assert_eq!(machine.fetch("http://direct.invalid/x").cpvs(), "-");
    assert_eq!(proxy.take_paths(), [""; 0]);
}

#[test]
fn uris_that_cannot_be_used_are_told() {
    for uri in [
        "http://",
        "http://[",
        "http://h:x/",
        "http:///a",
        "nonsense://h/a",
        "x",
        "",
        "ssh://-oProxyCommand=x/a",
    ] {
        let fetched = Machine::new().fetch(uri);
        assert_eq!(fetched.state.origin, Origin::Nothing, "{uri}");
        assert!(
            fetched.trouble().starts_with("cannot take the index of"),
            "{uri}"
        );
    }
}

#[test]
fn directories_are_read() {
    let machine = Machine::new();
    let path = machine.directory.path().join("a b");
    fs::create_dir(&path).unwrap();
    let path = path.to_str().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(Path::new(path).join(name), bytes).unwrap();
    let read = |uri: String| {
        let fetched = machine.fetch(&uri);
        (fetched.cpvs(), fetched.state.origin)
    };
    let nothing = ("-".to_owned(), Origin::Nothing);
    assert_eq!(read(format!("file://{path}")), nothing);
    fs::create_dir(Path::new(path).join("Packages")).unwrap();
    assert_eq!(read(format!("file://{path}")), nothing);
    fs::remove_dir(Path::new(path).join("Packages")).unwrap();
    write("Packages", index(1, "a/b-1").as_bytes());
    for uri in [
        format!("file://{path}"),
        format!("file:{path}/"),
        path.to_owned(),
    ] {
        assert_eq!(read(uri), ("a/b-1".to_owned(), Origin::Local));
    }
    // Nothing is kept of a directory: what is there now counts.
    write("Packages.gz", &gzip(index(1, "a/b-2")));
    assert_eq!(read(format!("file://{path}")).0, "a/b-2");
    write("Packages.gz", b"no gzip");
    assert_eq!(read(format!("file://{path}")), nothing);
    assert!(!machine.options.cache_dir.exists());
}

#[test]
fn other_schemes_are_fetched_by_command() {
    let script = r#"sh -c "case \$2 in *.gz) exit 1;; esac; printf 'VERSION: 0\nTIMESTAMP: 1\n\nCPV: a/b-1\n' > \"\$1\"" sh "${DISTDIR}/${FILE}" "${URI}""#;
    let table = [
        (
            vec![("FETCHCOMMAND_RSYNC", script), ("FETCHCOMMAND", "false")],
            "a/b-1",
            "",
        ),
        (vec![("FETCHCOMMAND", script)], "a/b-1", ""),
        (
            vec![("FETCHCOMMAND", "false")],
            "-",
            "fetch command failed (exit status: 1)",
        ),
        (
            vec![],
            "-",
            "neither FETCHCOMMAND_RSYNC nor FETCHCOMMAND is set",
        ),
    ];
    for (variables, cpvs, trouble) in table {
        let fetched = Machine::with(&variables).fetch("rsync://h/x");
        assert_eq!(fetched.cpvs(), cpvs);
        assert!(fetched.trouble().contains(trouble), "{}", fetched.trouble());
    }
    let own = BinRepo {
        fetch_command: Some(script.to_owned()),
        ..repo("http://some.invalid/x")
    };
    assert_eq!(Machine::new().fetch_repo(own).cpvs(), "a/b-1");
}

#[test]
fn no_command_of_a_system_under_chroot_is_run() {
    let mut machine = Machine::with(&[("FETCHCOMMAND", "touch ${DISTDIR}/../ran")]);
    let root = machine.directory.path().join("root");
    fs::create_dir(&root).unwrap();
    machine.base.chroot = Chroot::new(Some(root)).unwrap();
    for uri in ["rsync://h/x", "ssh://h/x", "ftp://h/x"] {
        let fetched = machine.fetch(uri);
        assert_eq!(fetched.cpvs(), "-");
        assert!(
            fetched.trouble().contains("--chroot"),
            "{}",
            fetched.trouble()
        );
    }
    let server = plain(index(1, "a/b-1"));
    let own = BinRepo {
        fetch_command: Some("false".to_owned()),
        ..repo(&server.uri("x"))
    };
    assert_eq!(machine.fetch_repo(own).cpvs(), "a/b-1");
}
