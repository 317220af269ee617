//! Directories of the running machine that are granted.

use super::*;

/// `out/repo` looks like a repository; a link in the judged root leads there.
fn granted() -> (tempfile::TempDir, Chroot, PathBuf) {
    let (temp, chroot, base) = tree();
    fs::create_dir_all(base.join("out/repo/profiles/leaf")).unwrap();
    fs::write(base.join("out/repo/profiles/repo_name"), "r").unwrap();
    fs::write(base.join("out/secret"), "CANARY").unwrap();
    symlink(base.join("out/repo"), base.join("in/repo/out")).unwrap();
    (temp, chroot, base)
}

#[test]
fn a_granted_directory_is_seen_at_its_own_path() {
    let (_temp, chroot, base) = granted();
    let link = Path::new("/repo/out");
    assert!(chroot.kind(link).is_none());
    assert_eq!(chroot.grant(link, GrantKind::Repository), Ok(()));
    let repo = base.join("out/repo");
    symlink("/repo/out/sub", base.join("in/profile")).unwrap();
    let file = repo.join("sub/file");
    for path in [
        Path::new("/repo/out/sub/file"),
        Path::new("/profile/file"),
        &file,
    ] {
        assert_eq!(chroot.canonical(path).unwrap(), file, "{}", path.display());
        assert_eq!(chroot.read_text(path).unwrap(), "outside");
    }
    assert_eq!(chroot.subdirectories(link), ["profiles", "sub"]);
    // What lies beside it is not.
    assert!(chroot.read(&base.join("out/secret")).is_err());
    assert!(chroot.read(Path::new("/repo/out/../secret")).is_err());
    assert_eq!(chroot.kind(&base.join("out")), None);
}

#[test]
fn links_in_a_granted_directory_count_from_the_judged_root() {
    let (_temp, chroot, base) = granted();
    symlink("../secret", base.join("out/repo/up")).unwrap();
    symlink(base.join("out/secret"), base.join("out/repo/absolute")).unwrap();
    symlink("/etc/hostname", base.join("out/repo/hostname")).unwrap();
    symlink("sub/file", base.join("out/repo/fine")).unwrap();
    chroot
        .grant(Path::new("/repo/out"), GrantKind::Repository)
        .unwrap();
    for (name, text) in [
        ("up", None),
        ("absolute", None),
        ("hostname", Some("inside")),
        ("fine", Some("outside")),
    ] {
        let found = chroot.read_text(&Path::new("/repo/out").join(name)).ok();
        assert_eq!(found.as_deref(), text, "{name}");
    }
}

#[test]
fn what_is_there_is_never_replaced() {
    let (_temp, chroot, base) = granted();
    fs::create_dir_all(
        base.join("in")
            .join(base.strip_prefix("/").unwrap())
            .join("out/repo"),
    )
    .unwrap();
    assert_eq!(
        chroot.grant(Path::new("/repo/out"), GrantKind::Repository),
        Ok(())
    );
    assert!(chroot.kind(Path::new("/repo/out/sub")).is_none());
}

#[test]
fn refusals() {
    let (_temp, chroot, base) = granted();
    let repo = base.join("out/repo");
    let grant = |chroot: &Chroot, path: &Path, kind| chroot.grant(path, kind);
    let absent = Err(Refusal::Absent);
    assert_eq!(
        grant(&chroot, &base.join("out"), GrantKind::Repository),
        absent
    );
    assert_eq!(grant(&chroot, &repo, GrantKind::Binhost), absent);
    assert_eq!(grant(&chroot, &repo, GrantKind::Shipped), absent);
    assert_eq!(
        grant(&chroot, Path::new("/nonexistent"), GrantKind::Repository),
        absent
    );
    for home in [&base, &base.join("out"), &repo, &repo.join("sub")] {
        let shielded = chroot.clone().shielding(home);
        let path = Path::new("/repo/out");
        assert_eq!(
            grant(&shielded, path, GrantKind::Repository),
            Err(Refusal::Home)
        );
    }
    // What lies in the root itself is not a secret of this machine's.
    let inside = base.join("in/own");
    fs::create_dir_all(&inside).unwrap();
    fs::write(inside.join("Packages"), "").unwrap();
    let shielded = chroot.clone().shielding(&base);
    assert_eq!(grant(&shielded, &inside, GrantKind::Binhost), Ok(()));
    // By a link of this machine's, too.
    symlink(&repo, base.join("elsewhere")).unwrap();
    let shielded = chroot.clone().shielding(&base.join("out"));
    let path = base.join("elsewhere");
    assert_eq!(
        grant(&shielded, &path, GrantKind::Repository),
        Err(Refusal::Home)
    );
    assert_eq!(grant(&chroot, &path, GrantKind::Repository), Ok(()));
    assert_eq!(chroot.read_text(&path.join("sub/file")).unwrap(), "outside");
}

#[test]
fn links_to_shipped_files_are_not_followed() {
    let (_temp, chroot, base) = tree();
    let shipped = base.join("out/portage");
    fs::create_dir_all(shipped.join("config")).unwrap();
    fs::write(shipped.join("config/make.globals"), "A=1").unwrap();
    symlink(&shipped, base.join("in/portage")).unwrap();
    assert_eq!(
        chroot.grant(Path::new("/portage"), GrantKind::Shipped),
        Err(Refusal::Absent)
    );
    assert_eq!(chroot.grant(&shipped, GrantKind::Shipped), Ok(()));
    assert!(chroot.read(&shipped.join("config/make.globals")).is_ok());
}
