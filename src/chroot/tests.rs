#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::*;
use std::os::unix::fs::symlink;

/// `in/` is the judged system, `out/` lies beside it.
fn tree() -> (tempfile::TempDir, Chroot, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let base = fs::canonicalize(temp.path()).unwrap();
    fs::create_dir_all(base.join("in/etc/portage")).unwrap();
    fs::create_dir_all(base.join("in/repo/profiles/leaf")).unwrap();
    fs::create_dir_all(base.join("out/repo/sub")).unwrap();
    fs::write(base.join("in/etc/hostname"), "inside").unwrap();
    fs::write(base.join("in/repo/profiles/eapi"), "8").unwrap();
    fs::write(base.join("out/repo/sub/file"), "outside").unwrap();
    let chroot = Chroot::new(Some(base.join("in"))).unwrap();
    (temp, chroot, base)
}

#[test]
fn paths_and_absolute_links_count_from_the_root() {
    let (_temp, chroot, base) = tree();
    symlink("/repo/profiles/leaf", base.join("in/etc/portage/absolute")).unwrap();
    symlink("../../repo/profiles", base.join("in/etc/portage/relative")).unwrap();
    symlink(
        "../../../../../etc/hostname",
        base.join("in/etc/portage/escape"),
    )
    .unwrap();
    for (path, logical) in [
        ("/etc/hostname", "/etc/hostname"),
        ("/../../etc/./hostname", "/etc/hostname"),
        ("/etc/portage/absolute", "/repo/profiles/leaf"),
        ("/etc/portage/absolute/../eapi", "/repo/profiles/eapi"),
        ("/etc/portage/relative/leaf", "/repo/profiles/leaf"),
        ("/etc/portage/escape", "/etc/hostname"),
        ("/", "/"),
    ] {
        // The second time is answered from what is known.
        for _ in 0..2 {
            assert_eq!(
                chroot.canonical(Path::new(path)).unwrap(),
                Path::new(logical),
                "{path}"
            );
        }
        let real = base.join("in").join(logical.trim_start_matches('/'));
        assert_eq!(chroot.real(Path::new(path)), real, "{path}");
    }
}

#[test]
fn what_is_missing_inside_is_taken_from_outside() {
    let (_temp, chroot, base) = tree();
    let repo = base.join("out/repo");
    symlink(&repo, base.join("in/repo/out")).unwrap();
    symlink("repo/out/sub", base.join("in/profile")).unwrap();
    let file = repo.join("sub/file");
    for path in [
        Path::new("/repo/out/sub/file"),
        Path::new("/profile/file"),
        &file,
    ] {
        assert_eq!(chroot.canonical(path).unwrap(), file, "{}", path.display());
        assert_eq!(chroot.read_text(path).unwrap(), "outside");
    }
    let own = base.join("in/repo/profiles/eapi");
    assert_eq!(
        chroot.canonical(&own).unwrap(),
        Path::new("/repo/profiles/eapi")
    );
}

#[test]
fn configuration_is_never_taken_from_outside() {
    let (_temp, chroot, _base) = tree();
    assert!(Path::new("/etc/passwd").exists());
    assert_eq!(chroot.kind(Path::new("/etc/passwd")), None);
    assert_eq!(chroot.kind(Path::new("/x/../etc/passwd")), None);
    assert!(!chroot.real(Path::new("/etc/passwd")).exists());
}

#[test]
fn loops_end() {
    let (_temp, chroot, base) = tree();
    symlink("/a", base.join("in/b")).unwrap();
    symlink("/b", base.join("in/a")).unwrap();
    assert!(chroot.canonical(Path::new("/a")).is_err());
    assert_eq!(chroot.kind(Path::new("/a/x")), None);
}

#[test]
fn only_regular_files_are_read() {
    let (_temp, chroot, base) = tree();
    assert_eq!(chroot.kind(Path::new("/etc")), Some(FileKind::Dir));
    assert_eq!(
        chroot.kind(Path::new("/etc/hostname")),
        Some(FileKind::File)
    );
    assert_eq!(chroot.kind(Path::new("/etc/hostname/x")), None);
    assert_eq!(chroot.kind(Path::new("/dev/null")), Some(FileKind::Other));
    assert!(chroot.read(Path::new("/etc")).is_err());
    assert!(chroot.read(Path::new("/dev/zero")).is_err());
    let large = fs::File::create(base.join("in/large")).unwrap();
    large.set_len(MAX_FILE + 1).unwrap();
    assert!(chroot.read(Path::new("/large")).is_err());
    fs::write(base.join("in/bad"), b"a\xffb").unwrap();
    assert_eq!(chroot.read_text(Path::new("/bad")).unwrap(), "a\u{fffd}b");
}

#[test]
fn names_are_sorted() {
    let (_temp, chroot, _base) = tree();
    assert_eq!(
        chroot.list(Path::new("/etc")).unwrap(),
        ["hostname", "portage"]
    );
    assert!(Chroot::new(Some("/nonexistent".into())).is_err());
}
