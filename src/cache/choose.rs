//! Which directory is the cache.

use std::ffi::OsString;
use std::path::PathBuf;

use rustix::process::geteuid;

use super::CacheDir;
use crate::source::Notices;

/// Where root's cache is, whatever HOME says: `sudo` often keeps the HOME of someone else.
const OF_ROOT: &str = "/var/cache/bincheck";

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
