//! Files that are about to take the place of others.
//!
//! Each is locked by the run that writes it, and the kernel drops the lock with the process. So one
//! without a lock has been left by a run that was killed.

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags};
use rustix::io::Errno;

use super::walk;

/// What the names begin with.
const PREFIX: &str = ".tmp-";

/// How often another name is tried.
const ATTEMPTS: usize = 16;

/// A file with a name of no meaning, which goes away with the value unless it is renamed.
#[derive(Debug)]
pub(super) struct Temporary<'d> {
    pub(super) file: File,
    directory: &'d OwnedFd,
    name: String,
    is_renamed: bool,
}

impl Temporary<'_> {
    /// An empty file, for this user alone.
    ///
    /// # Errors
    /// It cannot be made.
    pub(super) fn create(directory: &OwnedFd) -> io::Result<Temporary<'_>> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
        for _ in 0..ATTEMPTS {
            let name = random_name(PREFIX);
            let mode = Mode::from_raw_mode(0o600);
            let file = match rustix::fs::openat(directory, &name, flags | OFlags::CLOEXEC, mode) {
                Ok(fd) => File::from(fd),
                Err(Errno::EXIST) => continue,
                Err(error) => return Err(error.into()),
            };
            let temporary = Temporary {
                file,
                directory,
                name,
                is_renamed: false,
            };
            // Another run may sweep between the two calls.
            if lock(&temporary.file) != Lock::Busy && is_linked(&temporary.file)? {
                return Ok(temporary);
            }
        }
        Err(io::Error::other("no temporary file can be kept"))
    }

    /// Put it in the place of another.
    ///
    /// # Errors
    /// The name is that of a directory, or the file system fails.
    pub(super) fn rename(mut self, name: &str) -> io::Result<()> {
        rustix::fs::renameat(self.directory, &self.name, self.directory, name)?;
        self.is_renamed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.is_renamed {
            // It may be gone already; if not, the next run sweeps.
            let _ = rustix::fs::unlinkat(self.directory, &self.name, AtFlags::empty());
        }
    }
}

/// What came of trying to lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    /// It is ours now.
    Taken,
    /// A running process has it.
    Busy,
    /// This file system has no locks.
    None,
}

/// Lock a file or directory, without waiting.
pub(super) fn lock(file: impl AsFd) -> Lock {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Lock::Taken,
        Err(Errno::WOULDBLOCK) => Lock::Busy,
        Err(_) => Lock::None,
    }
}

/// Whether a file still has a name.
pub(super) fn is_linked(file: impl AsFd) -> io::Result<bool> {
    Ok(rustix::fs::fstat(file)?.st_nlink > 0)
}

/// A name that nothing has yet.
pub(super) fn random_name(prefix: &str) -> String {
    format!("{prefix}{:016x}", RandomState::new().hash_one(prefix))
}

/// Remove the files that no running process has locked.
pub(super) fn sweep(directory: &OwnedFd) {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    for name in walk::names(directory) {
        if !name.starts_with(PREFIX) {
            continue;
        }
        let opened = rustix::fs::openat(directory, &name, flags, Mode::empty());
        if opened.is_ok_and(|file| lock(file) == Lock::Taken) {
            let _ = rustix::fs::unlinkat(directory, &name, AtFlags::empty());
        }
    }
}
