//! Paths that may be a file or a directory of files (`portage: util/__init__.py:_recursive_file_list`).

use std::path::{Path, PathBuf};

use super::lines::Line;
use crate::chroot::Chroot;
use crate::source::Notices;

/// The regular files that a path stands for, in the order in which Portage reads them: the file
/// itself, or all files below the directory but dot files, names ending in `~` and directories of
/// version control systems. Nothing where the path does not exist.
pub fn expand(_chroot: &Chroot, _path: &Path, _notices: &Notices) -> Vec<PathBuf> {
    todo!()
}

/// The lines of all files that a path stands for. A file that cannot be read is a notice.
pub fn lines(_chroot: &Chroot, _path: &Path, _notices: &Notices) -> Vec<Line> {
    todo!()
}
