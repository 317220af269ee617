//! Paths that may be a file or a directory of files (`portage: util/__init__.py:_recursive_file_list`).

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::lines::{self, Line};
use crate::chroot::{Budget, Chroot, FileKind};
use crate::exit::Hinted;
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
///
/// # Errors
/// It cannot be determined what is there, or a directory may not be listed.
pub fn expand(chroot: &Chroot, path: &Path, notices: &Notices) -> anyhow::Result<Vec<PathBuf>> {
    let mut walk = FileWalk {
        chroot,
        notices,
        files: Vec::new(),
        left: MAX_ENTRIES,
    };
    walk.visit(path, MAX_DEPTH)?;
    if walk.left == 0 {
        let text = format!("holds more than {MAX_ENTRIES} entries; the rest is skipped");
        notices.file(path, text);
    }
    Ok(walk.files)
}

/// The files of several paths, one after the other.
///
/// # Errors
/// As [`expand`].
pub fn expand_all(
    chroot: &Chroot,
    paths: impl IntoIterator<Item = impl AsRef<Path>>,
    notices: &Notices,
) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        all.append(&mut expand(chroot, path.as_ref(), notices)?);
    }
    Ok(all)
}

/// The lines of all files that a path stands for.
///
/// # Errors
/// As [`expand`] and [`read_lines`].
pub fn lines(chroot: &Chroot, path: &Path, notices: &Notices) -> anyhow::Result<Vec<Line>> {
    let mut all = Vec::new();
    for file in expand(chroot, path, notices)? {
        all.append(&mut read_lines(chroot, &file)?);
    }
    Ok(all)
}

/// The lines of one file; none where it does not exist.
///
/// # Errors
/// It cannot be read, or all such files together are too large.
pub fn read_lines(chroot: &Chroot, file: &Path) -> anyhow::Result<Vec<Line>> {
    let text = read_text(chroot, file)?.unwrap_or_default();
    if let Err(left) = chroot.budget().take(text.len()) {
        let read = &text.as_bytes()[..left];
        let line = 1 + read.iter().filter(|byte| **byte == b'\n').count();
        bail!(
            "{}:{line}: configuration is larger than {} MiB in all; make it shorter",
            file.display(),
            Budget::MIB
        );
    }
    Ok(lines::parse(&text, file))
}

/// The text of a file of configuration; `None` where there is none. Whatever else keeps it from being
/// read is an error: an answer that leaves out what the user wrote would be a wrong one
/// (`portage: util/__init__.py:grablines`, `getconfig`).
///
/// # Errors
/// There is one and it cannot be read.
pub fn read_text(chroot: &Chroot, file: &Path) -> anyhow::Result<Option<String>> {
    present(file, chroot.read_text(file))
}

/// The same for a file that is read again ([`Chroot::read_text_once`]).
///
/// # Errors
/// As [`read_text`].
pub fn read_text_once(chroot: &Chroot, file: &Path) -> anyhow::Result<Option<String>> {
    present(file, chroot.read_text_once(file))
}

fn present(file: &Path, text: std::io::Result<String>) -> anyhow::Result<Option<String>> {
    match text {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(unreadable(file, error)),
    }
}

/// What a path of configuration leads to; `None` where nothing is there.
///
/// # Errors
/// It cannot be determined.
pub fn kind(chroot: &Chroot, path: &Path) -> anyhow::Result<Option<FileKind>> {
    chroot
        .try_kind(path)
        .map_err(|error| unreadable(path, error))
}

/// Why configuration that is there cannot be used, and what to do.
pub fn unreadable(path: &Path, error: io::Error) -> anyhow::Error {
    let denied = error.kind() == ErrorKind::PermissionDenied;
    let hint = "run bincheck as root, or as a member of the group that may read it; \
                without it the answer would be about another machine";
    anyhow::Error::new(error).context(Hinted {
        message: format!("cannot read {}", path.display()),
        hints: denied.then(|| hint.to_owned()).into_iter().collect(),
    })
}

/// A walk over directories.
struct FileWalk<'a> {
    chroot: &'a Chroot,
    notices: &'a Notices,
    files: Vec<PathBuf>,
    /// Entries that may still be looked at.
    left: usize,
}

impl FileWalk<'_> {
    fn visit(&mut self, path: &Path, depth: usize) -> anyhow::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if self.left == 0 || name.starts_with('.') || name.ends_with('~') {
            return Ok(());
        }
        self.left -= 1;
        match kind(self.chroot, path)? {
            Some(FileKind::File) => self.files.push(path.to_path_buf()),
            Some(FileKind::Dir) if !VERSION_CONTROL.contains(&&*name) => self.enter(path, depth)?,
            _ => {}
        }
        Ok(())
    }

    fn enter(&mut self, dir: &Path, depth: usize) -> anyhow::Result<()> {
        if depth == 0 {
            self.notices
                .file(dir, "is nested too deeply and is skipped");
            return Ok(());
        }
        let names = self.chroot.list(dir);
        for name in names.map_err(|error| unreadable(dir, error))? {
            self.visit(&dir.join(name), depth - 1)?;
        }
        Ok(())
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
        let files = expand(&Chroot::default(), &dir, &notices).unwrap();
        let names: Vec<_> = files
            .iter()
            .map(|file| file.strip_prefix(&dir).unwrap())
            .collect();
        let expected = ["10", "20", "99.bak", "README.md", "sub/15"];
        assert_eq!(names, expected.map(Path::new));
        assert_eq!(lines(&Chroot::default(), &dir, &notices).unwrap().len(), 5);
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
                expand(&chroot, &temp.path().join(name), &notices)
                    .unwrap()
                    .is_empty(),
                "{name}"
            );
        }
        let missing = expand(&chroot, &temp.path().join("missing"), &notices);
        assert!(missing.unwrap().is_empty());
        let dir = temp.path().join("loop");
        fs::create_dir(&dir).unwrap();
        fs::write(dir.join("a"), "x y").unwrap();
        for link in ["l", "m"] {
            std::os::unix::fs::symlink(".", dir.join(link)).unwrap();
        }
        assert!(!expand(&chroot, &dir, &notices).unwrap().is_empty());
    }
}
