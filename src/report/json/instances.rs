//! One object an instance, with all findings.

use serde::{Serialize, Serializer};

use super::{SourceJson, compatibility};
use crate::check::{Finding, Judged, Remedy};
use crate::pms::{Cpv, Slot};
use crate::report::Report;

/// An entry of an index or of PKGDIR. What that does not tell is null.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct InstanceJson<'r> {
    /// The name of the host, or `local` for PKGDIR.
    host: &'r str,
    /// The package.
    #[serde(serialize_with = "text")]
    #[cfg_attr(test, schemars(with = "String"))]
    cpv: &'r Cpv,
    /// BUILD_ID; null if it has none.
    build_id: Option<i64>,
    /// PATH of the index: where the file lies on its host.
    path: &'r str,
    /// BUILD_TIME, seconds since 1970.
    build_time: i64,
    /// SIZE in bytes.
    size: Option<i64>,
    /// MTIME, seconds since 1970.
    mtime: Option<i64>,
    /// The repository of its ebuild.
    repo: Option<&'r str>,
    /// Slot and sub-slot.
    #[serde(serialize_with = "optional_text")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    slot: Option<&'r Slot>,
    /// `accepted` (emerge would take it if it were the best), `rejected` or `unknown`.
    verdict: &'static str,
    /// Why it is not accepted.
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
    /// The rule that it breaks.
    #[cfg_attr(test, schemars(with = "crate::check::Code"))]
    code: &'static str,
    /// What differs, in Portage's words; for `use` the flags, with - if off in the binary.
    detail: &'r str,
    /// False if it could not be determined.
    certain: bool,
    /// What is required.
    wanted: &'r str,
    /// What the package has.
    found: &'r str,
    /// The lines that decide.
    sources: Vec<SourceJson<'r>>,
    /// What takes away this one reason; it was not tried on the plan.
    remedy: Option<RemedyJson<'r>>,
}

/// What takes away one reason.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", tag = "kind")]
enum RemedyJson<'r> {
    /// A line to add.
    Line {
        /// The line.
        line: &'r str,
        /// The file to write it to.
        file: &'r str,
    },
    /// An option of emerge.
    Option {
        /// The option.
        option: &'r str,
    },
    /// Something else.
    Advice {
        /// What to do.
        text: &'r str,
    },
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
