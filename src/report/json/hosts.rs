//! Binhosts and what came of asking them.

use serde::{Serialize, Serializer};

use crate::binhost::HostState;
use crate::binhost::IndexOrigin;
use crate::report::Report;

/// A binhost.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct HostJson<'r> {
    /// The section of binrepos.conf or of --binhost; for a URI of PORTAGE_BINHOST its MD5, as in Portage.
    name: &'r str,
    /// Without user name, password and query.
    uri: String,
    /// Its priority: the highest delivers what several hosts have.
    priority: i64,
    #[serde(flatten)]
    index: IndexJson,
    /// Where its index came from: `fetched`, `not-modified`, `cached`, `stale` (from the cache, since it could not be
    /// read), `local` or `none`.
    origin: &'static str,
    /// Why it could not be read.
    #[serde(rename = "trouble")]
    error: Option<&'r str>,
    /// Bytes that came over the network.
    received: u64,
    /// Where packages are requested, if the index names another host than its own.
    packages: Option<String>,
    /// Where https led to http.
    insecure: Option<&'r str>,
    /// It was waited for in vain, now or a short time ago.
    unresponsive: bool,
}

/// The index of a host.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct IndexJson {
    /// TIMESTAMP of the index, seconds since 1970.
    pub(super) timestamp: Option<i64>,
    /// Seconds since then.
    pub(super) age: Option<i64>,
    /// Of the index, in bytes.
    pub(super) size: Option<usize>,
    /// Packages that it lists.
    pub(super) entries: Option<usize>,
}

/// `hosts`, in the order in which Portage asks them.
pub(super) fn serialize<S: Serializer>(
    report: &&Report<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        report
            .setting
            .hosts
            .iter()
            .map(|host| one(host, report.setting.now)),
    )
}

/// One host at a time (seconds since 1970).
pub(super) fn one(host: &HostState, now: i64) -> HostJson<'_> {
    let timestamp = host.index.as_ref().and_then(|index| index.timestamp);
    HostJson {
        name: &host.repo.name,
        uri: host.repo.sync_uri.to_string(),
        priority: host.repo.priority,
        index: IndexJson {
            timestamp,
            age: timestamp.map(|made| now.saturating_sub(made)),
            size: host.index.as_ref().map(|index| index.size),
            entries: host.index.as_ref().map(|index| index.entries.len()),
        },
        origin: origin(host.origin),
        error: host.error.as_deref(),
        received: host.received,
        packages: host.elsewhere().map(|uri| uri.to_string()),
        insecure: host.insecure.as_deref(),
        unresponsive: host.is_unresponsive,
    }
}

pub(super) fn origin(origin: IndexOrigin) -> &'static str {
    match origin {
        IndexOrigin::Fetched => "fetched",
        IndexOrigin::NotModified => "not-modified",
        IndexOrigin::Cached => "cached",
        IndexOrigin::Stale => "stale",
        IndexOrigin::Local => "local",
        IndexOrigin::Nothing => "none",
    }
}
