#![allow(clippy::unwrap_used, reason = "tests may fail")]

mod files;
mod grants;
mod links;
mod memory;

use std::os::unix::fs::symlink;

use super::content::MAX_FILE;
use super::*;

/// `in/` is the judged system, `out/` lies beside it.
fn tree() -> (tempfile::TempDir, Chroot, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let base = fs::canonicalize(temp.path()).unwrap();
    fs::create_dir_all(base.join("in/etc/portage")).unwrap();
    fs::create_dir_all(base.join("in/repo/profiles/leaf")).unwrap();
    fs::create_dir_all(base.join("out/repo/sub")).unwrap();
    fs::write(base.join("in/etc/hostname"), "inside").unwrap();
    fs::write(base.join("in/repo/profiles/eapi"), "8").unwrap();
    fs::write(base.join("out/repo/sub/file"), "outside").unwrap();
    let chroot = Chroot::new(Some(base.join("in"))).unwrap();
    (temp, chroot, base)
}
