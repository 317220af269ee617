//! What the choice among alternatives takes for available
//! (`portage: depgraph.py:_dep_check_composite_db`).
//!
//! Some packages are hidden from this view, so that the choice leads to a graph without conflicts.

use std::rc::Rc;

use crate::plan::depgraph::attempt::{Depgraph, Selection};
use crate::plan::graph::dependency::Priority;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};

impl<'a> Depgraph<'_, 'a> {
    /// Packages that would serve an atom, lowest first; for a virtual possibly one a sub-slot.
    pub fn available(&mut self, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        if self.selection == Selection::FromGraph {
            let finally = self.tracker.finally(self.packages, atom);
            return finally
                .into_iter()
                .filter(|choice| self.matches(atom, choice))
                .collect();
        }
        if let Some(known) = self.available.borrow().get(atom) {
            return known.iter().map(|id| self.get(*id)).collect();
        }
        let found = self.find_available(atom);
        self.available
            .borrow_mut()
            .insert(atom.clone(), found.iter().map(|choice| choice.id).collect());
        found
    }

    fn find_available(&mut self, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let mut found = Vec::new();
        let Some(picked) = self.pick(atom, None) else {
            return found;
        };
        let choice = self.get(picked.id);
        if self.is_usable(&choice, atom, true, true) {
            found.push(Rc::clone(&choice));
        }
        let look_at_all = choice.is_virtual()
            && atom.dep.sub_slot().is_none()
            && (!self.options.update || found.is_empty());
        if look_at_all {
            self.add_other_slots(atom, &choice, &mut found);
        }
        found
    }

    /// For a virtual: the choices of its other slots, so that a lower one that is satisfied will do.
    fn add_other_slots(
        &mut self,
        atom: &Atom,
        first: &Rc<PlanPackage<'a>>,
        found: &mut Vec<Rc<PlanPackage<'a>>>,
    ) {
        let sub_slot =
            |choice: &PlanPackage<'a>| (choice.slot().to_owned(), choice.sub_slot().to_owned());
        let mut open: Vec<(String, String)> = Vec::new();
        for choice in self.all_matching(atom) {
            let key = sub_slot(&choice);
            if !open.contains(&key) {
                open.push(key);
            }
        }
        let mut resolved: Vec<(String, String)> = Vec::new();
        let key = sub_slot(first);
        if found.is_empty() {
            if !open.contains(&key) {
                open.push(key);
            }
        } else {
            open.retain(|known| *known != key);
            resolved.push(key);
        }
        while let Some((slot, sub)) = open.pop() {
            let Some(picked) = self.pick(&atom.with_slot(&format!("{slot}/{sub}")), None) else {
                continue;
            };
            let mut choice = self.get(picked.id);
            if !self.is_usable(&choice, atom, false, true) {
                let updates = self.virtual_updates(&choice, atom);
                let better = updates
                    .into_iter()
                    .filter(|new| new.slot() == slot && !resolved.contains(&sub_slot(new)));
                let best = better.fold(Rc::clone(&choice), |best, new| {
                    if best.order(&new).is_lt() { new } else { best }
                });
                if best.id == choice.id {
                    continue;
                }
                choice = best;
            }
            resolved.push(sub_slot(&choice));
            found.push(choice);
        }
        found.sort_by(|left, right| left.order(right));
        found.dedup_by_key(|choice| choice.id);
    }

    /// Whether a package should be taken for available (`_dep_check_composite_db._visible`).
    fn is_usable(
        &mut self,
        choice: &Rc<PlanPackage<'a>>,
        atom: &Atom,
        avoid_conflict: bool,
        probe: bool,
    ) -> bool {
        if choice.is_installed() && !self.wants_installed(choice) {
            return false;
        }
        let masked =
            choice.is_installed() && (self.packages.is_masked(choice) || !self.is_visible(choice));
        if masked && self.options.update {
            let policy = self.packages.policy;
            if !policy.use_ebuild_visibility && policy.usepkgonly {
                return false;
            }
            if !self.packages.has_visible_ebuild(choice) {
                return false;
            }
        }
        if choice.is_virtual() {
            if !self.has_visible_deps(choice) {
                return false;
            }
            if probe
                && self
                    .virtual_updates(choice, atom)
                    .iter()
                    .any(|new| choice.order(new).is_lt())
            {
                return false;
            }
        }
        !avoid_conflict || self.fits_slot(choice, atom)
    }

    /// Whether choosing a package would not start a slot conflict.
    fn fits_slot(&mut self, choice: &Rc<PlanPackage<'a>>, atom: &Atom) -> bool {
        let name = choice.package.cpv.cpn.as_str();
        if let Some(in_graph) = self
            .tracker
            .in_slot(self.packages, name, choice.slot())
            .pop()
        {
            return in_graph.id == choice.id || !self.matches(atom, &in_graph);
        }
        let slot_atom = self.slot_atom(choice);
        let Some(highest) = self.pick(&slot_atom, None) else {
            return true;
        };
        let highest = self.get(highest.id);
        !(choice.order(&highest).is_lt() && self.matches(atom, &highest))
    }

    fn virtual_updates(
        &mut self,
        choice: &Rc<PlanPackage<'a>>,
        atom: &Atom,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let Some(parent) = self.choosing_for else {
            return Vec::new();
        };
        if !self.wants_update(&self.get(parent), choice) {
            return Vec::new();
        }
        let mut updates = self.similar(choice, atom);
        updates.retain(|new| self.has_visible_deps(new) && self.is_usable(new, atom, false, false));
        updates
    }

    /// Whether all that a virtual needs is visible (`portage: depgraph.py:depgraph._virt_deps_visible`).
    fn has_visible_deps(&mut self, choice: &Rc<PlanPackage<'a>>) -> bool {
        if !self.virtuals_in_progress.insert(choice.id) {
            return false; // a virtual that needs itself
        }
        let visible = self.are_deps_visible(choice.id);
        self.virtuals_in_progress.remove(&choice.id);
        visible
    }

    fn are_deps_visible(&mut self, id: Id) -> bool {
        let choice = self.get(id);
        let Some(nodes) = self.reduced_deps(&choice, crate::pms::Key::Rdepend) else {
            return false;
        };
        let priority = Priority {
            runtime: true,
            ..Priority::default()
        };
        let selected = self.select_atoms(id, nodes, priority);
        let atoms: Vec<Atom> = selected
            .all_atoms()
            .filter(|atom| !atom.is_blocker())
            .cloned()
            .collect();
        atoms.into_iter().all(|atom| {
            let picked = self.pick(&atom.without_use(), None);
            picked.is_some_and(|picked| self.is_visible(&self.get(picked.id)))
        })
    }
}
