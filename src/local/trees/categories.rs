//! Which categories there are: `profiles/categories` of every repository and
//! `/etc/portage/categories` (`portage: config.py:config.categories`).

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::super::files;
use super::super::lines::Line;
use crate::chroot::FileKind;
use crate::local::Base;

/// The categories that are listed, later files adding (`name`) to earlier ones or taking from them
/// (`-name`, `-*`).
///
/// # Errors
/// A file that is there cannot be read.
pub(super) fn read(base: &Base) -> anyhow::Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    let profiles = base.repositories.list.iter();
    let mut files: Vec<PathBuf> = profiles
        .map(|repository| repository.location.join("profiles/categories"))
        .collect();
    files.push(base.roots.user_config.join("categories"));
    for path in files {
        if files::kind(&base.chroot, &path)? == Some(FileKind::File) {
            stack(&mut all, files::read_lines(&base.chroot, &path)?);
        }
    }
    Ok(all)
}

fn stack(all: &mut BTreeSet<String>, lines: Vec<Line>) {
    for line in lines {
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
    use std::path::Path;

    use super::*;
    use crate::local::lines;

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
        let lines = |text| lines::parse(text, Path::new("/a"));
        stack(&mut all, lines("dev-libs\n# no\nvirtual # yes\n\n"));
        stack(&mut all, lines("-virtual\nlocal\n-none\nbad name\n"));
        assert_eq!(all.iter().collect::<Vec<_>>(), ["dev-libs", "local"]);
        stack(&mut all, lines("-*\nonly"));
        assert_eq!(all.iter().collect::<Vec<_>>(), ["only"]);
    }
}
