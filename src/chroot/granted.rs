//! Directories of the running machine that a judged root may see.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A directory of the running machine, seen at its path.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    /// As the judged system knows it: where its root has nothing.
    pub(super) at: PathBuf,
    /// The same without links.
    pub(super) real: PathBuf,
}

impl Grant {
    /// Whether a logical path is the directory itself or one above it. All of them are directories, and
    /// the judged root has no links in their place.
    pub(super) fn leads(&self, logical: &Path) -> bool {
        is_below(&self.at, logical)
    }

    /// Where a logical path in it lies on the running machine.
    pub(super) fn locate(&self, logical: &Path) -> Option<PathBuf> {
        if !is_below(logical, &self.at) {
            return None;
        }
        let rest = logical.strip_prefix(&self.at).ok()?;
        let is_top = rest.as_os_str().is_empty();
        Some(if is_top {
            self.real.clone()
        } else {
            self.real.join(rest)
        })
    }
}

/// Whether a path is `dir` or lies below it; both without `.`, `..` and double slashes.
pub(super) fn is_below(path: &Path, dir: &Path) -> bool {
    let (path, dir) = (path.as_os_str().as_bytes(), dir.as_os_str().as_bytes());
    let rest = path.strip_prefix(dir);
    rest.is_some_and(|rest| rest.is_empty() || rest[0] == b'/' || dir == b"/")
}
