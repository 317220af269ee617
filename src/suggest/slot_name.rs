//! The name by which merges of two plans are held against each other.

use crate::plan::{Merge, Root};

/// A package name with its slot, `category/package:slot`; ` in /` follows where that of the running system is meant
/// beside another root.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotName(pub String);

impl SlotName {
    /// That of a merge.
    pub fn of(merge: &Merge<'_>) -> SlotName {
        let package = merge.package;
        let slot = format!("{}:{}", package.cpv.cpn, package.slot_or_zero().slot());
        SlotName(match merge.root {
            Root::Target => slot,
            Root::Running => slot + " in /",
        })
    }
}
