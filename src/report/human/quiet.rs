//! `-q`: one line per target, and the plan in one; under `--all` the summary in one line.

use std::io::{self, Write};

use super::reasons::no_binary;
use super::{compatibility, compiled, details, names, plan_totals, table, totals};
use crate::binhost::InstanceId;
use crate::packages::{Choice, Matches};
use crate::plan::Origin;
use crate::report::layout::{elide, wrap_words};
use crate::report::plan::PlanSummary;
use crate::report::{Answer, Report, Summary};
use crate::sanitize::sanitize;

/// Write it.
pub(super) fn write(
    report: &Report<'_>,
    summary: &Summary,
    columns: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    if report.targets.is_empty() {
        let lines = wrap_words(&totals::headline(report, summary), columns);
        return lines.iter().try_for_each(|line| writeln!(out, "{line}"));
    }
    for matches in report.shown_matches() {
        let line = format!(
            "{}: {}",
            sanitize(matches.key.as_str()),
            outcome(report, matches)
        );
        writeln!(out, "{}", elide(&line, columns))?;
    }
    match &report.plan {
        None => Ok(()),
        Some(planned) => {
            let summary = PlanSummary::of(planned, report);
            writeln!(out, "{}", plan_totals::headline(report, planned, &summary))
        }
    }
}

fn outcome(report: &Report<'_>, matches: &Matches<'_>) -> String {
    match report.answer(matches) {
        Answer::Merged(merge) => match &merge.origin {
            Origin::Binary(id) => binary(report, *id),
            Origin::Source(why) => format!(
                "compiled: {}",
                compiled::in_a_few_words(why, merge.package.cpv.cpn.as_str(), report)
            ),
        },
        Answer::Nothing => "nothing to merge".to_owned(),
        Answer::Unresolved => "cannot be resolved".to_owned(),
        Answer::Alone(Choice::Taken(id)) => binary(report, id),
        Answer::Alone(_) => alone(report, matches),
    }
}

/// A binary package that would be taken, and what speaks against it.
fn binary(report: &Report<'_>, id: InstanceId) -> String {
    let Some(judged) = report.instances.get(id) else {
        return String::new();
    };
    let uncertain = report.compatibility(id);
    let uncertain = uncertain.filter(|known| known.must_be_excluded() || known.is_uncertain());
    let warning = uncertain.map(|known| format!(" ({})", compatibility::in_a_few_words(known)));
    names::named(report, judged) + &warning.unwrap_or_default()
}

/// Where there is no plan.
fn alone(report: &Report<'_>, matches: &Matches<'_>) -> String {
    match details::nearest(report, matches) {
        None => no_binary(report, matches.key.name()),
        Some(_) if matches.is_usable().is_none() => "cannot be determined".to_owned(),
        Some(nearest) => format!("rejected: {}", table::in_a_few_words(nearest)),
    }
}
