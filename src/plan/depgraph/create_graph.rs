//! The graph grows: what waits is looked at until nothing waits any more
//! (`portage: depgraph.py:depgraph._create_graph`, `._add_dep`).

use crate::plan::depgraph::attempt::{Depgraph, Problem, Task};
use crate::plan::graph::dependency::{Dependency, Parent};
use crate::plan::packages::package_db::PlanPackage;

/// The walk cannot go on: an error, or something to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) struct ResolveError;

impl<'a> Depgraph<'_, 'a> {
    /// Look at everything that waits; `allow_unsatisfied` collects what nothing serves.
    pub fn create_graph(&mut self, allow_unsatisfied: bool) -> Result<(), ResolveError> {
        loop {
            while let Some(task) = self.stack.pop() {
                match task {
                    Task::Dependencies(id) => self.add_dependencies(id, allow_unsatisfied)?,
                    Task::Dependency(need) => self.add_need(need, allow_unsatisfied)?,
                }
            }
            let Some(next) = self.disjunctions.pop() else {
                return Ok(());
            };
            self.add_nodes(next.package, next.priority, next.nodes, allow_unsatisfied)?;
        }
    }

    /// Serve one need.
    pub fn add_need(
        &mut self,
        mut need: Dependency,
        allow_unsatisfied: bool,
    ) -> Result<(), ResolveError> {
        if need.atom.is_blocker() {
            if let Parent::Package(parent) = need.parent
                && !need.priority.optional
                && !self.options.nodeps
                && !self.get(parent).onlydeps
            {
                self.blockers.push((parent, need.atom, need.priority));
            }
            return Ok(());
        }
        let child = match need.child {
            Some(child) => Some(child),
            None => self.pick(&need.atom, None).map(|picked| picked.id),
        };
        let Some(child) = child else {
            return self.unserved(need, allow_unsatisfied);
        };
        need.child = Some(child);
        self.add_package(child, need)
    }

    /// Nothing serves a need.
    fn unserved(&mut self, need: Dependency, allow_unsatisfied: bool) -> Result<(), ResolveError> {
        if need.priority.optional || need.collapsed_optional {
            return Ok(());
        }
        if allow_unsatisfied {
            self.unsatisfied.push(need);
            return Ok(());
        }
        let parent = need.parent.package().map(|id| self.get(id));
        if self.complete_mode
            && parent
                .as_ref()
                .is_some_and(|parent| self.is_beyond_request(parent))
            && self.pick_installed(&need.atom).is_none()
        {
            return Ok(());
        }
        self.problems.push(Problem::Unsatisfied {
            atom: need.atom.clone(),
            parent: need.parent,
        });
        if !self.may_retry {
            return Err(ResolveError);
        }
        let Some(parent) = parent else {
            return Err(ResolveError);
        };
        let masked = self.parameters.masked.contains_key(&parent.id);
        if !masked && need.atom.is_built() && self.can_rebuild_for(&need, &parent) {
            self.learn_unserved_rebuild(&parent);
            return Ok(());
        }
        if parent.is_installed() && masked && self.all_matching(&need.atom).is_empty() {
            return Ok(());
        }
        if self.pick(&need.atom.without_use(), None).is_none() {
            self.feedback.missing_dependency = Some(parent.id);
            self.restart = true;
        }
        Err(ResolveError)
    }

    /// Whether an installed package lies deeper than the user asked to look.
    fn is_beyond_request(&self, parent: &PlanPackage<'a>) -> bool {
        let beyond = match (self.depth_of(parent.id), self.options.deep) {
            (None, _) => true,
            (Some(_), crate::plan::options::Deep::All) => false,
            (Some(depth), crate::plan::options::Deep::Levels(levels)) => depth >= levels,
        };
        parent.is_installed() && beyond
    }
}
