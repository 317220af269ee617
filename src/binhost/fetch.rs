//! Getting the indexes: several hosts side by side (`portage: bintree.py:binarytree._populate_remote_repo`).
//!
//! Which copy of an index counts follows Portage, with [`super::cache`] in the place of Portage's own
//! `EROOT/var/cache/edb/binhost`:
//!
//! - a cached copy counts without a request while its TTL lasts, and for ever where the host is `frozen`;
//! - `Packages.gz` is asked for, and `Packages` only where that does not exist; any other trouble fails
//!   the host;
//! - an index without TIMESTAMP (and without a date from the server), or with an unsupported VERSION, is
//!   none;
//! - a host that fails falls back on the cached copy, as under `--pretend`.
//!
//! One difference is deliberate. Portage keeps its cached copy where the served index is not newer by
//! TIMESTAMP or `Last-Modified`. That compares with *its* last fetch, of which this program knows
//! nothing, so whatever a host serves now counts: it is what emerge gets with an empty cache.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use indicatif::MultiProgress;

use super::host::Session;
use super::limits::{self, MemoryLimits, TimeLimits};
use super::meter::Meter;
use super::{BinRepo, BinRepos, Index, Uri};
use crate::cache::CacheDir;
use crate::local::Base;
use crate::source::Notices;

/// How many hosts are asked at once.
const MAX_WORKERS: usize = 16;

/// How to get them.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// No request at all: what is cached counts.
    pub offline: bool,
    /// Ask again whatever TTL and `frozen` say, and for the whole index.
    pub refresh: bool,
    /// Run fetch commands although they come from another system's configuration.
    pub allow_commands: bool,
    /// Show progress on stderr (which is a terminal).
    pub progress: bool,
    /// bincheck's cache.
    pub cache: CacheDir,
    /// How long hosts are waited for.
    pub time: TimeLimits,
    /// How large indexes may be.
    pub memory: MemoryLimits,
}

/// What came of one host.
#[derive(Clone, Debug)]
pub struct HostState {
    /// Its settings.
    pub repo: BinRepo,
    /// Its index, if there is one to judge.
    pub index: Option<Index>,
    /// Where the index came from.
    pub origin: Origin,
    /// Why there is none, or why a cached one had to do; names the URL (without secrets) and the cause.
    pub trouble: Option<String>,
    /// Bytes received over the network.
    pub received: u64,
    /// Where a redirection led from https to http, without secrets.
    pub insecure: Option<String>,
    /// Whether it was waited for in vain, now or a short time ago: nothing more is asked of it.
    pub is_unresponsive: bool,
}

impl HostState {
    /// What stands before the PATH of an entry: the `URI` of its index, or its own URI
    /// (`portage: bintree.py:binarytree._populate_remote_repo`).
    pub fn packages(&self) -> Uri {
        let named = self.index.as_ref().and_then(|index| index.uri.as_deref());
        named.map_or_else(|| self.repo.sync_uri.clone(), Uri::new)
    }

    /// Where its packages lie, if the index says that this is another host.
    pub fn elsewhere(&self) -> Option<Uri> {
        let packages = self.packages();
        let own = &self.repo.sync_uri;
        let place = |uri: &Uri| {
            let (host, port) = uri.host_port();
            (
                uri.scheme().to_owned(),
                host.to_ascii_lowercase(),
                port.map(str::to_owned),
            )
        };
        (place(&packages) != place(own)).then_some(packages)
    }

    /// Whether its index comes from another machine.
    pub fn is_remote(&self) -> bool {
        !matches!(self.repo.sync_uri.scheme(), "" | "file")
    }
}

/// Where an index came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Fetched now.
    Fetched,
    /// Cached; the host said that it is current.
    NotModified,
    /// Cached; the host was not asked (TTL, frozen, `--offline`).
    Cached,
    /// Cached, because the host could not be reached (as emerge does under `--pretend`).
    Stale,
    /// A local file.
    Local,
    /// There is none.
    Nothing,
}

/// Get the indexes of all hosts, in their order.
pub fn fetch_all(
    base: &Base,
    repos: &BinRepos,
    options: &FetchOptions,
    notices: &Notices,
) -> Vec<HostState> {
    let session = Session::new(base, options, repos.list.len(), notices);
    let bars = options.progress.then(MultiProgress::new);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(repos.list.len()));
    let work = || {
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(repo) = repos.list.get(position) else {
                return;
            };
            let state = session.host(repo, &meter(bars.as_ref(), repo, options));
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((position, state));
        }
    };
    thread::scope(|scope| {
        for _ in 1..limits::threads(MAX_WORKERS).min(repos.list.len()) {
            // Where no more threads can be had, those that there are do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(position, _)| *position);
    done.into_iter().map(|(_, state)| state).collect()
}

/// A meter for one host, with a bar if bars are shown.
fn meter(bars: Option<&MultiProgress>, repo: &BinRepo, options: &FetchOptions) -> Meter {
    let Some(bars) = bars else {
        return Meter::default();
    };
    let name = match repo.named {
        true => repo.name.clone(),
        false => repo.sync_uri.to_string(),
    };
    Meter::shown(bars, &name, options.time.index)
}
