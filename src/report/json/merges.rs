//! `merges`: what emerge would merge.

use serde::{Serialize, Serializer};

use crate::binhost::InstanceId;
use crate::plan::{BuildReason, Merge, Origin, ReasonCode, RejectedBinary};
use crate::pms::Kind;
use crate::report::plan::Planned;
use crate::report::{Position, Report};

use super::facts::FactsJson;
use super::parents::{ParentJson, flags, parent};

/// A package that emerge would merge.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct MergeJson<'r> {
    #[serde(flatten)]
    package: PackageJson<'r>,
    /// Where it goes: `target`, the root of the request, or `running`, the running system where that is another one.
    root: &'static str,
    /// `new`, `new-slot`, `upgrade`, `downgrade` or `reinstall`.
    change: &'static str,
    /// The version that is there now.
    installed: Option<String>,
    #[serde(flatten)]
    delivery: DeliveryJson<'r>,
    /// All flags of IUSE, with - if off.
    r#use: Vec<String>,
    /// Why it is compiled; empty for a binary package.
    reasons: Vec<ReasonJson<'r>>,
    /// Who wants it.
    parents: Vec<ParentJson<'r>>,
    /// The highest version of the slot, if another one is taken.
    higher: Option<Higher<'r>>,
    /// Whether it lies in an unsolved slot conflict.
    emerge_decides: bool,
    /// How long it compiles, by emerge.log; null for a binary package and where that is unknown.
    compile_seconds: Option<u64>,
}

/// What is merged.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PackageJson<'r> {
    /// `binary` or `ebuild`.
    r#type: &'static str,
    /// The package.
    cpv: String,
    /// Slot and sub-slot.
    slot: Option<String>,
    /// The repository of its ebuild.
    repo: Option<&'r str>,
    /// BUILD_ID of a binary package.
    build_id: Option<i64>,
}

/// Where a binary package comes from.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DeliveryJson<'r> {
    /// Where a binary package comes from.
    host: Option<&'r str>,
    /// Its path on the host.
    path: Option<&'r str>,
    /// Its size in bytes.
    size: Option<i64>,
    /// Its place in `instances`.
    instance: Option<Position>,
}

/// The highest version of the slot, and why it is not taken.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Higher<'r> {
    /// That version.
    cpv: String,
    /// Why it is not taken.
    why: &'r str,
}

/// Why a merge is compiled. `instance` names the nearest binary package.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ReasonJson<'r> {
    /// What it is.
    #[cfg_attr(test, schemars(with = "crate::plan::ReasonCode"))]
    code: &'static str,
    /// The same for people.
    detail: String,
    /// The nearest binary package.
    instance: Option<Position>,
    /// For the code `version-skew`: the nearest older version that hosts have.
    #[serde(skip_serializing_if = "Option::is_none")]
    older: Option<Other<'r>>,
    /// For the code `version-skew`: the nearest newer version that hosts have.
    #[serde(skip_serializing_if = "Option::is_none")]
    newer: Option<Other<'r>>,
    #[serde(flatten)]
    facts: FactsJson<'r>,
}

/// A binary package of another version.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Other<'r> {
    /// The version.
    version: String,
    /// The host that has it.
    host: &'r str,
    /// Its place in `instances`.
    instance: Position,
}

/// `merges`; `null` where no plan was made.
pub(super) fn merges<S: Serializer>(
    report: &&Report<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(planned) = &report.plan else {
        return serializer.serialize_none();
    };
    let merges = planned.plan.merges.iter();
    serializer.collect_seq(merges.map(|merge| one(report, planned, merge)))
}

fn one<'r>(
    report: &'r Report<'_>,
    planned: &'r Planned<'_>,
    merge: &'r Merge<'_>,
) -> MergeJson<'r> {
    let package = merge.package;
    let instance = merge.origin.instance();
    let reasons = match &merge.origin {
        Origin::Binary(_) => Vec::new(),
        Origin::Source(why) => reasons(report, why, package.cpv.cpn.as_str()),
    };
    let candidate = instance
        .and_then(|id| report.instances.get(id))
        .map(|judged| judged.candidate);
    MergeJson {
        package: PackageJson {
            r#type: match package.kind {
                Kind::Ebuild => "ebuild",
                Kind::Binary | Kind::Installed => "binary",
            },
            cpv: package.cpv.to_string(),
            slot: package.slot.as_ref().map(ToString::to_string),
            repo: package.repository.as_deref(),
            build_id: package.build_id.filter(|id| *id != 0),
        },
        root: merge.root.as_str(),
        change: merge.change.as_str(),
        installed: merge.installed.as_ref().map(ToString::to_string),
        delivery: DeliveryJson {
            host: candidate.map(|candidate| report.host_name(candidate)),
            path: candidate.map(|candidate| candidate.path()),
            size: candidate.and_then(|candidate| candidate.size),
            instance: instance.and_then(|id| report.instances.position(id)),
        },
        r#use: flags(&merge.flags),
        reasons,
        parents: merge.parents.iter().map(parent).collect(),
        higher: merge.higher.as_ref().map(|(cpv, why)| Higher {
            cpv: cpv.to_string(),
            why,
        }),
        emerge_decides: merge.undecided,
        compile_seconds: planned.compile_times.get(merge),
    }
}

fn reasons<'r>(report: &'r Report<'_>, why: &'r BuildReason, name: &str) -> Vec<ReasonJson<'r>> {
    let nearest = why.nearest().and_then(|id| report.instances.get(id));
    let instance = nearest.and_then(|judged| report.instances.position(judged.id));
    let plain = |code: ReasonCode, detail: &str| ReasonJson {
        code: code.as_str(),
        detail: detail.to_owned(),
        instance,
        older: None,
        newer: None,
        facts: FactsJson::of(why, name, report),
    };
    let findings = nearest.into_iter().flat_map(|judged| judged.findings);
    let only = why.codes().into_iter();
    match why {
        BuildReason::VersionSkew { older, newer } => only
            .map(|code| ReasonJson {
                older: other(report, *older),
                newer: other(report, *newer),
                ..plain(code, "")
            })
            .collect(),
        BuildReason::Rejected { .. } => findings
            .map(|finding| plain(ReasonCode::Rule(finding.code), &finding.detail))
            .collect(),
        BuildReason::RejectedBinary(_, RejectedBinary::Atom { atom, .. }) => {
            only.map(|code| plain(code, atom)).collect()
        }
        BuildReason::RejectedBinary(_, why) => {
            only.map(|code| plain(code, &why.describe())).collect()
        }
        BuildReason::NoBinary | BuildReason::Renamed { .. } | BuildReason::Undetermined(_) => {
            only.map(|code| plain(code, "")).collect()
        }
    }
}

fn other<'r>(report: &'r Report<'_>, id: Option<InstanceId>) -> Option<Other<'r>> {
    let candidate = report.instances.get(id?)?.candidate;
    Some(Other {
        version: candidate.package.cpv.version.to_string(),
        host: report.host_name(candidate),
        instance: report.instances.position(id?)?,
    })
}
