//! The text of a checked index: what a host serves, less the entries that emerge must not get.

use crate::binhost::HostState;
use crate::binhost::candidate::Candidate;

use super::KeepAway;

/// Header lines that are written anew. `TTL` and `DOWNLOAD_TIMESTAMP` would let emerge go on with an
/// older copy.
const REPLACED: [&str; 5] = ["URI", "TIMESTAMP", "TTL", "DOWNLOAD_TIMESTAMP", "PACKAGES"];

/// A checked index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The text of the `Packages` file.
    pub text: String,
    /// How many entries were left out.
    pub left_out: usize,
}

/// The checked index of the host at a position; an empty one where there is none to check.
///
/// `stamp` takes the place of TIMESTAMP. emerge keeps its own copy of an index unless the new one has a
/// larger number there, so it has to grow from run to run, whatever the host served in between.
/// An entry whose CPV cannot be read, on which emerge would give up, is left out too.
pub fn index(host: &HostState, position: usize, away: &KeepAway, stamp: u128) -> Checked {
    let Some(index) = &host.index else {
        let text = format!("PACKAGES: 0\nTIMESTAMP: {stamp}\nVERSION: 0\n\n");
        return Checked { text, left_out: 0 };
    };
    let own_uri = host.repo.sync_uri.secret();
    let uri = index.uri.as_deref().unwrap_or(own_uri);
    let mut body = String::with_capacity(index.size);
    let mut kept = 0;
    for (metadata, block) in index.entries.iter().zip(index.blocks()) {
        let candidate = Candidate::new(metadata.clone(), Some(position), "");
        if candidate.is_ok_and(|candidate| !away.has(&candidate)) {
            body.push_str(block.trim_end_matches('\n'));
            body.push_str("\n\n");
            kept += 1;
        }
    }
    let mut text = String::with_capacity(body.len() + 1024);
    for line in index.header_lines() {
        let key = line.split_once(':').map(|(key, _)| key);
        if key.is_some_and(|key| !REPLACED.contains(&key)) {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.push_str(&format!(
        "PACKAGES: {kept}\nTIMESTAMP: {stamp}\nURI: {uri}\n\n"
    ));
    text.push_str(&body);
    Checked {
        text,
        left_out: index.entries.len() - kept,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeMap;

    use super::*;
    use crate::binhost::{Index, Pool};
    use crate::emerge::{Instance, Why};
    use crate::report::fixture;

    const TEXT: &str = "VERSION: 0\nTIMESTAMP: 5\nTTL: 9\nCHOST: x\njunk\nREPO: gentoo\nUSE_EXPAND: A B\n\n\
        CPV: a/b-1\nBUILD_ID: 1\nPATH: one\nDESC: x: y\n\n\
        CPV: a/b-1\nBUILD_ID: 2\nPATH: two\njunk\n\n\
        DESC: no package\n\n\
        CPV: not a cpv\nPATH: three\n\n\
        CPV: a/c-1\nPATH: four";

    fn host(text: &str) -> HostState {
        let mut host = fixture::host("site", true, "http://u:p@h/x");
        host.index = Some(Index::parse(text.to_owned()).unwrap());
        host
    }

    fn away(path: &str) -> KeepAway {
        let instance = Instance {
            host: Some(3),
            cpv: "a/b-1".to_owned(),
            build_id: Some(1),
            path: path.to_owned(),
        };
        let why = Why::FileGone(String::new());
        KeepAway::new(BTreeMap::from([(instance, why)]), &Pool::default())
    }

    #[test]
    fn bad_entries_are_left_out_and_others_kept_as_they_are() {
        let checked = index(&host(TEXT), 3, &away("one"), 77);
        assert_eq!(
            checked.text,
            "VERSION: 0\nCHOST: x\nREPO: gentoo\nUSE_EXPAND: A B\nPACKAGES: 2\nTIMESTAMP: 77\n\
             URI: http://u:p@h/x\n\nCPV: a/b-1\nBUILD_ID: 2\nPATH: two\njunk\n\nCPV: a/c-1\nPATH: four\n\n"
        );
        assert_eq!(checked.left_out, 2);
    }

    #[test]
    fn only_the_very_instance_is_kept_away() {
        for (position, path) in [(3, "two"), (2, "one")] {
            let checked = index(&host(TEXT), position, &away(path), 1);
            assert_eq!(checked.left_out, 1, "{position} {path}");
        }
    }

    /// What is read back is what was kept, header values included.
    #[test]
    fn a_checked_index_is_an_index() {
        let checked = index(&host(TEXT), 3, &away("one"), 77);
        let again = Index::parse(checked.text).unwrap();
        assert_eq!((again.timestamp, again.ttl), (Some(77), None));
        assert_eq!(again.header("repository"), Some("gentoo"));
        assert_eq!(again.entries.len(), 2);
    }

    #[test]
    fn the_base_that_the_header_names_stays() {
        let text = format!("URI: http://mirror/y\n{TEXT}");
        let checked = index(&host(&text), 3, &KeepAway::default(), 1);
        assert_eq!(
            Index::parse(checked.text).unwrap().uri.as_deref(),
            Some("http://mirror/y")
        );
    }

    #[test]
    fn a_host_without_an_index_has_an_empty_one() {
        let mut host = host(TEXT);
        host.index = None;
        let checked = index(&host, 0, &KeepAway::default(), 1);
        assert_eq!(Index::parse(checked.text).unwrap().entries.len(), 0);
    }
}
