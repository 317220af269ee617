//! What files and directories hold.

use super::*;

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
