//! Lines of configuration that stand in no file yet: what would follow from them is tried before anybody writes them.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::FileKind;

/// Text by the logical path of the file that it is added to, and a profile in the place of the selected one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddedText {
    texts: BTreeMap<PathBuf, String>,
    profile: Option<PathBuf>,
}

impl AddedText {
    /// Add a line to a file, behind those that were added before.
    pub fn push(&mut self, file: &Path, line: &str) {
        let text = self.texts.entry(file.to_path_buf()).or_default();
        text.push_str(line);
        text.push('\n');
    }

    /// The same as if `make.profile` led to this directory.
    pub fn with_profile(mut self, dir: Option<PathBuf>) -> AddedText {
        self.profile = dir;
        self
    }

    /// The directory that `make.profile` is to lead to.
    pub(super) fn profile(&self) -> Option<&Path> {
        self.profile.as_deref()
    }

    /// Whether nothing is added.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.profile.is_none()
    }

    pub(super) fn has(&self, path: &Path) -> bool {
        self.texts.contains_key(path)
    }

    /// What a path leads to that only stands here.
    pub(super) fn kind(&self, path: &Path) -> Option<FileKind> {
        self.has(path).then_some(FileKind::File)
    }

    /// What a file holds with what is added to it.
    pub(super) fn after(&self, path: &Path, bytes: io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
        let Some(text) = self.texts.get(path) else {
            return bytes;
        };
        let mut bytes = match bytes {
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            bytes => bytes?,
        };
        if bytes.last().is_some_and(|last| *last != b'\n') {
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(text.as_bytes());
        Ok(bytes)
    }

    /// Names of such files in a directory.
    pub(super) fn names_in(&self, directory: &Path) -> impl Iterator<Item = String> {
        let inside = self
            .texts
            .keys()
            .filter(move |path| path.parent() == Some(directory));
        inside.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
    }
}

impl FromIterator<(PathBuf, String)> for AddedText {
    fn from_iter<I: IntoIterator<Item = (PathBuf, String)>>(lines: I) -> AddedText {
        let mut added = AddedText::default();
        for (file, line) in lines {
            added.push(&file, &line);
        }
        added
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;
    use crate::chroot::Chroot;
    use crate::local::files;
    use crate::source::Notices;

    #[test]
    fn added_lines_are_read_behind_those_of_files() {
        let root = tempfile::tempdir().unwrap();
        let etc = root.path().join("etc");
        fs::create_dir_all(etc.join("package.use")).unwrap();
        fs::write(etc.join("package.use/10"), "a/b x").unwrap();
        fs::write(etc.join("package.mask"), "c/d").unwrap();
        let plain = Chroot::new(Some(root.path().to_path_buf())).unwrap();
        let lines = [
            ("/etc/package.use/05", "a/b y"),
            ("/etc/package.use/10", "a/b z"),
            ("/etc/package.mask", "e/f"),
            ("/etc/package.license", "g/h MIT"),
        ];
        let added = lines.map(|(file, line)| (PathBuf::from(file), line.to_owned()));
        let tried = plain.with_added(added.into_iter().collect());
        let read = |chroot: &Chroot, path: &str| {
            let lines = files::lines(chroot, Path::new(path), &Notices::default()).unwrap();
            let lines = lines
                .iter()
                .map(|line| format!("{}={}", line.source, line.words.join(" ")));
            lines.collect::<Vec<_>>().join(", ")
        };
        for (path, expected) in [
            (
                "/etc/package.use",
                "/etc/package.use/05:1=a/b y, /etc/package.use/10:1=a/b x, /etc/package.use/10:2=a/b z",
            ),
            (
                "/etc/package.mask",
                "/etc/package.mask:1=c/d, /etc/package.mask:2=e/f",
            ),
            ("/etc/package.license", "/etc/package.license:1=g/h MIT"),
        ] {
            assert_eq!(read(&tried, path), expected);
        }
        assert_eq!(
            read(&plain, "/etc/package.use"),
            "/etc/package.use/10:1=a/b x"
        );
        assert_eq!(read(&plain, "/etc/package.license"), "");
    }
}
