#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;
use crate::pms::Key;

fn parse(text: &str) -> Index {
    Index::parse(text.to_owned()).unwrap()
}

fn cpvs(index: &Index) -> Vec<&str> {
    index.entries.iter().map(|e| e.text(Key::Cpv)).collect()
}

#[test]
fn a_header_without_chost_leaves_it_to_the_client() {
    let index = parse("VERSION: 0\n\nCPV: a/b-1\n\n");
    assert_eq!(cpvs(&index), ["a/b-1"]);
    assert_eq!(index.entries[0].get(Key::Chost), None);
    assert_eq!(index.entries[0].get(Key::Repository), None);
    assert_eq!(index.entries[0].get(Key::Slot), None);
    assert_eq!(index.header("CHOST"), None);
}

#[test]
fn chost_and_repository_are_inherited() {
    let table = [
        (
            "CHOST: x86\nREPO: gentoo\n\nCPV: a/b-1\n\n",
            Some("x86"),
            Some("gentoo"),
        ),
        (
            "CHOST: x86\nrepository: ovl\n\nCPV: a/b-1\nCHOST: arm\nREPO: zz\n\n",
            Some("arm"),
            Some("zz"),
        ),
        ("CHOST: x86\n\nCPV: a/b-1\nCHOST:\n\n", Some(""), None),
        ("CHOST:\nREPO: \n\nCPV: a/b-1\n\n", None, None),
    ];
    for (text, chost, repository) in table {
        let index = parse(&format!("VERSION: 0\n{text}"));
        assert_eq!(index.entries[0].get(Key::Chost), chost, "{text}");
        assert_eq!(index.entries[0].get(Key::Repository), repository, "{text}");
    }
}

#[test]
fn which_blocks_are_entries() {
    let table: &[(&str, &[&str])] = &[
        (
            "VERSION: 0\n\nSLOT: 1\n\nCPV: a/c-1\n\n\nCPV: a/d-1\n\n",
            &["a/c-1"],
        ),
        ("VERSION: 0\n\nCPV:\nSLOT: 1\n\nCPV: a/c-1\n", &["a/c-1"]),
        ("VERSION: 0\n\nFOO: bar\n\nCPV: a/c-1\n", &[]),
        ("VERSION: 0\n\njunk\n\nCPV: a/c-1\n", &[]),
        ("VERSION: 0\n\nREQUIRED_USE: x\n\nCPV: a/c-1\n", &[]),
        ("VERSION: 0\n\nDESC: x\n\nCPV: a/c-1\n", &["a/c-1"]),
        ("VERSION: 0\n\nFETCHCOMMAND: x\n\nCPV: a/c-1", &["a/c-1"]),
        ("VERSION: 0\r\n\r\nCPV: a/b-1\r\n", &[]),
        ("VERSION: 0\n \nCPV: a/b-1\n", &[]),
        ("VERSION: 0\n\n\nCPV: a/b-1\n", &[]),
        ("VERSION: 0", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(cpvs(&parse(text)), *expected, "{text:?}");
    }
}

#[test]
fn an_empty_first_line_hides_the_header() {
    let error = Index::parse("\nVERSION: 0\n\nCPV: a/b-1\n".to_owned()).unwrap_err();
    assert_eq!(error, IndexError::Version(None));
}

#[test]
fn values_lose_one_character_and_the_last_of_a_key_wins() {
    let index = parse(
        "VERSION: 0\n\nCPV: a/b-1\ngarbage\nSLOT:3\nUSE:  x  y \nKEYWORDS: a\nKEYWORDS: b\nEAPI:\n\
         PATH: p:q\nIUSE:éa\nLICENSE:é\nMTIME: 5\nFOO: bar\nSHA256: z\nBINPKG_FORMAT: gpkg\n",
    );
    let entry = &index.entries[0];
    let table = [
        (Key::Slot, Some("")),
        (Key::Use, Some(" x  y ")),
        (Key::Keywords, Some("b")),
        (Key::Eapi, Some("")),
        (Key::Path, Some("p:q")),
        (Key::Iuse, Some("a")),
        (Key::License, Some("")),
        (Key::Mtime, Some("5")),
        (Key::Rdepend, None),
    ];
    for (key, value) in table {
        assert_eq!(entry.get(key), value, "{}", key.name());
    }
}

#[test]
fn versions() {
    for version in ["0", " 0", "-1", "0\r", "+0"] {
        assert!(
            Index::parse(format!("VERSION: {version}\n")).is_ok(),
            "{version:?}"
        );
    }
    for version in ["", "1", "x", "0.0"] {
        let error = Index::parse(format!("VERSION: {version}\n")).unwrap_err();
        assert_eq!(error, IndexError::Version(Some(version.to_owned())));
    }
    assert_eq!(
        Index::parse(String::new()).unwrap_err(),
        IndexError::Version(None)
    );
}

#[test]
fn header_values() {
    let index = parse("VERSION: 0\nTIMESTAMP: 12\nTTL: 60.5\nURI: http://x\nTIMESTAMP: 13\n");
    assert_eq!(index.timestamp, Some(13));
    assert_eq!(index.ttl, Some(61));
    assert_eq!(index.uri.as_deref(), Some("http://x"));
    assert_eq!(index.header.len(), 4);
    let index = parse("VERSION: 0\nTIMESTAMP: abc\nTTL: abc\n");
    assert_eq!(
        (index.timestamp, index.ttl, &index.uri),
        (None, None, &None)
    );
    assert_eq!(index.header("TIMESTAMP"), Some("abc"));
}

#[test]
fn carriage_returns_end_lines_of_a_local_index_only() {
    let text = "VERSION: 0\r\n\r\nCPV: a/b-1\r\n\rCPV: a/c-1\r";
    assert_eq!(
        cpvs(&Index::parse_local(text.to_owned()).unwrap()),
        ["a/b-1", "a/c-1"]
    );
    assert_eq!(cpvs(&parse(text)), [""; 0]);
}

#[test]
fn a_huge_line_is_one_value() {
    let long = "x ".repeat(1 << 17);
    let index = parse(&format!("VERSION: 0\n\nCPV: a/b-1\nRDEPEND: {long}\n"));
    assert_eq!(index.entries[0].text(Key::Rdepend), long);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(VERSION: 0\n)?(\n|CPV: a/b-1|CHOST:é|é|:|[A-Z]{1,3}:|\r|\0| ){0,40}") {
        if let Ok(index) = Index::parse(text) {
            for entry in &index.entries {
                prop_assert!(!entry.text(Key::Cpv).is_empty());
            }
        }
    }
}

/// An index of so many entries with these lines.
fn many(count: usize, lines: &str) -> String {
    format!(
        "VERSION: 0\nTIMESTAMP: 1\n\n{}",
        format!("{lines}\n\n").repeat(count)
    )
}

#[test]
fn what_would_cost_many_times_its_text_is_refused() {
    let long = "x".repeat(600 << 10);
    let header: String = (0..20_000)
        .map(|number| format!("K{number}: v\n"))
        .collect();
    for (what, text, error) in [
        (
            "tiny entries",
            many(1_000_000, "CPV: a/b-1"),
            IndexError::Hollow,
        ),
        (
            "entries without a package",
            many(1_000_000, "CPV: x"),
            IndexError::Hollow,
        ),
        (
            "one long value",
            many(1, &format!("CPV: a/b-1\nUSE: {long}")),
            IndexError::LongEntry(1),
        ),
        (
            "what all inherit",
            format!(
                "VERSION: 0\nCHOST: {}\n\n{}",
                "x".repeat(100_000),
                "CPV: a/b-1\n\n".repeat(1000)
            ),
            IndexError::Hollow,
        ),
        (
            "many header lines",
            format!("VERSION: 0\n{header}"),
            IndexError::LongHeader,
        ),
        (
            "a long header",
            format!("VERSION: 0\nX: {}", "x".repeat(5 << 20)),
            IndexError::LongHeader,
        ),
    ] {
        assert_eq!(Index::parse(text).err(), Some(error), "{what}");
    }
    let text = Arc::new(many(11, "CPV: a/b-1"));
    assert_eq!(
        Index::within(&text, 10).err(),
        Some(IndexError::ManyEntries(10))
    );
    assert_eq!(Index::within(&text, 11).unwrap().entries.len(), 11);
}

#[test]
fn what_real_indexes_have_is_read() {
    let provides = "x86_64: libx.so.1 ".repeat(5000);
    let real = "CPV: dev-libs/some-package-1.2.3\nRDEPEND: dev-libs/a dev-libs/b".to_owned()
        + &" x".repeat(250);
    for (count, lines) in [
        (10_000, "CPV: a/b-1".to_owned()),
        (100_000, real),
        (100, format!("CPV: a/b-1\nPROVIDES: {provides}")),
        // What no rule reads may be of any length.
        (1, format!("CPV: a/b-1\nDESC: {}", "x".repeat(9 << 20))),
    ] {
        assert_eq!(parse(&many(count, &lines)).entries.len(), count);
    }
}

#[test]
fn the_head_is_that_of_the_index() {
    for text in [
        "VERSION: 0\nTIMESTAMP: 7\nTTL: 9\n\nCPV: a/b-1\n",
        "VERSION: 0\nTIMESTAMP:\n",
        "VERSION: 0\nTIMESTAMP: x",
    ] {
        let (head, index) = (Head::of(text).unwrap(), parse(text));
        assert_eq!(
            (head.timestamp, head.ttl),
            (index.timestamp, index.ttl),
            "{text}"
        );
        let is_dated = index
            .header("TIMESTAMP")
            .is_some_and(|text| !text.is_empty());
        assert_eq!(head.is_dated, is_dated, "{text}");
    }
    assert!(Head::of("VERSION: 1\n").is_err());
}
