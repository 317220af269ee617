//! The report for programs: one JSON document, versioned, sorted and complete.
//!
//! Instances are written as they are visited; nothing is held twice in memory.

pub mod adopt;
mod check;
pub mod comparison;
mod compatibility;
mod facts;
pub mod fleet;
mod formatter;
mod hosts;
mod instances;
mod merges;
mod mode;
mod obstacles;
mod parents;
mod plan;
pub mod suggest;
pub mod survey;
pub mod why;

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::summary::{Counts, Summary};
use super::{Position, Report};
use crate::check::{Code, Judged, Verdict};
use crate::packages::{MatchKey, Matches};
use crate::source::{Notice, Source};
use formatter::SafeFormatter;

/// Raised when a key changes its meaning or goes away; new keys may appear at any time.
pub const FORMAT: u32 = 2;

/// The release of Portage whose verdicts are given.
pub const PORTAGE: &str = "3.0.83";

/// Write it, with a line feed at the end.
///
/// # Errors
/// What the stream says.
pub fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    Document::of(report).serialize(&mut serializer)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Document<'r, 'a> {
    #[serde(flatten)]
    head: HeadJson,
    status: u8,
    mode: mode::ModeJson<'r>,
    machine: compatibility::MachineJson<'r>,
    #[serde(serialize_with = "targets")]
    #[cfg_attr(test, schemars(with = "Vec<MatchesJson<'r>>"))]
    targets: &'r Report<'a>,
    #[serde(serialize_with = "hosts::serialize")]
    #[cfg_attr(test, schemars(with = "Vec<hosts::HostJson<'r>>"))]
    hosts: &'r Report<'a>,
    #[serde(serialize_with = "instances::serialize")]
    #[cfg_attr(test, schemars(with = "Vec<instances::InstanceJson<'r>>"))]
    instances: &'r Report<'a>,
    #[serde(serialize_with = "merges::merges")]
    #[cfg_attr(test, schemars(with = "Option<Vec<merges::MergeJson<'r>>>"))]
    merges: &'r Report<'a>,
    #[serde(serialize_with = "plan::plan")]
    #[cfg_attr(test, schemars(with = "Option<plan::PlanJson<'r>>"))]
    plan: &'r Report<'a>,
    #[serde(serialize_with = "check::serialize")]
    #[cfg_attr(test, schemars(with = "Option<check::CheckJson<'r>>"))]
    check: &'r Report<'a>,
    summary: SummaryJson,
    #[serde(serialize_with = "notices")]
    #[cfg_attr(test, schemars(with = "Vec<NoticeJson<'r>>"))]
    notices: &'r [Notice],
}

/// What all documents begin with.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HeadJson {
    format: u32,
    bincheck: &'static str,
    portage: &'static str,
}

impl HeadJson {
    const CURRENT: HeadJson = HeadJson {
        format: FORMAT,
        bincheck: env!("CARGO_PKG_VERSION"),
        portage: PORTAGE,
    };
}

impl<'r, 'a> Document<'r, 'a> {
    fn of(report: &'r Report<'a>) -> Self {
        Document {
            head: HeadJson::CURRENT,
            status: report.exit().code(),
            mode: mode::ModeJson::of(report.setting.policy),
            machine: compatibility::MachineJson::of(report.setting.machine),
            targets: report,
            hosts: report,
            instances: report,
            merges: report,
            plan: report,
            check: report,
            summary: SummaryJson::of(Summary::of(report)),
            notices: &report.notices,
        }
    }
}

/// One atom of a target. Instances are named by their position in `instances`.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct MatchesJson<'r> {
    target: &'r str,
    atom: &'r str,
    source: Option<SourceJson<'r>>,
    usable: Option<bool>,
    chosen: Option<Position>,
    instances: Vec<Position>,
}

fn targets<S: Serializer>(report: &&Report<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        report
            .matches
            .iter()
            .filter_map(|matches| matches_json(report, matches)),
    )
}

fn matches_json<'r>(report: &'r Report<'_>, matches: &'r Matches<'_>) -> Option<MatchesJson<'r>> {
    let MatchKey::Atom { target, atom } = matches.key else {
        return None;
    };
    let target = target.of(report.targets)?;
    let member = target.atoms.iter().find(|member| member.atom == *atom);
    Some(MatchesJson {
        target: &target.word,
        atom: atom.as_str(),
        source: member.map(|member| SourceJson::of(&member.source)),
        usable: report.is_usable(matches),
        chosen: report
            .chosen(matches)
            .and_then(|judged| report.instances.position(judged.id)),
        instances: matches
            .instances
            .iter()
            .filter_map(|id| report.instances.position(*id))
            .collect(),
    })
}

/// Where a setting stands.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum SourceJson<'r> {
    File {
        file: std::borrow::Cow<'r, str>,
        line: Option<u32>,
    },
    Env {
        variable: &'r str,
    },
    Option {
        option: &'r str,
    },
    BuiltIn {
        default: bool,
    },
}

impl<'r> SourceJson<'r> {
    fn of(source: &'r Source) -> SourceJson<'r> {
        match source {
            Source::Line(path, line) => SourceJson::File {
                file: path.to_string_lossy(),
                line: Some(*line),
            },
            Source::File(path) => SourceJson::File {
                file: path.to_string_lossy(),
                line: None,
            },
            Source::Env(variable) => SourceJson::Env { variable },
            Source::Option(option) => SourceJson::Option { option },
            Source::BuiltIn => SourceJson::BuiltIn { default: true },
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SummaryJson {
    #[serde(rename = "asked")]
    requested: usize,
    served: usize,
    download: u64,
    instances: usize,
    accepted: usize,
    rejected: usize,
    unknown: usize,
    #[serde(serialize_with = "by_code")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, usize>"))]
    reasons: std::collections::BTreeMap<Code, usize>,
}

impl SummaryJson {
    fn of(summary: Summary) -> SummaryJson {
        let Counts {
            instances,
            accepted,
            rejected,
            unknown,
        } = summary.all;
        SummaryJson {
            requested: summary.requested,
            served: summary.served,
            download: summary.download,
            instances,
            accepted,
            rejected,
            unknown,
            reasons: summary.by_code,
        }
    }
}

fn by_code<S: Serializer>(
    reasons: &std::collections::BTreeMap<Code, usize>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(reasons.iter().map(|(code, count)| (code.as_str(), count)))
}

/// Something that was skipped, and where it stands.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NoticeJson<'r> {
    source: Option<SourceJson<'r>>,
    text: &'r str,
}

fn notices<S: Serializer>(notices: &&[Notice], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(notices.iter().map(|notice| NoticeJson {
        source: notice.source.as_ref().map(SourceJson::of),
        text: &notice.text,
    }))
}

fn verdict(judged: &Judged<'_>) -> &'static str {
    match judged.verdict {
        Verdict::Accepted => "accepted",
        Verdict::Rejected => "rejected",
        Verdict::Unknown => "unknown",
    }
}

#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
