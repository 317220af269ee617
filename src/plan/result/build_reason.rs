//! Why a package is compiled: what stands between it and the binary packages that hosts have.

use crate::binhost::InstanceId;
use crate::check::{Code, Judged, Verdict};
use crate::packages::{Packages, nearest};
use crate::plan::result::reason_code::ReasonCode;
use crate::plan::result::rejected_binary::RejectedBinary;
use crate::pms::{Cpv, Version};
use crate::source::Source;

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
    /// A host has it, but under a name that was given up.
    Renamed {
        /// The best binary package of that name, of this version if there is one.
        nearest: InstanceId,
        /// The line that moves the name.
        source: Source,
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
    pub fn codes(&self) -> Vec<ReasonCode> {
        match self {
            BuildReason::NoBinary => vec![ReasonCode::NoBinary],
            BuildReason::VersionSkew { .. } => vec![ReasonCode::VersionSkew],
            BuildReason::Renamed { .. } => vec![ReasonCode::Renamed],
            BuildReason::Rejected { codes, .. } => {
                codes.iter().copied().map(ReasonCode::Rule).collect()
            }
            BuildReason::RejectedBinary(_, why) => vec![why.code()],
            BuildReason::Undetermined(_) => vec![ReasonCode::Undetermined],
        }
    }

    /// The instance of the version that comes nearest to being used, where a host has the version.
    pub fn nearest(&self) -> Option<InstanceId> {
        match self {
            BuildReason::Rejected { nearest, .. } | BuildReason::Renamed { nearest, .. } => {
                Some(*nearest)
            }
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
            None => match skew(&cpv.version, all, packages) {
                BuildReason::NoBinary => renamed(cpv, packages).unwrap_or(BuildReason::NoBinary),
                skew => skew,
            },
        }
    }
}

/// A binary package that stands under a name that the package had before.
fn renamed(cpv: &Cpv, packages: &Packages<'_>) -> Option<BuildReason> {
    let moves = packages.local().moves().old_names(&cpv.cpn);
    let version = |id: &InstanceId| &packages.entry(*id).0.package.cpv.version;
    let best = moves.iter().filter_map(|one| {
        let all = packages.instances_of(one.old.as_str());
        let mut same = all
            .iter()
            .filter(|id| version(id).cmp_version(&cpv.version).is_eq());
        let nearest = *same.next().or_else(|| all.first())?;
        Some((one, nearest))
    });
    let is_other = |id: &InstanceId| version(id).cmp_version(&cpv.version).is_ne();
    let (one, nearest) = best.min_by_key(|(_, id)| is_other(id))?;
    Some(BuildReason::Renamed {
        nearest,
        source: one.source.clone(),
    })
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::plan::packages::root::Root;
    use crate::plan::testing::database;

    #[test]
    fn what_stands_under_its_old_name_is_found_there() {
        let packages = database(&[
            "move a/old a/new",
            "ebuild a/new-2",
            "binary a/old-3",
            "binary a/old-2",
        ]);
        let of = |cpv| {
            let reason =
                BuildReason::of(&Cpv::parse(cpv).unwrap(), &[], packages.store(Root::Target));
            let nearest = reason.nearest().map(|id| {
                packages
                    .store(Root::Target)
                    .entry(id)
                    .0
                    .package
                    .cpv
                    .to_string()
            });
            (reason.codes(), nearest)
        };
        assert_eq!(
            of("a/new-2"),
            (vec![ReasonCode::Renamed], Some("a/old-2".to_owned()))
        );
        assert_eq!(
            of("a/new-1"),
            (vec![ReasonCode::Renamed], Some("a/old-3".to_owned()))
        );
        assert_eq!(of("a/old-2").0, [ReasonCode::Rule(Code::Ebuild)]);
        assert_eq!(of("b/b-1"), (vec![ReasonCode::NoBinary], None));
    }
}
