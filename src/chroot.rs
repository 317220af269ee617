//! Reading the files of the judged system, wherever its root lies.
//!
//! With `--chroot DIR` every absolute path, and every absolute symbolic link met on the way,
//! counts from DIR; a path that does not exist there but does outside is taken from outside.
//! What makes one machine differ from another ([`OWN`]) is the exception: were it taken from
//! outside, the settings of the running system would decide about the judged one.
//! Paths that the rest of the program carries are *logical*: as the judged system knows them.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, RwLock};

/// Symbolic links that one path may lead through, as in Linux.
const MAX_LINKS: u32 = 40;

/// The largest file that is read.
const MAX_FILE: u64 = 64 << 20;

/// Directories that are never looked for outside: configuration, installed packages, caches.
const OWN: [&str; 4] = ["/etc", "/var/cache", "/var/db/pkg", "/var/lib/portage"];

/// The root of the judged system.
#[derive(Clone, Debug, Default)]
pub struct Chroot {
    dir: Option<PathBuf>,
    /// Directories that were resolved before; most paths differ in their last part only.
    known: Arc<RwLock<HashMap<PathBuf, Place>>>,
}

/// What a path leads to, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A device, a pipe or a socket.
    Other,
}

/// Where a logical path ended.
#[derive(Clone, Debug)]
enum Place {
    /// Below the root of the judged system, without any links; begins with `/`.
    Inside(PathBuf),
    /// A path of the running system.
    Outside(PathBuf),
}

impl Chroot {
    /// The running system, or the one below `dir`.
    ///
    /// # Errors
    /// `dir` does not exist or is no directory.
    pub fn new(dir: Option<PathBuf>) -> io::Result<Chroot> {
        let dir = dir.map(fs::canonicalize).transpose()?;
        if let Some(dir) = &dir {
            fs::read_dir(dir)?;
        }
        Ok(Chroot {
            dir: dir.filter(|dir| dir != Path::new("/")),
            known: Arc::default(),
        })
    }

    /// Where the file lies on the running system, links resolved as the judged system would.
    pub fn real(&self, logical: &Path) -> PathBuf {
        self.find(logical).unwrap_or_else(|_| match &self.dir {
            Some(dir) => below(dir, &normal(logical)),
            None => logical.to_path_buf(),
        })
    }

    /// The logical path with all links resolved (what `realpath` prints inside the judged system).
    ///
    /// # Errors
    /// Nothing is there, or a directory on the way is unreadable.
    pub fn canonical(&self, logical: &Path) -> io::Result<PathBuf> {
        match &self.dir {
            None => fs::canonicalize(logical),
            Some(dir) => match self.place(dir, logical)? {
                Place::Inside(path) => Ok(path),
                Place::Outside(path) => fs::canonicalize(path),
            },
        }
    }

    /// What the path leads to; `None` where nothing is there or a directory above it is unreadable.
    pub fn kind(&self, logical: &Path) -> Option<FileKind> {
        let kind = fs::metadata(self.find(logical).ok()?).ok()?.file_type();
        Some(if kind.is_file() {
            FileKind::File
        } else if kind.is_dir() {
            FileKind::Dir
        } else {
            FileKind::Other
        })
    }

    /// A whole regular file, at most 64 MiB. A directory, a device or a larger file is an error.
    ///
    /// # Errors
    /// As said, and whatever the system says.
    pub fn read(&self, logical: &Path) -> io::Result<Vec<u8>> {
        let real = self.find(logical)?;
        let kind = fs::metadata(&real)?.file_type();
        if kind.is_dir() {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "is a directory",
            ));
        }
        // Opening a pipe would wait for a writer.
        if !kind.is_file() {
            return Err(io::Error::other("is not a regular file"));
        }
        let mut bytes = Vec::new();
        fs::File::open(&real)?
            .take(MAX_FILE + 1)
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "is larger than 64 MiB",
            ));
        }
        Ok(bytes)
    }

    /// A whole text file; bytes that are not UTF-8 are replaced, as Portage does.
    ///
    /// # Errors
    /// As [`Chroot::read`].
    pub fn read_text(&self, logical: &Path) -> io::Result<String> {
        Ok(String::from_utf8(self.read(logical)?)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
    }

    /// The names in a directory, sorted by code point.
    ///
    /// # Errors
    /// It is no directory or is unreadable.
    pub fn list(&self, logical: &Path) -> io::Result<Vec<String>> {
        let mut names = fs::read_dir(self.find(logical)?)?
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<String>>>()?;
        names.sort_unstable();
        Ok(names)
    }

    /// The path on the running system, or why nothing is there.
    fn find(&self, logical: &Path) -> io::Result<PathBuf> {
        let Some(dir) = &self.dir else {
            return Ok(logical.to_path_buf());
        };
        Ok(match self.place(dir, logical)? {
            Place::Inside(path) => below(dir, &path),
            Place::Outside(path) => path,
        })
    }

    /// Resolve a path, from outside where it does not exist inside.
    fn place(&self, dir: &Path, logical: &Path) -> io::Result<Place> {
        let inside = self.place_inside(dir, logical);
        match &inside {
            Err(error) if is_missing(error) => outside(dir, logical, &OWN).map_or(inside, Ok),
            _ => inside,
        }
    }

    fn place_inside(&self, dir: &Path, logical: &Path) -> io::Result<Place> {
        let mut links = 0;
        let (Some(parent), Some(name)) = (logical.parent(), logical.file_name()) else {
            return walk(dir, Place::Inside("/".into()), logical, &mut links);
        };
        let known = self
            .known
            .read()
            .ok()
            .and_then(|known| known.get(parent).cloned());
        let start = match known {
            Some(place) => place,
            None => {
                let place = walk(dir, Place::Inside("/".into()), parent, &mut links)?;
                if let Ok(mut known) = self.known.write() {
                    known.insert(parent.to_path_buf(), place.clone());
                }
                place
            }
        };
        walk(dir, start, Path::new(name), &mut links)
    }
}

/// Follow `path` from `place`. Every part has to exist.
fn walk(dir: &Path, mut place: Place, path: &Path, links: &mut u32) -> io::Result<Place> {
    for component in path.components() {
        place = match (component, place) {
            (Component::RootDir | Component::Prefix(_), _) => Place::Inside("/".into()),
            (Component::CurDir, place) => place,
            (Component::ParentDir, Place::Inside(mut path)) => {
                path.pop();
                Place::Inside(path)
            }
            (part, Place::Outside(path)) => {
                let path = path.join(part);
                fs::symlink_metadata(&path)?;
                Place::Outside(path)
            }
            (Component::Normal(name), Place::Inside(path)) => {
                step(dir, &path, name.to_owned(), links)?
            }
        };
    }
    Ok(place)
}

/// Enter one name of a directory inside. The calls of `walk` and `step` nest at most
/// [`MAX_LINKS`] deep.
fn step(dir: &Path, parent: &Path, name: OsString, links: &mut u32) -> io::Result<Place> {
    let path = parent.join(name);
    let real = below(dir, &path);
    if !fs::symlink_metadata(&real)?.is_symlink() {
        return Ok(Place::Inside(path));
    }
    *links += 1;
    if *links > MAX_LINKS {
        return Err(io::Error::other("too many levels of symbolic links"));
    }
    let target = fs::read_link(&real)?;
    let inside = walk(dir, Place::Inside(parent.into()), &target, links);
    match &inside {
        Err(error) if is_missing(error) && target.is_absolute() => {
            outside(dir, &target, &[]).map_or(inside, Ok)
        }
        _ => inside,
    }
}

/// An absolute path of the running system, if something is there and it is not below `own`.
fn outside(dir: &Path, path: &Path, own: &[&str]) -> Option<Place> {
    let tidy = normal(path);
    if !path.is_absolute() || own.iter().any(|own| tidy.starts_with(own)) {
        return None;
    }
    let real = fs::canonicalize(path).ok()?;
    Some(match real.strip_prefix(dir) {
        Ok(inside) => Place::Inside(Path::new("/").join(inside)),
        Err(_) => Place::Outside(path.to_path_buf()),
    })
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// `dir` and a logical path in one.
fn below(dir: &Path, logical: &Path) -> PathBuf {
    match logical.strip_prefix("/") {
        Ok(relative) => dir.join(relative),
        Err(_) => dir.join(logical),
    }
}

/// The path without `.` and `..`, by its text alone; begins with `/`.
pub fn normal(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::from("/");
    for component in path.components() {
        match component {
            Component::Normal(name) => tidy.push(name),
            Component::ParentDir => {
                tidy.pop();
            }
            _ => {}
        }
    }
    tidy
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail")]
mod tests {
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
}
