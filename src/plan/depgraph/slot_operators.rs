//! Rebuilds for slot operators: a package that was built against one sub-slot is built again when
//! another one comes (`portage: depgraph.py:depgraph._slot_operator_update_probe` and its neighbours).

use std::rc::Rc;

use foldhash::HashMap;

use crate::check::deps;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::rebuild_probe::{Because, Looking};
use crate::plan::graph::dependency::Dependency;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::plan::packages::slot_key::SlotKey;
use crate::pms::DepSpec;

/// Dependencies with a slot operator, by the slot of the child
/// (`portage: depgraph.py:_dynamic_depgraph_config._slot_operator_deps`).
#[derive(Debug, Default)]
pub(in crate::plan) struct SlotOperators {
    /// In order of their coming; nothing of a slot whose last dependency left.
    by_slot: Vec<Vec<Dependency>>,
    places: HashMap<SlotKey, usize>,
}

impl SlotOperators {
    /// A dependency was satisfied by a package of a slot.
    pub fn note(&mut self, slot: SlotKey, dependency: Dependency) {
        let new = self.by_slot.len();
        match self
            .by_slot
            .get_mut(*self.places.entry(slot).or_insert(new))
        {
            Some(dependencies) => dependencies.push(dependency),
            None => self.by_slot.push(vec![dependency]),
        }
    }

    /// A package leaves the graph, and with it what it satisfied.
    pub fn remove_child(&mut self, id: Id, slot: &SlotKey) {
        let place = self.places.get(slot).copied();
        let Some(dependencies) = place.and_then(|place| self.by_slot.get_mut(place)) else {
            return;
        };
        dependencies.retain(|dependency| dependency.child != Some(id));
        if dependencies.is_empty() {
            self.places.remove(slot);
        }
    }

    fn all(&self) -> impl Iterator<Item = &Dependency> {
        self.by_slot.iter().flatten()
    }
}

/// What is built again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum RebuildOf {
    /// The parent alone: its child comes in a new slot, beside the old one.
    ForNewSlot,
    /// The parent, and the child is replaced.
    Both,
    /// The child is replaced, and this package takes the parent's place.
    Parent(Id),
}

impl<'a> Depgraph<'_, 'a> {
    /// Find all rebuilds that would let a newer slot or sub-slot be used.
    pub fn find_all_rebuilds(&mut self) {
        let (mut unbound, mut rebuilds) = (Vec::new(), Vec::new());
        let probe = self.rebuild_probe();
        for dependency in self.records.slot_operators.all() {
            if !dependency.atom.is_bound() {
                unbound.push(dependency.clone());
                continue;
            }
            let Some(parent) = dependency.parent.package().map(|id| self.get(id)) else {
                continue;
            };
            let stays = parent.is_installed() && !dependency.update_child;
            if !parent.is_built() || stays {
                continue;
            }
            let find = |looking| probe.find(dependency, looking, Because::Update).is_some();
            if self.options.rebuild.if_new_slot && find(Looking::NewSlot) {
                rebuilds.push((dependency.clone(), RebuildOf::ForNewSlot));
            }
            if find(Looking::SubSlot) {
                rebuilds.push((dependency.clone(), RebuildOf::Both));
            }
        }
        for dependency in &unbound {
            self.check_changed_slot(dependency);
        }
        for (dependency, of) in &rebuilds {
            self.record_rebuild(dependency, *of);
        }
    }

    /// A built child whose ebuild has another slot or sub-slot by now.
    fn check_changed_slot(&mut self, dependency: &Dependency) {
        let (Some(parent), Some(child)) = (dependency.parent.package(), dependency.child) else {
            return;
        };
        let (parent, child) = (self.get(parent), self.get(child));
        if parent.is_built() || !child.is_built() {
            return;
        }
        let own = self.packages.own_ebuild(&child).into_iter();
        let candidates = own.chain(self.packages.ebuilds_at(&child)).find(|ebuild| {
            !self.parameters.masked.contains_key(&ebuild.id)
                && !self.selector().is_excluded(ebuild)
                && self.selector().is_visible(ebuild)
        });
        let Some(ebuild) = candidates else { return };
        if ebuild.same_sub_slot(&child) {
            return;
        }
        self.replace_or_mask(&child);
        self.outcome.feedback.config = true;
        self.outcome.request_restart();
    }

    /// An installed package is to be built again; another one is not to be selected.
    fn replace_or_mask(&mut self, package: &Rc<PlanPackage<'a>>) {
        if package.is_installed() {
            self.outcome
                .feedback
                .replace
                .extend(self.selector().replacement_slot(package));
        } else {
            self.outcome.feedback.mask_built.insert(package.id);
        }
    }

    /// A parent is to be built again.
    pub fn record_rebuild(&mut self, dependency: &Dependency, of: RebuildOf) {
        let Some(parent) = dependency.parent.package().map(|id| self.get(id)) else {
            return;
        };
        if of != RebuildOf::ForNewSlot
            && let Some(child) = dependency.child.map(|id| self.get(id))
        {
            self.replace_or_mask(&child);
        }
        match of {
            RebuildOf::Parent(new) if parent.is_installed() => {
                let slot = self.get(new).slot_key().clone();
                self.outcome.feedback.replace.insert(slot);
            }
            _ => self.replace_or_mask(&parent),
        }
        self.outcome.feedback.config = true;
        self.outcome.request_restart();
    }

    /// A package whose built dependency nothing satisfies is to be built again.
    pub fn record_unsatisfied_rebuild(&mut self, parent: &Rc<PlanPackage<'a>>) {
        self.replace_or_mask(parent);
        self.outcome.feedback.config = true;
        self.outcome.request_restart();
    }

    /// Whether another build of a parent could do with what there is
    /// (`portage: depgraph.py:depgraph._slot_operator_unsatisfied_probe`).
    pub fn can_rebuild_for(&mut self, unsatisfied: &Atom, parent: &Rc<PlanPackage<'a>>) -> bool {
        if parent.is_installed() && self.selector().is_excluded(parent) {
            return false;
        }
        for new in self.selector().similar(parent, parent.slot_atom()) {
            for atom in self.all_atoms(&new, unsatisfied.root) {
                let same = atom.has_slot_operator()
                    && !atom.is_blocker()
                    && atom.name() == unsatisfied.name();
                if same && self.pick(&atom.without_use()).is_some() {
                    return true;
                }
            }
        }
        false
    }

    /// All atoms of a package's dependencies, whatever group they are in, for a root.
    fn all_atoms(&self, package: &PlanPackage<'a>, root: Root) -> Vec<Atom> {
        let facts = self.packages.facts(package);
        let mut atoms = Vec::new();
        for key in deps::KEYS {
            if let Ok(specs) = facts.deps(key) {
                atoms.extend(
                    DepSpec::leaves(specs)
                        .into_iter()
                        .map(|dep| Atom::plain(dep.clone(), root)),
                );
            }
        }
        atoms
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::graph::dependency::{Parent, Priority};
    use crate::plan::testing::{atom, database, options_with};

    #[test]
    fn a_newer_sub_slot_lets_the_parent_be_built_again() {
        let packages = database(&[
            "installed p/p-1; RDEPEND=c/c:0/1=",
            "ebuild p/p-1; RDEPEND=c/c:=",
            "installed c/c-1; SLOT=0/1",
            "ebuild c/c-2; SLOT=0/2",
        ]);
        let (p, c) = (packages.installed("p/p-1"), packages.installed("c/c-1"));
        let options = options_with(|options| options.selection.update = true);
        for update_child in [true, false] {
            let mut depgraph = packages.attempt(&options);
            depgraph.insert(&p, None);
            depgraph.insert(&c, Some((p.id, "c/c:0/1=")));
            let parent = Parent::Package(p.id);
            let dependency = Dependency::new(atom("c/c:0/1="), parent, Some(0), Priority::RUNTIME);
            let dependency = Dependency {
                child: Some(c.id),
                update_child,
                ..dependency
            };
            depgraph
                .records
                .slot_operators
                .note(c.slot_key().clone(), dependency);
            depgraph.find_all_rebuilds();
            let replaced = &depgraph.outcome.feedback.replace;
            assert_eq!(replaced.contains(p.slot_key()), update_child);
            assert_eq!(replaced.contains(c.slot_key()), update_child);
            assert_eq!(depgraph.outcome.calls_for_restart(), update_child);
            depgraph
                .records
                .slot_operators
                .remove_child(c.id, c.slot_key());
            assert_eq!(depgraph.records.slot_operators.all().count(), 0);
        }
    }
}
