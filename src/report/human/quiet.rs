//! `-q`: one line a target, and the plan in one; under `--all` the summary in one line.

use std::io::{self, Write};

use super::{details, fitness, plan_totals, table, totals};
use crate::report::layout::{WIDTH, elide};
use crate::report::plan::PlanSummary;
use crate::report::sanitize::sanitize;
use crate::report::{Answer, Report, Summary};

/// Write it.
pub(super) fn write(
    report: &Report<'_>,
    summary: &Summary,
    out: &mut impl Write,
) -> io::Result<()> {
    if report.targets.is_empty() {
        return writeln!(out, "{}", totals::headline(report, summary));
    }
    for answer in report.shown_answers() {
        let line = format!(
            "{}: {}",
            sanitize(answer.ask.as_str()),
            outcome(report, answer)
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

fn outcome(report: &Report<'_>, answer: &Answer<'_>) -> String {
    if let Some(chosen) = answer.chosen(report) {
        let fitness = fitness::of_chosen(report, answer).filter(|one| one.must_be_kept_away());
        let warning = fitness.map(|one| format!(" ({})", fitness::in_a_few_words(one)));
        return details::named(report, chosen) + &warning.unwrap_or_default();
    }
    match details::nearest(report, answer) {
        None => "no binhost has it".to_owned(),
        Some(_) if answer.is_usable().is_none() => "cannot be told".to_owned(),
        Some(nearest) => format!("rejected: {}", table::in_a_few_words(nearest)),
    }
}
