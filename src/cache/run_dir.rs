//! Directories of one run: what commands of the configuration fetch, and systems that were frozen.

use std::fs::{self, Permissions};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::fs::{Mode, OFlags};
use tempfile::TempDir;

use super::temporary::{Lock, is_linked, lock, random_name};
use super::walk;

/// How often another name is tried.
const ATTEMPTS: usize = 16;

/// A directory that goes away with the value. It is locked as temporary files are.
#[derive(Debug)]
pub struct RunDir(EntryKind);

#[derive(Debug)]
enum EntryKind {
    /// In the cache; open as long as it is used, which keeps the lock.
    Locked { path: PathBuf, _lock: OwnedFd },
    /// Where there is no cache.
    Elsewhere(TempDir),
}

impl RunDir {
    /// A new one in a directory of the cache, which is known by its path too.
    pub(super) fn make(parent: &OwnedFd, path: PathBuf) -> Result<RunDir> {
        for _ in 0..ATTEMPTS {
            let name = random_name("");
            rustix::fs::mkdirat(parent, &name, Mode::from_raw_mode(0o700))?;
            let Some(own) = open(parent, &name) else {
                continue;
            };
            // Another run may sweep before it is locked.
            if lock(&own) != Lock::Busy && is_linked(&own)? {
                return Ok(RunDir(EntryKind::Locked {
                    path: path.join(name),
                    _lock: own,
                }));
            }
        }
        bail!("no directory can be kept in {}", path.display())
    }

    /// One below the directory for temporary files.
    pub(super) fn elsewhere() -> Result<RunDir> {
        let directory = tempfile::Builder::new().prefix("bincheck-").tempdir();
        let directory = directory.context("cannot make a temporary directory")?;
        Ok(RunDir(EntryKind::Elsewhere(directory)))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        match &self.0 {
            EntryKind::Locked { path, .. } => path,
            EntryKind::Elsewhere(directory) => directory.path(),
        }
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        if let EntryKind::Locked { path, .. } = &self.0 {
            // What stays is swept by the next run.
            remove_tree(path);
        }
    }
}

/// Remove a directory with all that is in it. A system may have directories in which its owner must not write.
pub fn remove_tree(path: &Path) {
    if fs::remove_dir_all(path).is_err() {
        unlock(path);
        let _ = fs::remove_dir_all(path);
    }
}

/// Let this user write in all directories below one, links not followed.
fn unlock(top: &Path) {
    let mut directories = vec![top.to_owned()];
    while let Some(directory) = directories.pop() {
        let _ = fs::set_permissions(&directory, Permissions::from_mode(0o700));
        let entries = fs::read_dir(&directory).into_iter().flatten().flatten();
        let below = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        directories.extend(below.map(|entry| entry.path()));
    }
}

fn open(parent: &OwnedFd, name: &str) -> Option<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(parent, name, flags, Mode::empty()).ok()
}

/// Remove the directories that no running process has locked.
pub(super) fn sweep(parent: &OwnedFd, path: &Path) {
    for name in walk::names(parent) {
        if let Some(own) = open(parent, &name)
            && lock(&own) == Lock::Taken
        {
            remove_tree(&path.join(&name));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_must_not_be_written_in_is_removed_too() {
        let scratch = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let outside = scratch.path().join("outside");
        let top = scratch.path().join("top");
        let deep = top.join("a/b");
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(&outside).unwrap();
        symlink(&outside, top.join("link")).unwrap();
        for directory in [&outside, &deep, &top.join("a")] {
            fs::set_permissions(directory, Permissions::from_mode(0o555)).unwrap();
        }
        unlock(&top);
        assert_eq!((mode(&deep), mode(&outside)), (0o700, 0o555));
        fs::set_permissions(&deep, Permissions::from_mode(0o555)).unwrap();
        remove_tree(&top);
        assert!(!top.exists() && outside.exists());
    }
}
