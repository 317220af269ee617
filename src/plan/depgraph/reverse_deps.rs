//! Whether a package can take the place of another one for all who depend on that, slot operators aside
//! (`portage: depgraph.py:depgraph._slot_operator_check_reverse_dependencies`).

use std::rc::Rc;

use crate::plan::depgraph::rebuild_probe::RebuildProbe;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};

/// What speaks against a package in the place of another one.
#[derive(Debug, Default)]
pub(super) struct Objections {
    /// A target does.
    by_target: bool,
    /// Packages with an atom that it does not match. Nothing but a replacement of them can help.
    by: Vec<Id>,
}

impl<'a> RebuildProbe<'_, 'a> {
    /// Whether a candidate satisfies what other parents than the one that is replaced ask of a package.
    pub(super) fn suits_other_parents(
        &self,
        existing: &Rc<PlanPackage<'a>>,
        candidate: &Rc<PlanPackage<'a>>,
        replacement: Option<&Rc<PlanPackage<'a>>>,
    ) -> bool {
        let objections = self.objections(existing, candidate);
        !objections.by_target
            && objections.by.iter().all(|holder| {
                let holder = self.select.get(*holder);
                replacement.is_some_and(|replacement| is_same_place(replacement, &holder))
            })
    }

    fn objections(
        &self,
        existing: &Rc<PlanPackage<'a>>,
        candidate: &Rc<PlanPackage<'a>>,
    ) -> Rc<Objections> {
        let key = (existing.id, candidate.id);
        if let Some(known) = self.known.objections.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mut found = Objections::default();
        let atoms = self.select.graph.atoms(existing.id);
        for (parent, atom) in atoms {
            if self.satisfies(candidate, *parent, atom, atoms) {
                continue;
            }
            match parent.package() {
                None => found.by_target = true,
                Some(id) if !self.may_be_left_out(&self.select.get(id), existing) => {
                    found.by.push(id);
                }
                Some(_) => {}
            }
        }
        let found = Rc::new(found);
        let mut known = self.known.objections.borrow_mut();
        known.insert(key, Rc::clone(&found));
        found
    }

    /// Whether a candidate satisfies one of the atoms that ask for a package. What a build is bound to, another
    /// build may do without.
    fn satisfies(
        &self,
        candidate: &PlanPackage<'a>,
        parent: Parent,
        atom: &Atom,
        atoms: &[(Parent, Atom)],
    ) -> bool {
        if atom.soname.is_some() && parent.package().is_some() {
            return true; // the parent may be built against another library
        }
        let is_bound = || {
            parent.package().is_some()
                && atoms
                    .iter()
                    .any(|(other, atom)| *other == parent && atom.is_bound())
        };
        let original = atom.original.as_deref();
        let atom = original.filter(|_| is_bound()).unwrap_or(atom);
        self.select.matches(atom, candidate)
            || atom.is_built()
                && is_bound()
                && self
                    .select
                    .matches(&Atom::plain(atom.dep.unbound(), atom.root), candidate)
    }

    /// Whether the atoms of a parent do not count: another package comes in its place already, or could.
    fn may_be_left_out(&self, holder: &Rc<PlanPackage<'a>>, existing: &PlanPackage<'a>) -> bool {
        let packages = self.select.packages;
        let named = self
            .select
            .tracker
            .named(packages, holder.root(), holder.name());
        let mut others = named.iter().filter(|other| other.id != holder.id);
        others.any(|other| is_same_place(other, holder)) || self.may_go(holder, existing)
    }

    /// Whether a parent could itself be replaced.
    fn may_go(&self, holder: &Rc<PlanPackage<'a>>, existing: &PlanPackage<'a>) -> bool {
        let (select, me) = (&self.select, Parent::Package(existing.id));
        !select.is_too_deep(select.graph.depth_or_target(holder.id))
            && !select.is_excluded(holder)
            && (holder.is_installed() && self.blockers.involve(holder.id)
                || select.graph.has_edge(me, holder.id)
                || select.has_upgrade(holder))
    }
}

/// Whether a package would take the place of another one: its slot, or its very version. Portage leaves aside in which root
/// these are.
fn is_same_place(package: &PlanPackage<'_>, other: &PlanPackage<'_>) -> bool {
    package.has_slot_of(other) || package.cpv() == other.cpv()
}
