//! The dependencies of a package of the graph: plain ones first, any-of groups and virtuals after
//! everything else (`portage: depgraph.py:depgraph._add_pkg_deps`, `._wrapped_add_pkg_dep_string`,
//! `._queue_disjunctive_deps`, `._ignore_dependency`).

use std::rc::Rc;

use crate::plan::dep_check::DepCheck;
use crate::plan::dep_check::minimize::minimize_children;
use crate::plan::depgraph::create_graph::{Creator, ResolveError};
use crate::plan::depgraph::worklist::{Disjunction, Task};
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::options::OnlyDeps;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::plan::select::query::{Autounmask, Query};
use crate::pms::{Key, Kind, Reduced};

impl<'a> Creator<'_, '_, 'a> {
    /// Inspection at all dependencies of a package.
    pub(super) fn add_dependencies(&mut self, id: Id) -> Result<(), ResolveError> {
        let package = self.depgraph.get(id);
        // With `--with-bdeps=y` dependencies of a built package to build it are looked at for updates; not
        // having them is no error.
        let buildtime = Priority {
            buildtime: true,
            optional: package.is_built(),
            ..Priority::default()
        };
        // Portage's order; the first that comes decides what is in the graph for the others.
        let order = [
            (Key::Rdepend, Priority::RUNTIME),
            (Key::Idepend, Priority::RUNTIME),
            (Key::Pdepend, Priority::default()),
            (Key::Depend, buildtime),
            (Key::Bdepend, buildtime),
        ];
        for (key, priority) in order {
            if !self.counts(&package, key) || package.text(key).is_empty() {
                continue;
            }
            let Some(nodes) = self.depgraph.selector().reduced_deps(&package, key) else {
                continue;
            };
            let plain = self.queue_disjunctions(id, priority, nodes);
            if !plain.is_empty() {
                self.add_nodes(id, priority, &plain)?;
            }
        }
        self.depgraph.worklist.traversed.insert(id);
        Ok(())
    }

    /// Whether a dependency variable is looked at: not what is only for building where it is built, nor
    /// what `--onlydeps` leaves out for a target.
    fn counts(&self, package: &PlanPackage<'a>, key: Key) -> bool {
        let to_build = matches!(key, Key::Depend | Key::Bdepend);
        if to_build {
            return !package.is_built() || self.depgraph.packages.policy.bdeps;
        }
        match self.depgraph.options.onlydeps_runtime {
            _ if !package.onlydeps => true,
            OnlyDeps::All => true,
            OnlyDeps::NotAtRunTime => key == Key::Idepend,
            OnlyDeps::BuildTime => false,
        }
    }

    /// Put any-of groups and virtuals aside, so that everything plain is selected before them.
    fn queue_disjunctions(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
    ) -> Vec<Reduced<Atom>> {
        let (mut plain, mut aside) = (Vec::new(), Vec::new());
        split(nodes, &mut plain, &mut aside);
        if !aside.is_empty() {
            self.depgraph.worklist.disjunctions.push(Disjunction {
                package: id,
                priority,
                nodes: aside,
            });
        }
        plain
    }

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
        for (atom, child) in self.pick_children(id, &selected.direct, autounmask) {
            let mut dependency = Dependency {
                child,
                ..Dependency::new(atom.clone(), Parent::Package(id), depth, priority)
            };
            dependency.priority.slot_operator = original(&atom).has_slot_operator();
            led_to.extend(self.follow(id, dependency, &atom)?);
        }
        for (dependency, atoms) in selected.virtuals {
            let Some(of) = dependency.child.filter(|child| led_to.contains(child)) else {
                continue;
            };
            let depth = dependency.depth;
            let mut dependency = Dependency {
                atom: original(&dependency.atom),
                ..dependency
            };
            let satisfying = self.satisfying(&dependency.atom, None);
            dependency.priority.satisfied = satisfying.is_some();
            self.depgraph.add_package(of, dependency)?;
            for (atom, child) in self.pick_children(id, &atoms, autounmask) {
                let parent = Parent::Package(of);
                let dependency = Dependency {
                    child,
                    collapsed_optional: priority.optional,
                    ..Dependency::new(atom.clone(), parent, depth, Priority::RUNTIME)
                };
                led_to.extend(self.follow(id, dependency, &atom)?);
            }
        }
        Ok(())
    }

    /// A package for each atom, as few as possible. Changes of USE for one atom hold for the next.
    fn pick_children(
        &mut self,
        parent: Id,
        atoms: &[Rc<Atom>],
        autounmask: Autounmask,
    ) -> Vec<(Atom, Option<Id>)> {
        let mut picked = Vec::new();
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
            picked.push((Rc::clone(atom), child));
        }
        minimize_children(&self.depgraph.selector(), picked)
    }

    /// Satisfy one selected atom, unless it is satisfied and nothing asks to look at it. Gives the version
    /// of a virtual that it led to.
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
            tasks.push(Task::Dependency(dependency));
            return Ok(None);
        }
        self.add_dependency(dependency)?;
        Ok(child.filter(|_| atom.original.is_some()))
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
            || !self.depgraph.selector().is_too_deep(dependency.depth)
            || child.is_installed()
        {
            return false;
        }
        if !self.depgraph.packages.is_visible(satisfied)
            || self.is_slot_operator_rebuild(package, dependency, &child, satisfied)
        {
            return false;
        }
        let in_slot =
            self.depgraph
                .tracker
                .in_slot(self.depgraph.packages, child.name(), child.slot());
        in_slot.is_empty() && !self.depgraph.selector().is_argument(&child)
    }

    /// The installed package that satisfies an atom already; one of another sub-slot than what was
    /// selected does not satisfy a slot operator.
    fn satisfying(
        &self,
        atom: &Atom,
        child: Option<&PlanPackage<'a>>,
    ) -> Option<Rc<PlanPackage<'a>>> {
        let mut installed = self.depgraph.packages.matching(Kind::Installed, atom);
        let select = self.depgraph.selector();
        installed.retain(|package| {
            select.use_matches(atom, package) && !select.is_reinstall_atom(package)
        });
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
                .contains(&parent.slot_key())
            && !child.same_sub_slot(satisfied)
    }
}

/// The atom that a version of a virtual represents, else the atom itself.
fn original(atom: &Atom) -> Atom {
    atom.original
        .as_ref()
        .map_or_else(|| atom.clone(), |original| (**original).clone())
}

fn split(
    nodes: Vec<Reduced<Atom>>,
    plain: &mut Vec<Reduced<Atom>>,
    aside: &mut Vec<Reduced<Atom>>,
) {
    for node in nodes {
        match node {
            Reduced::AnyOf(_) => aside.push(node),
            Reduced::AllOf(nodes) => split(nodes, plain, aside),
            Reduced::Leaf(ref atom) if atom.is_virtual() => aside.push(node),
            Reduced::Leaf(_) | Reduced::EmptyAnyOf => plain.push(node),
        }
    }
}
