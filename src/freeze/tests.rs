#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

use super::{ABOUT, About, Limits, MANIFEST, unpack, unpack_in_memory};
use crate::hash::sha256;

const LIMITS: Limits = Limits {
    members: 20,
    bytes: 10_000,
    member: 5_000,
    paths: 9_000,
};

/// A member of a made archive: its kind, path, and content or what it leads to.
type Made<'m> = (EntryType, &'m str, &'m str);

fn about() -> String {
    let about = About {
        format: About::FORMAT,
        bincheck: "0".to_owned(),
        portage: None,
        with_repositories: false,
        names: 0,
        left_out: Vec::new(),
    };
    serde_json::to_string(&about).unwrap()
}

/// An archive of these members with a description before and a list of hashes behind them.
fn archive(members: &[Made<'_>]) -> Vec<u8> {
    let about = about();
    let mut manifest = String::new();
    let first = [(EntryType::Regular, ABOUT, about.as_str())];
    for (kind, path, content) in first.iter().chain(members) {
        if *kind == EntryType::Regular {
            manifest.push_str(&format!("{} 0644 {path}\n", sha256([content.as_bytes()])));
        }
    }
    let last = [(EntryType::Regular, MANIFEST, manifest.as_str())];
    raw(first.iter().chain(members).chain(&last))
}

/// Exactly these members, with paths as they are written.
fn raw<'m>(members: impl Iterator<Item = &'m Made<'m>>) -> Vec<u8> {
    let mut tar = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (kind, path, content) in members {
        let mut header = Header::new_gnu();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(
            0o644
                | if *kind == EntryType::Directory {
                    0o111
                } else {
                    0
                },
        );
        let is_file = matches!(
            *kind,
            EntryType::Regular
                | EntryType::GNULongName
                | EntryType::GNULongLink
                | EntryType::XHeader
        );
        header.set_size(if is_file { content.len() as u64 } else { 0 });
        if matches!(*kind, EntryType::Symlink | EntryType::Link) {
            header.set_link_name_literal(content).unwrap();
        }
        header.set_cksum();
        let data = if is_file { content.as_bytes() } else { b"" };
        tar.append(&header, data).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

/// Unpack below a directory beside which lies another; why that fails, and all that is there afterwards.
fn unpacked(bytes: &[u8], only: Option<&str>) -> (Option<String>, Vec<String>) {
    let top = tempfile::tempdir().unwrap();
    let into = top.path().join("into");
    fs::create_dir(&into).unwrap();
    let done = unpack(bytes, &into, only.map(Path::new), &LIMITS);
    if only.is_none() {
        // What memory takes is what a directory takes.
        let in_memory = unpack_in_memory(bytes, &LIMITS);
        assert_eq!(in_memory.is_ok(), done.is_ok());
    }
    let mut found = Vec::new();
    list(top.path(), top.path(), &mut found);
    found.sort();
    (done.err().map(|error| format!("{error:#}")), found)
}

fn list(top: &Path, at: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(at).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        found.push(path.strip_prefix(top).unwrap().display().to_string());
        if entry.file_type().unwrap().is_dir() {
            list(top, &path, found);
        }
    }
}

#[test]
fn members_are_written_below_the_directory() {
    let made = archive(&[
        (EntryType::Directory, "etc", ""),
        (EntryType::Regular, "etc/a", "text"),
        (EntryType::Symlink, "etc/link", "/etc/a"),
    ]);
    let (error, found) = unpacked(&made, None);
    assert_eq!(error, None);
    let own = ["into/.bincheck", "into/.bincheck/about.json"];
    let expected = [
        "into",
        own[0],
        own[1],
        "into/etc",
        "into/etc/a",
        "into/etc/link",
    ];
    assert_eq!(found, expected);
    let (error, found) = unpacked(&made, Some("etc/a"));
    assert_eq!(
        (error, found),
        (
            None,
            ["into", "into/etc", "into/etc/a"]
                .map(String::from)
                .to_vec()
        )
    );
}

#[test]
fn hostile_archives_write_nothing_outside() {
    use EntryType::{Block, Char, Directory, Fifo, Link, Regular, Symlink};
    let large = "x".repeat(5_001);
    let half = "x".repeat(4_000);
    let many: Vec<String> = (0..30).map(|number| format!("d{number}")).collect();
    let many: Vec<Made<'_>> = many
        .iter()
        .map(|name| (Directory, name.as_str(), ""))
        .collect();
    for (members, cause) in [
        (vec![(Regular, "../out", "x")], "not a path below"),
        (vec![(Regular, "/out", "x")], "not a path below"),
        (vec![(Regular, "a/../../out", "x")], "not a path below"),
        (
            vec![(Symlink, "a", "/tmp"), (Regular, "a/b", "x")],
            "below a link",
        ),
        (
            vec![(Regular, "a/b", "x"), (Symlink, "a", "/tmp")],
            "below a link",
        ),
        (
            vec![(Symlink, "a", ".."), (Directory, "a/b", "")],
            "below a link",
        ),
        (
            vec![(Symlink, "a", ".."), (Symlink, "a/b", "x")],
            "below a link",
        ),
        (vec![(Regular, "a", "x"), (Regular, "a", "y")], "twice"),
        (vec![(Link, "a", "/etc/passwd")], "neither file"),
        (vec![(Char, "a", "")], "neither file"),
        (vec![(Block, "a", "")], "neither file"),
        (vec![(Fifo, "a", "")], "neither file"),
        (vec![(Regular, "a", &large)], "larger than"),
        (
            vec![
                (Regular, "a", &half),
                (Regular, "b", &half),
                (Regular, "c", &half),
            ],
            "too large",
        ),
        (many, "too many members"),
        (vec![(Regular, "a", "x"), (Directory, "a", "")], "exists"),
    ] {
        let (error, found) = unpacked(&archive(&members), None);
        let error = error.unwrap_or_default();
        assert!(error.contains(cause), "{members:?}: {error:?}");
        assert!(
            found.iter().all(|path| path.starts_with("into")),
            "{found:?}"
        );
    }
}

/// What does not fit a header stands in a member of its own, which is read into memory: a small archive may have a
/// large one.
#[test]
fn long_paths_are_read_and_bounded() {
    use EntryType::{GNULongLink, GNULongName, Regular, Symlink, XHeader};
    let path = format!("{}/a", ["d"; 90].join("/"));
    let target = ["e"; 90].join("/");
    let hash = |text: &str| sha256([text.as_bytes()]);
    let about = about();
    let manifest = format!(
        "{} 0644 {ABOUT}\n{} 0644 {path}\n",
        hash(&about),
        hash("text")
    );
    let long = |kind, text: &'static str| [(kind, "././@LongLink", text)];
    let made = |more: &[Made<'_>]| {
        let first = [(Regular, ABOUT, about.as_str())];
        let last = [(Regular, MANIFEST, manifest.as_str())];
        raw(first.iter().chain(more).chain(&last))
    };
    let fine = made(&[
        (GNULongName, "././@LongLink", &path),
        (Regular, "short", "text"),
        (GNULongLink, "././@LongLink", &target),
        (Symlink, "link", "short"),
    ]);
    let top = tempfile::tempdir().unwrap();
    unpack(&*fine, top.path(), None, &LIMITS).unwrap();
    assert_eq!(fs::read_to_string(top.path().join(&path)).unwrap(), "text");
    let led = fs::read_link(top.path().join("link")).unwrap();
    assert_eq!(led, Path::new(&target));
    let huge: &'static str = Box::leak("x".repeat(4_500).into_boxed_str());
    let half: &'static str = Box::leak("x".repeat(4_000).into_boxed_str());
    let halves = [
        long(GNULongName, half),
        long(GNULongLink, half),
        long(GNULongName, half),
    ];
    for (members, cause) in [
        (&long(GNULongName, huge)[..], "a path has 4500 bytes"),
        (&long(GNULongLink, huge), "a path has 4500 bytes"),
        (halves.as_flattened(), "too long altogether"),
        (&long(XHeader, huge), "neither file"),
        (
            &[(GNULongName, "x", "../../out"), (Regular, "a", "x")],
            "not a path below",
        ),
    ] {
        let (error, found) = unpacked(&made(members), None);
        let error = error.unwrap_or_default();
        assert!(error.contains(cause), "{cause}: {error}");
        assert!(found.iter().all(|path| path.starts_with("into")));
    }
}

#[test]
fn damage_is_seen() {
    let whole = archive(&[(EntryType::Regular, "a", "text")]);
    for end in [0, 10, whole.len() / 2, whole.len() * 3 / 4] {
        assert!(unpacked(&whole[..end], None).0.is_some(), "cut at {end}");
    }
    let about = about();
    let first = (EntryType::Regular, ABOUT, about.as_str());
    let hashes = |of: &str, path: &str| {
        let hash = sha256([of.as_bytes()]);
        format!(
            "{} 0644 {ABOUT}\n{hash} 0644 {path}\n",
            sha256([about.as_bytes()])
        )
    };
    let file = (EntryType::Regular, "a", "text");
    let [other, elsewhere, fine] = [
        hashes("other", "a"),
        hashes("text", "b"),
        hashes("text", "a"),
    ];
    for (members, cause) in [
        (vec![file], "not an archive of a frozen machine"),
        (vec![first, file], "list of hashes is lacking"),
        (
            vec![first, file, (EntryType::Regular, MANIFEST, &other)],
            "is not what",
        ),
        (
            vec![first, file, (EntryType::Regular, MANIFEST, &elsewhere)],
            "is not what",
        ),
        (
            vec![first, (EntryType::Regular, MANIFEST, &fine)],
            "lacking",
        ),
        (
            vec![first, file, (EntryType::Regular, MANIFEST, "x")],
            "damaged",
        ),
        (vec![(EntryType::Regular, ABOUT, "{}")], "damaged"),
        (
            vec![first, file, (EntryType::Regular, MANIFEST, &fine), file],
            "follows",
        ),
    ] {
        let error = unpacked(&raw(members.iter()), None).0.unwrap_or_default();
        assert!(error.contains(cause), "{members:?}: {error:?}");
    }
    assert_eq!(
        unpacked(
            &raw([first, file, (EntryType::Regular, MANIFEST, &*fine)].iter()),
            None
        )
        .0,
        None
    );
}
