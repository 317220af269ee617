//! What holds in an attempt from its start (`portage: resolver/backtracking.py:BacktrackParameter`).

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::plan::packages::slot_key::SlotKey;
use crate::plan::select::unmask::Unmasks;
use crate::plan::select::use_changes::UseChanges;

/// Why a package is left out of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct MaskReasons {
    /// A slot conflict, with the atoms that spoke against the package.
    pub slot_conflict: Option<Vec<(Parent, Atom)>>,
    /// One of its dependencies that nothing satisfies.
    pub missing_dependency: Option<Atom>,
    /// Something is to be built against another sub-slot.
    pub slot_operator: bool,
}

/// What holds in an attempt from its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::plan) struct BacktrackParameters {
    /// Packages that are not selected.
    pub masked: BTreeMap<Id, MaskReasons>,
    /// Slots of installed packages that are built again.
    pub replaced: BTreeSet<SlotKey>,
    /// Packages masked so that something else is built against the new sub-slot.
    pub masked_built: BTreeSet<Id>,
    /// Packages that wait for each other: for each those that it must not wait for.
    pub circular: BTreeMap<Id, BTreeSet<Id>>,
    /// USE changes that were found necessary.
    pub use_changes: UseChanges,
    /// Packages that the configuration would have to accept.
    pub unmasks: Unmasks,
    /// Slots of packages that are compiled again, since something that they were built with is.
    pub compiled_again: BTreeSet<SlotKey>,
    /// Slots of packages of which another build is merged.
    pub merged_again: BTreeSet<SlotKey>,
    /// Rebuilds turned out to prevent updates; try without (`portage: prune_rebuilds`).
    pub without_rebuilds: bool,
}

impl BacktrackParameters {
    /// Forget what is built again because of slot operators: what is still necessary is found out again, and whether
    /// it prevents updates is not asked any more.
    pub fn drop_rebuilds(&mut self) {
        self.without_rebuilds = true;
        self.replaced.clear();
        for package in std::mem::take(&mut self.masked_built) {
            if let Some(reasons) = self.masked.get_mut(&package) {
                reasons.slot_operator = false;
                if *reasons == MaskReasons::default() {
                    self.masked.remove(&package);
                }
            }
        }
    }
}
