//! The eclasses that ebuilds of a repository see, hashed once each and only when one is requested
//! (`portage: eclass_cache.py:cache`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use md5::{Digest, Md5};

use crate::chroot::Chroot;

/// Largest eclass or ebuild that is hashed; real ones are well below 1 MiB.
pub(super) const LARGEST: u64 = 16 << 20;

/// Eclasses by name.
#[derive(Debug, Default)]
pub(super) struct Eclasses {
    /// The files of the judged system.
    chroot: Chroot,
    /// `eclass/` directories, weakest first.
    dirs: Vec<PathBuf>,
    by_name: OnceLock<HashMap<String, Eclass>>,
}

#[derive(Debug)]
struct Eclass {
    path: PathBuf,
    md5: OnceLock<Option<String>>,
}

impl Eclasses {
    /// Those in these directories; a name in a later one replaces the same in an earlier one.
    pub(super) fn new(chroot: Chroot, dirs: Vec<PathBuf>) -> Eclasses {
        Eclasses {
            chroot,
            dirs,
            by_name: OnceLock::new(),
        }
    }

    /// Where they lie (logical paths).
    pub(super) fn directories(&self) -> &[PathBuf] {
        &self.dirs
    }

    /// MD5 of an eclass in lower-case hexadecimal; `None` where there is no such eclass.
    pub(super) fn md5(&self, name: &str) -> Option<&str> {
        let eclass = self.all().get(name)?;
        let md5 = || md5_of(&self.chroot, &eclass.path);
        eclass.md5.get_or_init(md5).as_deref()
    }

    /// Time of last change of an eclass, in seconds since 1970.
    pub(super) fn mtime(&self, name: &str) -> Option<u64> {
        mtime_of(&self.chroot, &self.all().get(name)?.path)
    }

    fn all(&self) -> &HashMap<String, Eclass> {
        self.by_name.get_or_init(|| list(&self.chroot, &self.dirs))
    }
}

fn list(chroot: &Chroot, dirs: &[PathBuf]) -> HashMap<String, Eclass> {
    let mut all = HashMap::new();
    for dir in dirs {
        for file in chroot.list(dir).unwrap_or_default() {
            let Some(name) = file.strip_suffix(".eclass") else {
                continue;
            };
            let path = dir.join(&file);
            let md5 = OnceLock::new();
            all.insert(name.to_owned(), Eclass { path, md5 });
        }
    }
    all
}

/// MD5 of a file in lower-case hexadecimal; `None` where it cannot be read.
pub(super) fn md5_of(chroot: &Chroot, path: &Path) -> Option<String> {
    chroot
        .read_limited(path, LARGEST)
        .ok()
        .map(|bytes| hex_md5(&bytes))
}

/// MD5 of bytes in lower-case hexadecimal.
pub(super) fn hex_md5(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(32);
    for byte in Md5::digest(bytes) {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// Time of last change in seconds since 1970.
pub(super) fn mtime_of(chroot: &Chroot, path: &Path) -> Option<u64> {
    let modified = chroot.modified(path)?;
    Some(modified.duration_since(UNIX_EPOCH).ok()?.as_secs())
}
