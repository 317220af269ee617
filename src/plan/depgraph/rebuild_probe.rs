//! Whether another build of a parent would let a newer slot or sub-slot of its child be used
//! (`portage: depgraph.py:depgraph._slot_operator_update_probe`).

use std::cell::RefCell;
use std::rc::Rc;

use foldhash::HashMap;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::blockers::Blockers;
use crate::plan::depgraph::reverse_deps::Objections;
use crate::plan::graph::dependency::Dependency;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::plan::select::query::Autounmask;
use crate::plan::select::selector::Selector;
use crate::plan::select::similar::is_in_slot;
use crate::plan::select::unmask::{UnmaskLevel, Unmasks};

/// A parent that would be built again, and what it would then use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Rebuild {
    /// The new parent.
    pub parent: Id,
    /// The new child.
    pub child: Id,
}

/// Which child a rebuild is looked for (`portage: new_child_slot`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
pub(super) struct RebuildSearch {
    pub looking: Looking,
    pub because: Because,
    /// The parent is bound to a shared library of the child, not to its slot.
    pub soname: bool,
}

/// A search for rebuilds in a graph, which does not change meanwhile. What was worked out for one parent is
/// kept for the next: hundreds of packages are built against the same few libraries.
pub(in crate::plan) struct RebuildProbe<'s, 'a> {
    pub(super) select: Selector<'s, 'a>,
    pub(super) blockers: &'s Blockers,
    autounmask: Autounmask,
    pub(super) known: KnownRebuild,
}

/// Atoms that would be followed for a new parent, each looked for in a root.
type FollowedAtoms = HashMap<(Id, Root), Rc<[Rc<Atom>]>>;

/// What a search has worked out so far.
#[derive(Default)]
pub(super) struct KnownRebuild {
    /// Whether a child could be better, by the child.
    pub better: RefCell<HashMap<(Id, Looking, bool), bool>>,
    /// Atoms that would be followed for a new parent.
    pub selected: RefCell<FollowedAtoms>,
    /// What speaks against a package in the place of another, the first one.
    pub objections: RefCell<HashMap<(Id, Id), Rc<Objections>>>,
}

impl<'a> Depgraph<'_, 'a> {
    /// A search for rebuilds in the graph as it is.
    pub fn rebuild_probe(&self) -> RebuildProbe<'_, 'a> {
        RebuildProbe {
            select: self.selector(),
            blockers: &self.records.blockers,
            autounmask: self.autounmask(),
            known: KnownRebuild::default(),
        }
    }
}

impl<'a> RebuildProbe<'_, 'a> {
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
        let levels = allowed.map(UnmaskLevel::all).unwrap_or_default();
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
        level: Option<UnmaskLevel>,
        unmasks: &mut Unmasks,
    ) -> Option<Rebuild> {
        let search = RebuildSearch {
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
        // Few children can be better, and many parents have each of them. A new parent that the configuration
        // would have to accept is proposed even if it then leads to no child.
        if level.is_none() && !self.could_be_better(&child, search) {
            return None;
        }
        let (similar, accepted) = self.select.similar_in_slot_at(&parent, level);
        unmasks.extend(accepted);
        for new in similar {
            if new.id == parent.id
                || new.order(&parent).is_lt() && !self.select.should_downgrade(&parent)
                || !self.suits_other_parents(&parent, &new, None)
            {
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
        parent: &PlanPackage<'a>,
        child: &Rc<PlanPackage<'a>>,
        new: &Rc<PlanPackage<'a>>,
        search: RebuildSearch,
    ) -> Option<Id> {
        let mut agreed: Option<Vec<Id>> = None;
        for atom in self.active_atoms(new, child) {
            if atom.soname.is_some() {
                if self.select.matches(&atom, child) {
                    continue;
                }
                let candidates = self.candidates(parent, child, new, &atom, search);
                agreed = Some(common(agreed, candidates));
                continue;
            }
            let plain = atom.without_use();
            let same_slot = new.is_built() && is_in_slot(&plain, child);
            if same_slot || !self.is_selected(new, &atom) {
                continue;
            }
            let candidates = self.candidates(parent, child, new, &plain, search);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::graph::dependency::{Parent, Priority};
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
