//! A host after it was contacted.

use super::{BinRepo, Index, Uri};

/// What came of one host.
#[derive(Clone, Debug)]
pub struct HostState {
    /// Its settings.
    pub repo: BinRepo,
    /// Its index, if there is one to judge.
    pub index: Option<Index>,
    /// Where the index came from.
    pub origin: IndexOrigin,
    /// Why there is none, or why a cached one had to do; names the URL (without secrets) and the cause.
    pub error: Option<String>,
    /// Bytes received over the network.
    pub received: u64,
    /// Where a redirection led from https to http, without secrets.
    pub insecure: Option<String>,
    /// Whether it was waited for in vain, now or a short time ago: it gets no more requests.
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
pub enum IndexOrigin {
    /// Fetched now.
    Fetched,
    /// Cached; the host stated that it is current.
    NotModified,
    /// Cached; the host was not contacted (TTL, frozen, `--offline`).
    Cached,
    /// Cached, because the host could not be reached (as emerge does under `--pretend`).
    Stale,
    /// A local file.
    Local,
    /// There is none.
    Nothing,
}
