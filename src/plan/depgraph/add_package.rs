//! One package comes into the graph (`portage: depgraph.py:depgraph._add_pkg`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::depgraph::outcome::Problem;
use crate::plan::depgraph::worklist::Work;
use crate::plan::graph::dependency::{Dependency, Depth, Parent};
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::pms::soname::sonames;
use crate::pms::{Key, RequiredUse};

impl<'a> Depgraph<'_, 'a> {
    /// Add a package for a dependency, or the one of its slot that is there already and satisfies it as
    /// well; gives the one that is used.
    pub fn add_package(&mut self, id: Id, mut dependency: Dependency) -> Result<Id, ResolveError> {
        let mut package = self.get(id);
        self.check_required_use(&package, &dependency)?;
        let mut known = self.graph.has(id);
        let existing = if package.onlydeps {
            None
        } else {
            self.tracker
                .in_slot(self.packages, package.slot_key())
                .into_iter()
                .next()
        };
        if let Some(existing) = existing {
            let same = if existing.id == id {
                existing.cpv() == package.cpv()
            } else {
                self.selector().matches(&dependency.atom, &existing)
            };
            if same {
                if existing.id != id {
                    package = existing;
                    known = true;
                }
            } else if self.is_replaced_by_parent(&package, dependency.parent) {
                return Ok(id);
            }
        }
        // A virtual may be in the graph as the parent of what it leads to before it comes itself. As in Portage it is
        // then tracked no more than it would be there.
        if !known && !package.onlydeps {
            self.tracker.add(&package);
            if self.options.deps.sonames {
                for soname in sonames(package.text(Key::Provides)) {
                    self.tracker.touch(package.root(), &soname);
                }
            }
        }
        let id = package.id;
        let to_itself = dependency.parent == Parent::Package(id);
        if !to_itself || dependency.priority.buildtime && !dependency.priority.satisfied {
            self.graph
                .add_dependency(id, dependency.parent, dependency.priority);
            self.graph.add_atom(id, dependency.parent, &dependency.atom);
        }
        self.graph.add(id, None);
        let arguments = self.selector().arguments_for(&package);
        for (argument, atom) in &arguments {
            self.graph.add(id, Some(Parent::Argument(*argument)));
            self.graph.add_atom(id, Parent::Argument(*argument), atom);
        }
        let resets = self.selector().resets_depth(&arguments);
        let depth = self.depth(id, if resets { Some(0) } else { dependency.depth }, known);
        self.graph.set_depth(id, depth);
        dependency.update_child = !self.goal.is_completing()
            && (!arguments.is_empty() || self.options.selection.update)
            && !self.selector().is_too_deep(depth);
        dependency.child = Some(id);
        let bound = dependency.atom.soname.is_some() || dependency.atom.has_slot_operator();
        if bound && !package.onlydeps {
            self.records
                .slot_operators
                .note(package.slot_key().clone(), dependency);
        }
        self.queue_dependencies(&package, depth, known);
        Ok(id)
    }

    /// A package that is in the graph already keeps the smaller depth, whoever comes to it later.
    fn depth(&self, id: Id, depth: Depth, known: bool) -> Depth {
        match self.graph.depth(id) {
            Some(Some(before)) if known && depth != Some(0) => {
                Some(depth.map_or(before, |depth| depth.min(before)))
            }
            _ => depth,
        }
    }

    fn queue_dependencies(&mut self, package: &PlanPackage<'a>, depth: Depth, known: bool) {
        if self.options.deps.nodeps || known {
            return;
        }
        let task = Work::Dependencies(package.id);
        if package.is_installed() && !self.selector().recurses(depth.map(|depth| depth + 1)) {
            self.worklist.postponed.push(task);
        } else {
            self.worklist.stack.push(task);
        }
    }

    /// REQUIRED_USE is checked once a package was selected; it does not steer the selection.
    fn check_required_use(
        &mut self,
        package: &Rc<PlanPackage<'a>>,
        dependency: &Dependency,
    ) -> Result<(), ResolveError> {
        let text = package.text(Key::RequiredUse);
        if package.is_built() || text.is_empty() {
            return Ok(());
        }
        let enabled = |flag: &str| self.selector().enabled(package, flag);
        let holds = RequiredUse::parse(text, package.package.eapi)
            .is_ok_and(|required| required.is_met(&enabled));
        if holds {
            return Ok(());
        }
        self.outcome.problems.push(Problem::RequiredUse {
            package: package.id,
            parent: dependency.parent,
        });
        self.outcome.required_use_failed = true;
        self.outcome.forbid_restart();
        self.graph.add(package.id, Some(dependency.parent));
        Err(ResolveError)
    }

    fn is_replaced_by_parent(&self, package: &PlanPackage<'a>, parent: Parent) -> bool {
        let Some(parent) = parent.package().map(|id| self.get(id)) else {
            return false;
        };
        package.is_installed() && parent.shares_slot(package)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::argument::ArgumentId;
    use crate::plan::graph::dependency::Priority;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    #[test]
    fn required_use_that_does_not_hold_ends_the_attempt() {
        let packages = database(&["ebuild a/a-1; IUSE=x; REQUIRED_USE=x"]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let id = packages.ebuild("a/a-1").id;
        let dependency = Dependency::new(
            atom("a/a"),
            Parent::Argument(ArgumentId::new(0)),
            Some(0),
            Priority::default(),
        );
        assert_eq!(depgraph.add_package(id, dependency), Err(ResolveError));
        assert!(depgraph.outcome.required_use_failed);
        assert!(matches!(
            depgraph.outcome.problems[..],
            [Problem::RequiredUse { package, .. }] if package == id
        ));
    }

    #[test]
    fn the_smaller_depth_stays() {
        let packages = database(&["ebuild a/a-1"]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let id = packages.ebuild("a/a-1").id;
        let mut add = |depth| {
            let parent = Parent::Argument(ArgumentId::new(0));
            let dependency = Dependency::new(atom("a/a"), parent, depth, Priority::default());
            assert_eq!(depgraph.add_package(id, dependency), Ok(id));
            depgraph.graph.depth(id)
        };
        assert_eq!(add(Some(4)), Some(Some(4)));
        assert_eq!(add(Some(2)), Some(Some(2)));
        assert_eq!(add(Some(3)), Some(Some(2)));
        assert_eq!(add(None), Some(Some(2)));
    }
}
