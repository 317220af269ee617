//! What is in directories of the judged system.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::Dir;

use super::facts::NodeKind;
use super::open::{self, Links};
use super::path_resolver::{ForeignRoot, Place};
use super::trace::{self, Question};
use super::{Chroot, FileKind};

/// Names in a directory, and what kind each is of.
pub(super) type Kinds = foldhash::HashMap<OsString, NodeKind>;

impl Chroot {
    /// The names in a directory, sorted by code point.
    ///
    /// # Errors
    /// It is not a directory or is unreadable.
    pub fn list(&self, logical: &Path) -> io::Result<Vec<String>> {
        let listed = self.names(logical);
        self.note(Question::Names, logical, || trace::of_result(&listed));
        let mut names = listed?;
        names.extend(self.added.names_in(logical));
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    fn names(&self, logical: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        self.each_in(logical, |name, _| {
            names.push(name.to_string_lossy().into_owned());
        })?;
        names.sort_unstable();
        Ok(names)
    }

    /// A directory of the running machine, open for reading what is in it, `.` and `..` among it.
    ///
    /// # Errors
    /// It is not a directory or is unreadable, or it lies in memory.
    pub fn directory(&self, logical: &Path) -> io::Result<rustix::fs::Dir> {
        let opened = self.open_directory(logical);
        match (&self.trace, &opened) {
            (Some(trace), Ok(_)) => trace.note_more(),
            // Then it has no names either.
            (Some(_), Err(_)) => {
                let names = self.names(logical);
                self.note(Question::Names, logical, || trace::of_result(&names));
            }
            (None, _) => {}
        }
        opened
    }

    fn open_directory(&self, logical: &Path) -> io::Result<rustix::fs::Dir> {
        let Some(root) = &self.root else {
            return open::directory(logical, Links::Followed);
        };
        if let Some(opened) = self.known_directory(root, logical) {
            return opened;
        }
        match self.resolve(root, logical)?.place {
            Place::Disk(real) => open::directory(&real, Links::Refused),
            Place::Memory(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Names of the directories (and links to such) in a directory, sorted; none where it cannot be
    /// read. Names that are not UTF-8 are not names of packages and are left out.
    pub fn subdirectories(&self, logical: &Path) -> Vec<String> {
        let is_directory = |kind, name: &str| match kind {
            NodeKind::Directory => true,
            // Some file systems do not tell.
            NodeKind::Link | NodeKind::Other => {
                let facts = self.look_up(&logical.join(name));
                facts.is_ok_and(|facts| facts.file_kind() == FileKind::Dir)
            }
            NodeKind::File => false,
        };
        let mut names: Vec<String> = Vec::new();
        // What cannot be read is as if it were not there.
        let _ = self.each_in(logical, |name, kind| {
            if let Some(name) = name.to_str().filter(|name| is_directory(kind, name)) {
                names.push(name.to_owned());
            }
        });
        names.sort_unstable();
        self.note(Question::Directories, logical, || trace::of(&names));
        names
    }

    /// A directory, and what kind everything in it is of.
    ///
    /// # Errors
    /// It is not a directory or is unreadable, or it lies in memory.
    pub(super) fn kinds_in(&self, logical: &Path) -> io::Result<(Dir, Kinds)> {
        let mut dir = self.open_directory(logical)?;
        let mut kinds = Kinds::default();
        while let Some(entry) = dir.read() {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes()).to_owned();
            kinds.insert(name, entry.file_type().into());
        }
        Ok((dir, kinds))
    }

    /// Look at everything in a directory.
    fn each_in(&self, logical: &Path, mut look: impl FnMut(&OsStr, NodeKind)) -> io::Result<()> {
        if let Some(root @ ForeignRoot::Memory(tree, _)) = &self.root
            && let Place::Memory(path) = self.resolve(root, logical)?.place
        {
            tree.names(&path)?.for_each(|(name, kind)| look(name, kind));
            return Ok(());
        }
        for entry in self.open_directory(logical)? {
            let entry = entry?;
            if open::is_member(&entry) {
                let name = OsStr::from_bytes(entry.file_name().to_bytes());
                look(name, entry.file_type().into());
            }
        }
        Ok(())
    }
}
