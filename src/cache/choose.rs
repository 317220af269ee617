//! Which directory is the cache.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use rustix::process::geteuid;

use super::{CacheDir, CacheSlot};
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
