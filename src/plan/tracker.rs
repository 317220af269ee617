//! What will be in which slot: packages of the graph, and installed ones that none of them replaces
//! (`_emerge/resolver/package_tracker.py:PackageTracker`).

use std::collections::HashMap;
use std::rc::Rc;

use super::atom::Atom;
use super::universe::{Choice, Id, Universe};
use crate::pms::Kind;

/// Packages that were added to the graph, by name, in order of their coming.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    by_name: HashMap<String, Vec<Id>>,
    /// Names with more than one package, in order of their coming.
    crowded: Vec<String>,
}

/// Packages that want the same slot, in order of their coming.
#[derive(Clone, Debug)]
pub(super) struct SlotConflict {
    /// All of them, at least two.
    pub packages: Vec<Id>,
}

impl Tracker {
    /// Add a package.
    pub fn add(&mut self, choice: &Choice<'_>) {
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
    pub fn remove(&mut self, choice: &Choice<'_>) {
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
    pub fn has(&self, choice: &Choice<'_>) -> bool {
        self.by_name
            .get(choice.package.cpv.cpn.as_str())
            .is_some_and(|known| known.contains(&choice.id))
    }

    /// Packages of the graph in a slot, lowest first.
    pub fn in_slot<'a>(
        &self,
        universe: &Universe<'a>,
        name: &str,
        slot: &str,
    ) -> Vec<Rc<Choice<'a>>> {
        let mut found = self.named(universe, name);
        found.retain(|choice| choice.slot() == slot);
        sort(&mut found);
        found
    }

    /// All packages of a name in the graph, in order of their coming.
    pub fn named<'a>(&self, universe: &Universe<'a>, name: &str) -> Vec<Rc<Choice<'a>>> {
        self.by_name
            .get(name)
            .into_iter()
            .flatten()
            .map(|id| universe.get(*id))
            .collect()
    }

    /// Packages that will be there in the end and that an atom matches but for USE, lowest first.
    pub fn finally<'a>(&self, universe: &Universe<'a>, atom: &Atom) -> Vec<Rc<Choice<'a>>> {
        let added = self.named(universe, atom.name());
        let replaced = |installed: &Choice<'a>| {
            added.iter().any(|new| {
                new.slot() == installed.slot() || new.package.cpv == installed.package.cpv
            })
        };
        let family = universe.family(atom.name());
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
    pub fn slot_conflicts(&self, universe: &Universe<'_>) -> Vec<SlotConflict> {
        let mut conflicts = Vec::new();
        for name in &self.crowded {
            let packages = self.named(universe, name);
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

fn sort(choices: &mut [Rc<Choice<'_>>]) {
    choices.sort_by(|left, right| {
        left.package
            .cpv
            .version
            .cmp_version(&right.package.cpv.version)
    });
}
