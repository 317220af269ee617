//! What stands in the way of a plan, or aside.

use serde::Serialize;

use crate::plan::{Blocked, Obstacle, SkippedBecause, SkippedUpdate, Uninstalled};

use super::facts::{CandidateJson, candidates};
use super::parents::{ParentJson, flags, parent, wanted};

/// An update that is skipped: because of a dependency that nothing satisfies, or of others.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SkippedJson<'r> {
    /// The version that is skipped.
    cpv: String,
    /// The version that is taken.
    selected: String,
    /// The dependency that nothing satisfies; null if others are in the way.
    dependency: Option<&'r str>,
    /// What is there and does not count for that dependency.
    candidates: Vec<CandidateJson<'r>>,
    /// The packages that want another version.
    parents: Vec<ParentJson<'r>>,
}

impl<'r> SkippedJson<'r> {
    pub(super) fn of(skipped: &'r SkippedUpdate) -> SkippedJson<'r> {
        let (lacking, pairs) = match &skipped.because {
            SkippedBecause::Dependency(lacking) => (Some(lacking), &[][..]),
            SkippedBecause::Conflict(pairs) => (None, pairs.as_slice()),
        };
        SkippedJson {
            cpv: skipped.package.to_string(),
            selected: skipped.selected.to_string(),
            dependency: lacking.map(|lacking| lacking.atom.as_str()),
            candidates: lacking.map(candidates).unwrap_or_default(),
            parents: pairs.iter().map(parent).collect(),
        }
    }
}

/// An installed package that makes room, and how many merges come before that.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct UninstalledJson {
    /// The package.
    cpv: String,
    /// The root that it leaves: `target`, that of the request, or `running`, the running system where that is another one.
    root: &'static str,
    /// How many merges come before.
    after: usize,
}

impl UninstalledJson {
    pub(super) fn of(uninstalled: &Uninstalled) -> UninstalledJson {
        UninstalledJson {
            cpv: uninstalled.package.to_string(),
            root: uninstalled.root.as_str(),
            after: uninstalled.after,
        }
    }
}

/// What emerge stops at.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub(super) enum ObstacleJson<'r> {
    /// Nothing satisfies an atom.
    Unsatisfied {
        /// Why, for people.
        why: String,
        /// What is there and does not count.
        candidates: Vec<CandidateJson<'r>>,
        /// Who wants it.
        parent: ParentJson<'r>,
        /// Who wants that, and so on, up to a target.
        path: Vec<ParentJson<'r>>,
    },
    /// REQUIRED_USE is not met.
    RequiredUse {
        /// The package.
        cpv: String,
        /// The parts of it that are not met.
        unmet: &'r [String],
        /// The flags that these name, with - where they are off.
        flags: Vec<String>,
        /// Who wants it.
        parent: ParentJson<'r>,
    },
    /// Packages need each other before they are there.
    Circular {
        /// The packages.
        cpvs: Vec<String>,
        /// Changes of USE of which one would break the cycle.
        breaks: Vec<BreakJson<'r>>,
    },
    /// With --buildpkgonly: something would have to be merged first.
    NeedsMerge {
        /// The package.
        cpv: String,
        /// Who wants it.
        parent: ParentJson<'r>,
    },
    /// USE flags would have to change.
    UseChange {
        /// The package.
        cpv: String,
        /// The flags, with - to switch off.
        flags: Vec<String>,
        /// Who wants it.
        parents: Vec<ParentJson<'r>>,
    },
    /// Something masked would have to be accepted.
    Unmask {
        /// The package.
        cpv: String,
        /// The keyword to accept.
        keyword: Option<&'r str>,
        /// Whether package.mask has it.
        masked: bool,
        /// The licenses to accept.
        licenses: &'r [String],
        /// Who wants it.
        parents: Vec<ParentJson<'r>>,
    },
    /// Two packages of one slot are wanted.
    SlotConflict {
        /// Name and slot.
        slot: &'r str,
        /// The packages.
        packages: Vec<ConflictingJson<'r>>,
    },
    /// It takes more work than is allowed to find out; emerge might go on.
    TooComplex,
    /// A package blocks another.
    Blocker {
        /// The package that blocks.
        by: String,
        /// The blocker.
        atom: &'r str,
        /// The package that is blocked.
        cpv: String,
        /// Who wants the package that blocks.
        by_parents: Vec<ParentJson<'r>>,
        /// Who wants the package that is blocked.
        parents: Vec<ParentJson<'r>>,
    },
}

/// A flag that would break a cycle.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct BreakJson<'r> {
    /// The package.
    cpv: String,
    /// The flag.
    flag: &'r str,
    /// The state that it would need.
    enabled: bool,
}

/// A package in a slot conflict.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ConflictingJson<'r> {
    /// The package.
    cpv: String,
    /// Who wants it.
    parents: Vec<ParentJson<'r>>,
}

/// A blocker that is met.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct BlockedJson<'r> {
    /// The package that blocks.
    by: String,
    /// The blocker.
    atom: &'r str,
    /// The package that is blocked.
    cpv: String,
    /// Whether an uninstall solves it.
    solvable: bool,
}

impl<'r> BlockedJson<'r> {
    pub(super) fn of(blocked: &'r Blocked) -> BlockedJson<'r> {
        BlockedJson {
            by: blocked.by.to_string(),
            atom: &blocked.atom,
            cpv: blocked.package.to_string(),
            solvable: !blocked.unsolvable,
        }
    }
}

pub(super) fn obstacle(obstacle: &Obstacle) -> ObstacleJson<'_> {
    match obstacle {
        Obstacle::Unsatisfied {
            atom,
            parent,
            path,
            why,
        } => ObstacleJson::Unsatisfied {
            why: why.to_string(),
            candidates: candidates(why),
            parent: wanted(parent, atom),
            path: path.iter().map(|above| wanted(above, "")).collect(),
        },
        Obstacle::RequiredUse {
            package,
            unmet,
            flags: named,
            parent,
        } => ObstacleJson::RequiredUse {
            cpv: package.to_string(),
            unmet,
            flags: flags(named),
            parent: wanted(parent, ""),
        },
        Obstacle::Circular { packages, breaks } => ObstacleJson::Circular {
            cpvs: packages.iter().map(ToString::to_string).collect(),
            breaks: breaks
                .iter()
                .map(|(cpv, flag, enabled)| BreakJson {
                    cpv: cpv.to_string(),
                    flag,
                    enabled: *enabled,
                })
                .collect(),
        },
        Obstacle::NeedsMerge { package, parent } => ObstacleJson::NeedsMerge {
            cpv: package.to_string(),
            parent: wanted(parent, ""),
        },
        Obstacle::UseChange {
            package,
            flags: changes,
            parents,
        } => ObstacleJson::UseChange {
            cpv: package.to_string(),
            flags: flags(changes),
            parents: parents.iter().map(parent).collect(),
        },
        Obstacle::Unmask {
            package,
            keyword,
            masked,
            licenses,
            parents,
        } => ObstacleJson::Unmask {
            cpv: package.to_string(),
            keyword: keyword.as_deref(),
            masked: *masked,
            licenses,
            parents: parents.iter().map(parent).collect(),
        },
        Obstacle::SlotConflict { slot, packages } => ObstacleJson::SlotConflict {
            slot,
            packages: packages
                .iter()
                .map(|(cpv, parents)| ConflictingJson {
                    cpv: cpv.to_string(),
                    parents: parents.iter().map(parent).collect(),
                })
                .collect(),
        },
        Obstacle::TooComplex => ObstacleJson::TooComplex,
        Obstacle::Blocked(blocked) => ObstacleJson::Blocker {
            by: blocked.by.to_string(),
            atom: &blocked.atom,
            cpv: blocked.package.to_string(),
            by_parents: blocked.by_parents.iter().map(parent).collect(),
            parents: blocked.parents.iter().map(parent).collect(),
        },
    }
}
