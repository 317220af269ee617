//! `-q`: one line a target, and the plan in one; under `--all` the summary in one line.

use std::io::{self, Write};

use super::{compatibility, details, plan, plan_totals, table, totals};
use crate::packages::Matches;
use crate::report::layout::{WIDTH, elide};
use crate::report::plan::PlanSummary;
use crate::report::{Report, Summary};
use crate::sanitize::sanitize;

/// Write it.
pub(super) fn write(
    report: &Report<'_>,
    summary: &Summary,
    out: &mut impl Write,
) -> io::Result<()> {
    if report.targets.is_empty() {
        return writeln!(out, "{}", totals::headline(report, summary));
    }
    for matches in report.shown_matches() {
        let line = format!(
            "{}: {}",
            sanitize(matches.key.as_str()),
            outcome(report, matches)
        );
        writeln!(out, "{}", elide(&line, WIDTH))?;
    }
    match &report.plan {
        None => Ok(()),
        Some(planned) => {
            let summary = PlanSummary::of(planned, report);
            writeln!(out, "{}", plan_totals::headline(planned, &summary))
        }
    }
}

fn outcome(report: &Report<'_>, matches: &Matches<'_>) -> String {
    if let Some(chosen) = report.chosen(matches) {
        let compatibility =
            compatibility::of_chosen(report, matches).filter(|one| one.must_be_excluded());
        let warning = compatibility.map(|one| format!(" ({})", compatibility::in_a_few_words(one)));
        return details::named(report, chosen) + &warning.unwrap_or_default();
    }
    match details::nearest(report, matches) {
        None if !matches.instances.is_empty() => {
            let compiled = report.compiled(matches);
            compiled.map_or_else(String::new, |(_, why)| plan::in_a_few_words(why, report))
        }
        None => "no binhost has it".to_owned(),
        Some(_) if matches.is_usable().is_none() => "cannot be told".to_owned(),
        Some(nearest) => format!("rejected: {}", table::in_a_few_words(nearest)),
    }
}
