//! One entry of a metadata cache: reading it, and whether it still describes its ebuild
//! (`portage: flat_hash.py:database`, `template.py:database._validate_entry`).

use std::path::Path;
use std::sync::Arc;

use super::eclasses::{Eclasses, md5_of, mtime_of};
use crate::chroot::Chroot;
use crate::pms::{Eapi, Key, Metadata};

/// Read `KEY=value` lines. `None` where a line is none: Portage then trusts none of them.
pub(in crate::local) fn parse(text: String) -> Option<Metadata> {
    let text: Arc<str> = text.into();
    let mut metadata = Metadata::new(Arc::clone(&text));
    let body = text.strip_suffix('\n').unwrap_or(&text);
    if body.is_empty() {
        return Some(metadata);
    }
    let mut start = 0;
    for line in body.split('\n') {
        let (name, _) = line.split_once('=')?;
        if let Some(key) = Key::parse(name) {
            metadata.set(key, start + name.len() + 1, start + line.len());
        }
        start += line.len() + 1;
    }
    Some(metadata)
}

/// The EAPI that an entry names, where it is supported; an entry without one means 0.
pub(super) fn eapi(metadata: &Metadata) -> Option<Eapi> {
    match metadata.text(Key::Eapi).trim() {
        "" => Some(Eapi::ZERO),
        text => Eapi::parse(text),
    }
}

/// Whether an entry describes this ebuild and these eclasses as they are now: by MD5, or for an
/// entry without MD5 by time of last change.
pub(super) fn is_valid(
    chroot: &Chroot,
    metadata: &Metadata,
    ebuild: &Path,
    eclasses: &Eclasses,
) -> bool {
    if let Some(expected) = metadata.get(Key::Md5Cache) {
        return eclasses_match(metadata, |name, md5| eclasses.md5(name) == Some(md5))
            && md5_of(chroot, ebuild).is_some_and(|found| found == expected);
    }
    let Some(expected) = metadata.get(Key::Mtime) else {
        return false;
    };
    let same = |found: Option<u64>, text: &str| found.is_some() && found == text.parse().ok();
    eclasses_match(metadata, |name, time| same(eclasses.mtime(name), time))
        && same(mtime_of(chroot, ebuild), expected)
}

/// Whether every pair of `_eclasses_` holds; an entry without the key has no condition.
fn eclasses_match(metadata: &Metadata, holds: impl Fn(&str, &str) -> bool) -> bool {
    let text = metadata.text(Key::Eclasses).trim();
    if text.is_empty() {
        return true;
    }
    let mut words = text.split('\t');
    while let Some(name) = words.next() {
        if !words.next().is_some_and(|hash| holds(name, hash)) {
            return false;
        }
    }
    true
}

/// The EAPI that the head of an ebuild assigns: the first line that is neither empty nor a comment
/// counts (PMS, "The EAPI variable"). `None` where that line assigns none.
pub(in crate::local) fn eapi_of_ebuild(text: &str) -> Option<&str> {
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    let rest = line.trim_start_matches([' ', '\t']).strip_prefix("EAPI=")?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+_.-".contains(c);
    let (value, rest) = match rest.chars().next().filter(|first| "'\"".contains(*first)) {
        Some(quote) => rest[1..].split_once(quote)?,
        None => rest.split_at(rest.find(|c| !is_part(c)).unwrap_or(rest.len())),
    };
    let tail = rest.trim_start_matches([' ', '\t']);
    let is_comment = tail.starts_with('#') && tail.len() < rest.len();
    (value.chars().all(is_part) && (tail.is_empty() || is_comment)).then_some(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_become_values() {
        let entry = parse("EAPI=8\nSLOT=0/1\nDESCRIPTION=a=b\nIUSE=\n".to_owned()).unwrap();
        assert_eq!(entry.get(Key::Eapi), Some("8"));
        assert_eq!(entry.get(Key::Slot), Some("0/1"));
        assert_eq!(entry.get(Key::Iuse), Some(""));
        assert_eq!(entry.get(Key::Use), None);
    }

    #[test]
    fn last_of_two_equal_keys_counts() {
        let entry = parse("SLOT=1\nSLOT=2".to_owned()).unwrap();
        assert_eq!(entry.get(Key::Slot), Some("2"));
    }

    #[test]
    fn a_line_without_equals_sign_spoils_the_entry() {
        for text in ["EAPI=8\nSLOT\n", "\nEAPI=8\n", "EAPI=8\n\nSLOT=0\n", "x"] {
            assert!(parse(text.to_owned()).is_none(), "{text:?}");
        }
        assert!(parse(String::new()).is_some());
    }

    #[test]
    fn heads_of_ebuilds() {
        let table = [
            ("EAPI=8\n", Some("8")),
            (
                "# Copyright\n\n# x\n  EAPI=\"7\" # why\ninherit x\n",
                Some("7"),
            ),
            ("EAPI='9-pre1'\n", Some("9-pre1")),
            ("EAPI=8#x\n", None),
            ("EAPI=8 x\n", None),
            ("EAPI=\"8'\n", None),
            ("inherit x\nEAPI=8\n", None),
            ("EAPI=\n", Some("")),
            ("EAPI='ä'\n", None),
            ("EAPI=ä\n", None),
            ("", None),
        ];
        for (text, eapi) in table {
            assert_eq!(eapi_of_ebuild(text), eapi, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(text in "(?s).{0,200}") {
            let _ = eapi_of_ebuild(&text);
            if let Some(entry) = parse(text) {
                let _ = (eapi(&entry), eclasses_match(&entry, |_, _| true));
            }
        }
    }
}
