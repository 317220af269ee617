#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use super::*;

const X: &str = "a57b5956dbc6e02127bbb40c87cb8244196d6d18e0e141936ffcd8cffad457ad";

fn patches(files: &[(&str, &str)]) -> Patches {
    let dir = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    read(&Chroot::new(None).unwrap(), dir.path()).unwrap()
}

/// Observed with Portage.
#[test]
fn digests() {
    let p6: &[(&str, &str)] = &[
        ("a/b/1.patch", "pn"),
        ("a/b-1/1.patch", "p"),
        ("a/b:0/1.patch", "pn0"),
        ("a/b-1:0/2.patch", ""),
    ];
    for (id, files, package, slot, expected) in [
        ("P0", &[][..], "a/b-1", "0", ""),
        ("P1", &[("a/b/1.patch", "x")], "a/b-1", "0", X),
        ("P4", &[("a/b-1/1.patch", "x")], "a/b-1-r1", "0", ""),
        ("P5", &[("a/b-1-r0/1.patch", "x")], "a/b-1", "0", ""),
        ("P5b", &[("a/b-1-r0/1.patch", "x")], "a/b-1-r0", "0", X),
        ("P6", p6, "a/b-1", "0", "dc250c76…8ad1"),
        ("P6", p6, "a/b-1", "2", "8f9644de…2917"),
        ("P6", p6, "a/b-1-r1", "2", "c3f6a13c…0c67"),
        (
            "P7",
            &[("a/b/1.patch", ""), ("a/b/note.txt", "n")],
            "a/b-1",
            "0",
            "",
        ),
        ("deeper", &[("a/b/sub/1.patch", "x")], "a/b-1", "0", ""),
        ("diff", &[("a/b/1.diff", "x")], "a/b-1", "0", X),
    ] {
        let found = patches(files).digest_of(&Cpv::parse(package).unwrap(), slot);
        let (start, end) = expected.split_once('…').unwrap_or((expected, ""));
        let fits = found.starts_with(start) && found.ends_with(end);
        assert!(
            fits && found.is_empty() == expected.is_empty(),
            "{id}: {found}"
        );
    }
}

#[test]
fn files_in_order_of_base_name() {
    let patches = patches(&[
        ("a/b/z.patch", "1"),
        ("a/b/Z.patch", "2"),
        ("a/b-1/a.diff", "3"),
        ("a/b:0/z.patch", "4"),
        ("a/c/q.patch", "5"),
    ]);
    let applying = patches.applying(&Cpv::parse("a/b-1").unwrap(), "0");
    let found: Vec<String> = applying
        .values()
        .map(|patch| {
            let names = patch.path.components().rev().take(2);
            let names: Vec<_> = names
                .map(|name| name.as_os_str().to_str().unwrap())
                .collect();
            format!("{}/{}", names[1], names[0])
        })
        .collect();
    assert_eq!(found, ["b/Z.patch", "b-1/a.diff", "b:0/z.patch"]);
}

#[test]
fn unreadable_patch_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("a/b/1.patch")).unwrap();
    let error = read(&Chroot::new(None).unwrap(), dir.path()).unwrap_err();
    assert!(error.to_string().contains("a/b/1.patch"), "{error:#}");
}
