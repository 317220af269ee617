//! package.mask and package.unmask (`portage: MaskManager.py:MaskManager`).

use super::Base;
use crate::pms::{Dep, Subject};
use crate::source::{Notices, Source};

/// Atoms of all levels, stacked.
#[derive(Debug)]
pub struct Masks {}

/// The atom that masks a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask<'a> {
    /// The atom, with `::repository` where a repository's own file gave it.
    pub atom: &'a Dep,
    /// Its line.
    pub source: &'a Source,
}

impl Masks {
    /// Read repositories, profiles and user files.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(_base: &Base, _notices: &Notices) -> anyhow::Result<Masks> {
        todo!()
    }

    /// The mask that hides a package, unless an unmask matches.
    pub fn find(&self, _subject: &Subject<'_>) -> Option<Mask<'_>> {
        todo!()
    }
}
