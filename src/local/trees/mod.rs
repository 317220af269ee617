//! Ebuilds of all repositories and their metadata caches (`portage: porttree.py:portdbapi`,
//! `flat_hash.py:md5_database`). Ebuilds are never sourced: where no cache entry is valid, the
//! answer is unknown.

pub(crate) mod categories;
mod eclasses;
pub(super) mod entry;
mod read_errors;
mod scan;
mod shared;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use self::read_errors::ReadErrors;
use self::scan::RepositoryTree;
pub use self::shared::SharedTrees;
use super::Base;
use crate::parallel::in_chunks;
use crate::pms::{Cpn, Cpv, Package};
use crate::source::Notices;

/// Fewer names than this are not worth a thread.
const MIN_CHUNK: usize = 8;

/// The repositories of a machine, ready to read ebuilds by name.
#[derive(Debug)]
pub struct Trees {
    /// In ascending order of priority, as in `Repositories`.
    trees: Vec<RepositoryTree>,
    /// Categories that some `profiles/categories` lists; others hide their packages.
    categories: BTreeSet<String>,
    /// What was requested by now, or read ahead of that.
    names: Mutex<HashMap<Cpn, Arc<ReadName>>>,
}

/// The ebuilds of a name, which are read once.
#[derive(Debug, Default)]
struct ReadName {
    /// Lowest version first, and what was wrong with them.
    read: OnceLock<(Vec<Ebuild>, ReadErrors)>,
    /// Whether somebody asked for them, and so was told what was wrong.
    is_requested: AtomicBool,
}

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

impl Ebuild {
    /// Name and version.
    pub fn cpv(&self) -> &Cpv {
        match self {
            Ebuild::Known(package) => &package.cpv,
            Ebuild::Unknown { cpv, .. } => cpv,
        }
    }

    /// The repository that it lies in.
    pub fn repository(&self) -> Option<&str> {
        match self {
            Ebuild::Known(package) => package.repository.as_deref(),
            Ebuild::Unknown { repository, .. } => Some(repository),
        }
    }

    /// The package, where its metadata are known.
    pub fn package(&self) -> Option<&Arc<Package>> {
        match self {
            Ebuild::Known(package) => Some(package),
            Ebuild::Unknown { .. } => None,
        }
    }
}

impl Trees {
    /// Open the repositories: categories are read, no ebuild yet. Eclasses are read when the first
    /// ebuild that uses one is.
    ///
    /// # Errors
    /// A repository that exists and cannot be read.
    pub fn open(base: &Base) -> anyhow::Result<Trees> {
        Ok(Trees {
            trees: scan::open(base)?,
            categories: categories::read(base)?,
            names: Mutex::default(),
        })
    }

    /// All package names of all repositories (directory names only), for name look-ups.
    pub fn names(&self) -> BTreeSet<Cpn> {
        self.categories
            .iter()
            .flat_map(|category| self.names_in(category))
            .collect()
    }

    /// All categories.
    pub(crate) fn categories(&self) -> impl Iterator<Item = &str> {
        self.categories.iter().map(String::as_str)
    }

    /// Package names of one category (directory names only).
    pub(crate) fn names_in(&self, category: &str) -> BTreeSet<Cpn> {
        let is_known = self.categories.contains(category);
        let trees = self.trees.iter().filter(|_| is_known);
        trees.flat_map(|tree| tree.packages_in(category)).collect()
    }

    /// The ebuilds of these names, read side by side.
    pub fn load<'a>(&self, names: impl IntoIterator<Item = &'a Cpn>, notices: &Notices) -> Ebuilds {
        let names: BTreeSet<&Cpn> = names.into_iter().collect();
        let names: Vec<(&Cpn, Arc<ReadName>)> =
            names.into_iter().map(|cpn| (cpn, self.name(cpn))).collect();
        let is_unread = |(_, name): &&(&Cpn, Arc<ReadName>)| name.read.get().is_none();
        let unread: Vec<&(&Cpn, Arc<ReadName>)> = names.iter().filter(is_unread).collect();
        in_chunks(&unread, MIN_CHUNK, |some| {
            for (cpn, name) in some {
                self.read(cpn, name);
            }
        });
        let mut errors = ReadErrors::default();
        let mut by_name = BTreeMap::new();
        for (cpn, name) in &names {
            let (ebuilds, wrong) = self.read(cpn, name);
            if !name.is_requested.swap(true, Ordering::Relaxed) {
                errors.merge(wrong);
            }
            if !ebuilds.is_empty() {
                by_name.insert((*cpn).clone(), ebuilds.clone());
            }
        }
        let of = |position: usize| {
            let tree = self.trees.get(position)?;
            Some((tree.location.as_path(), &*tree.name))
        };
        errors.report(of, notices);
        Ebuilds { by_name }
    }

    /// Read the ebuilds of a name that are likely to be requested, for [`Trees::load`] in another thread.
    pub fn read_ahead(&self, cpn: &Cpn) {
        self.read(cpn, &self.name(cpn));
    }

    fn name(&self, cpn: &Cpn) -> Arc<ReadName> {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        match names.get(cpn) {
            Some(name) => Arc::clone(name),
            None => Arc::clone(names.entry(cpn.clone()).or_default()),
        }
    }

    fn read<'n>(&self, cpn: &Cpn, name: &'n ReadName) -> &'n (Vec<Ebuild>, ReadErrors) {
        let read = || scan::read(&self.trees, &self.categories, cpn);
        name.read.get_or_init(read)
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
    pub fn at<'a>(&'a self, cpv: &'a Cpv) -> impl Iterator<Item = &'a Ebuild> {
        let all = self.of(cpv.cpn.as_str());
        let order = |ebuild: &Ebuild| ebuild.cpv().version.cmp_version(&cpv.version);
        let start = all.partition_point(|ebuild| order(ebuild).is_lt());
        let length = all[start..].partition_point(|ebuild| order(ebuild).is_eq());
        all[start..start + length].iter().rev()
    }
}

impl FromIterator<Ebuild> for Ebuilds {
    /// Put ebuilds together; those of a repository of higher priority come later.
    fn from_iter<I: IntoIterator<Item = Ebuild>>(ebuilds: I) -> Ebuilds {
        let mut by_name: BTreeMap<Cpn, Vec<Ebuild>> = BTreeMap::new();
        for ebuild in ebuilds {
            let same_name = by_name.entry(ebuild.cpv().cpn.clone()).or_default();
            same_name.push(ebuild);
        }
        by_name.values_mut().for_each(|all| sort(all));
        Ebuilds { by_name }
    }
}

/// By version; the sort is stable, so repositories keep their order.
fn sort(ebuilds: &mut [Ebuild]) {
    ebuilds.sort_by(|left, right| left.cpv().version.cmp_version(&right.cpv().version));
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
