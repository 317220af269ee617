//! Numbered directories of which each running process has one to itself.
//!
//! Numbers are used again, so that paths which other programs remember (emerge keeps a copy of an index for each
//! URI) do not grow in number with every run.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;

use anyhow::{Context, Result, bail};
use rustix::io::FdFlags;

use super::temporary::{Lock, is_linked, lock};
use super::{CacheDir, walk};

/// The most processes at a time.
const MOST: usize = 256;

/// A directory that no other process uses, until this one ends or what it became.
#[derive(Debug)]
pub struct CacheSlot {
    directory: CacheDir,
    lock: OwnedFd,
}

impl CacheSlot {
    /// The first free one below a directory of the cache, emptied.
    pub(super) fn take(cache: &CacheDir, parent: &str) -> Result<CacheSlot> {
        for number in 0..MOST {
            let name = format!("{parent}/{number}");
            let opened = cache.directory(&name, true)?;
            let opened = opened.context("there is no cache directory")?;
            // Another run may sweep between the two calls.
            if lock(&opened) == Lock::Busy || !is_linked(&opened)? {
                continue;
            }
            let path = cache.make(&name)?;
            for left in walk::names(&opened) {
                let left = path.join(left);
                let removed = fs::remove_dir_all(&left).or_else(|_| fs::remove_file(&left));
                removed.with_context(|| format!("cannot remove {}", left.display()))?;
            }
            return Ok(CacheSlot {
                directory: CacheDir::at(path),
                lock: opened,
            });
        }
        bail!("{MOST} runs use {parent} already")
    }

    /// Files in it, under the same rules of trust as those of the cache.
    pub fn directory(&self) -> &CacheDir {
        &self.directory
    }

    /// Let the program that this process becomes keep it.
    ///
    /// # Errors
    /// The directory cannot be read or changed.
    pub fn keep_over_exec(&self) -> io::Result<()> {
        Ok(rustix::io::fcntl_setfd(&self.lock, FdFlags::empty())?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn each_has_its_own_and_free_ones_are_used_again_empty() {
        let directory = tempfile::tempdir().unwrap();
        let cache = CacheDir::at(directory.path().join("c"));
        let first = cache.slot("x").unwrap();
        let second = cache.slot("x").unwrap();
        let path = |slot: &CacheSlot| slot.directory().path().unwrap().to_owned();
        assert!(path(&first).ends_with("c/x/0") && path(&second).ends_with("c/x/1"));
        let left = cache.make("x/0/sub").unwrap();
        fs::write(left.join("file"), "").unwrap();
        fs::write(left.with_file_name("file"), "").unwrap();
        drop(first);
        let third = cache.slot("x").unwrap();
        assert!(path(&third).ends_with("c/x/0"));
        assert_eq!(fs::read_dir(path(&third)).unwrap().count(), 0);
    }
}
