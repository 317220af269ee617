//! Updates that a graph misses because of masks and of conflicts that were solved
//! (`portage: depgraph.py:depgraph._get_missed_updates`).

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::packages::package_db::{Id, PlanPackage};

impl<'a> Depgraph<'_, 'a> {
    /// Note packages that were given up in a conflict although an atom that the kept ones satisfy asks for
    /// something else.
    pub fn note_given_up(&mut self, conflicts: &[SlotConflict], dropped: &[Id]) {
        for conflict in conflicts {
            let gone = conflict.packages.iter().filter(|id| dropped.contains(id));
            for id in gone {
                let package = self.get(*id);
                let others = conflict.packages.iter().filter(|other| *other != id);
                let mut atoms = others.flat_map(|other| self.graph.atoms(*other));
                if atoms.any(|(_, atom)| !self.selector().matches(atom, &package)) {
                    self.given_up.insert(*id);
                }
            }
        }
    }

    /// Whether something that was masked for a reason, or given up, is higher than what its slot gets.
    pub fn misses_update(&self) -> bool {
        let masked = self.parameters.masked.iter();
        let for_reasons = masked.filter(|(_, reasons)| {
            let conflict = reasons.slot_conflict.as_ref();
            reasons.missing_dependency || conflict.is_some_and(|atoms| !atoms.is_empty())
        });
        let mut all = for_reasons.map(|(id, _)| id).chain(&self.given_up);
        all.any(|id| self.is_missed(&self.get(*id)))
    }

    fn is_missed(&self, package: &PlanPackage<'a>) -> bool {
        if package.is_installed() {
            return false;
        }
        let chosen = self
            .tracker
            .finally_in_slot(self.packages, package.slot_key());
        let as_good = |other: &PlanPackage<'a>| {
            let same = other.cpv().version == package.cpv().version;
            other.order(package).is_gt() || !other.is_installed() && same
        };
        !chosen.is_empty() && !chosen.iter().any(|other| as_good(other))
    }
}
