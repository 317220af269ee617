//! How good an alternative is: what of it is available, installed or in the graph already
//! (`portage: dep/dep_check.py:dep_zapdeps`).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::dep_check::DepCheck;
use crate::plan::dep_check::candidates::Candidates;
use crate::plan::effort::Effort;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::packages::root::Root;
use crate::plan::packages::slot_key::SlotKey;
use crate::pms::{Cpn, Kind};

/// Classes of alternatives, best first. Those where USE would have to be changed come after all where it
/// would not, so that of `|| ( foo[a] foo[b] )` the one is taken that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PreferenceClass {
    /// All available and in the graph, or of names that are installed in any slot: Portage has three
    /// names for this one class (`preferred_in_graph`, `_installed`, `_any_slot`).
    Preferred,
    /// All available.
    PreferredNotInstalled,
    /// All in the graph, with other USE.
    UseInGraph,
    /// All slots installed; USE would have to be changed.
    UseInstalled,
    /// Available; USE would have to be changed.
    UseNotInstalled,
    /// Not available, and all installed.
    OtherInstalled,
    /// Not available, and some installed.
    OtherSomeInstalled,
    /// Not available, and something of a name installed.
    OtherAnySlot,
    /// A downgrade, a cycle, USE that cannot be changed, or nothing at all.
    Other,
}

/// One alternative, judged.
pub(super) struct Alternative<'a> {
    /// Its atoms.
    pub atoms: Vec<Rc<Atom>>,
    /// The package that each name would get.
    pub by_name: BTreeMap<Cpn, Rc<PlanPackage<'a>>>,
    /// Whether there is a package for each atom.
    pub is_available: bool,
    /// Whether something is installed in all of its slots.
    pub installed_slots: bool,
    /// Whether the graph has something for each atom.
    pub in_graph: bool,
    /// Whether one of its packages should be updated.
    pub is_update_due: bool,
    /// How many slots would come that nothing occupies; virtuals cost nothing.
    pub new_slots: usize,
}

impl<'a> DepCheck<'_, 'a> {
    /// Judge one alternative.
    pub(super) fn judge(&self, atoms: Vec<Rc<Atom>>) -> (PreferenceClass, Alternative<'a>) {
        let parent = self.select.get(self.parent);
        let candidates = self.candidates(&atoms);
        let mut alternative = Alternative {
            by_name: candidates.by_name.clone(),
            is_available: candidates.is_available,
            installed_slots: false,
            in_graph: false,
            is_update_due: false,
            new_slots: 0,
            atoms,
        };
        for (key, package) in &candidates.by_slot {
            alternative.is_update_due |= self.select.should_update(&parent, package);
            alternative.new_slots +=
                usize::from(key.cpn.category() != "virtual" && !self.fills_slot(key));
        }
        let class = if candidates.is_available {
            self.class_of_available(&candidates, &mut alternative)
        } else {
            self.class_of_unavailable(&mut alternative)
        };
        (class, alternative)
    }

    /// Packages of a name that count as installed: those that are, and while the graph is completed those
    /// that will be (`_graph_trees` has the graph in the place of the installed packages).
    fn there(&self, root: Root, name: &str) -> Vec<Rc<PlanPackage<'a>>> {
        let packages = self.select.packages;
        if self.select.goal.is_completing() {
            self.select.tracker.finally_named(packages, root, name)
        } else {
            packages.versions(root, name).of(Kind::Installed).to_vec()
        }
    }

    fn has_name(&self, atom: &Atom) -> bool {
        !self.there(atom.root, atom.name()).is_empty()
    }

    /// Whether something that counts as installed satisfies an atom.
    fn is_there(&self, atom: &Atom) -> bool {
        let there = self.there(atom.root, atom.name());
        there
            .iter()
            .any(|package| self.select.matches(atom, package))
    }

    fn fills_slot(&self, key: &SlotKey) -> bool {
        let packages = self.select.packages;
        !self
            .select
            .tracker
            .finally_in_slot(packages, key)
            .is_empty()
    }

    fn class_of_available(
        &self,
        candidates: &Candidates<'a>,
        alternative: &mut Alternative<'a>,
    ) -> PreferenceClass {
        let positive = || alternative.atoms.iter().filter(|atom| !atom.is_blocker());
        let all_installed = positive().all(|atom| atom.is_virtual() || self.has_name(atom));
        let slot_installed = |key: &SlotKey| {
            key.cpn.category() == "virtual"
                || self
                    .there(key.root, key.cpn.as_str())
                    .iter()
                    .any(|package| package.slot() == &*key.slot)
        };
        alternative.installed_slots =
            all_installed && candidates.by_slot.keys().all(slot_installed);
        if candidates.downgrades {
            return PreferenceClass::Other;
        }
        alternative.in_graph = positive().filter(|atom| !atom.is_virtual()).all(|atom| {
            let finally = self.select.tracker.finally(self.select.packages, atom);
            finally.iter().any(|package| {
                self.select.graph.has(package.id) && self.select.matches(atom, package)
            })
        });
        if self.is_circular(&alternative.atoms) {
            return PreferenceClass::Other;
        }
        if candidates.use_fits {
            let preferred = alternative.in_graph || all_installed;
            return if preferred {
                PreferenceClass::Preferred
            } else {
                PreferenceClass::PreferredNotInstalled
            };
        }
        match () {
            () if !candidates.use_can_fit => PreferenceClass::Other,
            () if alternative.in_graph => PreferenceClass::UseInGraph,
            () if alternative.installed_slots => PreferenceClass::UseInstalled,
            () => PreferenceClass::UseNotInstalled,
        }
    }

    /// Whether an alternative would wait for what waits for it, with nothing installed that satisfies it.
    fn is_circular(&self, atoms: &[Rc<Atom>]) -> bool {
        let mut missing = atoms
            .iter()
            .filter(|atom| !atom.is_blocker() && !self.is_there(atom));
        let parent = self.select.get(self.parent);
        let asking = [Some(self.parent), self.virtual_parent]
            .into_iter()
            .flatten();
        let avoided: Vec<Rc<PlanPackage<'a>>> = asking
            .filter_map(|id| self.select.parameters.circular.get(&id))
            .flatten()
            .map(|id| self.select.get(*id))
            .collect();
        let itself = Some(parent).filter(|parent| parent.onlydeps);
        // Portage leaves aside in which root these are.
        let is_meant = |atom: &Atom, package: &PlanPackage<'a>| {
            self.select.matches(&atom.in_root(package.root()), package)
        };
        missing.any(|atom| {
            let mut all = itself.iter().chain(&avoided);
            all.any(|package| is_meant(atom, package))
        })
    }

    fn class_of_unavailable(&self, alternative: &mut Alternative<'a>) -> PreferenceClass {
        let positive: Vec<&Rc<Atom>> = alternative
            .atoms
            .iter()
            .filter(|atom| !atom.is_blocker())
            .collect();
        let count = positive.iter().filter(|atom| self.is_there(atom)).count();
        if count == positive.len() {
            alternative.installed_slots = true;
            return PreferenceClass::OtherInstalled;
        }
        if count > 0 {
            return PreferenceClass::OtherSomeInstalled;
        }
        if positive.iter().any(|atom| self.has_name(atom)) {
            PreferenceClass::OtherAnySlot
        } else {
            PreferenceClass::Other
        }
    }
}

/// Inside a class the written order holds, but for alternatives that are plainly better.
pub(super) fn rank(alternatives: &mut Vec<Alternative<'_>>, effort: &Effort) {
    let count = alternatives.len();
    let mut order: Vec<usize> = (0..count).collect();
    for candidate in 1..count {
        effort.spend(2 * candidate);
        if effort.is_spent() {
            return;
        }
        let place = order
            .iter()
            .position(|known| *known == candidate)
            .unwrap_or(candidate);
        let before = order[..place]
            .iter()
            .position(|other| goes_before(&alternatives[candidate], &alternatives[*other]));
        if let Some(target) = before {
            order.remove(place);
            order.insert(target, candidate);
        }
    }
    let mut taken: Vec<Option<Alternative<'_>>> =
        std::mem::take(alternatives).into_iter().map(Some).collect();
    alternatives.extend(order.into_iter().filter_map(|place| taken[place].take()));
}

fn goes_before(one: &Alternative<'_>, other: &Alternative<'_>) -> bool {
    if one.installed_slots && !other.installed_slots && !other.is_update_due {
        return true;
    }
    let (mut upgrades, mut downgrades) = (false, false);
    for (name, package) in &one.by_name {
        if let Some(against) = other.by_name.get(name) {
            let order = package.cmp_version(against);
            upgrades |= order.is_gt();
            downgrades |= order.is_lt();
        }
    }
    let only_downgrades = downgrades && !upgrades;
    upgrades && !downgrades || one.in_graph && !other.in_graph && !only_downgrades
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::{atom, database};

    fn alternative(text: &str) -> Alternative<'static> {
        Alternative {
            atoms: vec![Rc::new(atom(text))],
            by_name: BTreeMap::new(),
            is_available: true,
            installed_slots: false,
            in_graph: false,
            is_update_due: false,
            new_slots: 0,
        }
    }

    fn ranked(mut alternatives: Vec<Alternative<'static>>) -> String {
        rank(&mut alternatives, &Effort::default());
        let atoms = alternatives.iter().flat_map(|one| &one.atoms);
        let atoms: Vec<String> = atoms.map(ToString::to_string).collect();
        atoms.join(" ")
    }

    #[test]
    fn the_written_order_holds_but_for_what_is_plainly_better() {
        assert_eq!(
            ranked(vec![alternative("a/a"), alternative("b/b")]),
            "a/a b/b"
        );
        let in_graph = Alternative {
            in_graph: true,
            ..alternative("b/b")
        };
        assert_eq!(ranked(vec![alternative("a/a"), in_graph]), "b/b a/a");
        let installed = || Alternative {
            installed_slots: true,
            ..alternative("b/b")
        };
        assert_eq!(ranked(vec![alternative("a/a"), installed()]), "b/b a/a");
        let due = Alternative {
            is_update_due: true,
            ..alternative("a/a")
        };
        assert_eq!(ranked(vec![due, installed()]), "a/a b/b");
    }

    #[test]
    fn the_written_order_holds_where_no_work_is_left() {
        let in_graph = Alternative {
            in_graph: true,
            ..alternative("b/b")
        };
        let mut alternatives = vec![alternative("a/a"), in_graph];
        rank(&mut alternatives, &Effort::of(1));
        assert!(!alternatives[0].in_graph);
    }

    #[test]
    fn higher_versions_of_the_same_names_go_first() {
        let packages = database(&["ebuild c/c-1", "ebuild c/c-2"]);
        let with = |text: &str, cpv: &str| Alternative {
            by_name: BTreeMap::from([(packages.ebuild(cpv).cpn().clone(), packages.ebuild(cpv))]),
            ..alternative(text)
        };
        assert_eq!(
            ranked(vec![with("a/a", "c/c-1"), with("b/b", "c/c-2")]),
            "b/b a/a"
        );
        assert_eq!(
            ranked(vec![with("a/a", "c/c-2"), with("b/b", "c/c-1")]),
            "a/a b/b"
        );
        let in_graph = Alternative {
            in_graph: true,
            ..with("b/b", "c/c-1")
        };
        assert_eq!(ranked(vec![with("a/a", "c/c-2"), in_graph]), "a/a b/b");
    }
}
