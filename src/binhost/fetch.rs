//! Getting the indexes: several hosts side by side (`portage: bintree.py:binarytree._populate_remote_repo`).

use std::time::Duration;

use super::{BinRepo, BinRepos, Index};
use crate::local::Base;
use crate::source::Notices;

/// How to get them.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// No request at all: what is cached counts.
    pub offline: bool,
    /// Ask again whatever TTL and `frozen` say.
    pub refresh: bool,
    /// Show progress on stderr (which is a terminal).
    pub progress: bool,
    /// Where bincheck's cache lies.
    pub cache_dir: std::path::PathBuf,
    /// Time limit for one connection or for silence on it.
    pub timeout: Duration,
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
    _base: &Base,
    _repos: &BinRepos,
    _options: &FetchOptions,
    _notices: &Notices,
) -> Vec<HostState> {
    todo!()
}
