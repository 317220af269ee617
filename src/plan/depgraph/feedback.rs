//! What one attempt tells the next ones (`portage: depgraph.py:depgraph.get_backtrack_infos`).

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::plan::packages::slot_key::SlotKey;
use crate::plan::select::unmask::Unmasks;
use crate::plan::select::use_changes::UseChanges;

/// A package to mask and the atoms that speak against it.
pub(in crate::plan) type MaskCandidate = (Id, Vec<(Parent, Atom)>);

/// What one attempt found out.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct Feedback {
    /// Something of the configuration kind was found (it may be nothing but a flag).
    pub config: bool,
    /// Packages that wait for each other.
    pub circular: BTreeMap<Id, BTreeSet<Id>>,
    /// New USE changes.
    pub use_changes: UseChanges,
    /// Packages that the configuration would have to accept.
    pub unmasks: Unmasks,
    /// Packages to mask because of slot operators.
    pub mask_built: BTreeSet<Id>,
    /// Installed packages to build again.
    pub replace: BTreeSet<SlotKey>,
    /// Slots of packages to compile again.
    pub compiled_again: BTreeSet<SlotKey>,
    /// Slots of packages of which another build is to be merged.
    pub merged_again: BTreeSet<SlotKey>,
    /// A slot conflict was met by rebuilding.
    pub conflict_solved_by_rebuild: bool,
    /// Rebuilds should be dropped.
    pub without_rebuilds: bool,
    /// Slot conflicts: for each, the alternative sets of packages to mask.
    pub slot_conflicts: Vec<Vec<Vec<MaskCandidate>>>,
    /// A package with a dependency that nothing satisfies.
    pub missing_dependency: Option<(Id, Atom)>,
}
