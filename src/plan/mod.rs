//! Which package satisfies each dependency: from the targets through all that they depend on to what emerge
//! would merge (`_emerge/depgraph.py`).
//!
//! emerge's resolver is followed, with the order of merges and the uninstalls that solve blockers.

mod argument;
mod dep_check;
mod depgraph;
mod graph;
mod merge_order;
mod options;
mod packages;
mod request;
mod result;
mod running_root;
mod select;
#[cfg(test)]
mod testing;

use crate::packages::Packages;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::running_root::RunningNeed;

pub use crate::plan::result::build_reason::BuildReason;
pub use crate::plan::result::emerge_output::{
    Difference, EmergeOutput, MergeSource, OrderDifference, differences, merge_list,
    order_difference,
};
pub use crate::plan::result::left_out::{left_out, may_leave_out};
pub use crate::plan::result::plan::{
    Blocked, Change, LeftOut, Merge, MergeRoot, Obstacle, Origin, Plan, SkippedBecause,
    SkippedUpdate, Uninstalled,
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
    let (mut plan, needs) = resolve_in(packages, options, request);
    if let Some(running) = packages.running() {
        running_root::add(&mut plan, running, options, request, needs);
    }
    plan
}

/// The plan for one root, and what it needs of the running one.
fn resolve_in<'a>(
    packages: &'a Packages<'a>,
    options: &ResolveOptions,
    request: &PlanRequest,
) -> (Plan<'a>, Vec<RunningNeed>) {
    let packages = PackageDb::new(packages, options.deps.dynamic);
    let (depgraph, ending, attempts) =
        crate::plan::depgraph::backtrack::resolve(&packages, options, request);
    let needs = running_root::needs(&depgraph);
    (
        crate::plan::result::collect::of(&depgraph, ending, attempts),
        needs,
    )
}
