//! The text of a checked index: what a host serves, less the entries that emerge must not get.

use crate::binhost::HostState;

/// Header lines that are written anew. `TTL` and `DOWNLOAD_TIMESTAMP` would let emerge go on with an
/// older copy.
const REPLACED: [&str; 5] = ["URI", "TIMESTAMP", "TTL", "DOWNLOAD_TIMESTAMP", "PACKAGES"];

/// The text of the index of a host as it stands; an empty one where there is none. `uri` is where its packages lie.
///
/// `stamp` takes the place of TIMESTAMP. emerge keeps its own copy of an index unless the new one has a
/// larger number there, so it has to grow from run to run, whatever the host served in between.
pub fn index(host: &HostState, uri: &str, stamp: u128) -> String {
    let Some(index) = &host.index else {
        return format!("PACKAGES: 0\nTIMESTAMP: {stamp}\nVERSION: 0\n\n");
    };
    let mut text = String::with_capacity(index.size + 1024);
    for line in index.header_lines() {
        let key = line.split_once(':').map(|(key, _)| key);
        if key.is_some_and(|key| !REPLACED.contains(&key)) {
            text.push_str(line);
            text.push('\n');
        }
    }
    let count = index.entries.len();
    text.push_str(&format!(
        "PACKAGES: {count}\nTIMESTAMP: {stamp}\nURI: {uri}\n\n"
    ));
    for block in index.blocks() {
        text.push_str(block.trim_end_matches('\n'));
        text.push_str("\n\n");
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::binhost::Index;
    use crate::pms::Key;
    use crate::report::fixture;

    const TEXT: &str = "VERSION: 0\nTIMESTAMP: 5\nTTL: 9\nCHOST: x\njunk\nREPO: gentoo\nUSE_EXPAND: A B\n\n\
        CPV: a/b-1\nBUILD_ID: 1\nPATH: one\nDESC: x: y\n\n\
        CPV: a/b-1\nBUILD_ID: 2\nPATH: two\njunk\n\n\
        DESC: no package\n\n\
        CPV: a/c-1\nPATH: four";

    fn host(text: &str) -> HostState {
        let mut host = fixture::host("site", true, "http://u:p@h/x");
        host.index = Some(Index::parse(text.to_owned()).unwrap());
        host
    }

    #[test]
    fn entries_are_copied_as_they_are() {
        let mut host = host(TEXT);
        let index = host.index.as_mut().unwrap();
        index.retain(|metadata| metadata.text(Key::Path) != "one");
        assert_eq!(
            super::index(&host, "http://u:p@h/x", 77),
            "VERSION: 0\nCHOST: x\nREPO: gentoo\nUSE_EXPAND: A B\nPACKAGES: 2\nTIMESTAMP: 77\n\
             URI: http://u:p@h/x\n\nCPV: a/b-1\nBUILD_ID: 2\nPATH: two\njunk\n\nCPV: a/c-1\nPATH: four\n\n"
        );
    }

    /// What is read back is what was kept, header values included.
    #[test]
    fn a_checked_index_is_an_index() {
        let again = Index::parse(index(&host(TEXT), "http://h/x", 77)).unwrap();
        assert_eq!((again.timestamp, again.ttl), (Some(77), None));
        assert_eq!(again.header("repository"), Some("gentoo"));
        assert_eq!(again.entries.len(), 3);
    }

    #[test]
    fn another_base_takes_the_place_of_that_of_the_header() {
        let text = format!("URI: http://mirror/y\n{TEXT}");
        let again = Index::parse(index(&host(&text), "http://other/z", 1)).unwrap();
        assert_eq!(again.uri.as_deref(), Some("http://other/z"));
    }

    #[test]
    fn a_host_without_an_index_has_an_empty_one() {
        let mut host = host(TEXT);
        host.index = None;
        let text = index(&host, "http://h/x", 1);
        assert_eq!(Index::parse(text).unwrap().entries.len(), 0);
    }
}
