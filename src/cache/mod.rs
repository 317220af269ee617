//! bincheck's own directory on disk: copies of indexes, what was found out about packages, what emerge is
//! shown, and room for running fetch commands.
//!
//! Whatever is read here decides what emerge installs, so only this user and root may be able to change
//! it. Every access walks to the directory part by part (`walk`), never through a link that someone
//! else could have placed, and checks owner and mode on the way; where a check fails, the access fails.
//! Nothing is trusted from one access to the next. Files are replaced in one step (`temporary`), so that
//! readers see an old one or a new one; what a killed run left is removed by the next.

mod choose;
mod run_dir;
mod slot;
mod temporary;
mod walk;

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

pub use choose::{choose, slot};
pub use run_dir::{RunDir, remove_tree};
pub use slot::CacheSlot;
use temporary::Temporary;

/// A cache directory, or none.
#[derive(Clone, Debug, Default)]
pub struct CacheDir {
    top: Option<PathBuf>,
}

/// Whether a file has to be on the disk before the next step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It may be lost with the power.
    Lazy,
    /// Written to the disk, and its directory too.
    Synced,
}

impl CacheDir {
    /// The directory of this name, which need not be there yet.
    pub fn at(path: impl Into<PathBuf>) -> CacheDir {
        CacheDir {
            top: Some(path.into()),
        }
    }

    /// No directory: nothing is found, and nothing is kept.
    pub fn none() -> CacheDir {
        CacheDir::default()
    }

    /// Its name.
    pub fn path(&self) -> Option<&Path> {
        self.top.as_deref()
    }

    /// A regular file of at most `limit` bytes below the directory; `None` if there is none. `file` is
    /// relative, such as `indexes/0a`.
    ///
    /// # Errors
    /// It cannot be read, is larger, or someone else could have written it.
    pub fn open(&self, file: &str, limit: u64) -> Result<Option<io::Take<File>>> {
        let (directory, name) = split(file);
        let Some(directory) = self.directory(directory, false)? else {
            return Ok(None);
        };
        // Without O_NONBLOCK a pipe would let us wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let opened = rustix::fs::openat(&directory, name, flags | OFlags::CLOEXEC, Mode::empty());
        let fd = match opened {
            Ok(fd) => fd,
            Err(Errno::NOENT) => return Ok(None),
            Err(Errno::LOOP) => bail!("it is a link"),
            Err(error) => return Err(error.into()),
        };
        let stat = rustix::fs::fstat(&fd)?;
        ensure!(
            FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile,
            "it is not a regular file"
        );
        walk::Trust::of_process().file(&stat)?;
        let size = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
        ensure!(size <= limit, "it is larger than {} MiB", limit >> 20);
        Ok(Some(File::from(fd).take(limit)))
    }

    /// Put a file of these parts below the directory in one step; directories are made.
    ///
    /// # Errors
    /// It cannot be written, or the directory is not safe. Whatever was there before stays then.
    pub fn replace(
        &self,
        file: &str,
        parts: &[&[u8]],
        mode: u32,
        durability: Durability,
    ) -> Result<()> {
        let (directory, name) = split(file);
        let Some(directory) = self.directory(directory, true)? else {
            return Ok(());
        };
        let mut temporary = Temporary::create(&directory)?;
        for part in parts {
            temporary.file.write_all(part)?;
        }
        rustix::fs::fchmod(&temporary.file, Mode::from_raw_mode(mode))?;
        if durability == Durability::Synced {
            temporary.file.sync_all()?;
        }
        temporary.rename(name)?;
        if durability == Durability::Synced {
            rustix::fs::fsync(&directory)?;
        }
        Ok(())
    }

    /// Make a directory below this one, and return its path.
    ///
    /// # Errors
    /// It cannot be made, or is not safe; or there is no cache directory at all.
    pub fn make(&self, directory: &str) -> Result<PathBuf> {
        self.directory(directory, true)?;
        let top = self.path().context("there is no cache directory")?;
        Ok(top.join(directory))
    }

    /// A directory for one running command.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn run_dir(&self) -> Result<RunDir> {
        match self.directory("run", true)? {
            Some(directory) => RunDir::make(&directory, self.make("run")?),
            None => RunDir::elsewhere(),
        }
    }

    /// A numbered directory below this one that no other running process has.
    ///
    /// # Errors
    /// It cannot be made or emptied, or there is no cache directory.
    fn slot(&self, parent: &str) -> Result<CacheSlot> {
        CacheSlot::take(self, parent)
    }

    /// Remove what runs that were killed have left. What a running one uses is locked and stays.
    pub fn sweep(&self) {
        for directory in ["", "indexes"] {
            if let Ok(Some(found)) = self.directory(directory, false) {
                temporary::sweep(&found);
            }
        }
        for directory in ["run", choose::SLOTS] {
            if let (Ok(Some(found)), Some(top)) = (self.directory(directory, false), self.path()) {
                run_dir::sweep(&found, &top.join(directory));
            }
        }
    }

    /// Whether the directory, if it is there, is safe to use.
    ///
    /// # Errors
    /// It is not; the message says which part of its path is why, and what to do.
    pub fn check(&self) -> Result<()> {
        self.directory("", false).map(|_| ())
    }

    /// Open a directory below this one; `None` if it is not there, or if there is no cache.
    fn directory(&self, below: &str, create: bool) -> Result<Option<OwnedFd>> {
        match &self.top {
            Some(top) => walk::open(top, below, create),
            None => Ok(None),
        }
    }
}

/// Directory and name of a file.
fn split(file: &str) -> (&str, &str) {
    file.rsplit_once('/').unwrap_or(("", file))
}

#[cfg(test)]
mod tests;
