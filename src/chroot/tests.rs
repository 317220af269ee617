#![allow(clippy::unwrap_used, reason = "tests may fail")]

use super::content::MAX_FILE;
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
    // What lies in the root itself is no secret of this machine's.
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
    let running = Chroot::default();
    assert_eq!(running.kind(Path::new("/dev/null")), Some(FileKind::Other));
    assert!(running.read(Path::new("/dev/zero")).is_err());
    assert!(chroot.read(Path::new("/etc")).is_err());
    let large = fs::File::create(base.join("in/large")).unwrap();
    large.set_len(MAX_FILE + 1).unwrap();
    assert!(chroot.read(Path::new("/large")).is_err());
    fs::write(base.join("in/bad"), b"a\xffb").unwrap();
    assert_eq!(chroot.read_text(Path::new("/bad")).unwrap(), "a\u{fffd}b");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        base.join("in/pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    assert_eq!(chroot.kind(Path::new("/pipe")), Some(FileKind::Other));
    assert!(chroot.read(Path::new("/pipe")).is_err());
    // Looked at as a file, it is a pipe when it is opened.
    assert!(open::without_links(&base.join("in/pipe"), None).is_err());
}

#[test]
fn configuration_is_bounded_altogether() {
    let (_temp, chroot, base) = tree();
    fs::write(base.join("in/large"), vec![b'x'; 1 << 20]).unwrap();
    let path = Path::new("/large");
    let read = (0..2_000).take_while(|_| chroot.read(path).is_ok()).count();
    assert_eq!(read, 1024);
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

/// Files in memory are seen as the same files in a directory.
#[test]
fn memory_is_seen_as_a_directory() {
    let (_temp, chroot, base) = tree();
    let links = [
        ("absolute", "/repo/profiles/leaf"),
        ("relative", "../repo/profiles"),
        ("escape", "../../../../etc/hostname"),
        ("broken", "nowhere"),
        ("loop", "loop"),
        ("through", "relative/leaf"),
    ];
    let mut memory = FileTree::default();
    for (path, text) in [("etc/hostname", "inside"), ("repo/profiles/eapi", "8")] {
        memory
            .add_file(Path::new(path), 0o644, 7, text.into())
            .unwrap();
    }
    for path in ["etc/portage", "repo/profiles/leaf"] {
        memory.add_directory(Path::new(path)).unwrap();
    }
    for (name, target) in links {
        let link = Path::new("etc").join(name);
        symlink(target, base.join("in").join(&link)).unwrap();
        memory.add_link(&link, Path::new(target)).unwrap();
    }
    let memory = Chroot::in_memory(memory, Path::new("/archive"));
    let mut paths = vec!["/", "/etc", "/etc/hostname", "/etc/hostname/x", "/no/such"];
    paths.extend([
        "/repo/profiles/eapi",
        "/etc/../../repo",
        "/etc/relative/eapi",
    ]);
    let links = links.map(|(name, _)| format!("/etc/{name}"));
    paths.extend(links.iter().map(String::as_str));
    for path in paths {
        let seen = |chroot: &Chroot| {
            let path = Path::new(path);
            let text = chroot.read_limited(path, 100).ok();
            let opened = chroot.open(path).ok().map(|(file, size)| {
                let bytes = open::whole(file, size, 100).unwrap();
                (bytes, size)
            });
            (
                (chroot.canonical(path).ok(), chroot.kind(path)),
                (text, opened),
                (chroot.list(path).ok(), chroot.subdirectories(path)),
                chroot.link_target(path),
            )
        };
        assert_eq!(seen(&memory), seen(&chroot), "{path}");
    }
    let hostname = Path::new("/etc/hostname");
    assert!(memory.read_limited(hostname, 3).is_err());
    assert_eq!(memory.facts(hostname).unwrap().mtime(), 7);
    assert!(memory.find(hostname).is_err());
    let label = memory.label(hostname);
    assert_eq!(label, Path::new("/archive/etc/hostname"));
}

#[test]
fn one_path_in_memory_is_one_thing() {
    let mut memory = FileTree::default();
    let path = Path::new;
    memory.add_file(path("a/b"), 0, 0, Vec::new()).unwrap();
    memory.add_link(path("a/link"), path("b")).unwrap();
    for (twice, below) in [("a/b", "a/b/c"), ("a/link", "a/link/c"), ("a", "a/b/c/d")] {
        for wrong in [twice, below] {
            let added = memory.add_file(path(wrong), 0, 0, Vec::new());
            assert!(added.is_err(), "{wrong}");
        }
    }
    assert!(memory.add_directory(path("a/b")).is_err());
    assert!(memory.add_directory(path("a")).is_ok());
    assert!(memory.set_directory_mode(path("a/b"), 0).is_err());
}

#[test]
fn files_of_one_directory_are_read_as_each_alone() {
    let (_temp, chroot, base) = tree();
    let dir = base.join("in/var");
    fs::create_dir_all(dir.join("DIRECTORY")).unwrap();
    fs::write(dir.join("FILE"), "text").unwrap();
    fs::write(dir.join("EMPTY"), "").unwrap();
    fs::write(dir.join("LARGE"), "0123456789").unwrap();
    symlink("/etc/hostname", dir.join("LINK")).unwrap();
    symlink(base.join("out/repo/sub/file"), dir.join("OUTSIDE")).unwrap();
    let names = [
        "FILE",
        "EMPTY",
        "LARGE",
        "LINK",
        "OUTSIDE",
        "DIRECTORY",
        "NONE",
    ];
    let read = chroot.read_each(Path::new("/var"), names, 8);
    for (name, read) in names.iter().zip(&read) {
        let alone = chroot.read_limited(&Path::new("/var").join(name), 8);
        let of = |read: &io::Result<Vec<u8>>| {
            let read = read.as_ref().map(|bytes| text(bytes.clone()));
            read.map_err(io::Error::kind)
        };
        assert_eq!(of(read), of(&alone), "{name}");
    }
    let texts: Vec<Option<&[u8]>> = read.iter().map(|read| read.as_deref().ok()).collect();
    assert_eq!(texts[..2], [Some(&b"text"[..]), Some(b"")]);
    assert_eq!(texts[3], Some(&b"inside"[..]));
    assert!(texts[2].is_none() && texts[4..].iter().all(Option::is_none));
    let nowhere = chroot.read_each(Path::new("/none"), names, 8);
    assert!(nowhere.iter().all(Result::is_err));
}
