//! Which directory is the cache.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rustix::process::geteuid;

use super::{CacheDir, CacheSlot, RunDir};
use crate::source::Notices;

/// Where root's cache is, whatever HOME says: `sudo` often keeps the HOME of someone else.
const OF_ROOT: &str = "/var/cache/bincheck";

/// The directory that has one for each run that becomes emerge.
pub(super) const SLOTS: &str = "emerge";

/// bincheck's cache for this user, swept; none, with a notice, where others could change what is in it.
///
/// It belongs to who runs this process, whatever system is judged; root takes XDG_CACHE_HOME only if it
/// is root's own.
pub fn choose(notices: &Notices) -> CacheDir {
    let own = if geteuid().is_root() {
        of_root(std::env::var_os("XDG_CACHE_HOME"), notices)
    } else {
        dirs::cache_dir().map(|user| user.join("bincheck"))
    };
    let Some(path) = own else {
        notices.general("no cache is used: there is neither XDG_CACHE_HOME nor HOME");
        return CacheDir::none();
    };
    let cache = CacheDir::at(path);
    match cache.check() {
        Ok(()) => {
            cache.sweep();
            cache
        }
        Err(error) => {
            notices.general(format!("no cache is used: {error:#}"));
            CacheDir::none()
        }
    }
}

/// A directory for what a run shows to emerge: in the cache, or where there is none that can be written (HOME
/// may be read-only), among the files of running programs.
///
/// # Errors
/// There is no safe place; the message is about the cache.
pub fn slot(cache: &CacheDir) -> Result<CacheSlot> {
    cache.slot(SLOTS).or_else(|error| {
        let mut others = run_time_directories().into_iter().map(CacheDir::at);
        others.find_map(|other| other.slot(SLOTS).ok()).ok_or(error)
    })
}

/// A directory for this run whose files lie in memory; `None` where no file system keeps them there, or where `bytes`
/// would be more than half of its room or of the memory that is available.
pub fn in_memory(bytes: u64) -> Option<RunDir> {
    let most = available_memory(&fs::read_to_string("/proc/meminfo").ok()?)? / 2;
    let shared = PathBuf::from(format!("/dev/shm/bincheck-{}", geteuid().as_raw()));
    let directories = std::iter::once(shared).chain(run_time_directories());
    let mut directories = directories.filter(|directory| {
        let parent = directory.parent().unwrap_or(Path::new("/"));
        bytes <= most && room_in_memory(parent).is_some_and(|room| bytes <= room / 2)
    });
    directories.find_map(|directory| {
        let directory = CacheDir::at(directory);
        directory.sweep();
        directory.run_dir().ok()
    })
}

/// Bytes that are free in a file system that lies in memory; `None` for any other.
fn room_in_memory(directory: &Path) -> Option<u64> {
    /// `TMPFS_MAGIC` of Linux's `linux/magic.h`.
    const TMPFS: u64 = 0x0102_1994;
    let found = rustix::fs::statfs(directory).ok()?;
    let is_tmpfs = u64::try_from(found.f_type).is_ok_and(|kind| kind == TMPFS);
    let block = u64::try_from(found.f_bsize).ok()?;
    is_tmpfs.then(|| found.f_bavail.saturating_mul(block))
}

/// Bytes that programs may take before others have to be swapped out, by the text of `/proc/meminfo`.
fn available_memory(text: &str) -> Option<u64> {
    let mut lines = text.lines();
    let value = lines.find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

fn run_time_directories() -> Vec<PathBuf> {
    let user = geteuid();
    if user.is_root() {
        return vec!["/run/bincheck".into()];
    }
    let own = dirs::runtime_dir().map(|directory| directory.join("bincheck"));
    let temporary = std::env::temp_dir().join(format!("bincheck-{}", user.as_raw()));
    own.into_iter().chain([temporary]).collect()
}

fn of_root(named: Option<OsString>, notices: &Notices) -> Option<PathBuf> {
    let named = named.map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(named) = named.map(|named| named.join("bincheck")) {
        match CacheDir::at(&named).check() {
            Ok(()) => return Some(named),
            Err(error) => notices.general(format!(
                "XDG_CACHE_HOME is not used, but {OF_ROOT}: {error:#}"
            )),
        }
    }
    Some(OF_ROOT.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::print_stdout, clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_proc_tells_of_the_memory() {
        let text = "MemTotal:       16315272 kB\nMemAvailable:    9000000 kB\nBuffers: 1 kB\n";
        assert_eq!(available_memory(text), Some(9_000_000 * 1024));
        for text in [
            "",
            "MemAvailable: many kB",
            "MemAvailable: 99999999999999999999 kB",
        ] {
            assert_eq!(available_memory(text), None, "{text}");
        }
    }

    #[test]
    fn files_are_kept_in_memory_where_there_is_room() {
        assert_eq!(room_in_memory(Path::new("/proc")), None);
        assert_eq!(room_in_memory(Path::new("/no/such/directory")), None);
        assert!(in_memory(u64::MAX).is_none());
        let Some(directory) = in_memory(4096) else {
            println!("skipped: no file system of this machine lies in memory");
            return;
        };
        let path = directory.path().to_owned();
        assert!(room_in_memory(&path).is_some(), "{}", path.display());
        fs::write(path.join("file"), "text").unwrap();
        drop(directory);
        assert!(!path.exists());
    }
}
