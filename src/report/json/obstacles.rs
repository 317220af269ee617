//! What stands in the way of a plan, or aside.

use serde::Serialize;

use crate::plan::{Blocked, Obstacle, SkippedBecause, SkippedUpdate, Uninstalled};

use super::facts::{CandidateJson, candidates};
use super::parents::{ParentJson, flags, parent, wanted};

/// An update that is skipped: because of a dependency that nothing satisfies, or of others.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SkippedJson<'r> {
    cpv: String,
    selected: String,
    dependency: Option<&'r str>,
    parents: Vec<ParentJson<'r>>,
}

impl<'r> SkippedJson<'r> {
    pub(super) fn of(skipped: &'r SkippedUpdate) -> SkippedJson<'r> {
        let (dependency, pairs) = match &skipped.because {
            SkippedBecause::Dependency(atom) => (Some(atom.as_str()), &[][..]),
            SkippedBecause::Conflict(pairs) => (None, pairs.as_slice()),
        };
        SkippedJson {
            cpv: skipped.package.to_string(),
            selected: skipped.selected.to_string(),
            dependency,
            parents: pairs.iter().map(parent).collect(),
        }
    }
}

/// An installed package that makes room, and how many merges come before that.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct UninstalledJson {
    cpv: String,
    after: usize,
}

impl UninstalledJson {
    pub(super) fn of(uninstalled: &Uninstalled) -> UninstalledJson {
        UninstalledJson {
            cpv: uninstalled.package.to_string(),
            after: uninstalled.after,
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub(super) enum ObstacleJson<'r> {
    Unsatisfied {
        why: String,
        candidates: Vec<CandidateJson<'r>>,
        parent: ParentJson<'r>,
    },
    RequiredUse {
        cpv: String,
        parent: ParentJson<'r>,
    },
    Circular {
        cpvs: Vec<String>,
    },
    NeedsMerge {
        cpv: String,
        parent: ParentJson<'r>,
    },
    UseChange {
        cpv: String,
        flags: Vec<String>,
        parents: Vec<ParentJson<'r>>,
    },
    Unmask {
        cpv: String,
        keyword: Option<&'r str>,
        masked: bool,
        licenses: &'r [String],
        parents: Vec<ParentJson<'r>>,
    },
    SlotConflict {
        slot: &'r str,
        packages: Vec<ConflictingJson<'r>>,
    },
    Blocker {
        by: String,
        atom: &'r str,
        cpv: String,
    },
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct ConflictingJson<'r> {
    cpv: String,
    parents: Vec<ParentJson<'r>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct BlockedJson<'r> {
    by: String,
    atom: &'r str,
    cpv: String,
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
        Obstacle::Unsatisfied { atom, parent, why } => ObstacleJson::Unsatisfied {
            why: why.to_string(),
            candidates: candidates(why),
            parent: wanted(parent, atom),
        },
        Obstacle::RequiredUse { package, parent } => ObstacleJson::RequiredUse {
            cpv: package.to_string(),
            parent: wanted(parent, ""),
        },
        Obstacle::Circular { packages } => ObstacleJson::Circular {
            cpvs: packages.iter().map(ToString::to_string).collect(),
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
        Obstacle::Blocked(blocked) => ObstacleJson::Blocker {
            by: blocked.by.to_string(),
            atom: &blocked.atom,
            cpv: blocked.package.to_string(),
        },
    }
}
