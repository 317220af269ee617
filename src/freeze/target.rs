//! What an archive is read into.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use crate::chroot::FileTree;

/// Takes members by their paths below the root. Directories above them come by themselves; links come last.
pub(super) trait Target {
    /// A new file.
    fn file(&mut self, path: &Path, mode: u32, modified: u64, bytes: Vec<u8>) -> io::Result<()>;

    /// A directory, which may be there.
    fn directory(&mut self, path: &Path) -> io::Result<()>;

    /// A symbolic link.
    fn link(&mut self, path: &Path, target: &Path) -> io::Result<()>;

    /// The mode of a directory that is there.
    fn set_mode(&mut self, path: &Path, mode: u32) -> io::Result<()>;
}

/// A directory that was empty.
pub(super) struct Directory<'p>(pub(super) &'p Path);

impl Directory<'_> {
    fn make_above(&self, path: &Path) -> io::Result<()> {
        path.parent().map_or(Ok(()), fs::create_dir_all)
    }
}

impl Target for Directory<'_> {
    fn file(&mut self, path: &Path, mode: u32, modified: u64, bytes: Vec<u8>) -> io::Result<()> {
        let at = self.0.join(path);
        self.make_above(&at)?;
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o600);
        let mut file = options.open(&at)?;
        file.write_all(&bytes)?;
        file.set_permissions(Permissions::from_mode(mode))?;
        file.set_modified(UNIX_EPOCH + Duration::from_secs(modified.min(u64::from(u32::MAX) * 4)))
    }

    fn directory(&mut self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(self.0.join(path))
    }

    fn link(&mut self, path: &Path, target: &Path) -> io::Result<()> {
        let at = self.0.join(path);
        self.make_above(&at)?;
        symlink(target, at)
    }

    fn set_mode(&mut self, path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(self.0.join(path), Permissions::from_mode(mode))
    }
}

impl Target for FileTree {
    fn file(&mut self, path: &Path, mode: u32, modified: u64, bytes: Vec<u8>) -> io::Result<()> {
        let modified = i64::try_from(modified).unwrap_or(i64::MAX);
        self.add_file(path, mode, modified, bytes)
    }

    fn directory(&mut self, path: &Path) -> io::Result<()> {
        self.add_directory(path)
    }

    fn link(&mut self, path: &Path, target: &Path) -> io::Result<()> {
        self.add_link(path, target)
    }

    fn set_mode(&mut self, path: &Path, mode: u32) -> io::Result<()> {
        self.set_directory_mode(path, mode)
    }
}
