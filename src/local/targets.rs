//! What the words of the command line mean (`portage: depgraph.py:depgraph._select_files`).

use std::collections::BTreeSet;

use super::Local;
use super::sets::{Member, Sets};
use crate::pms::{Cpn, Dep};
use crate::source::Notices;

/// A word of the command line and the atoms that it stands for.
#[derive(Clone, Debug)]
pub struct Target {
    /// The word as typed.
    pub word: String,
    /// The atoms: one for an atom, all members for a set, those of the owners for a path. A word with
    /// wildcards stands for one extended atom.
    pub atoms: Vec<Member>,
}

/// All names that some database (ebuilds, binary packages, installed) has.
#[derive(Clone, Debug, Default)]
pub struct KnownNames(pub BTreeSet<Cpn>);

impl KnownNames {
    /// Names with this package part, in any category.
    pub fn with_package<'a>(&'a self, package: &'a str) -> impl Iterator<Item = &'a Cpn> {
        self.0.iter().filter(move |cpn| cpn.package() == package)
    }

    /// Whether an atom's name (wildcards allowed) is among them.
    pub fn has(&self, _atom: &Dep) -> bool {
        todo!()
    }

    /// Names that a mistyped one may have meant, best first, at most five.
    pub fn near(&self, _name: &str) -> Vec<&Cpn> {
        todo!()
    }
}

/// Read the targets.
///
/// # Errors
/// A word that is no target, an ambiguous name (with the choices), a set that does not exist, a name
/// that nothing has (with near matches).
pub fn resolve(
    _words: &[String],
    _local: &Local,
    _sets: &Sets,
    _known: &KnownNames,
    _notices: &Notices,
) -> anyhow::Result<Vec<Target>> {
    todo!()
}
