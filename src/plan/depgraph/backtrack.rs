//! Attempt after attempt until the graph is sound, or nothing is left to try
//! (`portage: depgraph.py:_backtrack_depgraph`, `depgraph._resolve`).

use std::collections::BTreeSet;

use crate::plan::argument::{Argument, ArgumentId};
use crate::plan::depgraph::attempt::{Depgraph, Retry};
use crate::plan::depgraph::backtrack_tree::Backtracker;
use crate::plan::depgraph::create_graph::{OnUnsatisfied, ResolveError};
use crate::plan::depgraph::outcome::Problem;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::options::ResolveOptions;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::slot_key::SlotKey;
use crate::plan::request::PlanRequest;
use crate::plan::select::goal::Goal;
use crate::plan::select::parameters::BacktrackParameters;
use crate::plan::select::query::Autounmask;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Ending {
    /// A sound graph.
    Sound,
    /// Something is wrong.
    Failed,
}

/// Resolve until an attempt succeeds, from what is known before; gives the last one, and how many there were.
pub(in crate::plan) fn resolve<'u, 'a>(
    packages: &'u PackageDb<'a>,
    options: &'u ResolveOptions,
    request: &PlanRequest,
    known: &BacktrackParameters,
) -> (Depgraph<'u, 'a>, Ending, u32) {
    let retries = if options.deps.nodeps {
        0
    } else {
        options.backtrack.limit
    };
    let retry = if retries > 0 {
        Retry::Allowed
    } else {
        Retry::Never
    };
    // Half of the attempts may mask one package after another; the rest is left for other branches
    // (`portage: depgraph.py:_backtrack_depgraph`, `max_depth = max(1, (max_retries + 1) // 2)`).
    let max_depth = 1.max(retries.div_ceil(2));
    let mut tree = Backtracker::new(max_depth, known.clone());
    let mut tried = 0;
    let mut count = 0;
    let mut last = None;
    while let Some(parameters) = tree.next() {
        let (depgraph, ending) = attempt(packages, options, request, parameters, retry);
        count += 1;
        let done = ending == Ending::Sound
            || packages.effort.is_spent()
            || depgraph.needs_config_change()
            || depgraph.is_conflict_of_use()
            || retry == Retry::Never
            || tried >= retries;
        if !done {
            if depgraph.outcome.calls_for_restart() {
                tried += 1;
                tree.feedback(&depgraph.outcome.feedback);
            } else if tree.are_left() {
                tried += 1;
            }
        }
        last = Some((depgraph, ending));
        if done {
            break;
        }
    }
    let (depgraph, ending) = match last {
        // What is shown when all attempts failed is one without masks: it names the original problem
        // (`portage: depgraph.py:_backtrack_depgraph`, `get_best_run`).
        Some((depgraph, Ending::Failed))
            if tried > 0 && !packages.effort.is_spent() && !depgraph.has_problems_to_show() =>
        {
            count += 1;
            attempt(packages, options, request, tree.best(), Retry::Never)
        }
        Some(last) => last,
        None => {
            let parameters = BacktrackParameters::default();
            count += 1;
            attempt(packages, options, request, parameters, Retry::Never)
        }
    };
    if ending == Ending::Failed
        && !packages.effort.is_spent()
        && depgraph.is_broken_by_use_changes()
    {
        let parameters = BacktrackParameters::default();
        let mut depgraph = start(packages, options, request, parameters, Retry::Never);
        depgraph.proposals = Autounmask::Off;
        let ending = depgraph.attempt(request);
        return (depgraph, ending, count + 1);
    }
    (depgraph, ending, count)
}

/// One attempt (`portage: depgraph.py:depgraph.select_files`).
fn attempt<'u, 'a>(
    packages: &'u PackageDb<'a>,
    options: &'u ResolveOptions,
    request: &PlanRequest,
    parameters: BacktrackParameters,
    retry: Retry,
) -> (Depgraph<'u, 'a>, Ending) {
    let mut depgraph = start(packages, options, request, parameters, retry);
    let ending = depgraph.attempt(request);
    (depgraph, ending)
}

/// An attempt that did nothing yet.
fn start<'u, 'a>(
    packages: &'u PackageDb<'a>,
    options: &'u ResolveOptions,
    request: &PlanRequest,
    parameters: BacktrackParameters,
    retry: Retry,
) -> Depgraph<'u, 'a> {
    let atoms_of = |name: &str| -> Vec<Atom> {
        let sets = request.world.iter().filter(|set| set.name == name);
        sets.flat_map(|set| set.atoms.clone()).collect()
    };
    let (selected, system) = (atoms_of("@selected"), atoms_of("@system"));
    let goal = Goal::new(request.arguments.clone(), selected, system, options);
    Depgraph::new(packages, options, parameters, retry, goal)
}

impl Depgraph<'_, '_> {
    fn attempt(&mut self, request: &PlanRequest) -> Ending {
        if self.options.selection.update {
            self.add_greedy_slots();
        }
        self.add_rebuilds();
        let result = self.run(&request.world);
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

    fn run(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
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
    use super::*;
    use crate::plan::effort::Effort;
    use crate::plan::options::{self, Deep};
    use crate::plan::testing::{database, options_with, plan, plan_on};

    fn update() -> ResolveOptions {
        options_with(|options| {
            options.selection.update = true;
            options.selection.deep = Deep::All;
            options.selection.selective = true;
        })
    }

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
    fn a_version_whose_dependency_is_missing_is_given_up() {
        let lines = [
            "ebuild a/a-2; RDEPEND=b/b",
            "ebuild a/a-1",
            "ebuild c/c-1; RDEPEND=a/a",
        ];
        assert_eq!(plan(&lines, &["c/c"], &update()), "N a/a-1, N c/c-1");
        let mut never = update();
        never.backtrack.limit = 0;
        assert!(plan(&lines, &["c/c"], &never).starts_with("; Unsatisfied"));
    }

    #[test]
    fn virtuals_that_lead_to_each_other_are_given_up() {
        let names: Vec<String> = (0..20).map(|number| format!("virtual/v{number}")).collect();
        let any = names.join(" ");
        let lines = names
            .iter()
            .map(|name| format!("ebuild {name}-1; RDEPEND=|| ( {any} )"));
        let lines: Vec<String> = lines.collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut packages = database(&lines);
        packages.effort = Effort::of(20_000);
        let options = ResolveOptions::default();
        assert_eq!(plan_on(packages, &["virtual/v0"], &options), "; TooComplex");
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

    #[test]
    fn a_slot_conflict_is_solved_by_the_lower_version() {
        let lines = [
            "ebuild a/a-1; RDEPEND=l/l b/b",
            "ebuild b/b-1; RDEPEND=<l/l-2",
            "ebuild l/l-2",
            "ebuild l/l-1",
        ];
        assert_eq!(
            plan(&lines, &["a/a"], &update()),
            "N l/l-1, N b/b-1, N a/a-1"
        );
    }

    #[test]
    fn what_is_built_against_an_old_sub_slot_is_built_again() {
        let lines = [
            "installed p/p-1; RDEPEND=c/c:0/1=",
            "ebuild p/p-1; RDEPEND=c/c:=",
            "installed c/c-1; SLOT=0/1",
            "ebuild c/c-2; SLOT=0/2",
        ];
        assert_eq!(plan(&lines, &["p/p"], &update()), "U c/c-2, R p/p-1");
    }
}
