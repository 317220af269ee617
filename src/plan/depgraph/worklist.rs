//! What an attempt has still to look at.

use std::collections::HashSet;

use crate::plan::graph::dependency::{Dependency, Priority};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::pms::Reduced;

/// What is to be looked at next.
#[derive(Clone, Debug)]
pub(in crate::plan) enum Work {
    /// The dependencies of a package.
    Dependencies(Id),
    /// One dependency.
    Dependency(Dependency),
}

/// Any-of groups and virtuals of one dependency variable, looked at after everything else.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Disjunction {
    pub package: Id,
    pub priority: Priority,
    pub nodes: Vec<Reduced<Atom>>,
}

/// What an attempt has still to look at. The last that came is looked at first, as in Portage, where it
/// decides which of several packages is in the graph when the others are selected.
#[derive(Debug, Default)]
pub(in crate::plan) struct Worklist {
    /// Looked at first (`portage: _dep_stack`).
    pub stack: Vec<Work>,
    /// Looked at when the stack is empty, so that alternatives are selected among when as much as
    /// possible is known (`portage: _dep_disjunctive_stack`).
    pub disjunctions: Vec<Disjunction>,
    /// Looked at only if the graph is completed (`portage: _ignored_deps`).
    pub postponed: Vec<Work>,
    /// What nothing satisfied while the graph was completed (`portage: _unsatisfied_deps`).
    pub unsatisfied: Vec<Dependency>,
    /// Packages whose dependencies were looked at (`portage: _traversed_pkg_deps`).
    pub traversed: HashSet<Id>,
}

impl Worklist {
    /// Nothing is left out any more.
    pub fn resume_postponed(&mut self) {
        self.stack.append(&mut self.postponed);
    }
}
