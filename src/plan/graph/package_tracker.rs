//! What will be in which slot: packages of the graph, and installed ones that none of them replaces
//! (`_emerge/resolver/package_tracker.py:PackageTracker`).

use std::collections::HashMap;
use std::rc::Rc;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PackageDb, PlanPackage};
use crate::pms::Kind;

/// Packages that were added to the graph, by name, in order of their coming.
#[derive(Debug, Default)]
pub(in crate::plan) struct PackageTracker {
    by_name: HashMap<String, Vec<Id>>,
    /// Names with more than one package, in order of their coming.
    crowded: Vec<String>,
}

/// Packages that want the same slot, in order of their coming.
#[derive(Clone, Debug)]
pub(in crate::plan) struct SlotConflict {
    /// All of them, at least two.
    pub packages: Vec<Id>,
}

impl PackageTracker {
    /// Add a package.
    pub fn add(&mut self, choice: &PlanPackage<'_>) {
        let name = choice.package.cpv.cpn.as_str();
        let known = self.by_name.entry(name.to_owned()).or_default();
        if known.contains(&choice.id) {
            return;
        }
        known.push(choice.id);
        if known.len() == 2 {
            self.crowded.push(name.to_owned());
        }
    }

    /// Take a package out, if it is there.
    pub fn remove(&mut self, choice: &PlanPackage<'_>) {
        let name = choice.package.cpv.cpn.as_str();
        let Some(known) = self.by_name.get_mut(name) else {
            return;
        };
        known.retain(|id| *id != choice.id);
        if known.len() < 2 {
            self.crowded.retain(|crowded| crowded != name);
        }
    }

    /// Whether a package was added.
    pub fn has(&self, choice: &PlanPackage<'_>) -> bool {
        self.by_name
            .get(choice.package.cpv.cpn.as_str())
            .is_some_and(|known| known.contains(&choice.id))
    }

    /// Packages of the graph in a slot, lowest first.
    pub fn in_slot<'a>(
        &self,
        packages: &PackageDb<'a>,
        name: &str,
        slot: &str,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let mut found = self.named(packages, name);
        found.retain(|choice| choice.slot() == slot);
        sort(&mut found);
        found
    }

    /// All packages of a name in the graph, in order of their coming.
    pub fn named<'a>(&self, packages: &PackageDb<'a>, name: &str) -> Vec<Rc<PlanPackage<'a>>> {
        self.by_name
            .get(name)
            .into_iter()
            .flatten()
            .map(|id| packages.get(*id))
            .collect()
    }

    /// Packages that will be there in the end and that an atom matches but for USE, lowest first.
    pub fn finally<'a>(&self, packages: &PackageDb<'a>, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let added = self.named(packages, atom.name());
        let replaced = |installed: &PlanPackage<'a>| {
            added.iter().any(|new| {
                new.slot() == installed.slot() || new.package.cpv == installed.package.cpv
            })
        };
        let family = packages.family(atom.name());
        let installed = family
            .of(Kind::Installed)
            .iter()
            .filter(|installed| !replaced(installed))
            .cloned();
        let mut all: Vec<_> = added
            .iter()
            .cloned()
            .chain(installed.collect::<Vec<_>>())
            .collect();
        all.retain(|choice| atom.dep.matches(&choice.package.subject()));
        sort(&mut all);
        all
    }

    /// Slots that more than one package of the graph wants.
    pub fn slot_conflicts(&self, packages: &PackageDb<'_>) -> Vec<SlotConflict> {
        let mut conflicts = Vec::new();
        for name in &self.crowded {
            let packages = self.named(packages, name);
            let mut done: Vec<&str> = Vec::new();
            for choice in &packages {
                let slot = choice.slot();
                if done.contains(&slot) {
                    continue;
                }
                done.push(slot);
                let same: Vec<Id> = packages
                    .iter()
                    .filter(|other| other.slot() == slot)
                    .map(|other| other.id)
                    .collect();
                if same.len() > 1 {
                    conflicts.push(SlotConflict { packages: same });
                }
            }
        }
        conflicts
    }
}

fn sort(choices: &mut [Rc<PlanPackage<'_>>]) {
    choices.sort_by(|left, right| {
        left.package
            .cpv
            .version
            .cmp_version(&right.package.cpv.version)
    });
}
