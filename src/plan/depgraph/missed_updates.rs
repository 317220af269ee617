//! Updates that a graph misses because of masks and of conflicts that were solved
//! (`portage: depgraph.py:depgraph._get_missed_updates`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::Parent;
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};

/// An update that a graph misses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) struct MissedUpdate {
    /// The package that is not selected.
    pub package: Id,
    /// What its slot gets instead.
    pub selected: Id,
    /// Why.
    pub because: MissedBecause,
}

/// Why an update is missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::plan) enum MissedBecause {
    /// Others depend on another version.
    Conflict(Vec<(Parent, Atom)>),
    /// Nothing satisfies one of its dependencies.
    Dependency(Atom),
}

impl<'a> Depgraph<'_, 'a> {
    /// Note packages that were given up in a conflict although an atom that the kept ones satisfy asks for
    /// something else.
    pub fn note_given_up(&mut self, conflicts: &[SlotConflict], dropped: &[Id]) {
        for conflict in conflicts {
            let gone = conflict.packages.iter().filter(|id| dropped.contains(id));
            for id in gone {
                let package = self.get(*id);
                let others = conflict.packages.iter().filter(|other| *other != id);
                let atoms = others.flat_map(|other| self.graph.atoms(*other));
                let against = atoms.filter(|(_, atom)| !self.selector().matches(atom, &package));
                let against: Vec<(Parent, Atom)> = against.cloned().collect();
                if !against.is_empty() {
                    self.records.given_up.insert(*id, against);
                }
            }
        }
    }

    /// Packages that were masked for a reason, or given up, and are higher than what their slots get; the
    /// highest of each slot.
    pub fn missed_updates(&self) -> Vec<MissedUpdate> {
        let masked = self.parameters.masked.iter().filter_map(|(id, reasons)| {
            let conflict = reasons.slot_conflict.as_ref();
            let conflict = conflict.filter(|atoms| !atoms.is_empty());
            let dependency = reasons.missing_dependency.as_ref();
            let because = match (conflict, dependency) {
                (Some(atoms), _) => MissedBecause::Conflict(atoms.clone()),
                (None, Some(atom)) => MissedBecause::Dependency(atom.clone()),
                (None, None) => return None,
            };
            Some((*id, because))
        });
        let given_up = self.records.given_up.iter();
        let given_up = given_up.map(|(id, atoms)| (*id, MissedBecause::Conflict(atoms.clone())));
        let mut missed: Vec<MissedUpdate> = Vec::new();
        for (id, because) in masked.chain(given_up) {
            let package = self.get(id);
            let Some(selected) = self.selected_instead(&package) else {
                continue;
            };
            let update = MissedUpdate {
                package: id,
                selected: selected.id,
                because,
            };
            let of_slot = missed
                .iter_mut()
                .find(|known| self.get(known.package).shares_slot(&package));
            match of_slot {
                Some(known) if self.get(known.package).order(&package).is_gt() => {}
                Some(known) => *known = update,
                None => missed.push(update),
            }
        }
        missed
    }

    /// What the slot of a package gets, if that is lower.
    fn selected_instead(&self, package: &PlanPackage<'a>) -> Option<Rc<PlanPackage<'a>>> {
        if package.is_installed() {
            return None;
        }
        let chosen = self
            .tracker
            .finally_in_slot(self.packages, package.slot_key());
        let as_good = |other: &Rc<PlanPackage<'a>>| {
            let same = other.cpv().version == package.cpv().version;
            other.order(package).is_gt() || !other.is_installed() && same
        };
        if chosen.iter().any(as_good) {
            None
        } else {
            chosen.into_iter().next()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::select::parameters::MaskReasons;
    use crate::plan::testing::{atom, database};

    #[test]
    fn what_is_masked_for_a_reason_and_higher_is_missed() {
        let packages = database(&[
            "ebuild a/a-1",
            "ebuild a/a-2",
            "ebuild a/a-3",
            "ebuild b/b-1",
        ]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let [a1, a2, a3, b] = ["a/a-1", "a/a-2", "a/a-3", "b/b-1"].map(|cpv| packages.ebuild(cpv));
        depgraph.insert(&a1, None);
        let missing = MaskReasons {
            missing_dependency: Some(atom("c/c")),
            ..MaskReasons::default()
        };
        let masked = &mut depgraph.parameters.masked;
        masked.insert(a2.id, missing.clone());
        masked.insert(b.id, missing);
        let found = depgraph.missed_updates();
        let because = MissedBecause::Dependency(atom("c/c"));
        assert_eq!(found.len(), 1, "b/b is not there at all: {found:?}");
        assert_eq!((found[0].package, found[0].selected), (a2.id, a1.id));
        assert_eq!(found[0].because, because);
        let against = vec![(Parent::Package(b.id), atom("<a/a-3"))];
        depgraph.records.given_up.insert(a3.id, against.clone());
        let found = depgraph.missed_updates();
        assert_eq!(found[0].package, a3.id, "the highest is reported");
        assert_eq!(found[0].because, MissedBecause::Conflict(against));
        depgraph.insert(&a3, None);
        assert!(depgraph.missed_updates().is_empty());
    }
}
