//! One change of the configuration.

use std::path::PathBuf;

use crate::binhost::HostId;
use crate::check::{Compare, Policy};
use crate::local::Local;
use crate::pms::{Dep, Syntax};
use crate::suggest::SlotName;

/// Kinds of changes, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuggestionKind {
    /// USE of one package.
    Use,
    /// USE of all packages.
    MakeConf,
    /// Keywords of one version.
    Keywords,
    /// Licenses of one package.
    License,
    /// PROPERTIES of one package.
    Properties,
    /// RESTRICT of one package.
    Restrict,
    /// Versions that are newer than those of a host.
    Mask,
    /// Settings of one binhost.
    Binrepos,
    /// Options of emerge.
    Option,
}

impl SuggestionKind {
    /// All of them.
    pub const ALL: [SuggestionKind; 9] = [
        SuggestionKind::Use,
        SuggestionKind::MakeConf,
        SuggestionKind::Keywords,
        SuggestionKind::License,
        SuggestionKind::Properties,
        SuggestionKind::Restrict,
        SuggestionKind::Mask,
        SuggestionKind::Binrepos,
        SuggestionKind::Option,
    ];

    /// The word by which it is requested.
    pub fn as_str(self) -> &'static str {
        match self {
            SuggestionKind::Use => "use",
            SuggestionKind::MakeConf => "make-conf",
            SuggestionKind::Keywords => "keywords",
            SuggestionKind::License => "license",
            SuggestionKind::Properties => "properties",
            SuggestionKind::Restrict => "restrict",
            SuggestionKind::Mask => "mask",
            SuggestionKind::Binrepos => "binrepos",
            SuggestionKind::Option => "option",
        }
    }

    /// The kind of this word.
    pub fn parse(word: &str) -> Option<SuggestionKind> {
        SuggestionKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// The name of its file below `/etc/portage`; none for options, and for settings of hosts, whose section may stand
    /// in any file.
    pub fn file(self) -> Option<&'static str> {
        Some(match self {
            SuggestionKind::Use => "package.use",
            SuggestionKind::MakeConf => "make.conf",
            SuggestionKind::Keywords => "package.accept_keywords",
            SuggestionKind::License => "package.license",
            SuggestionKind::Properties => "package.properties",
            SuggestionKind::Restrict => "package.accept_restrict",
            SuggestionKind::Mask => "package.mask",
            SuggestionKind::Binrepos | SuggestionKind::Option => return None,
        })
    }

    /// The kind of a change to a file of this path, which may be one in a directory.
    pub(super) fn of_file(path: &str) -> Option<SuggestionKind> {
        let of_name = |name: &str| {
            SuggestionKind::ALL
                .into_iter()
                .find(|kind| kind.file() == Some(name))
        };
        path.rsplit('/').take(2).find_map(of_name)
    }
}

/// How a line begins that sets the options that each command line begins with.
const DEFAULT_OPTS: &str = "EMERGE_DEFAULT_OPTS=";

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Edit {
    /// A line at the end of the file of its kind.
    Line {
        /// Which file.
        kind: SuggestionKind,
        /// The line.
        line: String,
    },
    /// One more atom in `getbinpkg-exclude` of a host.
    Exclude {
        /// The host.
        host: HostId,
        /// A name with its slot.
        atom: String,
    },
    /// An option for emerge.
    Option(OptionChange),
}

/// Options that are suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OptionChange {
    /// Take packages although the dependencies of their ebuilds have changed since.
    IgnoreChangedDeps,
}

impl OptionChange {
    /// As it is typed.
    pub fn as_str(self) -> &'static str {
        match self {
            OptionChange::IgnoreChangedDeps => "--binpkg-changed-deps=n",
        }
    }
}

impl Edit {
    /// Whether it is about USE flags.
    pub(super) fn is_of_use(&self) -> bool {
        let kinds = [SuggestionKind::Use, SuggestionKind::MakeConf];
        kinds.contains(&self.kind()) && !self.is_of_defaults()
    }

    /// A line of a file.
    pub fn line(kind: SuggestionKind, line: String) -> Edit {
        Edit::Line { kind, line }
    }

    /// These changes with more, those of one package as one line; `None` where that adds nothing, or takes back what is
    /// among them.
    pub(super) fn joined(edits: &[Edit], more: &[Edit]) -> Option<Vec<Edit>> {
        let mut all = edits.to_vec();
        for edit in more {
            let (Edit::Line { kind, line }, Some((atom, _))) = (edit, edit.of_package()) else {
                if !all.contains(edit) {
                    all.push(edit.clone());
                }
                continue;
            };
            let is_same = |known: &&mut Edit| {
                known.kind() == *kind && known.of_package().is_some_and(|(one, _)| one == atom)
            };
            let Some(Edit::Line { line: known, .. }) = all.iter_mut().find(is_same) else {
                all.push(edit.clone());
                continue;
            };
            for word in line.split_whitespace().skip(1) {
                let mut words = known.split_whitespace().skip(1);
                if words.clone().any(|known| known == opposite(word)) {
                    return None;
                }
                if !words.any(|known| known == word) {
                    known.push_str(&format!(" {word}"));
                }
            }
        }
        (all != edits).then_some(all)
    }

    /// The atom and what is set for it, for a line about packages.
    pub(super) fn of_package(&self) -> Option<(&str, &str)> {
        match self {
            Edit::Line { kind, line } if *kind != SuggestionKind::MakeConf => line.split_once(' '),
            _ => None,
        }
    }

    /// Whether it changes the options that each command line begins with.
    pub fn is_of_defaults(&self) -> bool {
        matches!(self, Edit::Line { kind: SuggestionKind::MakeConf, line } if line.starts_with(DEFAULT_OPTS))
    }

    /// What these options become.
    pub fn defaults(value: &str) -> Edit {
        Edit::line(
            SuggestionKind::MakeConf,
            format!("{DEFAULT_OPTS}\"{value}\""),
        )
    }

    /// Its kind.
    pub fn kind(&self) -> SuggestionKind {
        match self {
            Edit::Line { kind, .. } => *kind,
            Edit::Exclude { .. } => SuggestionKind::Binrepos,
            Edit::Option(_) => SuggestionKind::Option,
        }
    }

    /// The file of the judged system that a line is for, and the line.
    pub fn place<'e>(&'e self, local: &Local) -> Option<(PathBuf, &'e str)> {
        match self {
            Edit::Line { kind, line } => Some((local.remedy_file(kind.file()?).into(), line)),
            Edit::Exclude { .. } | Edit::Option(_) => None,
        }
    }

    /// What it excludes at a host.
    pub fn exclusion(&self) -> Option<(HostId, Dep)> {
        let Edit::Exclude { host, atom } = self else {
            return None;
        };
        Some((*host, Dep::parse(atom, Syntax::USER).ok()?))
    }

    /// Whether a line is about the package of a slot; an option is about all.
    pub(super) fn is_about(&self, slot: &SlotName) -> bool {
        let line = match self {
            Edit::Line {
                kind: SuggestionKind::MakeConf,
                ..
            } => return true,
            Edit::Line { line, .. } => line,
            Edit::Exclude { atom, .. } => atom,
            Edit::Option(_) => return true,
        };
        let name = slot
            .0
            .split_once(':')
            .map_or(slot.0.as_str(), |(name, _)| name);
        let atom = line.split_whitespace().next().unwrap_or_default();
        let atom = atom.trim_start_matches(['=', '>', '<', '~']);
        let rest = atom.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '-']))
    }

    /// What it does to the options.
    pub fn apply(&self, policy: &mut Policy) {
        match self {
            Edit::Option(OptionChange::IgnoreChangedDeps) => {
                policy.compare.changed_deps = Compare::No;
            }
            Edit::Line { .. } | Edit::Exclude { .. } => {}
        }
    }
}

/// The word that takes another one back: `-x` for `x`, and the other way round.
pub(super) fn opposite(word: &str) -> String {
    word.strip_prefix('-')
        .map_or_else(|| format!("-{word}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_package_are_joined() {
        let line = |line: &str| Edit::line(SuggestionKind::Use, line.to_owned());
        let known = [line("=a/a-1 x"), line("a/b y")];
        for (more, all) in [
            ("=a/a-1 z", Some(&["=a/a-1 x z", "a/b y"][..])),
            ("a/c x", Some(&["=a/a-1 x", "a/b y", "a/c x"])),
            ("a/b y", None),
            ("a/b -y", None),
        ] {
            let joined = Edit::joined(&known, &[line(more)]);
            let all = all.map(|all| all.iter().copied().map(line).collect());
            assert_eq!(joined, all, "{more}");
        }
    }

    #[test]
    fn kinds_have_words_and_files() {
        for kind in SuggestionKind::ALL {
            assert_eq!(SuggestionKind::parse(kind.as_str()), Some(kind));
            if let Some(name) = kind.file() {
                assert_eq!(
                    SuggestionKind::of_file(&format!("/etc/portage/{name}")),
                    Some(kind)
                );
                assert_eq!(
                    SuggestionKind::of_file(&format!("/etc/portage/{name}/bincheck")),
                    Some(kind)
                );
            }
        }
        assert_eq!(
            SuggestionKind::ALL.map(SuggestionKind::as_str),
            crate::cli::SUGGEST_KINDS
        );
        assert_eq!(SuggestionKind::of_file("/etc/portage/package.unmask"), None);
        assert_eq!(SuggestionKind::parse("firefox"), None);
    }
}
