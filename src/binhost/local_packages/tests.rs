#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;

use super::super::package_file::tests::xpak;
use super::*;

/// A PKGDIR with files, and an index made for them.
fn entries(
    files: &[(&str, &[u8])],
    index: &str,
    request_signature: bool,
) -> (Vec<LocalEntry>, String) {
    let directory = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = directory.path().join("pkgs").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1000);
        fs::File::open(&path).unwrap().set_modified(time).unwrap();
    }
    let index = Index::parse(format!("VERSION: 0\n{index}")).unwrap();
    let notices = Notices::default();
    let chroot = Chroot::new(Some(directory.path().into())).unwrap();
    let view = Directory {
        pkgdir: Path::new("/pkgs"),
        chroot: &chroot,
        own_chost: "own",
        request_signature,
        notices: &notices,
    };
    let entries = view.entries(&trusted(&index, request_signature));
    let notices = notices.sorted();
    (
        entries,
        notices.iter().map(|notice| format!("{notice}\n")).collect(),
    )
}

fn package(pf: &str, more: &[(&str, &str)]) -> Vec<u8> {
    xpak(&[&[("CATEGORY", "cat"), ("PF", pf), ("SLOT", "0")], more].concat())
}

fn cpvs(entries: &[LocalEntry]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry.metadata.text(Key::Cpv))
        .collect()
}

#[test]
fn files_are_read() {
    let foo = package(
        "foo-1",
        &[
            ("USE", "x\n y"),
            ("BUILD_ID", "2"),
            ("repository", "gentoo"),
        ],
    );
    let bar = package("bar-1", &[]);
    let files: [(&str, &[u8]); 4] = [
        ("cat/foo/foo-1-2.xpak", &foo),
        ("All/bar-1.tbz2", &bar),
        ("Packages", b""),
        ("cat/README", b""),
    ];
    let (entries, notices) = entries(&files, "", false);
    assert_eq!(
        (cpvs(&entries), &*notices),
        (vec!["cat/bar-1", "cat/foo-1"], "")
    );
    let foo_size = foo.len().to_string();
    let table = [
        (Key::Use, Some("x y")),
        (Key::BuildId, Some("2")),
        (Key::Path, Some("cat/foo/foo-1-2.xpak")),
        (Key::Mtime, Some("1000")),
        (Key::Size, Some(&*foo_size)),
        (Key::Eapi, Some("0")),
        (Key::Chost, Some("")),
        (Key::UserPatches, Some("")),
        (Key::Repository, Some("gentoo")),
        (Key::Md5, None),
    ];
    for (key, value) in table {
        assert_eq!(entries[1].metadata.get(key), value, "{}", key.name());
    }
}

#[test]
fn the_index_saves_reading_files_that_have_not_changed() {
    let junk: [(&str, &[u8]); 1] = [("cat/foo-1.tbz2", b"12345")];
    let complete =
        "\nCPV: cat/foo-1\nPATH: cat/foo-1.tbz2\nSIZE: 5\nMTIME: 1000\nREPO: r\nUSER_PATCHES:\n";
    let (found, notices) = entries(&junk, complete, false);
    assert_eq!((cpvs(&found), &*notices), (vec!["cat/foo-1"], ""));
    for (from, to) in [
        ("SIZE: 5", "SIZE: 6"),
        ("MTIME: 1000", "MTIME: x"),
        ("REPO: r\n", ""),
        ("USER_PATCHES:\n", ""),
        ("PATH: cat", "PATH: dog"),
    ] {
        let (found, notices) = entries(&junk, &complete.replace(from, to), false);
        assert_eq!(cpvs(&found), [""; 0], "{to}");
        assert!(
            notices.contains("/pkgs/cat/foo-1.tbz2: is not a binary package"),
            "{notices}"
        );
    }
    let without_path = complete.replace("PATH: cat/foo-1.tbz2\n", "");
    assert_eq!(cpvs(&entries(&junk, &without_path, false).0), ["cat/foo-1"]);
    assert_eq!(cpvs(&entries(&[], complete, false).0), [""; 0]);
}

#[test]
fn files_without_signature_are_not_taken_where_one_is_required() {
    let foo = package("foo-1", &[]);
    let (found, notices) = entries(&[("cat/foo-1.tbz2", &foo)], "", true);
    assert_eq!(cpvs(&found), [""; 0]);
    assert!(notices.contains("binpkg-request-signature"), "{notices}");
}

#[test]
fn misplaced_files_are_notices() {
    let foo = package("foo-1", &[]);
    let (found, notices) = entries(
        &[("dog/foo-1.tbz2", &foo), ("cat/foo-2.tbz2", &foo)],
        "",
        false,
    );
    assert_eq!(cpvs(&found), [""; 0]);
    assert!(
        notices.contains("does not lie where") && notices.contains("does not fit"),
        "{notices}"
    );
}
