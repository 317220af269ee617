//! What the atoms of an alternative would get (`portage: dep/dep_check.py:dep_zapdeps`).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::depgraph::attempt::{Depgraph, Selection};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PlanPackage;

/// What the atoms of an alternative would get.
pub(in crate::plan) struct Prospect<'a> {
    pub by_slot: BTreeMap<(String, String), Rc<PlanPackage<'a>>>,
    pub by_name: BTreeMap<String, Rc<PlanPackage<'a>>>,
    pub is_available: bool,
    pub use_fits: bool,
    pub use_can_fit: bool,
    pub downgrades: bool,
}

impl<'a> Depgraph<'_, 'a> {
    /// What the atoms of an alternative would get.
    pub(in crate::plan) fn prospect(&mut self, atoms: &[Rc<Atom>]) -> Prospect<'a> {
        let mut prospect = Prospect {
            by_slot: BTreeMap::new(),
            by_name: BTreeMap::new(),
            is_available: true,
            use_fits: true,
            use_can_fit: true,
            downgrades: false,
        };
        let mut slot_atoms: BTreeMap<(String, String), Vec<Rc<Atom>>> = BTreeMap::new();
        for atom in atoms.iter().filter(|atom| !atom.is_blocker()) {
            let replacing = self
                .choosing_for
                .and_then(|parent| self.replaced_child(parent, atom));
            let found = self
                .available(&atom.without_use())
                .pop()
                .or_else(|| replacing.clone());
            let Some(mut choice) = found else {
                prospect.is_available = false;
                prospect.use_fits = false;
                break;
            };
            if replacing.is_none() && self.selection == Selection::Highest {
                prospect.downgrades |= self.is_conflict_downgrade(&choice);
            }
            if atom.dep.use_deps().next().is_some() {
                match self.available(atom).pop() {
                    Some(with_use) => choice = with_use,
                    None => {
                        prospect.use_fits = false;
                        prospect.use_can_fit &= self.can_fit_use(atom, &choice);
                    }
                }
            }
            if replacing.is_none() && self.selection == Selection::Highest {
                prospect.downgrades |= self.is_installed_downgrade(&choice);
            }
            let (name, slot) = choice.slot_key();
            let key = (name.to_owned(), slot.to_owned());
            slot_atoms
                .entry(key.clone())
                .or_default()
                .push(Rc::clone(atom));
            prospect.by_slot.insert(key.clone(), Rc::clone(&choice));
            self.note_name(&mut prospect, &slot_atoms[&key], choice);
        }
        prospect
    }

    /// Keep for each name the package that serves most atoms of its slot, else the highest.
    fn note_name(
        &self,
        prospect: &mut Prospect<'a>,
        atoms: &[Rc<Atom>],
        choice: Rc<PlanPackage<'a>>,
    ) {
        let name = choice.package.cpv.cpn.as_str().to_owned();
        let Some(known) = prospect.by_name.get(&name) else {
            prospect.by_name.insert(name, choice);
            return;
        };
        let mut better_fit = false;
        if known.slot() == choice.slot() {
            let fits =
                |choice: &PlanPackage<'a>| atoms.iter().all(|atom| self.matches(atom, choice));
            let (current, previous) = (fits(&choice), fits(known));
            if previous && !current {
                return;
            }
            better_fit = current && !previous;
        }
        let higher = choice
            .package
            .cpv
            .version
            .cmp_version(&known.package.cpv.version)
            .is_gt();
        if higher || better_fit {
            prospect.by_name.insert(name, choice);
        }
    }

    fn is_conflict_downgrade(&self, choice: &PlanPackage<'a>) -> bool {
        let in_slot = self.tracker.finally(self.packages, &self.slot_atom(choice));
        let lower = in_slot.len() > 1
            && in_slot
                .last()
                .is_some_and(|last| choice.order(last).is_lt());
        lower && !self.wants_downgrade(choice)
    }

    fn is_installed_downgrade(&mut self, choice: &PlanPackage<'a>) -> bool {
        let slot_atom = self.slot_atom(choice);
        let Some(highest) = self.available(&slot_atom).pop() else {
            return false;
        };
        choice.order(&highest).is_lt()
            && (highest.is_installed() || self.graph.has(highest.id))
            && !self.wants_downgrade(choice)
    }

    /// Whether no masked or forced flag stands between a package and the USE dependencies of an atom.
    fn can_fit_use(&self, atom: &Atom, choice: &PlanPackage<'a>) -> bool {
        let flags = &self.packages.facts(choice).flags;
        atom.dep.use_deps().all(|dep| {
            let wanted = dep.kind == crate::pms::UseDepKind::Enabled;
            if !self.has_flag(choice, dep.flag) || self.enabled(choice, dep.flag) == wanted {
                return true;
            }
            if wanted {
                !flags.is_masked(dep.flag)
            } else {
                !flags.is_forced(dep.flag) || flags.is_masked(dep.flag)
            }
        })
    }
}
