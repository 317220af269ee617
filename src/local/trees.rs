//! Ebuilds of all repositories and their metadata caches (`portage: porttree.py:portdbapi`,
//! `flat_hash.py:md5_database`). Ebuilds are never sourced: where no cache entry is valid, the
//! answer is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Base;
use crate::pms::{Cpn, Cpv, Package};
use crate::source::Notices;

/// The repositories of a machine, ready to read ebuilds by name.
#[derive(Debug)]
pub struct Trees {}

/// One ebuild.
#[derive(Clone, Debug)]
pub enum Ebuild {
    /// With valid metadata.
    Known(Arc<Package>),
    /// Its cache entry is missing or stale; only emerge could tell, by running bash.
    Unknown {
        /// Name and version.
        cpv: Cpv,
        /// The repository.
        repository: Arc<str>,
    },
}

impl Trees {
    /// Open the repositories: categories and eclass hashes are read, no ebuild yet.
    ///
    /// # Errors
    /// A repository that exists and cannot be read.
    pub fn open(_base: &Base, _notices: &Notices) -> anyhow::Result<Trees> {
        todo!()
    }

    /// All package names of all repositories (directory names only), for name look-ups.
    pub fn names(&self, _base: &Base) -> BTreeSet<Cpn> {
        todo!()
    }

    /// Categories in which some repository has a package of this name.
    pub fn categories_of(&self, _base: &Base, _package: &str) -> Vec<Cpn> {
        todo!()
    }

    /// The ebuilds of these names, read side by side.
    pub fn load<'a>(
        &self,
        _base: &Base,
        _names: impl IntoIterator<Item = &'a Cpn>,
        _notices: &Notices,
    ) -> Ebuilds {
        todo!()
    }
}

/// Ebuilds of some names: by version, and among equal versions the repository of higher priority
/// later.
#[derive(Clone, Debug, Default)]
pub struct Ebuilds {
    by_name: BTreeMap<Cpn, Vec<Ebuild>>,
}

impl Ebuilds {
    /// All ebuilds of a name, lowest version first.
    pub fn of(&self, cpn: &str) -> &[Ebuild] {
        self.by_name.get(cpn).map_or(&[], Vec::as_slice)
    }

    /// Ebuilds of one version (equal as versions), the repository of highest priority first.
    pub fn at<'a>(&'a self, _cpv: &'a Cpv) -> impl Iterator<Item = &'a Ebuild> {
        std::iter::empty()
    }
}
