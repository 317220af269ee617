//! Why a merge is compiled: what stands between it and the binary packages that hosts have.

use crate::check::{Judged, Verdict};
use crate::plan::result::plan::{Merge, RejectedBinary};
use crate::pms::Version;

/// Why no binary package serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildReason {
    /// No host has any version.
    NoBinary,
    /// Hosts have other versions only.
    VersionSkew {
        /// The nearest lower version, by position among the instances.
        older: Option<usize>,
        /// The nearest higher version, likewise.
        newer: Option<usize>,
    },
    /// A host has the version, and rules speak against every instance of it. The nearest one, by
    /// position; its findings say why.
    Rejected(usize),
    /// A host has the version, and the walk could not use it.
    RejectedBinary(usize, RejectedBinary),
    /// A host has the version and nothing speaks against it: emerge prefers the ebuild, as where it
    /// has more recent USE than an equal binary, or the data to tell are not there.
    Undetermined(usize),
}

impl BuildReason {
    /// A stable word for each; for rules that reject it is `rejected`.
    pub fn code(&self) -> &'static str {
        match self {
            BuildReason::NoBinary => "no-binary",
            BuildReason::VersionSkew { .. } => "version-skew",
            BuildReason::Rejected(_) => "rejected",
            BuildReason::RejectedBinary(_, RejectedBinary::SlotOperator) => "slot-operator",
            BuildReason::RejectedBinary(_, RejectedBinary::Dependency) => "dependency",
            BuildReason::RejectedBinary(_, RejectedBinary::SlotConflict) => "slot-conflict",
            BuildReason::RejectedBinary(_, RejectedBinary::Atom(_)) => "atom",
            BuildReason::Undetermined(_) => "undetermined",
        }
    }
}

/// Why a merge from source is one. `instances` are those of its name as (position, instance), best
/// first; `entry` finds the position of an instance in the pool.
pub fn from_source(
    merge: &Merge<'_>,
    instances: &[(usize, &Judged<'_>)],
    entry: &dyn Fn(&Judged<'_>) -> Option<usize>,
) -> BuildReason {
    let version = &merge.package.cpv.version;
    let same: Vec<(usize, &Judged<'_>)> = instances
        .iter()
        .copied()
        .filter(|(_, judged)| version_of(judged).cmp_version(version).is_eq())
        .collect();
    if same.is_empty() {
        return skew(version, instances);
    }
    for (position, judged) in &same {
        let passed_over = merge
            .passed_over
            .iter()
            .find(|(passed, _)| entry(judged) == Some(*passed));
        if judged.verdict == Verdict::Accepted
            && let Some((_, why)) = passed_over
        {
            return BuildReason::RejectedBinary(*position, why.clone());
        }
    }
    let accepted = same
        .iter()
        .find(|(_, judged)| judged.verdict != Verdict::Rejected);
    if let Some((position, _)) = accepted {
        return BuildReason::Undetermined(*position);
    }
    let nearest = same
        .iter()
        .min_by_key(|(_, judged)| judged.findings.len())
        .map_or(0, |(position, _)| *position);
    BuildReason::Rejected(nearest)
}

fn version_of<'j>(judged: &'j Judged<'_>) -> &'j Version {
    &judged.candidate.package.cpv.version
}

fn skew(version: &Version, instances: &[(usize, &Judged<'_>)]) -> BuildReason {
    let mut older: Option<(usize, &Version)> = None;
    let mut newer: Option<(usize, &Version)> = None;
    for (position, judged) in instances {
        let other = version_of(judged);
        if other.cmp_version(version).is_lt() {
            if older.is_none_or(|(_, known)| known.cmp_version(other).is_lt()) {
                older = Some((*position, other));
            }
        } else if newer.is_none_or(|(_, known)| known.cmp_version(other).is_gt()) {
            newer = Some((*position, other));
        }
    }
    match (older, newer) {
        (None, None) => BuildReason::NoBinary,
        (older, newer) => BuildReason::VersionSkew {
            older: older.map(|(position, _)| position),
            newer: newer.map(|(position, _)| position),
        },
    }
}
