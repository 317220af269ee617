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
/// Writing to the stream fails.
pub fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    ReportDocument::of(report).serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// A report on targets, or with --all on all instances.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ReportDocument<'r, 'a> {
    #[serde(flatten)]
    head: HeadJson,
    /// The exit status.
    status: u8,
    /// The options as they took effect.
    mode: mode::ModeJson<'r>,
    /// What packages have to run on.
    machine: compatibility::MachineJson<'r>,
    /// One entry for each atom that was requested.
    #[serde(serialize_with = "targets")]
    #[cfg_attr(test, schemars(with = "Vec<MatchesJson<'r>>"))]
    targets: &'r Report<'a>,
    /// The binhosts, in the order in which Portage asks them.
    #[serde(serialize_with = "hosts::serialize")]
    #[cfg_attr(test, schemars(with = "Vec<hosts::HostJson<'r>>"))]
    hosts: &'r Report<'a>,
    /// What satisfies a target, and every instance of a package that would be merged; with --all every instance.
    #[serde(serialize_with = "instances::serialize")]
    #[cfg_attr(test, schemars(with = "Vec<instances::InstanceJson<'r>>"))]
    instances: &'r Report<'a>,
    /// What emerge would merge, in its order; null under --all and for targets with wildcards.
    #[serde(serialize_with = "merges::merges")]
    #[cfg_attr(test, schemars(with = "Option<Vec<merges::MergeJson<'r>>>"))]
    merges: &'r Report<'a>,
    /// What the merges come to, and what stands in their way; null where `merges` is.
    #[serde(serialize_with = "plan::plan")]
    #[cfg_attr(test, schemars(with = "Option<plan::PlanJson<'r>>"))]
    plan: &'r Report<'a>,
    /// How the plan compares with emerge's; null without --check-plan.
    #[serde(serialize_with = "check::serialize")]
    #[cfg_attr(test, schemars(with = "Option<check::CheckJson<'r>>"))]
    check: &'r Report<'a>,
    /// Counts of instances and targets.
    summary: SummaryJson,
    /// Lines of configuration and other things that were skipped.
    #[serde(serialize_with = "notices")]
    #[cfg_attr(test, schemars(with = "Vec<NoticeJson<'r>>"))]
    notices: &'r [Notice],
}

/// What all documents begin with.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HeadJson {
    /// The number of this format, raised when a key changes its meaning or goes away; new keys may appear.
    format: u32,
    /// The version of bincheck.
    bincheck: &'static str,
    /// The version of Portage whose verdicts these are.
    portage: &'static str,
}

impl HeadJson {
    const CURRENT: HeadJson = HeadJson {
        format: FORMAT,
        bincheck: env!("CARGO_PKG_VERSION"),
        portage: PORTAGE,
    };
}

impl<'r, 'a> ReportDocument<'r, 'a> {
    fn of(report: &'r Report<'a>) -> Self {
        ReportDocument {
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
    /// What was typed.
    target: &'r str,
    /// The atom that it stands for.
    atom: &'r str,
    /// The line of the set that has it; null if it was typed.
    source: Option<SourceJson<'r>>,
    /// Whether emerge would merge a usable binary package for it, or nothing; null if that is unknown.
    usable: Option<bool>,
    /// The binary package that emerge would merge for it.
    chosen: Option<Position>,
    /// All instances that satisfy it, best first.
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
    /// A file of configuration.
    File {
        /// Its path.
        file: std::borrow::Cow<'r, str>,
        /// The line, from 1; null where it is the whole file.
        line: Option<u32>,
    },
    /// A variable of the environment.
    Env {
        /// Its name.
        variable: &'r str,
    },
    /// The command line.
    Option {
        /// The option.
        option: &'r str,
    },
    /// Portage's own default.
    BuiltIn {
        /// Always true.
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

/// Counts of instances and targets.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SummaryJson {
    /// Atoms or package names that were requested.
    #[serde(rename = "asked")]
    requested: usize,
    /// How many of them have a usable binary package.
    served: usize,
    /// Bytes to fetch for these, each instance counted once.
    download: u64,
    /// Instances that were judged.
    instances: usize,
    /// How many of them are accepted.
    accepted: usize,
    /// How many of them are rejected.
    rejected: usize,
    /// How many of them could not be judged.
    unknown: usize,
    /// How many instances each reason rejects, by code; an instance may have several.
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
    /// Where it stands, if that is known.
    source: Option<SourceJson<'r>>,
    /// What was skipped and why.
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
mod manual;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
