//! A package and what is worked out about it when somebody first asks, and kept.

use std::sync::{Arc, OnceLock};

use super::{Facts, Finding};
use crate::local::Local;
use crate::local::trees::Ebuild;
use crate::pms::{Key, Package};

/// A package of any kind. Everything but the package itself is worked out once.
#[derive(Debug)]
pub struct Record<'a> {
    local: &'a Local,
    /// The package.
    pub package: &'a Package,
    chost: &'a str,
    facts: OnceLock<Box<Facts<'a>>>,
    changed_deps: OnceLock<Vec<Key>>,
    has_visible_ebuild: OnceLock<bool>,
}

impl<'a> Record<'a> {
    /// A package that was built for `chost`.
    pub fn new(local: &'a Local, package: &'a Package, chost: &'a str) -> Record<'a> {
        Record {
            local,
            package,
            chost,
            facts: OnceLock::new(),
            changed_deps: OnceLock::new(),
            has_visible_ebuild: OnceLock::new(),
        }
    }

    /// An ebuild, which counts as built for this machine.
    pub fn of_ebuild(local: &'a Local, ebuild: &'a Package) -> Record<'a> {
        Record::new(local, ebuild, local.base.vars.get("CHOST").unwrap_or(""))
    }

    /// What the configuration makes of it.
    pub fn facts(&self) -> &Facts<'a> {
        self.facts
            .get_or_init(|| Box::new(Facts::of(self.local, self.package, self.chost)))
    }

    /// Whether an ebuild lets it be used as a binary package; `find` tells if that is not known yet
    /// (`portage: depgraph.py:depgraph._equiv_ebuild_visible`).
    pub fn has_visible_ebuild(&self, find: impl FnOnce() -> bool) -> bool {
        *self.has_visible_ebuild.get_or_init(find)
    }

    /// The dependency variables that differ from its ebuild's; `compare` tells if that is not known yet
    /// (`portage: depgraph.py:depgraph._changed_deps`).
    pub fn changed_deps(&self, compare: impl FnOnce() -> Vec<Key>) -> &[Key] {
        self.changed_deps.get_or_init(compare)
    }
}

/// The ebuilds of one version, the repository of highest priority first.
#[derive(Debug, Default)]
pub struct OwnEbuilds<'a> {
    /// Those with valid metadata.
    pub known: Vec<Arc<Record<'a>>>,
    /// Repositories whose metadata cache has no valid entry for this version.
    pub unknown: Vec<&'a str>,
}

impl<'a> OwnEbuilds<'a> {
    /// Ebuilds of one version, that of lowest priority first, about which nothing was worked out yet.
    pub fn of(local: &'a Local, ebuilds: &'a [Ebuild]) -> OwnEbuilds<'a> {
        let mut own = OwnEbuilds::default();
        for ebuild in ebuilds.iter().rev() {
            match ebuild {
                Ebuild::Known(package) => {
                    let record = Record::of_ebuild(local, package);
                    own.known.push(Arc::new(record));
                }
                Ebuild::Unknown { repository, .. } => own.unknown.push(repository),
            }
        }
        own
    }

    /// The ebuild of exactly this text and repository
    /// (`portage: depgraph.py:depgraph._pkg` with `myrepo`).
    pub fn in_repository(&self, package: &Package) -> Option<&Record<'a>> {
        let repository = package.repository.as_deref()?;
        let same = |ebuild: &&Arc<Record<'_>>| {
            ebuild.package.repository.as_deref() == Some(repository)
                && ebuild.package.cpv == package.cpv
        };
        self.known.iter().find(same).map(|ebuild| &**ebuild)
    }

    /// Those that are visible, best first.
    pub fn visible(&self) -> impl Iterator<Item = &Record<'a>> {
        let known = self.known.iter().map(|ebuild| &**ebuild);
        known.filter(|ebuild| ebuild.facts().is_visible())
    }

    /// The one that dependencies are compared with: the package's repository first, else any.
    pub fn own(&self, package: &Package) -> Option<&Record<'a>> {
        let first = || self.known.first().map(|ebuild| &**ebuild);
        self.in_repository(package).or_else(first)
    }

    /// The repository whose ebuild could not be read and would have to be: the package's own, or any where no
    /// known ebuild is left.
    pub fn unread(&self, package: &Package) -> Option<&'a str> {
        if self.in_repository(package).is_some() {
            return None;
        }
        let own = self
            .unknown
            .iter()
            .find(|name| Some(**name) == package.repository.as_deref());
        let any = || self.unknown.first().filter(|_| self.known.is_empty());
        own.or_else(any).copied()
    }

    /// Whether one of them lets a binary package be used
    /// (`portage: depgraph.py:depgraph._equiv_ebuild_visible`).
    pub fn let_through(&self, package: &Package) -> bool {
        match self.in_repository(package) {
            Some(own) => own.facts().is_visible(),
            None => self.visible().next().is_some(),
        }
    }

    /// What hides the ebuild that a package is compared with.
    pub(super) fn hidden(&self, package: &Package) -> Option<&Finding> {
        self.own(package)?.facts().hidden()
    }
}
