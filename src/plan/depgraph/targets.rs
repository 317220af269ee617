//! What one attempt does: each target is added with all that it leads to, merges are brought in order, and what came of it
//! is checked (`portage: depgraph.py:depgraph._resolve`).

use std::collections::BTreeSet;

use crate::plan::argument::{Argument, ArgumentId};
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::create_graph::{OnUnsatisfied, ResolveError};
use crate::plan::depgraph::outcome::Problem;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::slot_key::SlotKey;
use crate::plan::request::PlanRequest;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Ending {
    /// A sound graph.
    Sound,
    /// Something is wrong.
    Failed,
}

impl Depgraph<'_, '_> {
    /// From the targets to the order of merges, and what that came to
    /// (`portage: depgraph.py:depgraph.select_files`).
    pub(super) fn resolve(&mut self, request: &PlanRequest) -> Ending {
        if self.options.selection.update {
            self.add_greedy_slots();
        }
        self.add_rebuilds();
        let result = self.follow_targets(&request.world);
        if self.packages.effort.is_spent() {
            self.outcome.problems = vec![Problem::TooComplex];
            self.outcome.forbid_restart();
            return Ending::Failed;
        }
        let virtual_cycle = self.memo.virtual_cycle();
        if !virtual_cycle.is_empty() {
            let packages = virtual_cycle.into_iter().collect();
            self.outcome.problems.push(Problem::Circular { packages });
            self.outcome.forbid_restart();
            return Ending::Failed;
        }
        match result {
            Ok(()) => Ending::Sound,
            Err(ResolveError) => Ending::Failed,
        }
    }

    /// What earlier attempts found must be built again becomes a target of its own.
    fn add_rebuilds(&mut self) {
        for root in self.packages.roots() {
            let atoms = |slots: &BTreeSet<SlotKey>| {
                let slots = slots.iter().filter(|slot| slot.root == root);
                slots.map(SlotKey::atom).collect()
            };
            let sets = [
                Argument::triggered(root, atoms(&self.parameters.compiled_again)),
                Argument::triggered(root, atoms(&self.parameters.merged_again)),
                Argument::rebuilds(root, atoms(&self.parameters.replaced)),
            ];
            for set in sets.into_iter().filter(|set| !set.atoms.is_empty()) {
                self.goal.add_argument(set);
            }
        }
    }

    fn follow_targets(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
        self.outcome.is_incomplete = true;
        for id in self.goal.argument_ids() {
            for atom in self.goal.argument(id).atoms.clone() {
                self.add_target(id, atom)?;
            }
        }
        self.create_graph(OnUnsatisfied::Fail)?;
        self.make_merge_list(world)?;
        self.finish(world)
    }

    fn add_target(&mut self, argument: ArgumentId, atom: Atom) -> Result<(), ResolveError> {
        if self.packages.is_provided(&atom) {
            self.outcome.provided.push(atom);
            return Ok(());
        }
        let parent = Parent::Argument(argument);
        let tolerates = self.goal.argument(argument).tolerates_missing();
        let Some(package) = self.pick_target(&atom) else {
            if self
                .selector()
                .all_matching(&atom)
                .iter()
                .any(|package| self.selector().is_excluded(package))
            {
                return Ok(());
            }
            if tolerates {
                self.outcome.missing.push(atom);
                return Ok(());
            }
            self.outcome
                .problems
                .push(Problem::Unsatisfied { atom, parent });
            return Err(ResolveError);
        };
        if self.options.selection.update_if_installed
            && self.selector().installed_for(&atom).is_empty()
        {
            return Ok(());
        }
        if package.is_installed()
            && tolerates
            && self.selector().replacement_slot(&package).is_none()
            && !self.selector().is_excluded(&package)
        {
            self.outcome.orphaned.push(atom.clone());
        }
        if package.is_installed()
            && !self.options.selection.selective
            && !self.selector().is_excluded(&package)
        {
            self.outcome.problems.push(Problem::Unsatisfied {
                atom: atom.clone(),
                parent,
            });
            let system = self.goal.argument(argument).name == "@system";
            if !tolerates && !system {
                return Err(ResolveError);
            }
        }
        let id = if self.options.deps.onlydeps && !self.graph.has(package.id) {
            let id = self.packages.for_dependencies(&package);
            self.outcome.carry_changes(package.id, id);
            id
        } else {
            package.id
        };
        let mut dependency = Dependency::new(atom, parent, Some(0), Priority::default());
        dependency.child = Some(id);
        self.add_package(id, dependency)?;
        Ok(())
    }

    /// What is checked once the graph is complete (`portage: depgraph.py:depgraph._resolve`, its end).
    fn finish(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
        let conflicts = !self.slot_conflicts().is_empty();
        if conflicts && !self.accepts_conflicts()
            || self.may_retry() && !self.outcome.feedback.slot_conflicts.is_empty()
        {
            return Err(ResolveError);
        }
        if self.trigger_rebuilds() || self.outcome.calls_for_restart() {
            return Err(ResolveError);
        }
        if self.options.build.buildpkgonly
            && !self.options.build.fetchonly
            && self.needs_merge_first()
        {
            self.outcome.forbid_restart();
            return Err(ResolveError);
        }
        let rebuilds = !self.parameters.replaced.is_empty();
        if !self.parameters.without_rebuilds
            && (self.has_useless_ignored_binaries()
                || rebuilds && !self.missed_updates().is_empty())
        {
            self.outcome.feedback.config = true;
            self.outcome.feedback.without_rebuilds = true;
            self.outcome.request_restart();
            return Err(ResolveError);
        }
        if rebuilds && self.drop_useless_rebuilds() {
            self.make_merge_list(world)?;
        }
        if self.has_config_changes() {
            self.outcome.only_config_changes = true;
            return Err(ResolveError);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::options::{self, ResolveOptions};
    use crate::plan::testing::{options_with, plan, update};

    #[test]
    fn a_target_comes_with_its_dependencies() {
        let lines = [
            "ebuild a/a-1; RDEPEND=b/b; DEPEND=c/c",
            "ebuild b/b-1",
            "installed b/b-0",
            "ebuild c/c-1; BDEPEND=d/d",
            "binary c/c-1",
        ];
        let options = ResolveOptions::default();
        assert_eq!(
            plan(&lines, &["a/a"], &options),
            "N c/c-1 from binary, N a/a-1"
        );
        assert_eq!(
            plan(&lines, &["a/a"], &update()),
            "U b/b-1, N c/c-1 from binary, N a/a-1"
        );
    }

    #[test]
    fn what_is_wanted_for_its_dependencies_has_to_be_accepted_too() {
        let lines = ["ebuild a/a-1; KEYWORDS=~amd64; RDEPEND=b/b", "ebuild b/b-1"];
        let options = options_with(|options| {
            options.deps.onlydeps = true;
            options.backtrack.autounmask = Some(options::Autounmask {
                keywords: true,
                ..options::Autounmask::USE_FLAGS
            });
        });
        let plan = plan(&lines, &["a/a"], &options);
        assert!(plan.contains("Unmask"), "{plan}");
    }

    #[test]
    fn what_is_provided_may_be_blocked() {
        let lines = [
            "ebuild a/a-1; RDEPEND=!b/b",
            "installed b/b-1",
            "provided b/b-1",
        ];
        let plan = plan(&lines, &["a/a", "b/b"], &update());
        assert!(plan.contains("Blocked"), "{plan}");
    }
}
