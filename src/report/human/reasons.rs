//! Why a package is compiled, in words: what stands between it and the nearest binary package, and what decided.

use super::{Detail, table};
use crate::binhost::InstanceId;
use crate::check::{self, Code, Finding};
use crate::plan::BuildReason;
use crate::report::Report;
use crate::sanitize::sanitize;

/// How many deciding lines are named without `-v`.
const SOURCES: usize = 3;

/// What a group of reasons is about, where nothing better is known.
pub(super) fn title(codes: &str) -> Option<&'static str> {
    Some(match codes {
        "use" => "USE flags differ from those of all builds",
        "deps" => "dependencies changed since they were built",
        "ebuild" => "the binary's version has no visible ebuild",
        "keywords" => "keywords of the binary are not accepted",
        "license" => "licenses of the binary are not accepted",
        "chost" => "built for another CHOST",
        "eapi" => "of an EAPI that Portage does not know",
        "excluded" => "excluded by option or configuration",
        "patches" => "your patches differ from those they were built with",
        "signature" => "files that cannot be signed, from a host that must sign",
        "version-skew" => "binhosts have other versions",
        "slot-operator" => "built against a slot or sub-slot that will not be there",
        "dependency" => "a dependency of the binary cannot be had",
        "slot-conflict" => "given up for another package of the slot",
        "atom" => "the binary does not match what is required",
        "undetermined" => "it cannot be told why the ebuild is preferred",
        _ => return None,
    })
}

/// What stands between: the nearest binary package's host, and what it has.
pub(super) fn between(reason: &BuildReason, report: &Report<'_>) -> String {
    let text = match reason {
        BuildReason::NoBinary => no_binary(report),
        BuildReason::VersionSkew { older, newer } => {
            let version = |id: &InstanceId| {
                let judged = report.instances.get(*id)?;
                let version = &judged.candidate.package.cpv.version;
                let host = table::host_label(report, judged.candidate);
                Some((host.into_owned(), version.to_string()))
            };
            let versions: Vec<(String, String)> = [older, newer]
                .into_iter()
                .flatten()
                .filter_map(version)
                .collect();
            match &versions[..] {
                [(one, version), (other, newer)] if one == other => {
                    format!("{one} has {version}, {newer}")
                }
                versions => {
                    let texts = versions
                        .iter()
                        .map(|(host, version)| format!("{host} has {version}"));
                    texts.collect::<Vec<_>>().join(", ")
                }
            }
        }
        BuildReason::Rejected { nearest, .. } => rejected(*nearest, report),
        BuildReason::RejectedBinary(_, why) => why.describe(),
        BuildReason::Undetermined(_) => "cannot be told".to_owned(),
    };
    sanitize(&text).into_owned()
}

/// That no host has a package, as far as that is known.
pub(super) fn no_binary(report: &Report<'_>) -> String {
    let unread: Vec<&str> = report.unread_labels().collect();
    match (report.hosts.is_empty(), unread.is_empty()) {
        (true, _) if report.policy.sources.getbinpkg => "no binhost is configured".to_owned(),
        (true, _) => "PKGDIR does not have it".to_owned(),
        (false, true) => "no binhost has it".to_owned(),
        (false, false) if unread.len() == report.hosts.len() => "no index could be read".to_owned(),
        (false, false) => format!(
            "no index that could be read has it; not read: {}",
            unread.join(", ")
        ),
    }
}

fn rejected(nearest: InstanceId, report: &Report<'_>) -> String {
    let Some(judged) = report.instances.get(nearest) else {
        return String::new();
    };
    let host = table::host_label(report, judged.candidate);
    match judged.findings {
        [only] if only.code == Code::Use && only.certain => format!("{host} has {}", only.detail),
        [only] if only.detail.is_empty() => format!("{host}: {}", only.code),
        [only] => format!("{host}: {}", only.detail),
        many => {
            let texts = many
                .iter()
                .map(|finding| format!("{} {}", finding.code, finding.detail));
            format!("{host}: {}", texts.collect::<Vec<_>>().join(", "))
        }
    }
}

/// What is known behind it, one text each: what the binary has, what is required, and the lines that decided.
pub(super) fn evidence(reason: &BuildReason, report: &Report<'_>, detail: Detail) -> Vec<String> {
    let nearest = reason.nearest().and_then(|id| report.instances.get(id));
    let BuildReason::Rejected { .. } = reason else {
        return Vec::new();
    };
    let findings = nearest.into_iter().flat_map(|judged| judged.findings);
    let texts = findings.filter_map(|finding| of_finding(finding, detail));
    texts.map(|text| sanitize(&text).into_owned()).collect()
}

fn of_finding(finding: &Finding, detail: Detail) -> Option<String> {
    let evidence = &finding.evidence;
    let mut sources: Vec<String> = evidence.sources.iter().map(ToString::to_string).collect();
    if let Some(left) = sources.len().checked_sub(SOURCES).filter(|left| *left > 0)
        && detail != Detail::Verbose
    {
        sources.truncate(SOURCES);
        sources.push(format!("{left} more"));
    }
    let by = match sources.is_empty() {
        true => String::new(),
        false => format!(", by {}", sources.join(" and ")),
    };
    let wanted = match (finding.code, finding.certain) {
        (_, false) => format!(
            "{}: cannot be told, {}",
            check::title(finding.code),
            finding.detail
        ),
        (Code::Use, _) => format!("you have {}", unwrapped(&evidence.wanted)),
        _ if evidence.found.is_empty() && evidence.wanted.is_empty() => return None,
        _ => format!("it has {}, required is {}", evidence.found, evidence.wanted),
    };
    Some(format!("{wanted}{by}"))
}

/// `a -b` of `USE="a -b"`.
fn unwrapped(text: &str) -> &str {
    let inner = text
        .strip_prefix("USE=\"")
        .and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text)
}
