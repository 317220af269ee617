//! Reading the files of the judged system, wherever its root lies.
//!
//! With `--chroot DIR` every absolute path, and every absolute symbolic link met on the way,
//! counts from DIR; a path that does not exist there but does outside is taken from outside.
//! Paths that the rest of the program carries are *logical*: as the judged system knows them.

use std::io;
use std::path::{Path, PathBuf};

/// The root of the judged system.
#[derive(Clone, Debug, Default)]
pub struct Chroot {
    dir: Option<PathBuf>,
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
    pub fn new(_dir: Option<PathBuf>) -> io::Result<Chroot> {
        todo!()
    }

    /// Where the file lies on the running system, links resolved as the judged system would.
    pub fn real(&self, _logical: &Path) -> PathBuf {
        todo!()
    }

    /// The logical path with all links resolved (what `realpath` prints inside the judged system).
    pub fn canonical(&self, _logical: &Path) -> io::Result<PathBuf> {
        todo!()
    }

    /// What the path leads to; `None` where nothing is there or a directory above it is unreadable.
    pub fn kind(&self, _logical: &Path) -> Option<FileKind> {
        todo!()
    }

    /// A whole regular file, at most 64 MiB. A directory, a device or a larger file is an error.
    pub fn read(&self, _logical: &Path) -> io::Result<Vec<u8>> {
        todo!()
    }

    /// A whole text file; bytes that are not UTF-8 are replaced, as Portage does.
    pub fn read_text(&self, _logical: &Path) -> io::Result<String> {
        todo!()
    }

    /// The names in a directory, sorted by code point.
    pub fn list(&self, _logical: &Path) -> io::Result<Vec<String>> {
        todo!()
    }
}
