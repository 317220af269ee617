//! A system in memory beside the same in a directory.

use super::*;

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
