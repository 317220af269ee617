//! Attempt after attempt until the graph is sound, or nothing is left to try
//! (`portage: depgraph.py:_backtrack_depgraph`, `depgraph._resolve`).

use crate::plan::depgraph::attempt::{Depgraph, Retry};
use crate::plan::depgraph::backtrack_tree::Backtracker;
use crate::plan::depgraph::targets::Ending;
use crate::plan::options::ResolveOptions;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::request::PlanRequest;
use crate::plan::select::goal::Goal;
use crate::plan::select::parameters::BacktrackParameters;
use crate::plan::select::query::Autounmask;

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
        let ending = depgraph.resolve(request);
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
    let ending = depgraph.resolve(request);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::effort::Effort;
    use crate::plan::testing::{database, plan, plan_on, update};

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
