//! Reading the files of the judged system, wherever its root lies.
//!
//! With `--chroot DIR` every absolute path, and every absolute symbolic link met on the way,
//! counts from DIR; a path that does not exist there but does outside is taken from outside.
//! What makes one machine differ from another (`/etc`, installed packages, caches) is the exception:
//! were it taken from outside, settings of the running system would decide about the judged one.
//! Paths that the rest of the program carries are *logical*: as the judged system knows them.

mod walk;

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

pub use walk::normal;
use walk::{Place, below, is_missing, outside, walk};

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

#[cfg(test)]
mod tests;
