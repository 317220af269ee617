//! Why a package is compiled: what stands between it and the binary packages that hosts have.

use crate::binhost::InstanceId;
use crate::check::{Code, Judged, Verdict};
use crate::packages::{Packages, nearest};
use crate::plan::result::plan::RejectedBinary;
use crate::pms::{Cpv, Version};

/// Why no binary package is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildReason {
    /// No host has any version.
    NoBinary,
    /// Hosts have other versions only.
    VersionSkew {
        /// The nearest lower version.
        older: Option<InstanceId>,
        /// The nearest higher version.
        newer: Option<InstanceId>,
    },
    /// A host has the version, and rules speak against every instance of it.
    Rejected {
        /// The nearest of them.
        nearest: InstanceId,
        /// The rules that speak against it.
        codes: Vec<Code>,
    },
    /// A host has the version, and the plan could not use it.
    RejectedBinary(InstanceId, RejectedBinary),
    /// A host has the version and nothing speaks against it: emerge prefers the ebuild, as where it
    /// has more recent USE than an equal binary, or the data to tell are not there.
    Undetermined(InstanceId),
}

impl BuildReason {
    /// Stable words for it: the rules that reject the nearest instance, or one word for the reason itself.
    pub fn codes(&self) -> Vec<&'static str> {
        match self {
            BuildReason::NoBinary => vec!["no-binary"],
            BuildReason::VersionSkew { .. } => vec!["version-skew"],
            BuildReason::Rejected { codes, .. } => codes.iter().map(|code| code.as_str()).collect(),
            BuildReason::RejectedBinary(_, why) => vec![why.code()],
            BuildReason::Undetermined(_) => vec!["undetermined"],
        }
    }

    /// The instance of the version that comes nearest to being used, where a host has the version.
    pub fn nearest(&self) -> Option<InstanceId> {
        match self {
            BuildReason::Rejected { nearest, .. } => Some(*nearest),
            BuildReason::RejectedBinary(id, _) | BuildReason::Undetermined(id) => Some(*id),
            BuildReason::NoBinary | BuildReason::VersionSkew { .. } => None,
        }
    }

    /// Why a version is compiled. `rejected` has binary packages of it that the plan could not use.
    pub(in crate::plan) fn of(
        cpv: &Cpv,
        rejected: &[(InstanceId, RejectedBinary)],
        packages: &Packages<'_>,
    ) -> BuildReason {
        let all = packages.instances_of(cpv.cpn.as_str());
        let is_same = |id: &&InstanceId| {
            let (candidate, _) = packages.entry(**id);
            candidate
                .package
                .cpv
                .version
                .cmp_version(&cpv.version)
                .is_eq()
        };
        let same = all.iter().filter(is_same).map(|id| packages.judged(*id));
        let same: Vec<Judged<'_>> = same.collect();
        let unusable = |judged: &Judged<'_>| {
            let mut rejected = rejected
                .iter()
                .filter(|_| judged.verdict == Verdict::Accepted);
            let (id, why) = rejected.find(|(id, _)| *id == judged.id)?;
            Some(BuildReason::RejectedBinary(*id, why.clone()))
        };
        if let Some(reason) = same.iter().find_map(unusable) {
            return reason;
        }
        let open = same
            .iter()
            .find(|judged| judged.verdict != Verdict::Rejected);
        if let Some(judged) = open {
            return BuildReason::Undetermined(judged.id);
        }
        match nearest(same) {
            Some(judged) => BuildReason::Rejected {
                nearest: judged.id,
                codes: judged.findings.iter().map(|finding| finding.code).collect(),
            },
            None => skew(&cpv.version, all, packages),
        }
    }
}

/// The nearest lower and the nearest higher version.
fn skew(version: &Version, all: &[InstanceId], packages: &Packages<'_>) -> BuildReason {
    let other = |id: InstanceId| &packages.entry(id).0.package.cpv.version;
    // Best first, so the last of the higher ones is the nearest; of equal ones the best counts.
    let mut newer: Option<InstanceId> = None;
    for &id in all {
        let is_nearer = |known| other(known).cmp_version(other(id)).is_gt();
        if other(id).cmp_version(version).is_gt() && newer.is_none_or(is_nearer) {
            newer = Some(id);
        }
    }
    let is_lower = |id: &InstanceId| other(*id).cmp_version(version).is_lt();
    let older = all.iter().copied().find(is_lower);
    match (older, newer) {
        (None, None) => BuildReason::NoBinary,
        (older, newer) => BuildReason::VersionSkew { older, newer },
    }
}
