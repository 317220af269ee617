//! One object an instance, with all findings.

use serde::{Serialize, Serializer};

use super::{SourceJson, compatibility};
use crate::check::{Finding, Judged, Remedy};
use crate::pms::{Cpv, Slot};
use crate::report::Report;

/// One instance. `build_id` is `null` where the package has none; `size` and `mtime` where the
/// index does not have it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct InstanceJson<'r> {
    host: &'r str,
    #[serde(serialize_with = "text")]
    #[cfg_attr(test, schemars(with = "String"))]
    cpv: &'r Cpv,
    build_id: Option<i64>,
    path: &'r str,
    build_time: i64,
    size: Option<i64>,
    mtime: Option<i64>,
    repo: Option<&'r str>,
    #[serde(serialize_with = "optional_text")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    slot: Option<&'r Slot>,
    verdict: &'static str,
    #[serde(serialize_with = "reasons")]
    #[cfg_attr(test, schemars(with = "Vec<FindingJson<'r>>"))]
    reasons: &'r [Finding],
    #[serde(flatten)]
    compatibility: compatibility::CompatibilityJson<'r>,
}

/// `instances`
pub(super) fn serialize<S: Serializer>(
    report: &&Report<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(report.instances.iter().map(|judged| one(report, judged)))
}

fn one<'r>(report: &'r Report<'_>, judged: &'r Judged<'_>) -> InstanceJson<'r> {
    let candidate = judged.candidate;
    let package = &candidate.package;
    InstanceJson {
        host: report.host_name(candidate),
        cpv: &package.cpv,
        build_id: package.build_id.filter(|id| *id != 0),
        path: candidate.path(),
        build_time: package.build_time,
        size: candidate.size,
        mtime: candidate.mtime,
        repo: package.repository.as_deref(),
        slot: package.slot.as_ref(),
        verdict: super::verdict(judged),
        reasons: judged.findings,
        compatibility: compatibility::CompatibilityJson::of(report, judged.id),
    }
}

fn text<S: Serializer>(value: &impl std::fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn optional_text<S: Serializer>(value: &Option<&Slot>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// One reason; `certain` is false where the data to tell are not there.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FindingJson<'r> {
    code: &'static str,
    detail: &'r str,
    certain: bool,
    wanted: &'r str,
    found: &'r str,
    sources: Vec<SourceJson<'r>>,
    remedy: Option<RemedyJson<'r>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", tag = "kind")]
enum RemedyJson<'r> {
    Line { line: &'r str, file: &'r str },
    Option { option: &'r str },
    Advice { text: &'r str },
}

fn reasons<S: Serializer>(findings: &&[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(|finding| {
        let evidence = &finding.evidence;
        FindingJson {
            code: finding.code.as_str(),
            detail: &finding.detail,
            certain: finding.certain,
            wanted: &evidence.wanted,
            found: &evidence.found,
            sources: evidence.sources.iter().map(SourceJson::of).collect(),
            remedy: evidence.remedy.as_ref().map(remedy),
        }
    }))
}

fn remedy(remedy: &Remedy) -> RemedyJson<'_> {
    match remedy {
        Remedy::Line { line, file } => RemedyJson::Line { line, file },
        Remedy::Option(option) => RemedyJson::Option { option },
        Remedy::Advice(text) => RemedyJson::Advice { text },
    }
}
