//! One machine that inspects the packages of one binhost.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bincheck::binhost::{BinRepo, Candidate, HostState, Pool, PoolOptions};
use bincheck::inspect::{InspectDepth, InspectOptions, Inspection, Inspector};
use bincheck::openpgp::Keyring;
use bincheck::source::Notices;

use crate::binhost::machine::{Machine, repo};
use crate::binhost::server::{Reply, Request, Server, ok, reply};
use crate::support::project;

/// Packages that Portage wrote, with what each was built for.
pub const MADE: [(&str, &str); 12] = [
    ("bzip2", "x86-64-v3"),
    ("gzip", "x86-64-v3"),
    ("long", "haswell"),
    ("lz4", "x86-64-v3"),
    ("lzip", "x86-64-v3"),
    ("lzop", "x86-64-v3"),
    ("none", "x86-64-v3"),
    ("signed", "znver4"),
    ("xpak", "znver3"),
    ("xpak-long", "haswell"),
    ("xz", "x86-64-v3"),
    ("zstd", "x86-64-v3"),
];

/// The directory with them.
pub fn made() -> PathBuf {
    project("testdata/packages/binhost")
}

/// A machine that inspects packages.
pub struct TestInspector {
    pub machine: Machine,
    pub options: InspectOptions,
}

/// What inspections came to, by package name, with bytes received and notices.
pub struct Inspected {
    pub inspections: BTreeMap<String, Inspection>,
    pub received: u64,
    pub notices: String,
}

impl TestInspector {
    pub fn new() -> TestInspector {
        let machine = Machine::new();
        let options = InspectOptions {
            depth: InspectDepth::Network,
            whole: false,
            allow_commands: false,
            progress: false,
            cache: machine.options.cache.clone(),
            time: crate::binhost::machine::TIME,
            most: InspectOptions::MOST,
            failed: None,
        };
        TestInspector { machine, options }
    }

    pub fn hurried(mut self) -> TestInspector {
        self.options.time = crate::binhost::machine::HURRIED;
        self
    }

    /// Inspect all packages of an index.
    pub fn inspect(&self, uri: &str, index: &str) -> Inspected {
        self.inspect_repo(repo(uri), index)
    }

    /// The same of a host with settings of its own.
    pub fn inspect_repo(&self, repo: BinRepo, index: &str) -> Inspected {
        let index = bincheck::binhost::Index::parse(index.to_owned()).expect("an index");
        let host = HostState {
            repo,
            index: Some(index),
            origin: bincheck::binhost::IndexOrigin::Fetched,
            error: None,
            received: 0,
            insecure: None,
            is_unresponsive: false,
        };
        let hosts = [host];
        let notices = Notices::default();
        let options = PoolOptions {
            getbinpkg: true,
            ..PoolOptions::default()
        };
        let base = &self.machine.base;
        let pool = Pool::collect(base, &hosts, &options, &notices);
        let candidates: Vec<&Candidate> = pool
            .entries
            .iter()
            .map(|(candidate, _)| candidate)
            .collect();
        let keyring = Keyring::default();
        let inspector = Inspector::new(base, &hosts, &self.options, &keyring, &notices);
        let inspections = inspector.inspect(&candidates);
        let name = |candidate: &&Candidate| {
            let name = candidate.package.cpv.cpn.as_str();
            name.trim_start_matches("app-made/").to_owned()
        };
        let notices = notices.sorted();
        Inspected {
            inspections: candidates.iter().map(name).zip(inspections).collect(),
            received: inspector.received(),
            notices: notices.iter().map(|notice| format!("{notice}\n")).collect(),
        }
    }
}

/// The index of the packages that Portage wrote.
pub fn index() -> String {
    fs::read_to_string(made().join("Packages")).expect("an index")
}

/// One entry of it, with the header.
pub fn entry(name: &str) -> String {
    let index = index();
    let mut blocks = index.split("\n\n");
    let header = blocks.next().expect("a header").to_owned();
    let cpv = format!("CPV: app-made/{name}-1");
    let block = blocks.find(|block| block.lines().any(|line| line == cpv));
    format!("{header}\n\n{}\n", block.expect(name).trim_end())
}

/// What a package was built for, or why that is not known.
pub fn describe(inspection: &Inspection) -> String {
    match inspection {
        Inspection::No => "not inspected".to_owned(),
        Inspection::Built(built) => {
            let cflags = built.flags.get("CFLAGS").map_or("", String::as_str);
            let march = cflags.split("-march=").nth(1).unwrap_or("no -march");
            format!(
                "{march} {}",
                built.rustflags.as_deref().unwrap_or("no RUSTFLAGS")
            )
        }
        Inspection::Gone => "gone".to_owned(),
        Inspection::Size(size) => format!("{size} bytes"),
        Inspection::Unreadable(cause) => cause.clone(),
    }
}

/// Assert that all packages were read to what Portage wrote into them.
pub fn assert_all_known(inspected: &Inspected) {
    for (name, march) in MADE {
        let expected = format!("{march} -C opt-level=3 -C target-cpu=x86-64-v2");
        assert_eq!(describe(&inspected.inspections[name]), expected, "{name}");
    }
    assert_eq!(inspected.notices, "");
}

/// A server of a directory that knows ranges.
pub fn range_server(directory: &Path) -> Server {
    let directory = directory.to_owned();
    Server::start(move |request| {
        let file = fs::read(directory.join(request.path.trim_start_matches('/')));
        match (file, request.header("range")) {
            (Err(_), _) => reply("404 Not Found", "", b""),
            (Ok(file), None) => ok(file),
            (Ok(file), Some(_)) => part(request, &file),
        }
    })
}

/// The part of a file that a request asks for.
pub fn part(request: &Request, file: &[u8]) -> Reply {
    let range = request.header("range").expect("a range is requested");
    let range = range.trim_start_matches("bytes=");
    let (first, last) = range.split_once('-').expect("two ends");
    let total = file.len();
    let (start, end) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(start), Ok(last)) => (start, (last + 1).min(total)),
        (Ok(start), Err(_)) => (start, total),
        (Err(_), last) => (total.saturating_sub(last.expect("a number")), total),
    };
    if start >= total {
        let range = format!("Content-Range: bytes */{total}\r\n");
        return reply("416 Range Not Satisfiable", &range, b"");
    }
    let range = format!("Content-Range: bytes {start}-{}/{total}\r\n", end - 1);
    reply("206 Partial Content", &range, &file[start..end])
}
