//! Rebuilds for slot operators: a package that was built against one sub-slot is built again when
//! another one comes (`portage: depgraph.py:depgraph._slot_operator_update_probe` and its neighbours).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::check::deps;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::{Dependency, Parent};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::{DepSpec, Kind, Reduced};

/// A parent that would be built again, and what it would then use.
#[derive(Clone, Copy, Debug)]
pub(in crate::plan) struct Rebuild {
    /// The new parent.
    pub parent: Id,
    /// The new child.
    pub child: Id,
}

impl<'a> Depgraph<'_, 'a> {
    /// Find all rebuilds that would let a newer slot or sub-slot be used.
    pub fn find_all_rebuilds(&mut self) {
        let needs: Vec<Dependency> = self
            .slot_operators
            .iter()
            .flat_map(|(_, needs)| needs.iter().cloned())
            .collect();
        for need in needs {
            if !need.atom.is_built() {
                self.check_changed_slot(&need);
                continue;
            }
            let Some(parent) = need.parent.package().map(|id| self.get(id)) else {
                continue;
            };
            let stays = parent.is_installed() && !need.want_update;
            if !parent.package.is_built() || stays {
                continue;
            }
            if self.options.rebuild_if_new_slot
                && let Some(new) = self.find_rebuild(&need, true, false)
            {
                self.learn_rebuild(&need, Some(new.child), None);
            }
            if self.find_rebuild(&need, false, false).is_some() {
                self.learn_rebuild(&need, None, None);
            }
        }
    }

    /// A built child whose ebuild has another slot or sub-slot by now.
    fn check_changed_slot(&mut self, need: &Dependency) {
        let (Some(parent), Some(child)) = (need.parent.package(), need.child) else {
            return;
        };
        let (parent, child) = (self.get(parent), self.get(child));
        if parent.package.is_built() || !child.package.is_built() {
            return;
        }
        let own = self.packages.own_ebuild(&child).into_iter();
        let candidates = own.chain(self.packages.ebuilds_at(&child)).find(|ebuild| {
            !self.parameters.masked.contains_key(&ebuild.id)
                && !self.is_excluded(ebuild)
                && self.is_visible(ebuild)
        });
        let Some(ebuild) = candidates else { return };
        if ebuild.slot() == child.slot() && ebuild.sub_slot() == child.sub_slot() {
            return;
        }
        self.replace_or_mask(&child);
        self.feedback.config = true;
        self.restart = true;
    }

    /// An installed package is to be built again; another one is not to be chosen.
    fn replace_or_mask(&mut self, choice: &Rc<PlanPackage<'a>>) {
        if choice.is_installed() {
            self.feedback.replace.extend(self.replacement_slot(choice));
        } else {
            self.feedback.mask_built.insert(choice.id);
        }
    }

    /// Learn that a parent is to be built again (and the child replaced, unless a new slot comes
    /// beside it).
    pub fn learn_rebuild(
        &mut self,
        need: &Dependency,
        new_slot: Option<Id>,
        new_parent: Option<Id>,
    ) {
        let Some(parent) = need.parent.package().map(|id| self.get(id)) else {
            return;
        };
        if new_slot.is_none()
            && let Some(child) = need.child.map(|id| self.get(id))
        {
            self.replace_or_mask(&child);
        }
        match new_parent.map(|id| self.get(id)) {
            Some(new) if parent.is_installed() => {
                let (name, slot) = new.slot_key();
                self.feedback
                    .replace
                    .insert((name.to_owned(), slot.to_owned()));
            }
            _ => self.replace_or_mask(&parent),
        }
        self.feedback.config = true;
        self.restart = true;
    }

    /// Learn that a package whose built dependency nothing serves is to be built again.
    pub fn learn_unserved_rebuild(&mut self, parent: &Rc<PlanPackage<'a>>) {
        self.replace_or_mask(parent);
        self.feedback.config = true;
        self.restart = true;
    }

    /// Whether another build of a parent could do with what there is
    /// (`portage: depgraph.py:depgraph._slot_operator_unsatisfied_probe`).
    pub fn can_rebuild_for(&mut self, need: &Dependency, parent: &Rc<PlanPackage<'a>>) -> bool {
        if parent.is_installed() && self.is_excluded(parent) {
            return false;
        }
        for new in self.similar(parent, &self.slot_atom(parent)) {
            for atom in self.all_atoms(&new) {
                let same = atom.has_slot_operator()
                    && !atom.is_blocker()
                    && atom.name() == need.atom.name();
                if same && self.pick(&atom.without_use(), None).is_some() {
                    return true;
                }
            }
        }
        false
    }

    /// All atoms of a package's dependencies, whatever group they are in.
    fn all_atoms(&self, choice: &PlanPackage<'a>) -> Vec<Atom> {
        let facts = self.packages.facts(choice);
        let mut atoms = Vec::new();
        for key in deps::KEYS {
            if let Ok(specs) = facts.deps(key) {
                atoms.extend(
                    DepSpec::leaves(specs)
                        .into_iter()
                        .map(|dep| Atom::plain(dep.clone())),
                );
            }
        }
        atoms
    }

    /// Atoms of a package's dependencies whose conditionals hold.
    fn active_atoms(&self, choice: &PlanPackage<'a>) -> Vec<Atom> {
        let mut atoms = BTreeSet::new();
        for key in deps::KEYS {
            for node in self.reduced_deps(choice, key).unwrap_or_default() {
                collect(&node, &mut atoms);
            }
        }
        atoms.into_iter().collect()
    }

    /// Find a parent to build again so that a newer child can be used: in a new slot, or in another
    /// sub-slot of the same slot.
    pub fn find_rebuild(
        &mut self,
        need: &Dependency,
        new_slot: bool,
        in_conflict: bool,
    ) -> Option<Rebuild> {
        let parent = self.get(need.parent.package()?);
        let child = self.get(need.child?);
        let excluded = |choice: &PlanPackage<'a>| choice.is_installed() && self.is_excluded(choice);
        if excluded(&child) || excluded(&parent) {
            return None;
        }
        let mut downgrade: Option<bool> = None;
        for new in self.similar(&parent, &self.slot_atom(&parent)) {
            if new.id == parent.id {
                continue;
            }
            if new.order(&parent).is_lt()
                && !*downgrade.get_or_insert_with(|| self.wants_downgrade(&parent))
            {
                continue;
            }
            if !self.suits_other_parents(&parent, &new, None) {
                continue;
            }
            if let Some(found) = self.child_of(&parent, &child, &new, new_slot, in_conflict) {
                return Some(Rebuild {
                    parent: new.id,
                    child: found,
                });
            }
        }
        None
    }

    /// The best child that a new parent would use.
    fn child_of(
        &mut self,
        parent: &Rc<PlanPackage<'a>>,
        child: &Rc<PlanPackage<'a>>,
        new: &Rc<PlanPackage<'a>>,
        new_slot: bool,
        in_conflict: bool,
    ) -> Option<Id> {
        let mut selected: Option<BTreeSet<String>> = None;
        let mut agreed: Option<Vec<Id>> = None;
        for atom in self.active_atoms(new) {
            if atom.is_blocker() || atom.name() != child.package.cpv.cpn.as_str() {
                continue;
            }
            let written = atom.unevaluated.as_str().to_owned();
            let atom = atom.without_use();
            if new.package.is_built() && fits_slot(&atom, child) {
                continue;
            }
            let selected = match &mut selected {
                Some(selected) => selected,
                None => selected.insert(self.selected_atoms(new)),
            };
            if !selected.contains(&written) {
                continue;
            }
            let mut candidates = Vec::new();
            for other in self.similar(child, &atom) {
                if self.is_better_child(parent, child, new, &other, new_slot, in_conflict)
                    && self.suits_other_parents(child, &other, Some(new))
                {
                    candidates.push(other.id);
                }
            }
            agreed = Some(match agreed {
                None => candidates,
                Some(known) => known
                    .into_iter()
                    .filter(|id| candidates.contains(id))
                    .collect(),
            });
        }
        let mut best: Option<Rc<PlanPackage<'a>>> = None;
        for id in agreed.unwrap_or_default() {
            let choice = self.get(id);
            if best.as_ref().is_none_or(|best| choice.order(best).is_gt()) {
                best = Some(choice);
            }
        }
        best.map(|choice| choice.id)
    }

    fn is_better_child(
        &self,
        parent: &PlanPackage<'a>,
        child: &PlanPackage<'a>,
        new: &PlanPackage<'a>,
        other: &PlanPackage<'a>,
        new_slot: bool,
        in_conflict: bool,
    ) -> bool {
        if other.slot() == child.slot() && other.sub_slot() == child.sub_slot() {
            return false;
        }
        let lower = other.order(child).is_lt();
        let wanted = if new_slot {
            other.slot() != child.slot() && !lower
        } else {
            let same_version = other.package.cpv.version == child.package.cpv.version;
            let unwanted =
                lower && !self.wants_downgrade(child) || same_version && !child.package.is_built();
            other.slot() == child.slot() && !unwanted
        };
        let insignificant = !in_conflict
            && self.options.selective
            && parent.is_installed()
            && child.is_installed()
            && !parent.order(new).is_lt()
            && child.package.cpv == other.package.cpv;
        wanted && !insignificant
    }

    /// Atoms, as written, that would be followed for a package.
    fn selected_atoms(&mut self, choice: &Rc<PlanPackage<'a>>) -> BTreeSet<String> {
        let mut selected = BTreeSet::new();
        for key in deps::KEYS {
            let Some(nodes) = self.reduced_deps(choice, key) else {
                continue;
            };
            if nodes.is_empty() {
                continue;
            }
            let found = self.select_atoms(
                choice.id,
                nodes,
                crate::plan::graph::dependency::Priority::default(),
            );
            selected.extend(
                found
                    .direct
                    .iter()
                    .map(|atom| atom.unevaluated.as_str().to_owned()),
            );
        }
        selected
    }

    /// Whether a candidate satisfies what other parents ask of a package, slot operators aside
    /// (`portage: depgraph.py:depgraph._slot_operator_check_reverse_dependencies`).
    fn suits_other_parents(
        &self,
        existing: &Rc<PlanPackage<'a>>,
        candidate: &Rc<PlanPackage<'a>>,
        replacement: Option<&Rc<PlanPackage<'a>>>,
    ) -> bool {
        let atoms = self.graph.atoms(existing.id);
        let built: Vec<Parent> = atoms
            .iter()
            .filter(|(_, atom)| atom.is_built())
            .map(|(parent, _)| *parent)
            .collect();
        atoms.iter().all(|(parent, atom)| {
            let Some(id) = parent.package() else {
                return self.matches(atom, candidate);
            };
            let holder = self.get(id);
            let atom = if built.contains(parent) {
                let atom = atom
                    .original
                    .as_ref()
                    .map_or_else(|| atom.clone(), |original| (**original).clone());
                if atom.is_built() {
                    atom.with_slot("=")
                } else {
                    atom
                }
            } else {
                atom.clone()
            };
            let same_place = |other: &PlanPackage<'a>| {
                other.slot_key() == holder.slot_key() || other.package.cpv == holder.package.cpv
            };
            if replacement.is_some_and(|replacement| same_place(replacement)) {
                return true;
            }
            let rivals = self
                .tracker
                .named(self.packages, holder.package.cpv.cpn.as_str());
            if rivals
                .iter()
                .any(|rival| rival.id != id && same_place(rival))
            {
                return true;
            }
            self.may_go(&holder, existing) || self.matches(&atom, candidate)
        })
    }

    /// Whether a parent could itself be replaced, so that its wishes need not hold.
    fn may_go(&self, holder: &Rc<PlanPackage<'a>>, existing: &PlanPackage<'a>) -> bool {
        if self.is_too_deep(self.depth_of(holder.id)) || self.is_excluded(holder) {
            return false;
        }
        self.has_upgrade(holder)
            || holder.is_installed() && self.blocked.contains(&holder.id)
            || self.graph.has_edge(Parent::Package(existing.id), holder.id)
    }

    /// Whether an installed package of the very build exists that a rebuild would only repeat.
    pub fn installed_in_slot(&self, choice: &PlanPackage<'a>) -> Option<Rc<PlanPackage<'a>>> {
        let family = self.packages.family(choice.package.cpv.cpn.as_str());
        family
            .of(Kind::Installed)
            .iter()
            .find(|old| old.slot() == choice.slot())
            .cloned()
    }
}

fn fits_slot(atom: &Atom, choice: &PlanPackage<'_>) -> bool {
    atom.dep.slot().is_none_or(|slot| slot == choice.slot())
        && atom
            .dep
            .sub_slot()
            .is_none_or(|sub_slot| sub_slot == choice.sub_slot())
}

fn collect(node: &Reduced<Atom>, atoms: &mut BTreeSet<Atom>) {
    match node {
        Reduced::Leaf(atom) => {
            atoms.insert(atom.clone());
        }
        Reduced::AllOf(nodes) | Reduced::AnyOf(nodes) => {
            nodes.iter().for_each(|node| collect(node, atoms))
        }
        Reduced::EmptyAnyOf => {}
    }
}
