//! Flags in profile, repository and user files
//! (`portage: UseManager.py:UseManager._parse_file_to_tuple`, `._parse_file_to_dict`).

use crate::local::Base;
use crate::local::atom_map::{
    AtomEntry, UseDeps, Word, dictionary, repository_lines, repository_syntax,
};
use crate::local::lines::Line;
use crate::local::profile::ProfileNode;
use crate::local::repositories::Repository;
use crate::pms::{Dep, Syntax};
use crate::source::{Notices, Source};

/// A flag with or without a leading `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flag {
    pub name: String,
    pub enabled: bool,
    pub source: Source,
}

/// Where files come from.
pub(super) enum UseFileReader<'a> {
    /// A profile.
    Profile(&'a Base, &'a ProfileNode),
    /// A repository's own `profiles/` directory.
    Repository(&'a Base, &'a Repository),
}

impl UseFileReader<'_> {
    /// The flags of a file of one flag a line.
    pub(super) fn flags(
        &self,
        name: &str,
        since: u8,
        notices: &Notices,
    ) -> anyhow::Result<Vec<Flag>> {
        let lines = self.lines(name, since, notices)?;
        let parsed = lines
            .into_iter()
            .filter_map(|line| flag_line(line, notices));
        Ok(parsed.collect())
    }

    /// The flags of a file of atoms and flags.
    pub(super) fn flags_by_atom(
        &self,
        name: &str,
        since: u8,
        notices: &Notices,
    ) -> anyhow::Result<Vec<(Dep, Vec<Flag>)>> {
        let lines = self.lines(name, since, notices)?;
        let entries = dictionary(lines, self.syntax(), UseDeps::Rejected, notices);
        let prefixes = if self.is_free_form() {
            Prefixes::UntilNextAtom
        } else {
            Prefixes::None
        };
        let parse = |entry: AtomEntry| {
            let words = expand_prefixes(entry.words, prefixes);
            let flags = words
                .into_iter()
                .filter_map(|word| valid_flag(word, notices));
            (entry.atom, flags.collect())
        };
        Ok(entries.into_iter().map(parse).collect())
    }

    /// The lines of a file, unless it needs a later EAPI than this one's.
    fn lines(&self, name: &str, since: u8, notices: &Notices) -> anyhow::Result<Vec<Line>> {
        let lines = match self {
            UseFileReader::Profile(base, node) => node.lines(&base.chroot, name, notices)?,
            UseFileReader::Repository(base, repository) => {
                repository_lines(base, repository, name, notices)?
            }
        };
        let known = match self {
            UseFileReader::Profile(_, node) => node.eapi_at_least(since),
            UseFileReader::Repository(_, repository) => repository.profiles_eapi.number() >= since,
        };
        match lines.first() {
            Some(first) if !known => {
                let text = format!("{name} is ignored, it needs EAPI {since} or later");
                notices.at(&first.source, text);
                Ok(Vec::new())
            }
            _ => Ok(lines),
        }
    }

    fn syntax(&self) -> Syntax {
        match self {
            UseFileReader::Profile(_, node) => node.syntax(true),
            UseFileReader::Repository(_, repository) => repository_syntax(repository),
        }
    }

    /// Whether this is a user profile without EAPI, whose files may hold what the user's may.
    fn is_free_form(&self) -> bool {
        matches!(self, UseFileReader::Profile(_, node) if node.is_user && node.eapi.is_none())
    }
}

/// How far a `NAME:` reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefixes {
    /// It is not a prefix at all.
    None,
    /// To the end of its line.
    UntilNextLine,
    /// To the end of the atom's words, over all its lines.
    UntilNextAtom,
}

/// Put the prefix of each `NAME:` before the words that follow it.
pub(super) fn expand_prefixes(words: Vec<Word>, reach: Prefixes) -> Vec<Word> {
    if reach == Prefixes::None {
        return words;
    }
    let mut prefix = String::new();
    let mut expanded = Vec::with_capacity(words.len());
    for mut word in words {
        if word.starts_line && reach == Prefixes::UntilNextLine {
            prefix.clear();
        }
        if let Some(name) = word.text.strip_suffix(':') {
            prefix = format!("{}_", name.to_lowercase());
            continue;
        }
        if !prefix.is_empty() {
            word.text = match word.text.strip_prefix('-') {
                Some(flag) => format!("-{prefix}{flag}"),
                None => format!("{prefix}{}", word.text),
            };
        }
        expanded.push(word);
    }
    expanded
}

fn flag_line(line: Line, notices: &Notices) -> Option<Flag> {
    let word = Word {
        text: line.words.join(" "),
        source: line.source,
        starts_line: true,
    };
    valid_flag(word, notices)
}

/// A word as a flag; one that is none, wildcards among them, is a notice.
fn valid_flag(word: Word, notices: &Notices) -> Option<Flag> {
    let (name, enabled) = match word.text.strip_prefix('-') {
        Some(name) => (name, false),
        None => (word.text.as_str(), true),
    };
    if is_flag(name) {
        return Some(Flag {
            name: name.to_owned(),
            enabled,
            source: word.source,
        });
    }
    let text = format!("skipped: {:?} is not a valid USE flag here", word.text);
    notices.at(&word.source, text);
    None
}

/// Whether a text may name a flag (`portage: dep/__init__.py:_get_useflag_re`).
fn is_flag(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes
        .next()
        .is_some_and(|byte| byte.is_ascii_alphanumeric())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+_@-".contains(&byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::path::Path;

    use super::*;
    use crate::local::lines;

    #[test]
    fn prefixes() {
        for (text, reach, expected) in [
            (
                "a/b VIDEO_CARDS: -* nvidia",
                Prefixes::UntilNextLine,
                "-video_cards_* video_cards_nvidia",
            ),
            ("a/b x V: y\na/b z", Prefixes::UntilNextLine, "x v_y z"),
            (
                "a/b x V: y\na/b z W: -q",
                Prefixes::UntilNextAtom,
                "x v_y v_z -w_q",
            ),
            ("a/b V: y", Prefixes::None, "V: y"),
        ] {
            let lines = lines::parse(text, Path::new("/f"));
            let entry = dictionary(lines, Syntax::USER, UseDeps::Rejected, &Notices::default());
            let words = expand_prefixes(entry.into_iter().next().unwrap().words, reach);
            let words: Vec<String> = words.into_iter().map(|word| word.text).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn validity() {
        for (line, expected) in [
            ("foo", "foo"),
            ("-foo", "-foo"),
            ("c++", "c++"),
            ("0-a_b@c", "0-a_b@c"),
            ("-*", "!"),
            ("foo_*", "!"),
            ("_foo", "!"),
            ("+foo", "!"),
            ("foo bar", "!"),
            ("--foo", "!"),
            ("é", "!"),
        ] {
            let notices = Notices::default();
            let line = lines::parse(line, Path::new("/use.mask")).remove(0);
            let found = match flag_line(line, &notices) {
                Some(flag) => format!("{}{}", if flag.enabled { "" } else { "-" }, flag.name),
                None => "!".to_owned(),
            };
            assert_eq!(found, expected);
            assert_eq!(notices.sorted().len(), usize::from(expected == "!"));
        }
    }
}
