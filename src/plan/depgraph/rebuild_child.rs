//! Which child another build of a parent would use (`portage: depgraph.py:depgraph._slot_operator_update_probe`).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::check::deps;
use crate::plan::dep_check::DepCheck;
use crate::plan::depgraph::rebuild_probe::{Because, Looking, RebuildProbe, RebuildSearch};
use crate::plan::graph::dependency::Priority;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::dep_root::in_root;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::pms::soname::sonames;
use crate::pms::{Key, Reduced};

impl<'a> RebuildProbe<'_, 'a> {
    /// Whether any package could be used in the place of a child, whoever has it.
    pub(super) fn could_be_better(
        &self,
        child: &Rc<PlanPackage<'a>>,
        search: RebuildSearch,
    ) -> bool {
        let key = (child.id, search.looking, search.soname);
        if let Some(known) = self.known.better.borrow().get(&key) {
            return *known;
        }
        let better = self.select.any_available(child, |other| {
            (search.soname || !other.same_sub_slot(child))
                && self.is_in_place(child, other, search.looking)
        });
        self.known.better.borrow_mut().insert(key, better);
        better
    }

    /// Packages that an atom of a new parent could lead to in the place of a child.
    pub(super) fn candidates(
        &self,
        parent: &PlanPackage<'a>,
        child: &Rc<PlanPackage<'a>>,
        new: &Rc<PlanPackage<'a>>,
        atom: &Atom,
        search: RebuildSearch,
    ) -> Vec<Id> {
        let mut all = self.select.similar(child, atom);
        all.retain(|other| {
            (search.soname || !other.same_sub_slot(child))
                && self.is_in_place(child, other, search.looking)
                && !self.changes_nothing(parent, child, new, other, search.because)
                && self.suits_other_parents(child, other, Some(new))
        });
        all.iter().map(|other| other.id).collect()
    }

    /// Whether a package stands where it is looked for, and does not only lead back.
    fn is_in_place(
        &self,
        child: &PlanPackage<'a>,
        other: &PlanPackage<'a>,
        looking: Looking,
    ) -> bool {
        let same_slot = other.slot() == child.slot();
        if looking == Looking::NewSlot {
            return !same_slot && !other.order(child).is_lt();
        }
        let same_version = other.cpv().version == child.cpv().version;
        same_slot
            && (!same_version || child.is_built())
            && (!other.order(child).is_lt() || self.select.should_downgrade(child))
    }

    /// Whether an update would install the versions that are installed.
    fn changes_nothing(
        &self,
        parent: &PlanPackage<'a>,
        child: &PlanPackage<'a>,
        new: &PlanPackage<'a>,
        other: &PlanPackage<'a>,
        because: Because,
    ) -> bool {
        because == Because::Update
            && self.select.options.selection.selective
            && parent.is_installed()
            && child.is_installed()
            && parent.is_at_least(new)
            && child.cpv() == other.cpv()
    }

    /// Atoms of a new parent's dependencies whose conditionals hold and that may be about a child: those that
    /// name it, and those of shared libraries. Whatever they are needed for, they are looked for in the root of the child.
    pub(super) fn active_atoms(
        &self,
        package: &PlanPackage<'a>,
        child: &PlanPackage<'a>,
    ) -> BTreeSet<Atom> {
        let mut atoms = BTreeSet::new();
        for key in deps::KEYS {
            for node in self
                .select
                .reduced_deps(package, key)
                .unwrap_or_default()
                .iter()
            {
                collect(node, child, &mut atoms);
            }
        }
        if self.select.options.deps.sonames {
            let required = sonames(package.text(Key::Requires));
            atoms.extend(required.filter_map(|soname| Atom::soname(&soname, child.root())));
        }
        atoms
    }

    /// Whether an atom of a package, as it is written, would be followed.
    pub(super) fn is_selected(&self, package: &Rc<PlanPackage<'a>>, atom: &Atom) -> bool {
        let key = (package.id, atom.root);
        let known = self.known.selected.borrow().get(&key).cloned();
        let selected = known.unwrap_or_else(|| {
            let selected = self.selected_atoms(package, atom.root);
            let mut known = self.known.selected.borrow_mut();
            known.insert(key, Rc::clone(&selected));
            selected
        });
        let mut selected = selected.iter();
        selected.any(|selected| selected.unevaluated() == atom.unevaluated())
    }

    fn selected_atoms(&self, package: &Rc<PlanPackage<'a>>, root: Root) -> Rc<[Rc<Atom>]> {
        let mut selected = Vec::new();
        for key in deps::KEYS {
            let Some(nodes) = self.select.reduced_deps(package, key) else {
                continue;
            };
            if !nodes.is_empty() {
                let nodes = in_root(&nodes, root);
                let check = DepCheck::new(self.select, package.id);
                selected.extend(check.select_atoms(&nodes, Priority::default()).direct);
            }
        }
        selected.into()
    }
}

fn collect(node: &Reduced<Atom>, child: &PlanPackage<'_>, atoms: &mut BTreeSet<Atom>) {
    match node {
        Reduced::Leaf(atom) => {
            if atom.name() == child.name() && !atom.is_blocker() {
                atoms.insert(atom.in_root(child.root()));
            }
        }
        Reduced::AllOf(nodes) | Reduced::AnyOf(nodes) => {
            nodes.iter().for_each(|node| collect(node, child, atoms))
        }
        Reduced::EmptyAnyOf => {}
    }
}
