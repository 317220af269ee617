//! What the words of the command line mean (`portage: depgraph.py:depgraph._select_files`).

mod atom;
mod known;
mod path;

use std::sync::Arc;

use anyhow::{bail, ensure};

pub use self::known::KnownNames;
use super::Local;
use super::sets::{Member, Sets};
use crate::source::{Notices, Source};

/// A word of the command line and the atoms that it stands for.
#[derive(Clone, Debug)]
pub struct Target {
    /// The word as typed.
    pub word: String,
    /// The atoms: one for an atom, all members for a set, those of the owners for a path. A word with
    /// wildcards stands for one extended atom.
    pub atoms: Vec<Member>,
}

impl Target {
    /// Whether the word means a set.
    pub fn is_set(&self) -> bool {
        matches!(kind(&self.word), TargetKind::Set(_))
    }
}

/// Read the targets. A word that is repeated counts once.
///
/// # Errors
/// A word that is not a target, an ambiguous name (with the choices), a set that does not exist, a name
/// that nothing has (with near matches).
pub fn resolve(
    words: &[String],
    local: &Local,
    sets: &Sets,
    known: &KnownNames,
    notices: &Notices,
) -> anyhow::Result<Vec<Target>> {
    let mut targets: Vec<Target> = Vec::new();
    for word in words {
        if targets.iter().any(|target| target.word == *word) {
            continue;
        }
        let atoms = match kind(word) {
            TargetKind::BinaryFile => bail!("{}", binary_file(word, known)),
            TargetKind::Ebuild => vec![path::ebuild(word, &local.base)?],
            TargetKind::File => path::owners(word, &local.base, &local.installed)?,
            TargetKind::Set(name) => set(name, local, sets, notices)?,
            TargetKind::Atom => vec![atom::read(word, known, &local.installed)?],
        };
        let word = word.clone();
        targets.push(Target { word, atoms });
    }
    Ok(targets)
}

#[derive(Debug, PartialEq, Eq)]
enum TargetKind<'a> {
    BinaryFile,
    Ebuild,
    File,
    Set(&'a str),
    Atom,
}

/// How emerge takes a word; the order of the questions is its own.
fn kind(word: &str) -> TargetKind<'_> {
    let ends = |extensions: &[&str]| extensions.iter().any(|end| word.ends_with(end));
    let begins = |prefixes: &[&str]| prefixes.iter().any(|start| word.starts_with(start));
    if ends(BINARY_EXTENSIONS) {
        TargetKind::BinaryFile
    } else if ends(&[".ebuild"]) {
        TargetKind::Ebuild
    } else if begins(&["/", "./", "../"]) {
        TargetKind::File
    } else if let "world" | "system" = word {
        TargetKind::Set(word)
    } else if let Some(name) = word.strip_prefix('@') {
        TargetKind::Set(name)
    } else {
        TargetKind::Atom
    }
}

const BINARY_EXTENSIONS: &[&str] = &[".tbz2", ".xpak", ".gpkg.tar"];

/// The atom of a word.
fn member(word: &str, atom: crate::pms::Dep) -> Member {
    let source = Source::Option(Arc::from(word));
    Member { atom, source }
}

fn set(name: &str, local: &Local, sets: &Sets, notices: &Notices) -> anyhow::Result<Vec<Member>> {
    ensure!(
        !name.contains('{'),
        "@{name}: bincheck takes no options for sets; write them in /etc/portage/sets.conf"
    );
    sets.expand(local, name, notices)
}

/// A package file is judged by its entry in an index, so its package must be named.
fn binary_file(word: &str, known: &KnownNames) -> String {
    let file = word.rsplit('/').next().unwrap_or(word);
    let stem = BINARY_EXTENSIONS
        .iter()
        .find_map(|end| file.strip_suffix(end));
    let choices: Vec<String> = known.at_version(stem.unwrap_or(file));
    let example = match choices.as_slice() {
        [] => "=category/package-version".to_owned(),
        choices => choices.join(" or "),
    };
    format!("{word} is a binary package file; name the package instead: {example}")
}

#[cfg(test)]
mod tests;
