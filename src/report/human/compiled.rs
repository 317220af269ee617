//! For what is compiled though a binhost has it: the nearest binary package, and what stands between.

use std::collections::HashSet;
use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::{Detail, details, plan};
use crate::check::Judged;
use crate::plan::{BuildReason, Merge, Origin};
use crate::report::Report;
use crate::report::layout::{WIDTH, wrap};
use crate::report::plan::Planned;
use crate::sanitize::sanitize;

/// How many are explained without `-v`.
const NORMAL: usize = 10;

/// Explain them, but for the names that were explained already.
pub(super) fn write(
    report: &Report<'_>,
    planned: &Planned<'_>,
    explained: &HashSet<&str>,
    detail: Detail,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut open: Vec<(&Merge<'_>, &BuildReason, &Judged<'_>)> = Vec::new();
    for merge in &planned.plan.merges {
        if explained.contains(merge.package.cpv.cpn.as_str()) {
            continue;
        }
        if let Origin::Source(why) = &merge.origin
            && let Some(judged) = why.nearest().and_then(|id| report.instances.get(id))
        {
            open.push((merge, why, judged));
        }
    }
    let most = match detail {
        Detail::Verbose => usize::MAX,
        _ => NORMAL,
    };
    for (merge, why, judged) in open.iter().take(most) {
        writeln!(out)?;
        explain(report, merge, why, judged, detail, out)?;
    }
    match open.len().saturating_sub(most) {
        0 => Ok(()),
        left => writeln!(out, "\n-v explains {left} more that are compiled"),
    }
}

fn explain(
    report: &Report<'_>,
    merge: &Merge<'_>,
    why: &BuildReason,
    judged: &Judged<'_>,
    detail: Detail,
    out: &mut impl Write,
) -> io::Result<()> {
    let heading = format!(
        "{} is compiled; nearest is {}",
        sanitize(&merge.package.cpv.to_string()),
        details::named(report, judged)
    );
    for line in wrap(&heading, WIDTH) {
        writeln!(out, "{}", line.bold())?;
    }
    if let BuildReason::RejectedBinary(..) = why {
        let codes = why.codes().join(", ");
        let text = format!("{codes}: {}", plan::in_a_few_words(why, report));
        for line in wrap(&text, WIDTH - 2) {
            writeln!(out, "  {line}")?;
        }
    }
    let mut findings = judged.findings.iter();
    findings.try_for_each(|finding| details::explain_finding(finding, detail, out))
}
