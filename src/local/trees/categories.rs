//! Which categories there are: `profiles/categories` of every repository and
//! `/etc/portage/categories` (`portage: config.py:config.categories`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::lines;
use crate::chroot::FileKind;
use crate::local::Base;
use crate::source::Notices;

/// The categories that are listed, later files adding (`name`) to earlier ones or taking from them
/// (`-name`, `-*`).
pub(super) fn read(base: &Base, notices: &Notices) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let profiles = base.repositories.list.iter();
    let mut files: Vec<PathBuf> = profiles
        .map(|repository| repository.location.join("profiles/categories"))
        .collect();
    files.push(base.roots.user_config.join("categories"));
    for path in files {
        if base.chroot.kind(&path) != Some(FileKind::File) {
            continue;
        }
        match base.chroot.read_text(&path) {
            Ok(text) => stack(&mut all, &text, &path),
            Err(error) => notices.file(&path, format!("cannot be read: {error}")),
        }
    }
    all
}

fn stack(all: &mut BTreeSet<String>, text: &str, path: &Path) {
    for line in lines::parse(text, path) {
        let word = line.words.join(" ");
        if word == "-*" {
            all.clear();
        } else if let Some(removed) = word.strip_prefix('-') {
            all.remove(removed);
        } else if is_name(&word) {
            all.insert(word);
        }
    }
}

/// Whether Portage takes a text for the name of a category: a letter, digit or `_`, then also
/// `-`, `+` and `.`.
pub(crate) fn is_name(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut bytes = text.bytes();
    bytes.next().is_some_and(word) && bytes.all(|byte| word(byte) || b"-+.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["dev-libs", "virtual", "a", "_x", "9a", "a.b+c"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", ".git", "+a", "a/b", "a b", "ä"] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn files_stack() {
        let mut all = BTreeSet::new();
        stack(
            &mut all,
            "dev-libs\n# no\nvirtual # yes\n\n",
            Path::new("/a"),
        );
        stack(
            &mut all,
            "-virtual\nlocal\n-none\nbad name\n",
            Path::new("/b"),
        );
        assert_eq!(all.iter().collect::<Vec<_>>(), ["dev-libs", "local"]);
        stack(&mut all, "-*\nonly", Path::new("/c"));
        assert_eq!(all.iter().collect::<Vec<_>>(), ["only"]);
    }
}
