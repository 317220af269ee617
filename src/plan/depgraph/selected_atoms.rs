//! The atoms that were selected for dependencies: each leads to a package, or is left.

use std::rc::Rc;

use foldhash::HashMap;

use crate::plan::dep_check::DepCheck;
use crate::plan::dep_check::minimize::{Picked, by_name, minimize};
use crate::plan::depgraph::create_graph::{Creator, ResolveError};
use crate::plan::depgraph::worklist::Work;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::packages::atom::{Atom, Matched};
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::query::{Autounmask, Query};
use crate::pms::{Kind, Reduced};

/// What is done with an atom and the package that was selected for it.
type Take<'t, C> = dyn FnMut(&mut C, Atom, Option<Id>) -> Result<(), ResolveError> + 't;

impl<'a> Creator<'_, '_, 'a> {
    /// Select among the alternatives of a dependency string, and follow what was selected.
    pub(super) fn add_nodes(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: &[Reduced<Atom>],
    ) -> Result<(), ResolveError> {
        let depth = self.depgraph.graph.depth_or_target(id);
        let depth = depth.map(|depth| depth + 1);
        let selected = DepCheck::new(self.depgraph.selector(), id).select_atoms(nodes, priority);
        let autounmask = self.autounmask_for(priority.optional);
        let mut led_to: Vec<Id> = Vec::new();
        self.distribute(
            id,
            &selected.direct,
            autounmask,
            &mut |creator, atom, child| {
                let mut dependency = Dependency {
                    child,
                    ..Dependency::new(atom.clone(), Parent::Package(id), depth, priority)
                };
                dependency.priority.slot_operator = original(&atom).has_slot_operator();
                led_to.extend(creator.follow(id, dependency, &atom)?);
                Ok(())
            },
        )?;
        for (mut dependency, atoms) in selected.virtuals {
            let Some(of) = dependency.child.filter(|child| led_to.contains(child)) else {
                continue;
            };
            let depth = dependency.depth;
            // The edge keeps the atom for this very version, which no other version of the slot can satisfy.
            let satisfying = self.satisfying(&dependency.atom, None);
            dependency.priority.satisfied = satisfying.is_some();
            if !priority.ignored || self.depgraph.goal.is_completing() {
                self.depgraph.add_package(of, dependency)?;
            }
            self.distribute(id, &atoms, autounmask, &mut |creator, atom, child| {
                let parent = Parent::Package(of);
                let dependency = Dependency {
                    child,
                    collapsed: priority,
                    collapsed_parent: Parent::Package(id),
                    ..Dependency::new(atom.clone(), parent, depth, Priority::RUNTIME)
                };
                led_to.extend(creator.follow(id, dependency, &atom)?);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Select a package for each atom, and hand both on; where several atoms name one package, versions that
    /// the others can do without are left out. Blockers and atoms that nothing satisfies are handed on when
    /// they are met, before the next atom is looked at: what is found out there may end the attempt. Changes
    /// of USE for one atom hold for the next (`portage: depgraph.py:depgraph._minimize_children`).
    fn distribute(
        &mut self,
        parent: Id,
        atoms: &[Rc<Atom>],
        autounmask: Autounmask,
        take: &mut Take<'_, Self>,
    ) -> Result<(), ResolveError> {
        let mut picked: Vec<Picked> = Vec::with_capacity(atoms.len());
        let mut places: HashMap<Matched<'_>, usize> = HashMap::default();
        places.reserve(atoms.len());
        for atom in atoms {
            let query = Query {
                parent: Some(parent),
                autounmask,
                ..Query::new(atom)
            };
            let child = if atom.is_blocker() {
                None
            } else {
                self.depgraph.select(&query)
            };
            let Some(child) = child else {
                take(self, (**atom).clone(), None)?;
                continue;
            };
            let place = *places.entry(atom.matched()).or_insert(picked.len());
            match picked.get_mut(place) {
                Some(known) => known.1 = child,
                None => picked.push((Rc::clone(atom), child)),
            }
        }
        let picked = by_name(&self.depgraph.selector(), picked);
        for group in picked.chunk_by(|(one, _), (other, _)| one == other) {
            if let [(_, (atom, child))] = group {
                take(self, (**atom).clone(), Some(*child))?;
                continue;
            }
            for (atom, child) in minimize(&self.depgraph.selector(), group) {
                take(self, atom, Some(child))?;
            }
        }
        Ok(())
    }

    /// Satisfy one selected atom, unless it is satisfied and nothing asks to look at it. Gives the version
    /// of a virtual that is really used: another one of its slot may be in the graph already, and then the
    /// dependencies of the selected one do not count.
    fn follow(
        &mut self,
        package: Id,
        mut dependency: Dependency,
        atom: &Atom,
    ) -> Result<Option<Id>, ResolveError> {
        if atom.is_blocker() && dependency.priority.optional {
            return Ok(None);
        }
        dependency.atom = original(atom);
        let child = dependency.child;
        let satisfied = if atom.is_blocker() {
            None
        } else {
            let child = child.map(|id| self.depgraph.get(id));
            self.satisfying(&dependency.atom, child.as_deref())
        };
        dependency.priority.satisfied = satisfied.is_some();
        if self.can_be_left(package, &dependency, satisfied.as_deref()) {
            dependency.child = None;
            let tasks = &mut self.depgraph.worklist.postponed;
            tasks.push(Work::Dependency(dependency));
            return Ok(None);
        }
        if dependency.collapsed.ignored && !self.depgraph.goal.is_completing() {
            dependency.child = None;
            let tasks = &mut self.depgraph.worklist.postponed;
            tasks.push(Work::Dependency(dependency));
            return Ok(child.filter(|_| atom.original.is_some()));
        }
        let used = self.add_dependency(dependency)?;
        Ok(used.filter(|_| atom.original.is_some()))
    }

    /// Whether a dependency that an installed package satisfies is not to be looked at further.
    fn can_be_left(
        &self,
        package: Id,
        dependency: &Dependency,
        satisfied: Option<&PlanPackage<'a>>,
    ) -> bool {
        let (Some(child), Some(satisfied)) =
            (dependency.child.map(|id| self.depgraph.get(id)), satisfied)
        else {
            return false;
        };
        if dependency.atom.is_blocker()
            || self.depgraph.selector().recurses(dependency.depth)
            || child.is_installed()
        {
            return false;
        }
        if !self.depgraph.packages.is_visible(satisfied)
            || self.is_slot_operator_rebuild(package, dependency, &child, satisfied)
        {
            return false;
        }
        let in_slot = self
            .depgraph
            .tracker
            .in_slot(self.depgraph.packages, child.slot_key());
        in_slot.is_empty() && !self.depgraph.selector().is_argument(&child)
    }

    /// The installed package that satisfies an atom already; one of another sub-slot than what was
    /// selected does not satisfy a slot operator.
    fn satisfying(
        &self,
        atom: &Atom,
        child: Option<&PlanPackage<'a>>,
    ) -> Option<Rc<PlanPackage<'a>>> {
        let select = self.depgraph.selector();
        let installed = self.depgraph.packages.matching(Kind::Installed, atom);
        let mut installed: Vec<_> = installed
            .filter(|package| {
                select.use_matches(atom, package) && !select.is_reinstall_atom(package)
            })
            .collect();
        if let Some(child) = child.filter(|_| atom.has_slot_operator()) {
            installed.retain(|package| package.same_sub_slot(child));
        }
        let visible = installed
            .iter()
            .find(|package| select.is_visible(package))
            .cloned();
        visible.or_else(|| installed.into_iter().next())
    }

    fn is_slot_operator_rebuild(
        &self,
        package: Id,
        dependency: &Dependency,
        child: &PlanPackage<'a>,
        satisfied: &PlanPackage<'a>,
    ) -> bool {
        let parent = self.depgraph.get(package);
        dependency.atom.has_slot_operator()
            && self
                .depgraph
                .parameters
                .replaced
                .contains(parent.slot_key())
            && !child.same_sub_slot(satisfied)
    }
}

/// The atom that a version of a virtual represents, else the atom itself.
fn original(atom: &Atom) -> Atom {
    atom.original
        .as_ref()
        .map_or_else(|| atom.clone(), |original| (**original).clone())
}
