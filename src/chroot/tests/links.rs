//! Links, whose targets count from the judged root.

use super::*;

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
        assert_eq!(chroot.find(Path::new(path)).unwrap(), real, "{path}");
    }
}

#[test]
fn nothing_comes_from_outside() {
    let (_temp, chroot, base) = tree();
    let secret = base.join("out/secret");
    fs::write(&secret, "CANARY").unwrap();
    let inside = |name: &str| base.join("in").join(name);
    symlink(&secret, inside("absolute")).unwrap();
    symlink("../out/secret", inside("relative")).unwrap();
    symlink("../../../out/secret", inside("etc/portage/far")).unwrap();
    symlink("/absolute", inside("chain")).unwrap();
    symlink(base.join("out"), inside("middle")).unwrap();
    symlink("../../out", inside("repo/profiles/up")).unwrap();
    symlink(
        format!("/proc/self/root{}", secret.display()),
        inside("magic"),
    )
    .unwrap();
    symlink("/proc/self/root", inside("rooted")).unwrap();
    for path in [
        "/absolute",
        "/relative",
        "/etc/portage/far",
        "/chain",
        "/middle",
        "/middle/secret",
        "/repo/profiles/up/secret",
        "/magic",
        "/rooted/etc/passwd",
        "/etc/passwd",
        "/x/../etc/passwd",
        secret.to_str().unwrap(),
        "/../out/secret",
    ] {
        let path = Path::new(path);
        assert!(chroot.read(path).is_err(), "{}", path.display());
        assert!(chroot.find(path).is_err(), "{}", path.display());
        assert!(chroot.canonical(path).is_err(), "{}", path.display());
        assert!(chroot.list(path).is_err(), "{}", path.display());
        assert_eq!(chroot.kind(path), None, "{}", path.display());
        assert_eq!(chroot.subdirectories(path), [""; 0], "{}", path.display());
    }
    assert_eq!(chroot.subdirectories(Path::new("/")), ["etc", "repo"]);
}

#[test]
fn loops_end() {
    let (_temp, chroot, base) = tree();
    symlink("/a", base.join("in/b")).unwrap();
    symlink("/b", base.join("in/a")).unwrap();
    assert!(chroot.canonical(Path::new("/a")).is_err());
    assert_eq!(chroot.kind(Path::new("/a/x")), None);
}

/// What a path leads to was found out before; then its owner puts a link in place of a directory on the way.
#[test]
fn a_directory_that_becomes_a_link_leads_nowhere() {
    let (_temp, chroot, base) = tree();
    fs::create_dir_all(base.join("out/portage")).unwrap();
    for name in ["make.conf", "canary"] {
        fs::write(base.join("out/portage").join(name), "CANARY").unwrap();
    }
    fs::create_dir_all(base.join("in/etc/portage")).unwrap();
    fs::write(base.join("in/etc/portage/make.conf"), "own").unwrap();
    let file = Path::new("/etc/portage/make.conf");
    let directory = Path::new("/etc/portage");
    assert_eq!(chroot.read_text(file).unwrap(), "own");
    assert!(chroot.list(directory).is_ok());
    fs::rename(base.join("in/etc/portage"), base.join("in/etc/was")).unwrap();
    symlink(base.join("out/portage"), base.join("in/etc/portage")).unwrap();
    let real = base.join("in/etc/portage/make.conf");
    assert!(open::without_links(&real, None).is_err());
    assert!(chroot.read(file).is_err());
    let names = chroot.list(directory).unwrap_or_default();
    assert!(!names.contains(&"canary".to_owned()), "{names:?}");
    assert_eq!(chroot.subdirectories(directory), [""; 0]);
}
