//! The dependencies of a package of the graph: plain ones first, any-of groups and virtuals after
//! everything else (`portage: depgraph.py:depgraph._add_pkg_deps`, `._wrapped_add_pkg_dep_string`,
//! `._queue_disjunctive_deps`, `._ignore_dependency`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::{Depgraph, Disjunction, Task};
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::graph::dependency::{Dependency, Depth, Parent, Priority};
use crate::plan::options::OnlyDeps;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::{Key, Kind, Reduced};

impl<'a> Depgraph<'_, 'a> {
    /// Look at all dependencies of a package.
    pub(in crate::plan) fn add_dependencies(
        &mut self,
        id: Id,
        allow_unsatisfied: bool,
    ) -> Result<(), ResolveError> {
        let choice = self.get(id);
        let built = choice.package.is_built();
        let runtime = Priority {
            runtime: true,
            ..Priority::default()
        };
        let buildtime = Priority {
            buildtime: true,
            optional: built,
            ..Priority::default()
        };
        let order = [
            (Key::Rdepend, runtime),
            (Key::Idepend, runtime),
            (Key::Pdepend, Priority::default()),
            (Key::Depend, buildtime),
            (Key::Bdepend, buildtime),
        ];
        for (key, priority) in order {
            if !self.counts(&choice, key) || choice.package.metadata.text(key).is_empty() {
                continue;
            }
            let Some(nodes) = self.reduced_deps(&choice, key) else {
                continue;
            };
            let plain = self.queue_disjunctions(id, priority, nodes);
            if !plain.is_empty() {
                self.add_nodes(id, priority, plain, allow_unsatisfied)?;
            }
        }
        self.traversed.insert(id);
        Ok(())
    }

    /// Whether a dependency variable is looked at: not what only builds need for what is built, nor
    /// what `--onlydeps` leaves out for a target.
    fn counts(&self, choice: &PlanPackage<'a>, key: Key) -> bool {
        let to_build = matches!(key, Key::Depend | Key::Bdepend);
        if to_build {
            return !choice.package.is_built() || self.packages.policy.bdeps;
        }
        match self.options.onlydeps_runtime {
            _ if !choice.onlydeps => true,
            OnlyDeps::All => true,
            OnlyDeps::NotAtRunTime => key == Key::Idepend,
            OnlyDeps::BuildTime => false,
        }
    }

    /// Put any-of groups and virtuals aside, so that everything plain is chosen before them.
    fn queue_disjunctions(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
    ) -> Vec<Reduced<Atom>> {
        let (mut plain, mut aside) = (Vec::new(), Vec::new());
        split(nodes, &mut plain, &mut aside);
        if !aside.is_empty() {
            self.disjunctions.push(Disjunction {
                package: id,
                priority,
                nodes: aside,
            });
        }
        plain
    }

    pub(in crate::plan) fn add_nodes(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
        allow_unsatisfied: bool,
    ) -> Result<(), ResolveError> {
        let autounmask = self.autounmask;
        self.autounmask &= !priority.optional;
        let result = self.add_selected(id, priority, nodes, allow_unsatisfied);
        self.autounmask = autounmask;
        result
    }

    fn add_selected(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
        allow_unsatisfied: bool,
    ) -> Result<(), ResolveError> {
        let depth = self.depth_of(id).map(|depth| depth + 1);
        let selected = self.select_atoms(id, nodes, priority);
        let mut led_to: Vec<Id> = Vec::new();
        for (atom, child) in self.distribute(id, &selected.direct) {
            let mut need = Dependency {
                child,
                ..Dependency::new(atom.clone(), Parent::Package(id), depth, priority)
            };
            need.priority.slot_operator = original(&atom).has_slot_operator();
            self.follow(id, need, &atom, depth, allow_unsatisfied, &mut led_to)?;
        }
        for (need, atoms) in selected.virtuals {
            let Some(of) = need.child.filter(|child| led_to.contains(child)) else {
                continue;
            };
            let depth = need.depth;
            let mut need = Dependency {
                atom: original(&need.atom),
                ..need
            };
            need.priority.satisfied = self.satisfying(&need.atom, None).is_some();
            self.add_package(of, need)?;
            let runtime = Priority {
                runtime: true,
                ..Priority::default()
            };
            for (atom, child) in self.distribute(id, &atoms) {
                let mut need = Dependency {
                    child,
                    ..Dependency::new(atom.clone(), Parent::Package(of), depth, runtime)
                };
                need.collapsed_optional = priority.optional;
                self.follow(id, need, &atom, depth, allow_unsatisfied, &mut led_to)?;
            }
        }
        Ok(())
    }

    /// Serve one selected atom, unless it is satisfied and nothing asks to look at it.
    fn follow(
        &mut self,
        package: Id,
        mut need: Dependency,
        atom: &Atom,
        depth: Depth,
        allow_unsatisfied: bool,
        led_to: &mut Vec<Id>,
    ) -> Result<(), ResolveError> {
        if atom.is_blocker() && need.priority.optional {
            return Ok(());
        }
        need.atom = original(atom);
        let child = need.child;
        let satisfied = match atom.is_blocker() {
            true => None,
            false => self.satisfying(&need.atom, child.map(|id| self.get(id)).as_deref()),
        };
        need.priority.satisfied = satisfied.is_some();
        if self.can_be_left(package, &need, satisfied.as_deref(), depth) {
            need.child = None;
            self.postponed.push(Task::Dependency(need));
            return Ok(());
        }
        if atom.original.is_some() {
            led_to.extend(child);
        }
        self.add_need(need, allow_unsatisfied)
    }

    /// Whether a dependency that an installed package satisfies need not be looked at further.
    fn can_be_left(
        &self,
        package: Id,
        need: &Dependency,
        satisfied: Option<&PlanPackage<'a>>,
        depth: Depth,
    ) -> bool {
        let (Some(child), Some(satisfied)) = (need.child.map(|id| self.get(id)), satisfied) else {
            return false;
        };
        if need.atom.is_blocker() || !self.is_too_deep(depth) || child.is_installed() {
            return false;
        }
        if !self.packages.is_visible(satisfied)
            || self.is_slot_operator_rebuild(package, need, &child, satisfied)
        {
            return false;
        }
        let (name, slot) = child.slot_key();
        self.tracker.in_slot(self.packages, name, slot).is_empty() && !self.is_argument(&child)
    }

    /// The installed package that satisfies an atom already; one of another sub-slot than what was
    /// chosen does not satisfy a slot operator.
    fn satisfying(
        &self,
        atom: &Atom,
        child: Option<&PlanPackage<'a>>,
    ) -> Option<Rc<PlanPackage<'a>>> {
        let mut installed = self.packages.matching(Kind::Installed, atom);
        installed
            .retain(|choice| self.use_matches(atom, choice) && !self.is_reinstall_atom(choice));
        if let Some(child) = child.filter(|_| atom.has_slot_operator()) {
            installed.retain(|choice| {
                choice.slot() == child.slot() && choice.sub_slot() == child.sub_slot()
            });
        }
        let visible = installed
            .iter()
            .find(|choice| self.is_visible(choice))
            .cloned();
        visible.or_else(|| installed.into_iter().next())
    }

    fn is_slot_operator_rebuild(
        &self,
        package: Id,
        need: &Dependency,
        child: &PlanPackage<'a>,
        satisfied: &PlanPackage<'a>,
    ) -> bool {
        let parent = self.get(package);
        let (name, slot) = parent.slot_key();
        need.atom.has_slot_operator()
            && self
                .parameters
                .replaced
                .contains(&(name.to_owned(), slot.to_owned()))
            && (child.slot() != satisfied.slot() || child.sub_slot() != satisfied.sub_slot())
    }
}

/// The atom that a version of a virtual stands in for, else the atom itself.
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
