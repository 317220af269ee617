//! Why a package is compiled, in words: what stands between it and the nearest binary package, and what decided.

use super::{Detail, names};
use crate::binhost::InstanceId;
use crate::check::{self, Code, Evidence, Finding, Remedy};
use crate::plan::{BuildReason, ReasonCode};
use crate::report::Report;
use crate::sanitize::sanitize;
use crate::source::Source;

/// How many deciding lines are named without `-v`.
const SOURCES: usize = 3;

/// What a group of reasons is about, where nothing better is known.
pub(super) fn title(codes: &[ReasonCode]) -> Option<&'static str> {
    let [code] = codes else {
        return None;
    };
    Some(match code {
        ReasonCode::Rule(code) => return rule_title(*code),
        ReasonCode::NoBinary => return None,
        ReasonCode::VersionSkew => "binhosts have other versions",
        ReasonCode::Renamed => "binhosts have it under the name that it had before",
        ReasonCode::SlotOperator => "built against a slot or sub-slot that will not be there",
        ReasonCode::Dependency => "a dependency of the binary cannot be had",
        ReasonCode::SlotConflict => "given up for another package of the slot",
        ReasonCode::Atom => "the binary does not match what is required",
        ReasonCode::Undetermined => "it cannot be determined why the ebuild is preferred",
    })
}

fn rule_title(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::Use => "USE flags differ from those of all builds",
        Code::Deps => "dependencies changed since they were built",
        Code::Ebuild => "the binary's version has no visible ebuild",
        Code::Keywords => "keywords of the binary are not accepted",
        Code::License => "licenses of the binary are not accepted",
        Code::Chost => "built for another CHOST",
        Code::Eapi => "of an EAPI that Portage does not know",
        Code::Excluded => "excluded by option or configuration",
        Code::Patches => "your patches differ from those they were built with",
        Code::OwnExclusion => "excluded by bincheck, see above",
        Code::Signature => "files that cannot be signed, from a host that must sign",
        _ => return None,
    })
}

/// What stands between: the nearest binary package's host, and what it has.
pub(super) fn between(reason: &BuildReason, name: &str, report: &Report<'_>) -> String {
    let text = match reason {
        BuildReason::NoBinary => no_binary(report, name),
        BuildReason::VersionSkew { older, newer } => {
            let version = |id: &InstanceId| {
                let judged = report.instances.get(*id)?;
                let version = &judged.candidate.package.cpv.version;
                let host = names::host_label(report, judged.candidate);
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
        BuildReason::Renamed { nearest, .. } => renamed(*nearest, report),
        BuildReason::Rejected { nearest, .. } => rejected(*nearest, report),
        BuildReason::RejectedBinary(_, why) => why.describe(),
        BuildReason::Undetermined(_) => "cannot be determined".to_owned(),
    };
    sanitize(&text).into_owned()
}

/// That no host has a package of a name, as far as that is known.
pub(super) fn no_binary(report: &Report<'_>, name: &str) -> String {
    match report.lacking.unlisted.get(name) {
        None => report.indexes().without_package(),
        Some(files) => format!(
            "PKGDIR has {}, but not in its index: `emaint binhost --fix` takes it in",
            files.join(", ")
        ),
    }
}

/// `own has it as sys-devel/llvm-19.1`
fn renamed(nearest: InstanceId, report: &Report<'_>) -> String {
    let Some(judged) = report.instances.get(nearest) else {
        return String::new();
    };
    let host = names::host_label(report, judged.candidate);
    format!("{host} has it as {}", judged.candidate.package.cpv)
}

fn rejected(nearest: InstanceId, report: &Report<'_>) -> String {
    let Some(judged) = report.instances.get(nearest) else {
        return String::new();
    };
    let host = names::host_label(report, judged.candidate);
    match judged.findings {
        [only] if only.code == Code::Use && only.certain => {
            format!("{host} has {}", flags(&only.evidence.found))
        }
        [only] if only.code == Code::Patches => format!("{host} has {}", only.evidence.found),
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
/// With `named`, the lines that decided are named elsewhere.
pub(super) fn evidence(
    reason: &BuildReason,
    report: &Report<'_>,
    detail: Detail,
    named: bool,
) -> Vec<String> {
    let nearest = reason.nearest().and_then(|id| report.instances.get(id));
    match reason {
        BuildReason::Rejected { .. } => {}
        BuildReason::Renamed { source, .. } => {
            let text = format!(
                "moved by {source}; emerge does not follow that in the index of a host, which has to be built anew"
            );
            return vec![sanitize(&text).into_owned()];
        }
        _ => return Vec::new(),
    }
    let findings = nearest.into_iter().flat_map(|judged| judged.findings);
    let texts = findings.filter_map(|finding| of_finding(finding, detail, named));
    texts.map(|text| sanitize(&text).into_owned()).collect()
}

/// The lines that decided about the nearest binary package.
pub(super) fn deciding(reason: &BuildReason, report: &Report<'_>) -> Vec<Source> {
    let nearest = reason.nearest().and_then(|id| report.instances.get(id));
    let findings = nearest.into_iter().flat_map(|judged| judged.findings);
    let mut all: Vec<Source> = Vec::new();
    for source in findings.flat_map(|finding| &finding.evidence.sources) {
        if !all.contains(source) {
            all.push(source.clone());
        }
    }
    all
}

/// `a and b`, without `-v` the first few.
pub(super) fn list_of(sources: &[Source], detail: Detail) -> String {
    let mut sources: Vec<String> = sources.iter().map(ToString::to_string).collect();
    if let Some(left) = sources.len().checked_sub(SOURCES).filter(|left| *left > 0)
        && detail != Detail::Verbose
    {
        sources.truncate(SOURCES);
        sources.push(format!("{left} more"));
    }
    sources.join(" and ")
}

fn of_finding(finding: &Finding, detail: Detail, named: bool) -> Option<String> {
    let evidence = &finding.evidence;
    let by = list_of(&evidence.sources, detail);
    let by = if by.is_empty() || named || finding.code == Code::Patches {
        String::new()
    } else {
        format!(", by {by}")
    };
    let wanted = match (finding.code, finding.certain) {
        (_, false) => format!(
            "{}: cannot be determined, {}",
            check::title(finding.code),
            finding.detail
        ),
        (Code::Use, _) => format!("you have {}", flags(&evidence.wanted)),
        (Code::Chost, _) => format!(
            "it is for {}, accepted is {}",
            evidence.found, evidence.wanted
        ),
        (Code::Patches, _) => format!("you have {}", evidence.wanted),
        (Code::Excluded, _) if by.is_empty() || names_its_line(finding) => return None,
        (Code::Excluded, _) => "EMERGE_DEFAULT_OPTS has that".to_owned(),
        (Code::Deps, _) if !by.is_empty() => format!(
            "built with {}; its ebuild has {}; compared since EMERGE_DEFAULT_OPTS has --with-bdeps",
            evidence.found, evidence.wanted
        ),
        (Code::Deps, _) => format!(
            "built with {}; its ebuild has {}",
            evidence.found, evidence.wanted
        ),
        _ if evidence.found.is_empty() && evidence.wanted.is_empty() => return None,
        _ => format!("it has {}, required is {}", evidence.found, evidence.wanted),
    };
    Some(format!("{wanted}{by}{}", what_helps(finding)))
}

/// Whether what is reported of it in short names the line already.
fn names_its_line(finding: &Finding) -> bool {
    let mut sources = finding.evidence.sources.iter();
    sources.all(|source| finding.detail.contains(&source.to_string()))
}

/// What is known to help with this reason, or that nothing of its kind does.
fn what_helps(finding: &Finding) -> String {
    let Evidence {
        found,
        wanted,
        remedy,
        ..
    } = &finding.evidence;
    match (finding.code, remedy) {
        (Code::Use, _) if found.contains("(no ") || wanted.contains("(no ") => {
            "; IUSE has changed since, which no setting of USE makes up for".to_owned()
        }
        (Code::Chost, Some(Remedy::Line { line, file })) => {
            format!("; {line} in {file} lets it in")
        }
        _ => String::new(),
    }
}

/// `a -b, no flag c` of `USE="a -b (no c)"`: a flag that only one side has is not one that is off.
fn flags(text: &str) -> String {
    let inner = text
        .strip_prefix("USE=\"")
        .and_then(|text| text.strip_suffix('"'));
    let (mut flags, mut lacking) = (Vec::new(), Vec::new());
    let mut words = inner.unwrap_or(text).split(' ');
    while let Some(word) = words.next() {
        match word {
            "(no" => lacking.extend(words.next().map(|flag| flag.trim_end_matches(')'))),
            word => flags.push(word),
        }
    }
    let lacking = match lacking.as_slice() {
        [] => None,
        [one] => Some(format!("no flag {one}")),
        many => Some(format!("no flags {}", many.join(" "))),
    };
    let flags = (!flags.is_empty()).then(|| flags.join(" "));
    [flags, lacking]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::flags;

    #[test]
    fn flags_that_are_off_and_flags_that_are_not_there() {
        for (text, words) in [
            ("USE=\"a -b\"", "a -b"),
            ("USE=\"a (no b) -c\"", "a -c, no flag b"),
            ("USE=\"(no b) (no c)\"", "no flags b c"),
        ] {
            assert_eq!(flags(text), words);
        }
    }
}
