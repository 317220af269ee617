//! Whether another build of a parent would let a newer slot or sub-slot of its child be used
//! (`portage: depgraph.py:depgraph._slot_operator_update_probe`).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::check::deps;
use crate::plan::dep_check::DepCheck;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::blockers::Blockers;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::plan::select::query::Autounmask;
use crate::plan::select::selector::Selector;
use crate::plan::select::similar::is_in_slot;
use crate::plan::select::unmask::{Level, Unmasks};
use crate::pms::soname::sonames;
use crate::pms::{Key, Reduced};

/// A parent that would be built again, and what it would then use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Rebuild {
    /// The new parent.
    pub parent: Id,
    /// The new child.
    pub child: Id,
}

/// Which child a rebuild is looked for (`portage: new_child_slot`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Looking {
    /// One of another slot, not lower.
    NewSlot,
    /// One of the same slot and another sub-slot.
    SubSlot,
}

/// What a rebuild is for (`portage: slot_conflict`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Because {
    /// An update of the child; one that changes nothing that counts is not worth a rebuild.
    Update,
    /// A slot conflict, for which any other build will do.
    Conflict,
}

/// What is searched for.
#[derive(Clone, Copy, Debug)]
struct Search {
    looking: Looking,
    because: Because,
    /// The parent is bound to a shared library of the child, not to its slot.
    soname: bool,
}

/// A search for rebuilds in a graph.
pub(in crate::plan) struct RebuildProbe<'s, 'a> {
    select: Selector<'s, 'a>,
    blockers: &'s Blockers,
    autounmask: Autounmask,
}

impl<'a> Depgraph<'_, 'a> {
    /// A search for rebuilds in the graph as it is.
    pub fn rebuild_probe(&self) -> RebuildProbe<'_, 'a> {
        RebuildProbe {
            select: self.selector(),
            blockers: &self.blockers,
            autounmask: self.autounmask(),
        }
    }
}

impl<'a> RebuildProbe<'_, 'a> {
    /// Atoms of a package's dependencies whose conditionals hold.
    fn active_atoms(&self, package: &PlanPackage<'a>) -> Vec<Atom> {
        let mut atoms = BTreeSet::new();
        for key in deps::KEYS {
            for node in self.select.reduced_deps(package, key).unwrap_or_default() {
                collect(&node, &mut atoms);
            }
        }
        if self.select.options.deps.sonames {
            let required = sonames(package.text(Key::Requires));
            atoms.extend(required.filter_map(|soname| Atom::soname(&soname)));
        }
        atoms.into_iter().collect()
    }

    /// Find a parent to build again so that a newer child can be used: in a new slot, or in another
    /// sub-slot of the same slot.
    pub fn find(
        &self,
        dependency: &Dependency,
        looking: Looking,
        because: Because,
    ) -> Option<Rebuild> {
        self.find_at(dependency, looking, because, None, &mut Unmasks::default())
    }

    /// Find a parent to build again for a slot conflict; it may be one that the configuration would have to
    /// accept (`portage: depgraph.py:depgraph._slot_operator_update_probe_slot_conflict`). Gives what would
    /// be accepted besides.
    pub fn find_in_conflict(&self, dependency: &Dependency) -> (Option<Rebuild>, Unmasks) {
        let (looking, because) = (Looking::SubSlot, Because::Conflict);
        let allowed = self.select.options.backtrack.autounmask;
        let allowed = allowed.filter(|_| self.autounmask == Autounmask::Propose);
        let levels = allowed.map(Level::all).unwrap_or_default();
        let mut levels = std::iter::once(None).chain(levels.into_iter().map(Some));
        let mut unmasks = Unmasks::default();
        let found = levels
            .find_map(|level| self.find_at(dependency, looking, because, level, &mut unmasks));
        (found, unmasks)
    }

    fn find_at(
        &self,
        dependency: &Dependency,
        looking: Looking,
        because: Because,
        level: Option<Level>,
        unmasks: &mut Unmasks,
    ) -> Option<Rebuild> {
        let search = Search {
            looking,
            because,
            soname: dependency.atom.soname.is_some(),
        };
        let parent = self.select.get(dependency.parent.package()?);
        let child = self.select.get(dependency.child?);
        let excluded =
            |package: &PlanPackage<'a>| package.is_installed() && self.select.is_excluded(package);
        if excluded(&child) || excluded(&parent) {
            return None;
        }
        let mut downgrade: Option<bool> = None;
        let slot_atom = self.select.slot_atom(&parent);
        let (similar, accepted) = self.select.similar_at(&parent, &slot_atom, level);
        unmasks.extend(accepted);
        for new in similar {
            if new.id == parent.id {
                continue;
            }
            if new.order(&parent).is_lt()
                && !*downgrade.get_or_insert_with(|| self.select.should_downgrade(&parent))
            {
                continue;
            }
            if !self.suits_other_parents(&parent, &new, None) {
                continue;
            }
            if let Some(found) = self.child_of(&parent, &child, &new, search) {
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
        &self,
        parent: &Rc<PlanPackage<'a>>,
        child: &Rc<PlanPackage<'a>>,
        new: &Rc<PlanPackage<'a>>,
        search: Search,
    ) -> Option<Id> {
        let mut selected: Option<BTreeSet<String>> = None;
        let mut agreed: Option<Vec<Id>> = None;
        for atom in self.active_atoms(new) {
            if atom.soname.is_some() {
                if !self.select.matches(&atom, child) {
                    let candidates = self.candidates(parent, child, new, &atom, search);
                    agreed = Some(common(agreed, candidates));
                }
                continue;
            }
            if atom.is_blocker() || atom.name() != child.name() {
                continue;
            }
            let written = atom.unevaluated.as_str().to_owned();
            let atom = atom.without_use();
            if new.is_built() && is_in_slot(&atom, child) {
                continue;
            }
            let selected = match &mut selected {
                Some(selected) => selected,
                None => selected.insert(self.selected_atoms(new)),
            };
            if !selected.contains(&written) {
                continue;
            }
            let candidates = self.candidates(parent, child, new, &atom, search);
            agreed = Some(common(agreed, candidates));
        }
        let mut best: Option<Rc<PlanPackage<'a>>> = None;
        for id in agreed.unwrap_or_default() {
            let package = self.select.get(id);
            if best.as_ref().is_none_or(|best| package.order(best).is_gt()) {
                best = Some(package);
            }
        }
        best.map(|package| package.id)
    }

    /// Packages that an atom of a new parent could lead to in the place of a child.
    fn candidates(
        &self,
        parent: &PlanPackage<'a>,
        child: &Rc<PlanPackage<'a>>,
        new: &Rc<PlanPackage<'a>>,
        atom: &Atom,
        search: Search,
    ) -> Vec<Id> {
        let mut all = self.select.similar(child, atom);
        all.retain(|other| {
            (search.soname || !other.same_sub_slot(child))
                && self.is_better_child(parent, child, new, other, search)
                && self.suits_other_parents(child, other, Some(new))
        });
        all.iter().map(|other| other.id).collect()
    }

    fn is_better_child(
        &self,
        parent: &PlanPackage<'a>,
        child: &PlanPackage<'a>,
        new: &PlanPackage<'a>,
        other: &PlanPackage<'a>,
        search: Search,
    ) -> bool {
        let lower = other.order(child).is_lt();
        let fits = if search.looking == Looking::NewSlot {
            other.slot() != child.slot() && !lower
        } else {
            let same_version = other.cpv().version == child.cpv().version;
            let is_no_update =
                lower && !self.select.should_downgrade(child) || same_version && !child.is_built();
            other.slot() == child.slot() && !is_no_update
        };
        let insignificant = search.because == Because::Update
            && self.select.options.selection.selective
            && parent.is_installed()
            && child.is_installed()
            && !parent.order(new).is_lt()
            && child.cpv() == other.cpv();
        fits && !insignificant
    }

    /// Atoms, as written, that would be followed for a package.
    fn selected_atoms(&self, package: &Rc<PlanPackage<'a>>) -> BTreeSet<String> {
        let mut selected = BTreeSet::new();
        for key in deps::KEYS {
            let Some(nodes) = self.select.reduced_deps(package, key) else {
                continue;
            };
            if nodes.is_empty() {
                continue;
            }
            let check = DepCheck::new(self.select, package.id);
            let found = check.select_atoms(&nodes, Priority::default());
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
        let atoms = self.select.graph.atoms(existing.id);
        let built: Vec<Parent> = atoms
            .iter()
            .filter(|(_, atom)| atom.is_bound())
            .map(|(parent, _)| *parent)
            .collect();
        atoms.iter().all(|(parent, atom)| {
            let Some(id) = parent.package() else {
                return self.select.matches(atom, candidate);
            };
            if atom.soname.is_some() {
                return true; // the parent may be built against another library
            }
            let holder = self.select.get(id);
            let atom = if built.contains(parent) {
                let atom = atom
                    .original
                    .as_ref()
                    .map_or_else(|| atom.clone(), |original| (**original).clone());
                if atom.is_built() {
                    Atom::plain(atom.dep.unbound())
                } else {
                    atom
                }
            } else {
                atom.clone()
            };
            let same_place =
                |other: &PlanPackage<'a>| other.shares_slot(&holder) || other.cpv() == holder.cpv();
            if replacement.is_some_and(|replacement| same_place(replacement)) {
                return true;
            }
            let conflicting = self
                .select
                .tracker
                .named(self.select.packages, holder.name());
            if conflicting
                .iter()
                .any(|other| other.id != id && same_place(other))
            {
                return true;
            }
            self.may_go(&holder, existing) || self.select.matches(&atom, candidate)
        })
    }

    /// Whether a parent could itself be replaced, so that its atoms do not count.
    fn may_go(&self, holder: &Rc<PlanPackage<'a>>, existing: &PlanPackage<'a>) -> bool {
        if self
            .select
            .is_too_deep(self.select.graph.depth_or_target(holder.id))
            || self.select.is_excluded(holder)
        {
            return false;
        }
        self.select.has_upgrade(holder)
            || holder.is_installed() && self.blockers.involve(holder.id)
            || self
                .select
                .graph
                .has_edge(Parent::Package(existing.id), holder.id)
    }
}

fn common(agreed: Option<Vec<Id>>, candidates: Vec<Id>) -> Vec<Id> {
    match agreed {
        None => candidates,
        Some(known) => {
            let known = known.into_iter();
            known.filter(|id| candidates.contains(id)).collect()
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::{atom, database, options_with};

    /// What a rebuild of the installed `p/p-1`, built against `c/c:0/1`, would use.
    fn probe(parent: &str, child: &str, looking: Looking) -> Option<String> {
        let packages = database(&[
            "installed p/p-1; RDEPEND=c/c:0/1=",
            parent,
            "installed c/c-1; SLOT=0/1",
            "ebuild c/c-1; SLOT=0/1",
            child,
        ]);
        let options = options_with(|options| options.selection.update = true);
        let mut depgraph = packages.attempt(&options);
        let (p, c) = (packages.installed("p/p-1"), packages.installed("c/c-1"));
        depgraph.insert(&p, None);
        depgraph.insert(&c, Some((p.id, "c/c:0/1=")));
        let mut dependency = Dependency::new(
            atom("c/c:0/1="),
            Parent::Package(p.id),
            Some(0),
            Priority::RUNTIME,
        );
        dependency.child = Some(c.id);
        let found = depgraph
            .rebuild_probe()
            .find(&dependency, looking, Because::Update);
        found.map(|rebuild| packages.get(rebuild.child).cpv().to_string())
    }

    #[test]
    fn a_rebuild_takes_the_newer_sub_slot() {
        let parent = "ebuild p/p-1; RDEPEND=c/c:=";
        let newer = "ebuild c/c-2; SLOT=0/2";
        assert_eq!(
            probe(parent, newer, Looking::SubSlot).as_deref(),
            Some("c/c-2")
        );
        assert_eq!(probe(parent, newer, Looking::NewSlot), None);
        let slotted = "ebuild c/c-2; SLOT=2";
        assert_eq!(
            probe(parent, slotted, Looking::NewSlot).as_deref(),
            Some("c/c-2")
        );
        assert_eq!(probe(parent, slotted, Looking::SubSlot), None);
    }

    #[test]
    fn no_rebuild_where_the_new_parent_does_not_allow_the_child() {
        let newer = "ebuild c/c-2; SLOT=0/2";
        let bound = "ebuild p/p-1; RDEPEND=<c/c-2:=";
        assert_eq!(probe(bound, newer, Looking::SubSlot), None);
        let older = "ebuild p/p-0; RDEPEND=c/c:=";
        assert_eq!(
            probe(older, newer, Looking::SubSlot).as_deref(),
            Some("c/c-2")
        );
        let same = "ebuild c/c-2; SLOT=0/1";
        assert_eq!(
            probe("ebuild p/p-1; RDEPEND=c/c:=", same, Looking::SubSlot),
            None
        );
    }
}
