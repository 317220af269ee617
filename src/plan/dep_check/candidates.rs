//! What the atoms of an alternative would get (`portage: dep/dep_check.py:dep_zapdeps`).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::dep_check::DepCheck;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::packages::slot_key::SlotKey;
use crate::plan::select::use_changes::demanded;
use crate::pms::Cpn;

/// What the atoms of an alternative would get.
pub(super) struct Candidates<'a> {
    pub by_slot: BTreeMap<SlotKey, Rc<PlanPackage<'a>>>,
    pub by_name: BTreeMap<Cpn, Rc<PlanPackage<'a>>>,
    pub is_available: bool,
    pub use_fits: bool,
    pub use_can_fit: bool,
    pub downgrades: bool,
}

impl<'a> DepCheck<'_, 'a> {
    /// What the atoms of an alternative would get.
    pub(super) fn candidates(&self, atoms: &[Rc<Atom>]) -> Candidates<'a> {
        let mut candidates = Candidates {
            by_slot: BTreeMap::new(),
            by_name: BTreeMap::new(),
            is_available: true,
            use_fits: true,
            use_can_fit: true,
            downgrades: false,
        };
        let mut slot_atoms: BTreeMap<SlotKey, Vec<Rc<Atom>>> = BTreeMap::new();
        for atom in atoms.iter().filter(|atom| !atom.is_blocker()) {
            let replacing = self.select.replaced_child(self.parent, atom);
            let found = self
                .available(&atom.without_use())
                .pop()
                .or_else(|| replacing.clone());
            let Some(mut package) = found else {
                candidates.is_available = false;
                candidates.use_fits = false;
                break;
            };
            if replacing.is_none() {
                candidates.downgrades |= self.is_conflict_downgrade(&package);
            }
            if atom.dep.use_deps().next().is_some() {
                match self.available(atom).pop() {
                    Some(with_use) => package = with_use,
                    None => {
                        candidates.use_fits = false;
                        candidates.use_can_fit &= self.can_fit_use(atom, &package);
                    }
                }
            }
            if replacing.is_none() {
                candidates.downgrades |= self.is_installed_downgrade(&package);
            }
            let key = package.slot_key().clone();
            slot_atoms
                .entry(key.clone())
                .or_default()
                .push(Rc::clone(atom));
            candidates.by_slot.insert(key.clone(), Rc::clone(&package));
            self.note_name(&mut candidates, &slot_atoms[&key], package);
        }
        candidates
    }

    /// Keep for each name the package that matches most atoms of its slot, else the highest.
    fn note_name(
        &self,
        candidates: &mut Candidates<'a>,
        atoms: &[Rc<Atom>],
        package: Rc<PlanPackage<'a>>,
    ) {
        let name = package.cpn().clone();
        let Some(known) = candidates.by_name.get(&name) else {
            candidates.by_name.insert(name, package);
            return;
        };
        let mut better_fit = false;
        if known.slot() == package.slot() {
            let fits = |package: &PlanPackage<'a>| {
                atoms.iter().all(|atom| self.select.matches(atom, package))
            };
            let (current, previous) = (fits(&package), fits(known));
            if previous && !current {
                return;
            }
            better_fit = current && !previous;
        }
        let higher = package.cmp_version(known).is_gt();
        if higher || better_fit {
            candidates.by_name.insert(name, package);
        }
    }

    fn is_conflict_downgrade(&self, package: &PlanPackage<'a>) -> bool {
        let in_slot = self
            .select
            .tracker
            .finally_in_slot(self.select.packages, package.slot_key());
        let lower = in_slot.len() > 1
            && in_slot
                .last()
                .is_some_and(|last| package.order(last).is_lt());
        lower && !self.select.should_downgrade(package)
    }

    fn is_installed_downgrade(&self, package: &PlanPackage<'a>) -> bool {
        let Some(highest) = self.available(package.slot_atom()).pop() else {
            return false;
        };
        package.order(&highest).is_lt()
            && (highest.is_installed() || self.select.graph.has(highest.id))
            && !self.select.should_downgrade(package)
    }

    /// Whether no masked or forced flag stands between a package and the USE dependencies of an atom.
    fn can_fit_use(&self, atom: &Atom, package: &PlanPackage<'a>) -> bool {
        demanded(atom).all(|(flag, state)| {
            !self.select.has_flag(package, flag) || self.select.can_have(package, flag, state)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    #[test]
    fn what_an_alternative_lacks() {
        let packages = database(&["ebuild p/p-1", "ebuild a/a-1; IUSE=x", "ebuild b/b-1"]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let check = DepCheck::new(depgraph.selector(), packages.ebuild("p/p-1").id);
        for (texts, is_available, use_fits) in [
            (["a/a", "b/b"], true, true),
            (["a/a[x]", "b/b"], true, false),
            (["a/a", "c/c"], false, false),
            (["!c/c", "a/a[-x]"], true, true),
        ] {
            let atoms: Vec<Rc<Atom>> = texts.iter().map(|text| Rc::new(atom(text))).collect();
            let found = check.candidates(&atoms);
            assert_eq!(
                (found.is_available, found.use_fits, found.use_can_fit),
                (is_available, use_fits, true),
                "{texts:?}"
            );
        }
    }

    #[test]
    fn the_higher_of_two_slots_counts_for_its_name() {
        let packages = database(&["ebuild p/p-1", "ebuild a/a-1", "ebuild a/a-2; SLOT=2"]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let check = DepCheck::new(depgraph.selector(), packages.ebuild("p/p-1").id);
        let atoms = [Rc::new(atom("a/a:2")), Rc::new(atom("a/a:0"))];
        let found = check.candidates(&atoms);
        assert_eq!(found.by_slot.len(), 2);
        assert_eq!(found.by_name["a/a"], packages.ebuild("a/a-2"));
    }
}
