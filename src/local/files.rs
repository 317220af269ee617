//! Paths that may be a file or a directory of files (`portage: util/__init__.py:_recursive_file_list`).

use std::path::{Path, PathBuf};

use super::lines::{self, Line};
use crate::chroot::{Chroot, FileKind};
use crate::source::Notices;

/// How deep directories may nest. Portage follows linked directories without looking for loops,
/// and stops where the system refuses the path.
const MAX_DEPTH: usize = 32;

/// How many files and directories one path may stand for.
const MAX_ENTRIES: usize = 20_000;

/// Directories of version control systems.
const VERSION_CONTROL: [&str; 7] = ["CVS", "RCS", "SCCS", ".bzr", ".git", ".hg", ".svn"];

/// The regular files that a path stands for, in the order in which Portage reads them: the file
/// itself, or all files below the directory but dot files, names ending in `~` and directories of
/// version control systems. Nothing where the path does not exist.
pub fn expand(chroot: &Chroot, path: &Path, notices: &Notices) -> Vec<PathBuf> {
    let mut walk = Walk {
        chroot,
        notices,
        files: Vec::new(),
        left: MAX_ENTRIES,
    };
    walk.visit(path, MAX_DEPTH);
    if walk.left == 0 {
        let text = format!("holds more than {MAX_ENTRIES} entries; the rest is skipped");
        notices.file(path, text);
    }
    walk.files
}

/// The lines of all files that a path stands for. A file that cannot be read is a notice.
pub fn lines(chroot: &Chroot, path: &Path, notices: &Notices) -> Vec<Line> {
    expand(chroot, path, notices)
        .iter()
        .flat_map(|file| read_lines(chroot, file, notices))
        .collect()
}

/// The lines of one file; none where it does not exist. A file that cannot be read is a notice.
pub fn read_lines(chroot: &Chroot, file: &Path, notices: &Notices) -> Vec<Line> {
    match chroot.read_text(file) {
        Ok(text) => lines::parse(&text, file),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            notices.file(file, format!("cannot be read and is skipped: {error}"));
            Vec::new()
        }
    }
}

/// A walk over directories.
struct Walk<'a> {
    chroot: &'a Chroot,
    notices: &'a Notices,
    files: Vec<PathBuf>,
    /// Entries that may still be looked at.
    left: usize,
}

impl Walk<'_> {
    fn visit(&mut self, path: &Path, depth: usize) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if self.left == 0 || name.starts_with('.') || name.ends_with('~') {
            return;
        }
        self.left -= 1;
        match self.chroot.kind(path) {
            Some(FileKind::File) => self.files.push(path.to_path_buf()),
            Some(FileKind::Dir) if !VERSION_CONTROL.contains(&&*name) => self.enter(path, depth),
            _ => {}
        }
    }

    fn enter(&mut self, dir: &Path, depth: usize) {
        if depth == 0 {
            return self
                .notices
                .file(dir, "is nested too deeply and is skipped");
        }
        match self.chroot.list(dir) {
            Ok(names) => {
                for name in names {
                    self.visit(&dir.join(name), depth - 1);
                }
            }
            Err(error) => {
                let text = format!("cannot be listed and is skipped: {error}");
                self.notices.file(dir, text);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may fail")]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_directory_is_read_in_order_of_names() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("package.use");
        for file in [
            "20",
            "10",
            ".hid",
            "30~",
            "sub/15",
            "README.md",
            "99.bak",
            ".git/x",
            "CVS/x",
        ] {
            let file = dir.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, format!("a/b # {}\n", file.display())).unwrap();
        }
        let notices = Notices::default();
        let files = expand(&Chroot::default(), &dir, &notices);
        let names: Vec<_> = files
            .iter()
            .map(|file| file.strip_prefix(&dir).unwrap())
            .collect();
        let expected = ["10", "20", "99.bak", "README.md", "sub/15"];
        assert_eq!(names, expected.map(Path::new));
        assert_eq!(lines(&Chroot::default(), &dir, &notices).len(), 5);
        assert_eq!(notices.sorted(), []);
    }

    #[test]
    fn the_path_itself_may_be_skipped_missing_or_a_loop() {
        let temp = tempfile::tempdir().unwrap();
        let chroot = Chroot::default();
        let notices = Notices::default();
        for name in ["make.conf~", ".make.conf"] {
            fs::write(temp.path().join(name), "x").unwrap();
            assert!(
                expand(&chroot, &temp.path().join(name), &notices).is_empty(),
                "{name}"
            );
        }
        assert!(expand(&chroot, &temp.path().join("missing"), &notices).is_empty());
        let dir = temp.path().join("loop");
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("a"), "x y").unwrap();
        for link in ["l", "m"] {
            std::os::unix::fs::symlink(".", dir.join(link)).unwrap();
        }
        assert!(!expand(&chroot, &dir, &notices).is_empty());
    }
}
