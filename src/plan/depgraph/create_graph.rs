//! The graph grows: what waits is looked at until nothing waits any more
//! (`portage: depgraph.py:depgraph._create_graph`, `._add_dep`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::outcome::Problem;
use crate::plan::depgraph::worklist::Work;
use crate::plan::graph::dependency::{Dependency, Parent};
use crate::plan::options::Deep;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::query::{Autounmask, Purpose, Query};

/// The attempt cannot go on: what is wrong is in its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) struct ResolveError;

/// What becomes of a dependency that nothing satisfies (`portage: allow_unsatisfied`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum OnUnsatisfied {
    /// It is an error.
    Fail,
    /// It is kept for later: while the graph is completed, what the installed system lacks already is
    /// no reason to stop.
    Collect,
}

impl<'u, 'a> Depgraph<'u, 'a> {
    /// Look at everything that waits.
    pub fn create_graph(&mut self, on_unsatisfied: OnUnsatisfied) -> Result<(), ResolveError> {
        self.creator(on_unsatisfied).run()
    }

    /// What adds dependencies to the graph.
    pub fn creator(&mut self, on_unsatisfied: OnUnsatisfied) -> Creator<'_, 'u, 'a> {
        Creator {
            depgraph: self,
            on_unsatisfied,
        }
    }
}

/// Adds dependencies to the graph, and what they lead to.
pub(in crate::plan) struct Creator<'g, 'u, 'a> {
    pub(super) depgraph: &'g mut Depgraph<'u, 'a>,
    on_unsatisfied: OnUnsatisfied,
}

impl<'a> Creator<'_, '_, 'a> {
    fn run(&mut self) -> Result<(), ResolveError> {
        loop {
            while let Some(task) = self.depgraph.worklist.stack.pop() {
                if self.depgraph.packages.effort.is_spent() {
                    return Err(ResolveError);
                }
                match task {
                    Work::Dependencies(id) => self.add_dependencies(id)?,
                    Work::Dependency(dependency) => {
                        self.add_dependency(dependency)?;
                    }
                }
            }
            let Some(next) = self.depgraph.worklist.disjunctions.pop() else {
                return Ok(());
            };
            self.add_nodes(next.package, next.priority, &next.nodes)?;
        }
    }

    /// Satisfy one dependency; gives the package that satisfies it, if it is one that must be there.
    pub fn add_dependency(
        &mut self,
        mut dependency: Dependency,
    ) -> Result<Option<Id>, ResolveError> {
        if dependency.atom.is_blocker() {
            self.note_blocker(dependency);
            return Ok(None);
        }
        let child = match dependency.child {
            Some(child) => Some(child),
            None => {
                let query = Query {
                    autounmask: self.autounmask_for(dependency.collapsed.optional),
                    purpose: Purpose::Unselected,
                    ..Query::new(&dependency.atom)
                };
                self.depgraph.select(&query)
            }
        };
        let Some(child) = child else {
            self.fail(dependency)?;
            return Ok(None);
        };
        self.depgraph.note_build_dependency(child, &dependency);
        if dependency.collapsed.ignored && !self.depgraph.goal.is_completing() {
            return Ok(dependency.child);
        }
        dependency.child = Some(child);
        self.depgraph.add_package(child, dependency).map(Some)
    }

    /// For what is optional no change of USE is proposed
    /// (`portage: depgraph.py:depgraph._add_pkg_dep_string`).
    pub(super) fn autounmask_for(&self, optional: bool) -> Autounmask {
        if optional {
            Autounmask::Off
        } else {
            self.depgraph.autounmask()
        }
    }

    fn note_blocker(&mut self, dependency: Dependency) {
        if let Parent::Package(parent) = dependency.parent
            && !dependency.collapsed.optional
            && !self.depgraph.options.deps.nodeps
            && !self.depgraph.get(parent).onlydeps
            && !self.depgraph.loses_slot(parent)
        {
            // Whatever it is needed for, it applies to the root of who has it.
            let atom = dependency.atom.in_root(self.depgraph.get(parent).root());
            let priority = dependency.priority;
            self.depgraph.records.blockers.note(parent, atom, priority);
        }
    }

    /// Nothing satisfies a dependency.
    fn fail(&mut self, dependency: Dependency) -> Result<(), ResolveError> {
        if dependency.priority.optional || dependency.collapsed.optional {
            return Ok(());
        }
        if self.on_unsatisfied == OnUnsatisfied::Collect {
            self.depgraph.worklist.unsatisfied.push(dependency);
            return Ok(());
        }
        let Dependency { atom, parent, .. } = dependency;
        let depgraph = &mut *self.depgraph;
        let package = parent.package().map(|id| depgraph.get(id));
        if let Some(package) = &package
            && depgraph.is_beyond_request(package)
            && depgraph.selector().pick_installed(&atom).is_none()
        {
            return Ok(());
        }
        depgraph.outcome.problems.push(Problem::Unsatisfied {
            atom: atom.clone(),
            parent,
        });
        match package {
            Some(package) if depgraph.may_retry() => depgraph.avoid(&package, &atom),
            _ => Err(ResolveError),
        }
    }
}

impl<'a> Depgraph<'_, 'a> {
    /// Whether a package came into a slot that another one of the graph had already. Such packages
    /// block nothing, since only one of a slot will be there in the end.
    fn loses_slot(&self, id: Id) -> bool {
        self.tracker.is_late(self.packages, &self.get(id))
    }

    /// Nothing satisfies an atom of a package: build the package again, or mask it.
    fn avoid(&mut self, package: &Rc<PlanPackage<'a>>, atom: &Atom) -> Result<(), ResolveError> {
        let masked = self.parameters.masked.contains_key(&package.id);
        if !masked && atom.is_built() && self.can_rebuild_for(atom, package) {
            self.record_unsatisfied_rebuild(package);
            return Ok(());
        }
        // An installed package that is to go anyway may depend on what is gone.
        let is_gone = |atom: &Atom| self.selector().all_matching(atom).is_empty();
        if package.is_installed() && masked && is_gone(&atom.in_root(package.root())) {
            return Ok(());
        }
        if self.pick_unselected(&atom.without_use()).is_none() {
            if self.is_masked_for_nobody(atom) {
                self.outcome.forbid_restart();
                return Err(ResolveError);
            }
            self.outcome.feedback.missing_dependency = Some((package.id, atom.clone()));
            self.outcome.request_restart();
        }
        Err(ResolveError)
    }

    /// Whether a package that would satisfy an atom was given up in a slot conflict although no atom spoke
    /// against it. Masking more would only lead to downgrades then.
    fn is_masked_for_nobody(&self, atom: &Atom) -> bool {
        let mut masked = self.parameters.masked.iter();
        masked.any(|(id, reasons)| {
            let nobody = matches!(&reasons.slot_conflict, Some(atoms) if atoms.is_empty());
            nobody
                && reasons.missing_dependency.is_none()
                && !reasons.slot_operator
                && self.is_meant(atom, *id)
        })
    }

    /// Whether an atom matches a package, in whichever root.
    fn is_meant(&self, atom: &Atom, id: Id) -> bool {
        let package = self.get(id);
        let atom = atom.in_root(package.root());
        self.selector().matches(&atom, &package)
    }

    /// Whether an installed package is only there since the graph is completed, and lies deeper than the
    /// user requested.
    fn is_beyond_request(&self, package: &PlanPackage<'a>) -> bool {
        let beyond = |id: Id| match (self.graph.depth_or_target(id), self.options.selection.deep) {
            (None, _) => true,
            (Some(_), Deep::All) => false,
            (Some(depth), Deep::Levels(levels)) => depth >= levels,
        };
        self.goal.is_completing() && package.is_installed() && beyond(package.id)
    }
}
