//! Getting the indexes: several hosts side by side (`portage: bintree.py:binarytree._populate_remote_repo`).
//!
//! Which copy of an index counts follows Portage, with [`super::cache`] in the place of Portage's own
//! `EROOT/var/cache/edb/binhost`:
//!
//! - a cached copy counts without a request while its TTL lasts, and for ever where the host is `frozen`;
//! - `Packages.gz` is requested, and `Packages` only where that does not exist; any other failure counts
//!   as one of the host;
//! - an index without TIMESTAMP (and without a date from the server), or with an unsupported VERSION, is
//!   none;
//! - a host that fails falls back on the cached copy, as under `--pretend`.
//!
//! One difference is deliberate. Portage keeps its cached copy where the served index is not newer by
//! TIMESTAMP or `Last-Modified`. That compares with *its* last fetch, of which this program knows
//! nothing, so whatever a host serves now counts: it is what emerge gets with an empty cache.

use indicatif::MultiProgress;

use super::fetch_options::FetchOptions;
use super::host::Session;
use super::host_state::HostState;
use super::limits;
use super::meter::Meter;
use super::shared::SharedIndexes;
use super::{BinRepo, BinRepos};
use crate::local::Base;
use crate::parallel::{self, Workers};
use crate::source::Notices;

/// How many hosts are contacted at once.
const MAX_WORKERS: usize = 16;

/// Get the indexes of all hosts, in their order.
pub fn fetch_all(
    base: &Base,
    repos: &BinRepos,
    options: &FetchOptions,
    notices: &Notices,
) -> Vec<HostState> {
    let session = Session::new(base, options, repos.list.len(), notices);
    let bars = options.progress.then(MultiProgress::new);
    side_by_side(repos, |repo| {
        session.host(repo, &meter(bars.as_ref(), repo, options))
    })
}

/// The same for one of several machines: what was read for another one is not read again.
pub fn fetch_shared(
    base: &Base,
    repos: &BinRepos,
    options: &FetchOptions,
    shared: &SharedIndexes,
    notices: &Notices,
) -> Vec<HostState> {
    let session = Session::new(base, options, repos.list.len(), notices);
    let common = Session::for_several(base, options, repos.list.len(), notices);
    side_by_side(repos, |repo| match session.way_for_all(repo) {
        Some(way) => shared.host(way, repo, || common.host(repo, &Meter::default())),
        None => session.host(repo, &Meter::default()),
    })
}

fn side_by_side(repos: &BinRepos, fetch: impl Fn(&BinRepo) -> HostState + Sync) -> Vec<HostState> {
    let most = limits::threads(MAX_WORKERS);
    let workers = Workers { first: most, most };
    parallel::each(&repos.list, workers, fetch)
}

/// A meter for one host, with a bar if bars are shown.
fn meter(bars: Option<&MultiProgress>, repo: &BinRepo, options: &FetchOptions) -> Meter {
    let Some(bars) = bars else {
        return Meter::default();
    };
    let name = if repo.named {
        repo.name.clone()
    } else {
        repo.sync_uri.to_string()
    };
    Meter::shown(bars, &name, options.time.index)
}
