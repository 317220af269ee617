//! Which package serves each need: a walk from the targets through their dependencies that ends
//! with what emerge would merge (`_emerge/depgraph.py`).
//!
//! emerge's resolver is followed as far as it decides versions and sources; merge order and the
//! solution of blockers are not.

mod dep_check;
mod depgraph;
mod graph;
mod options;
mod packages;
mod request;
mod result;
mod select;

use typed_arena::Arena;

use crate::binhost::Pool;
use crate::check::Policy;
use crate::local::{Local, Trees};
use crate::pms::Package;
use crate::source::Notices;

pub use crate::plan::result::emerge_output::{
    Difference, EmergeOutput, Source, differences, merge_list,
};
pub use crate::plan::result::from_source::{BuildReason, from_source};
pub use crate::plan::result::plan::{
    Blocked, Change, Merge, Obstacle, Plan, RejectedBinary, RequiredBy,
};
pub use options::{Deep, OnlyDeps, ResolveOptions};
pub use request::Request;

/// Everything that a walk looks at. Packages that it reads are kept in `arena`.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)]
pub struct PlanInput<'a> {
    /// This machine.
    pub local: &'a Local,
    /// Options about binary packages.
    pub policy: &'a Policy,
    /// The ebuild repositories.
    pub trees: &'a Trees,
    /// All binary packages.
    pub pool: &'a Pool,
    /// Where packages lie that are read on the way.
    pub arena: &'a Arena<Package>,
    /// Lines that were skipped.
    pub notices: &'a Notices,
}

/// Walk from the targets to what would be merged.
pub fn resolve<'a>(ground: PlanInput<'a>, options: &ResolveOptions, request: &Request) -> Plan<'a> {
    let packages = crate::plan::packages::package_db::PackageDb::new(ground, options.dynamic_deps);
    let (mut resolve, ending, attempts) =
        crate::plan::depgraph::backtrack::resolve(&packages, options, request);
    crate::plan::result::collect::of(&mut resolve, ending, attempts)
}
