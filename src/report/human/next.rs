//! What to do next.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::lines;
use crate::report::Report;
use crate::report::plan::{PlanSummary, Planned};
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
        .filter(|_| report.commands.has_changes)
        .chain(emerge.filter(|_| !stops))
        .map(String::as_str)
        .collect();
    (!commands.is_empty()).then(|| sanitize(&commands.join(" · ")).into_owned())
}
