//! A machine with nothing but a cache, and servers for it.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::server::{Reply, Request, Server, ok, status};
use bincheck::binhost::{
    BinRepo, BinRepos, FetchOptions, HostState, MemoryLimits, TimeLimits, Uri, fetch_all,
};
use bincheck::cache::CacheDir;
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
use tempfile::TempDir;

/// How long tests wait for servers that answer.
pub const TIME: TimeLimits = TimeLimits::DEFAULT;

/// How long they wait for those that do not.
pub const HURRIED: TimeLimits = TimeLimits {
    connect: Duration::from_millis(300),
    silence: Duration::from_millis(300),
    grace: Duration::from_millis(300),
    min_rate: 4 << 10,
    index: Duration::from_secs(2),
    packages: Duration::from_secs(2),
    rest: Duration::from_secs(600),
};

/// One machine with its cache.
pub struct Machine {
    pub base: Base,
    pub options: FetchOptions,
    pub directory: TempDir,
}

/// What a fetch came to, with all that a user may see of it.
pub struct Fetched {
    pub state: HostState,
    pub notices: String,
}

impl Fetched {
    /// CPVs of the index; `-` if there is none.
    pub fn cpvs(&self) -> String {
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

    pub fn error(&self) -> &str {
        self.state.error.as_deref().unwrap_or("")
    }
}

impl Machine {
    pub fn new() -> Machine {
        Machine::with(&[])
    }

    pub fn with(variables: &[(&str, &str)]) -> Machine {
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
            allow_commands: false,
            progress: false,
            cache: CacheDir::at(directory.path().join("cache")),
            time: TIME,
            memory: MemoryLimits::of_process(),
        };
        Machine {
            base,
            options,
            directory,
        }
    }

    pub fn hurried(mut self) -> Machine {
        self.options.time = HURRIED;
        self
    }

    pub fn fetch(&self, uri: &str) -> Fetched {
        self.fetch_repo(repo(uri))
    }

    pub fn fetch_repo(&self, repo: BinRepo) -> Fetched {
        let notices = Notices::default();
        let repos = BinRepos { list: vec![repo] };
        let state = fetch_all(&self.base, &repos, &self.options, &notices).remove(0);
        let notices = notices.sorted();
        Fetched {
            state,
            notices: notices.iter().map(|notice| format!("{notice}\n")).collect(),
        }
    }

    pub fn refresh(&mut self, refresh: bool) -> &mut Machine {
        self.options.refresh = refresh;
        self
    }

    pub fn offline(&mut self, offline: bool) -> &mut Machine {
        self.options.offline = offline;
        self
    }
}

pub fn repo(uri: &str) -> BinRepo {
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
        settings: Vec::new(),
        places: Vec::new(),
        source: Source::BuiltIn,
    }
}

pub fn index(timestamp: u32, cpv: &str) -> String {
    format!("VERSION: 0\nTIMESTAMP: {timestamp}\n\nCPV: {cpv}\n\n")
}

pub fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_ref()).unwrap();
    encoder.finish().unwrap()
}

pub fn is_gz(request: &Request) -> bool {
    request.path.ends_with("/Packages.gz")
}

/// A server with a plain index only.
pub fn plain(body: impl AsRef<[u8]>) -> Server {
    let body = body.as_ref().to_owned();
    Server::start(move |request| match is_gz(request) {
        true => status("404 Not Found"),
        false => ok(&body),
    })
}

/// A server that answers one script a round, counted by requests for `Packages.gz`.
pub fn rounds(script: impl Fn(usize, &Request) -> Reply + Send + Sync + 'static) -> Server {
    let round = AtomicUsize::new(0);
    Server::start(move |request| {
        if is_gz(request) {
            round.fetch_add(1, Ordering::SeqCst);
        }
        script(round.load(Ordering::SeqCst), request)
    })
}
