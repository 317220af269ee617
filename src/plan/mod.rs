//! Which package satisfies each dependency: from the targets through all that they depend on to what emerge
//! would merge (`_emerge/depgraph.py`).
//!
//! emerge's resolver is followed, with the order of merges and the uninstalls that solve blockers. With `--root` two
//! roots are in one graph: each package and each atom has its own.

mod argument;
mod dep_check;
mod depgraph;
mod effort;
mod graph;
mod merge_order;
mod options;
mod packages;
mod request;
mod result;
mod select;
#[cfg(test)]
mod testing;

use crate::packages::Packages;
use crate::plan::depgraph::backtrack;
use crate::plan::packages::dynamic_deps::InstalledDeps;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::result::{collect, left_out};
use crate::plan::select::parameters::BacktrackParameters;

pub use crate::plan::packages::root::Root;
pub use crate::plan::result::build_reason::BuildReason;
pub use crate::plan::result::emerge_output::{
    Difference, EmergeOutput, MergeSource, OrderDifference, differences, merge_list,
    order_difference,
};
pub use crate::plan::result::plan::{
    Blocked, Change, LeftOut, Merge, Obstacle, Origin, Plan, SkippedBecause, SkippedUpdate,
    Uninstalled,
};
pub use crate::plan::result::reason_code::ReasonCode;
pub use crate::plan::result::reinstall::{FlagChange, FlagChangeKind, Reinstall};
pub use crate::plan::result::rejected_binary::RejectedBinary;
pub use crate::plan::result::rejection::{Hidden, MovedSlot, Unsatisfied};
pub use crate::plan::result::required_by::RequiredBy;
pub use options::{
    Autounmask, BacktrackOptions, BuildOptions, CompleteOptions, Deep, DepOptions, OnlyDeps,
    OrderOptions, RebuildIf, RebuildOptions, ReinstallOptions, ResolveOptions, RootDeps,
    SelectionOptions,
};
pub use request::PlanRequest;

/// Resolve the targets to what would be merged.
pub fn resolve<'a>(
    packages: &'a Packages<'a>,
    options: &ResolveOptions,
    request: &PlanRequest,
) -> Plan<'a> {
    let db = PackageDb::new(packages, InstalledDeps::of(&options.deps));
    resolve_in(&db, options, request, &BacktrackParameters::default()).0
}

/// The same, with the updates that only `wider` would bring: options which reach more of what is installed.
pub fn resolve_beside<'a>(
    packages: &'a Packages<'a>,
    options: &ResolveOptions,
    wider: &ResolveOptions,
    request: &PlanRequest,
) -> Plan<'a> {
    let db = PackageDb::new(packages, InstalledDeps::of(&options.deps));
    let unknown = BacktrackParameters::default();
    let (mut plan, found) = resolve_in(&db, options, request, &unknown);
    if left_out::may_leave_out(&plan, packages) {
        let all = resolve_wider(&db, wider, request, found);
        plan.left_out = left_out::left_out(&plan, &all);
    }
    plan
}

/// Resolve with options that reach more, from what a plan that reached less had to mask: as a rule the same has to be
/// masked, and emerge would find it out again, attempt by attempt.
///
/// Rebuilds are not taken over. More of them are necessary here, and where those of two graphs come together, they
/// prevent updates, for which emerge would start anew.
fn resolve_wider<'a>(
    db: &PackageDb<'a>,
    options: &ResolveOptions,
    request: &PlanRequest,
    mut known: BacktrackParameters,
) -> Plan<'a> {
    known.drop_rebuilds();
    let (plan, _) = resolve_in(db, options, request, &known);
    if plan.is_sound() || plan.is_given_up() {
        return plan;
    }
    resolve_in(db, options, request, &BacktrackParameters::default()).0
}

/// Resolve from what is known before; gives also what the last attempt started from.
fn resolve_in<'a>(
    db: &PackageDb<'a>,
    options: &ResolveOptions,
    request: &PlanRequest,
    known: &BacktrackParameters,
) -> (Plan<'a>, BacktrackParameters) {
    db.effort.renew();
    let (depgraph, ending, attempts) = backtrack::resolve(db, options, request, known);
    let plan = collect::of(&depgraph, ending, attempts);
    (plan, depgraph.parameters)
}
