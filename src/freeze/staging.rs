//! A directory that is filled out of sight, so that it has either all that it is to have or nothing.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use rustix::fs::{CWD, RenameFlags};
use rustix::io::Errno;

use crate::cache;

/// What its name begins with. It lies in the directory itself, which may be a file system of its own.
const PREFIX: &str = ".bincheck-";

/// A directory and what it is to have. All that was made goes away with the value, and nothing else.
#[derive(Debug)]
pub struct Staging {
    into: PathBuf,
    /// Whether it was not there before.
    is_new: bool,
    own: Option<PathBuf>,
}

impl Staging {
    /// For a directory that has nothing in it, or is not there.
    ///
    /// # Errors
    /// It has something in it, or cannot be used.
    pub fn new(into: &Path) -> Result<Staging> {
        let name = into.display();
        let is_new = match fs::read_dir(into) {
            Ok(mut entries) => {
                ensure!(
                    entries.next().is_none(),
                    "{name} has files in it; --deploy overwrites nothing, so name a new directory"
                );
                false
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                fs::create_dir(into).with_context(|| format!("cannot make {name}"))?;
                true
            }
            Err(error) => return Err(error).with_context(|| format!("cannot use {name}")),
        };
        let mut staging = Staging {
            into: into.to_owned(),
            is_new,
            own: None,
        };
        let own = tempfile::Builder::new().prefix(PREFIX).tempdir_in(into);
        let own = own.with_context(|| format!("cannot write to {name}"))?;
        staging.own = Some(own.keep());
        Ok(staging)
    }

    /// Where to write what it is to have.
    pub fn path(&self) -> &Path {
        self.own.as_deref().unwrap_or(&self.into)
    }

    /// Let it have all of it.
    ///
    /// # Errors
    /// Something came into the directory meanwhile, or the file system fails.
    pub fn publish(mut self) -> Result<()> {
        let mut names: Vec<OsString> = Vec::new();
        for entry in fs::read_dir(self.path())? {
            names.push(entry?.file_name());
        }
        for (count, name) in names.iter().enumerate() {
            let (from, to) = (self.path().join(name), self.into.join(name));
            if let Err(error) = rename(&from, &to) {
                for moved in names.iter().take(count) {
                    let _ = rename(&self.into.join(moved), &self.path().join(moved));
                }
                return Err(error).with_context(|| format!("cannot make {}", to.display()));
            }
        }
        if let Some(own) = self.own.take() {
            fs::remove_dir(&own).with_context(|| format!("cannot remove {}", own.display()))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            cache::remove_tree(own);
            if self.is_new {
                // It stays if somebody else has put something into it.
                let _ = fs::remove_dir(&self.into);
            }
        }
    }
}

/// Move a file, link or directory to where nothing is.
fn rename(from: &Path, to: &Path) -> std::io::Result<()> {
    let facts = fs::symlink_metadata(from)?;
    // To get another parent a directory has to be writable, to all but root.
    let mode = facts.permissions().mode();
    let is_locked = facts.is_dir() && mode & 0o200 == 0;
    if is_locked {
        fs::set_permissions(from, Permissions::from_mode(mode | 0o200))?;
    }
    match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems cannot tell whether something is there; it was empty when this began.
        Err(Errno::INVAL | Errno::NOSYS) => fs::rename(from, to)?,
        done => done?,
    }
    if is_locked {
        fs::set_permissions(to, Permissions::from_mode(mode))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn fill(staging: &Staging) {
        let locked = staging.path().join("etc/locked");
        fs::create_dir_all(&locked).unwrap();
        fs::write(locked.join("file"), "").unwrap();
        fs::write(staging.path().join("file"), "").unwrap();
        for directory in [&locked, &staging.path().join("etc")] {
            fs::set_permissions(directory, Permissions::from_mode(0o555)).unwrap();
        }
    }

    #[test]
    fn all_of_it_is_there_or_nothing() {
        let top = tempfile::tempdir().unwrap();
        let [there, new] = ["there", "new"].map(|name| top.path().join(name));
        fs::create_dir(&there).unwrap();
        for into in [&there, &new] {
            let staging = Staging::new(into).unwrap();
            fill(&staging);
            drop(staging);
        }
        assert!(names(&there).is_empty() && !new.exists());
        for into in [&there, &new] {
            let staging = Staging::new(into).unwrap();
            fill(&staging);
            staging.publish().unwrap();
            assert_eq!(names(into), ["etc", "file"]);
            let mode = fs::metadata(into.join("etc")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o555);
            assert!(Staging::new(into).is_err(), "it has something in it");
            // So that the temporary directory can be removed.
            cache::remove_tree(&into.join("etc"));
        }
    }

    #[test]
    fn what_others_put_there_stays() {
        let top = tempfile::tempdir().unwrap();
        let into = top.path().join("into");
        let staging = Staging::new(&into).unwrap();
        fill(&staging);
        fs::write(into.join("file"), "mine").unwrap();
        fs::write(into.join("other"), "mine").unwrap();
        assert!(staging.publish().is_err());
        assert_eq!(names(&into), ["file", "other"]);
        assert_eq!(fs::read(into.join("file")).unwrap(), b"mine");
    }
}
