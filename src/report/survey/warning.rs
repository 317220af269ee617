//! What is wrong with a host, or with how it is configured.

use super::SurveyGrounds;
use crate::binhost::{HostId, HostState, Index};
use crate::pms::Key;
use crate::report::causes;

/// Something that a user should know of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostWarning {
    /// Another host, of this name, has the same file in Portage's cache, so that each overwrites the other's index.
    SharesCache(String),
    /// Portage has a newer index of it in its cache, by so many seconds.
    OlderThanPortages(i64),
    /// PACKAGES of the header is not the number of entries.
    WrongCount {
        /// What the header has.
        header: String,
        /// How many there are.
        entries: usize,
    },
    /// Packages come over plain HTTP.
    Plain,
    /// So many entries name no CHOST, nor does the header.
    NoChost(usize),
    /// Its index has no entry.
    Empty,
    /// Its index is so many days old that it may have stopped building.
    Old(i64),
}

impl HostWarning {
    /// The word by which programs know it.
    pub fn code(&self) -> &'static str {
        match self {
            HostWarning::SharesCache(_) => "shares-cache",
            HostWarning::OlderThanPortages(_) => "older-than-cached",
            HostWarning::WrongCount { .. } => "wrong-count",
            HostWarning::Plain => "plain-http",
            HostWarning::NoChost(_) => "no-chost",
            HostWarning::Empty => "empty",
            HostWarning::Old(_) => "old",
        }
    }

    /// What it is, in words.
    pub fn detail(&self) -> String {
        match self {
            HostWarning::SharesCache(other) => format!(
                "{other} has the same file in Portage's cache (host and path are the same): emerge reads one index for both"
            ),
            HostWarning::OlderThanPortages(seconds) => format!(
                "Portage has an index in its cache that is {} newer, and keeps that",
                crate::report::layout::age(*seconds)
            ),
            HostWarning::WrongCount { header, entries } => {
                format!("its header counts {header} packages, and it has {entries}")
            }
            HostWarning::Plain => {
                "http without TLS: others can read and change on the way what has no signature"
                    .to_owned()
            }
            HostWarning::NoChost(count) => {
                format!("{count} entries have no CHOST, and count as built for this machine's")
            }
            HostWarning::Empty => "its index has no package".to_owned(),
            HostWarning::Old(days) => {
                format!("its index is {days} days old: it may have stopped building")
            }
        }
    }
}

/// All of one host.
pub(super) fn of(id: HostId, grounds: &SurveyGrounds<'_>) -> Vec<HostWarning> {
    let Some(host) = id.of(grounds.hosts) else {
        return Vec::new();
    };
    let others = HostId::number(grounds.hosts).filter(|(other, _)| *other != id);
    let file = cache_file(host);
    let mut warnings: Vec<HostWarning> = others
        .filter(|(_, other)| file.is_some() && cache_file(other) == file)
        .map(|(_, other)| HostWarning::SharesCache(other.repo.label()))
        .collect();
    let uri = host.packages();
    let is_local = matches!(
        uri.host_port().0,
        "localhost" | "127.0.0.1" | "[::1]" | "::1"
    );
    if uri.scheme() == "http" && !is_local {
        warnings.push(HostWarning::Plain);
    }
    if causes::is_old(host, grounds.now) {
        let days = causes::days_old(host, grounds.now);
        warnings.extend(days.map(HostWarning::Old));
    }
    if let Some(index) = &host.index {
        warnings.extend(of_index(
            index,
            id.of(grounds.portage_copies).copied().flatten(),
        ));
    }
    warnings
}

fn of_index(index: &Index, portage_copy: Option<i64>) -> Vec<HostWarning> {
    let mut warnings = Vec::new();
    let newer = portage_copy
        .zip(index.timestamp)
        .map(|(copy, own)| copy.saturating_sub(own));
    warnings.extend(
        newer
            .filter(|newer| *newer > 0)
            .map(HostWarning::OlderThanPortages),
    );
    let entries = index.entries.len();
    let header = index.header("PACKAGES").map(str::trim);
    if let Some(header) = header.filter(|header| header.parse() != Ok(entries)) {
        warnings.push(HostWarning::WrongCount {
            header: header.to_owned(),
            entries,
        });
    }
    let without = index
        .entries
        .iter()
        .filter(|entry| entry.get(Key::Chost).is_none_or(str::is_empty));
    match without.count() {
        _ if entries == 0 => warnings.push(HostWarning::Empty),
        0 => {}
        count => warnings.push(HostWarning::NoChost(count)),
    }
    warnings
}

/// The file below Portage's cache directory that holds its index, for hosts that are not directories
/// (`portage: bintree.py:binarytree._populate_remote_repo`).
pub fn cache_file(host: &HostState) -> Option<String> {
    let uri = &host.repo.sync_uri;
    if matches!(uri.scheme(), "" | "file") {
        return None;
    }
    let name = uri.host_port().0.to_ascii_lowercase();
    Some(format!("{name}/{}/Packages", uri.path().trim_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(text: &str, copy: Option<i64>) -> Vec<&'static str> {
        let Ok(index) = Index::parse(text.to_owned()) else {
            return vec!["no index"];
        };
        of_index(&index, copy)
            .iter()
            .map(HostWarning::code)
            .collect()
    }

    #[test]
    fn indexes() {
        let entry = "CPV: a/b-1\nCHOST: x\n\n";
        for (header, entries, copy, expected) in [
            ("PACKAGES: 1\n", entry, None, vec![]),
            ("PACKAGES: 2\n", entry, None, vec!["wrong-count"]),
            ("PACKAGES: many\n", entry, None, vec!["wrong-count"]),
            ("", "CPV: a/b-1\n\n", None, vec!["no-chost"]),
            ("CHOST: x\n", "CPV: a/b-1\n\n", None, vec![]),
            ("", "", None, vec!["empty"]),
            ("", entry, Some(90), vec![]),
            ("", entry, Some(110), vec!["older-than-cached"]),
        ] {
            let text = format!("VERSION: 0\nTIMESTAMP: 100\n{header}\n{entries}");
            assert_eq!(warnings(&text, copy), expected, "{text}");
        }
    }
}
