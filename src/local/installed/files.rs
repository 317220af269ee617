//! Files of the database of installed packages, and what of them this user may not read.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

use crate::chroot::{Chroot, text};

/// Reads files of the database. Portage takes a file that may not be read for an empty one, which to an
/// ordinary user would be another system than the one that root updates, so the first is remembered.
#[derive(Debug, Default)]
pub(super) struct Files {
    chroot: Chroot,
    refused: OnceLock<PathBuf>,
}

impl Files {
    /// Files of this system.
    pub(super) fn new(chroot: Chroot) -> Files {
        Files {
            chroot,
            refused: OnceLock::new(),
        }
    }

    /// The same files, of which nothing was refused yet.
    pub(super) fn apart(&self) -> Files {
        Files::new(self.chroot.clone())
    }

    /// The first file or directory that is there and may not be read.
    pub(super) fn refused(&self) -> Option<&Path> {
        self.refused.get().map(PathBuf::as_path)
    }

    /// This file may not be read.
    pub(super) fn refuse(&self, path: &Path) {
        self.refused.get_or_init(|| path.to_owned());
    }

    /// The text of a file of at most `largest` bytes; `None` where it cannot be read.
    pub(super) fn text(&self, path: &Path, largest: u64) -> Option<String> {
        let read = self.chroot.read_limited(path, largest);
        self.remembering(path, read).map(text)
    }

    /// The texts of some files of one directory.
    pub(super) fn texts<const COUNT: usize>(
        &self,
        dir: &Path,
        names: [&str; COUNT],
        largest: u64,
    ) -> [Option<String>; COUNT] {
        let mut read = self.chroot.read_each(dir, names, largest).into_iter();
        names.map(|name| {
            let content = read.next()?;
            self.remembering(&dir.join(name), content).map(text)
        })
    }

    /// Names of the directories in a directory, as [`Chroot::subdirectories`].
    pub(super) fn subdirectories(&self, dir: &Path) -> Vec<String> {
        let names = self.chroot.subdirectories(dir);
        if names.is_empty() {
            let _ = self.remembering(dir, self.chroot.list(dir));
        }
        names
    }

    /// When a directory was changed.
    pub(super) fn modified(&self, dir: &Path) -> Option<SystemTime> {
        self.chroot.modified(dir)
    }

    fn remembering<T>(&self, path: &Path, read: io::Result<T>) -> Option<T> {
        if let Err(error) = &read
            && error.kind() == io::ErrorKind::PermissionDenied
        {
            self.refuse(path);
        }
        read.ok()
    }
}
