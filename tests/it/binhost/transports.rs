//! Several hosts, credentials, proxies, directories and commands.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::machine::*;
use super::server::{Reply, Server, ok, reply, status};
use bincheck::binhost::IndexOrigin;
use bincheck::binhost::{BinRepo, BinRepos, fetch_all};
use bincheck::chroot::Chroot;
use bincheck::local::getconfig::Assignment;
use bincheck::local::vars::{Layer, Vars};
use bincheck::source::{Notices, Source};

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
        let messages = format!(
            "{}{}{:?}",
            fetched.error(),
            fetched.notices,
            fetched.state.repo
        );
        assert!(!fetched.error().is_empty());
        for secret in ["user", "p%40ss", "p@ss", "hush"] {
            assert!(!messages.contains(secret), "{secret}: {messages}");
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
fn uris_that_cannot_be_used_are_reported() {
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
        assert_eq!(fetched.state.origin, IndexOrigin::Nothing, "{uri}");
        assert!(
            fetched.error().starts_with("cannot take the index of"),
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
    let nothing = ("-".to_owned(), IndexOrigin::Nothing);
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
        assert_eq!(read(uri), ("a/b-1".to_owned(), IndexOrigin::Local));
    }
    // Nothing is kept of a directory: what is there now counts.
    write("Packages.gz", &gzip(index(1, "a/b-2")));
    assert_eq!(read(format!("file://{path}")).0, "a/b-2");
    write("Packages.gz", b"no gzip");
    assert_eq!(read(format!("file://{path}")), nothing);
    assert!(!machine.options.cache.path().unwrap().exists());
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
    for (variables, cpvs, error) in table {
        let fetched = Machine::with(&variables).fetch("rsync://h/x");
        assert_eq!(fetched.cpvs(), cpvs);
        assert!(fetched.error().contains(error), "{}", fetched.error());
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
        assert!(fetched.error().contains("--chroot"), "{}", fetched.error());
    }
    let server = plain(index(1, "a/b-1"));
    let own = BinRepo {
        fetch_command: Some("false".to_owned()),
        ..repo(&server.uri("x"))
    };
    assert_eq!(machine.fetch_repo(own).cpvs(), "a/b-1");
}

/// A script that leaves a mark and delivers an index.
fn marking(mark: &Path) -> String {
    format!(
        r#"sh -c "echo ran >> {}; case \$2 in *.gz) exit 1;; esac; printf 'VERSION: 0\nTIMESTAMP: 1\n\nCPV: a/b-1\n' > \"\$1\"" sh "${{DISTDIR}}/${{FILE}}" "${{URI}}""#,
        mark.display()
    )
}

#[test]
fn commands_of_another_configuration_are_run_on_demand_only() {
    let server = plain(index(1, "a/b-1"));
    let mut machine = Machine::new();
    let mark = machine.directory.path().join("mark");
    let script = marking(&mark);
    let variables = [("FETCHCOMMAND", &*script), ("PORTAGE_SSH_OPTS", "-v")];
    machine.base.vars = Machine::with(&variables).base.vars;
    machine.base.roots.config_root = "/mnt/other".into();
    let with_command = |uri: &str| BinRepo {
        fetch_command: Some(script.clone()),
        ..repo(uri)
    };
    for repo in [
        repo("rsync://h/x"),
        repo("ssh://h/x"),
        with_command("rsync://h/x"),
    ] {
        let fetched = machine.fetch_repo(repo);
        assert_eq!(fetched.cpvs(), "-");
        let error = fetched.error();
        assert!(error.contains("--allow-fetchcommand"), "{error}");
        assert!(!mark.exists(), "a command was run");
    }
    // Over HTTP the command can be done without, and a notice names it.
    let fetched = machine.fetch_repo(with_command(&server.uri("x")));
    assert_eq!(fetched.cpvs(), "a/b-1");
    let notices = &fetched.notices;
    assert!(notices.contains("--allow-fetchcommand"), "{notices}");
    assert!(!mark.exists(), "a command was run");

    machine.options.allow_commands = true;
    for repo in [repo("rsync://h/x"), with_command("http://some.invalid/x")] {
        let fetched = machine.fetch_repo(repo);
        assert_eq!(
            (fetched.cpvs(), fetched.notices),
            ("a/b-1".into(), String::new())
        );
        assert!(fs::remove_file(&mark).is_ok(), "the command was not run");
    }
}

#[test]
fn commands_that_a_target_root_sets_are_not_this_machines() {
    let mut machine = Machine::new();
    let mark = machine.directory.path().join("mark");
    let root = machine.directory.path().join("root");
    machine.base.roots.root = root.clone();
    for (file, ran) in [
        ("/etc/portage/make.conf".into(), true),
        (root.join("etc/profile.env"), false),
    ] {
        let source = Source::Line(file.as_path().into(), 1);
        let setting = Assignment::new("FETCHCOMMAND", marking(&mark), source);
        machine.base.vars = Vars::new(vec![(Layer::EnvD, setting)]);
        let fetched = machine.fetch("rsync://h/x");
        assert_eq!(fetched.error().contains("--allow-fetchcommand"), !ran);
        assert_eq!(fs::remove_file(&mark).is_ok(), ran, "{}", file.display());
    }
}
