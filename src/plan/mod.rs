//! Which package serves each need: a walk from the targets through their dependencies that ends
//! with what emerge would merge (`_emerge/depgraph.py`).
//!
//! emerge's resolver is followed as far as it decides versions and sources; merge order and the
//! solution of blockers are not.

mod add;
mod alternatives;
mod arguments;
mod atom;
mod available;
mod bins;
mod blockers;
mod choice;
mod choose;
mod circular;
mod compare;
mod complete;
mod conflicts;
mod consider;
mod decide;
mod dependencies;
mod distribute;
mod dynamic;
mod from_graph;
mod graph;
mod grow;
mod harvest;
mod lessons;
mod need;
mod options;
mod outcome;
mod pick;
mod pretended;
mod prospect;
mod rebuilds;
mod reduced;
mod request;
mod resolve;
mod scan;
mod similar;
mod slot_operators;
mod tracker;
mod universe;
mod use_changes;
mod walk;
mod why;

use typed_arena::Arena;

use crate::binhost::Pool;
use crate::check::Policy;
use crate::local::{Local, Trees};
use crate::pms::Package;
use crate::source::Notices;

pub use options::{Deep, OnlyDeps, WalkOptions};
pub use outcome::{Blocked, Change, Merge, Obstacle, PassedOver, Plan, Wanter};
pub use pretended::{Difference, Pretended, Source, differences, merge_list};
pub use request::Request;
pub use why::{FromSource, from_source};

/// Everything that a walk looks at. Packages that it reads are kept in `arena`.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)]
pub struct Ground<'a> {
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
pub fn walk<'a>(ground: Ground<'a>, options: &WalkOptions, request: &Request) -> Plan<'a> {
    let universe = universe::Universe::new(ground, options.dynamic_deps);
    let (mut walk, ending, attempts) = resolve::resolve(&universe, options, request);
    harvest::of(&mut walk, ending, attempts)
}
