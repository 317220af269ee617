//! What to do next.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::lines;
use crate::check::Verdict;
use crate::compat::Compatibility;
use crate::report::plan::{PlanSummary, Planned};
use crate::report::{MergeState, Report};
use crate::sanitize::sanitize;

/// The line that tells it.
pub(super) fn write(step: &str, columns: usize, out: &mut impl Write) -> io::Result<()> {
    for line in block(step, columns) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The same as lines.
pub(super) fn block(step: &str, columns: usize) -> Vec<String> {
    let lines = lines::beside("next:", step, 6, columns).into_iter();
    lines
        .map(|line| line.replacen("next:", &"next:".cyan().to_string(), 1))
        .collect()
}

/// What to do, where there is something to do.
pub(super) fn step(
    report: &Report<'_>,
    planned: &Planned<'_>,
    summary: &PlanSummary,
) -> Option<String> {
    let is_compiled = summary.source > 0 || !planned.plan.is_sound();
    let to_indexes = report.indexes().next_step(report.commands.is_offline);
    if let Some(step) = to_indexes.filter(|_| is_compiled) {
        return Some(sanitize(&step).into_owned());
    }
    let stops = planned.plan.merges.is_empty() || !planned.plan.is_sound();
    let suggest = report.commands.suggest.iter();
    let emerge = report.commands.emerge.iter();
    let commands: Vec<&str> = suggest
        .filter(|_| report.commands.has_changes && is_compiled || has_other_build(report, planned))
        .chain(emerge.filter(|_| !stops))
        .map(String::as_str)
        .collect();
    (!commands.is_empty()).then(|| sanitize(&commands.join(" · ")).into_owned())
}

/// Whether another place has a build of something that would be merged from a binary package of no use.
fn has_other_build(report: &Report<'_>, planned: &Planned<'_>) -> bool {
    let merges = planned.plan.merges.iter();
    let mut unusable = merges.filter(|merge| report.state(merge) == MergeState::Unusable);
    unusable.any(|merge| {
        let taken = merge
            .origin
            .instance()
            .and_then(|id| report.instances.get(id));
        let Some(taken) = taken.map(|taken| taken.candidate) else {
            return false;
        };
        let mut others = report.instances.iter();
        others.any(|other| {
            let is_unusable = report
                .compatibility(other.id)
                .is_some_and(Compatibility::must_be_excluded);
            let other_host = other.candidate.host != taken.host;
            let cpv = &other.candidate.package.cpv;
            let is_accepted = other.verdict == Verdict::Accepted;
            other_host && is_accepted && !is_unusable && cpv.cpn == taken.package.cpv.cpn
        })
    })
}
