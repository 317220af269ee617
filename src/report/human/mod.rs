//! The report for people: a table, a summary, and for each thing that is not served why not.
//!
//! Styles are written freely; the stream drops them where they are not wanted. No line is wider
//! than the page, and no text of an index gets here without
//! [`crate::sanitize::sanitize`].

pub mod adopt;
mod attention;
mod binary;
mod check;
mod columns;
pub mod comparison;
mod compatibility;
mod compiled;
mod details;
pub mod fleet;
mod lines;
mod lost;
mod merges;
mod names;
mod next;
mod obstacles;
mod plan_totals;
mod quiet;
mod reasons;
mod shorten;
pub mod suggest;
pub mod survey;
mod table;
mod totals;
mod tree;
pub mod why;

use std::io::{self, Write};

use super::plan::{PlanSummary, Planned};
use super::{Report, Summary};
use crate::check::Judged;
use crate::plan::BuildReason;

/// How much is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// One line a target, or the summary line.
    Quiet,
    /// What follows without the tables: emerge shows what it is about to merge.
    Short,
    /// The tables, the summary, and why the first few targets are not served.
    Normal,
    /// Everything.
    Verbose,
}

/// How a report is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// How much is shown.
    pub detail: Detail,
    /// Merges stand below what needs them.
    pub tree: bool,
    /// How wide lines may be.
    pub columns: usize,
}

/// Write it.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(report: &Report<'_>, style: Style, out: &mut impl Write) -> io::Result<()> {
    let summary = Summary::of(report);
    let detail = style.detail;
    if detail == Detail::Quiet {
        return quiet::write(report, &summary, style.columns, out);
    }
    let Some(planned) = &report.plan else {
        if detail != Detail::Short {
            table::write(report, style, out)?;
        }
        totals::write(report, &summary, style.columns, out)?;
        compatibility::totals(report, style.columns, out)?;
        details::write(report, style, out)?;
        return compatibility::details(report, style, out);
    };
    if planned.implies_update && detail != Detail::Short {
        writeln!(out, "@world means -uDN @world\n")?;
    }
    if detail == Detail::Verbose {
        table::write(report, style, out)?;
    }
    let mut blocks = blocks(report, planned, style);
    blocks.retain(|block| !block.is_empty());
    if detail == Detail::Short {
        shorten::shorten(&mut blocks);
    }
    for (number, block) in blocks.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        block.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    report.check.as_ref().map_or(Ok(()), |checked| {
        writeln!(out)?;
        check::write(checked, style.columns, out)
    })
}

/// What is reported of a plan, the answer last, since that is what stays on the screen.
fn blocks(report: &Report<'_>, planned: &Planned<'_>, style: Style) -> Vec<Vec<String>> {
    let summary = PlanSummary::of(planned, report);
    let mut last = attention::block(report, planned, style);
    last.extend(plan_totals::block(report, planned, &summary, style));
    let list = match style.detail {
        Detail::Short => Vec::new(),
        _ => binary::block(report, planned, &summary, style),
    };
    let compiled = compiled::block(report, planned, &summary, style);
    let obstacles = obstacles::blocks(report, &planned.plan, style);
    [list, compiled]
        .into_iter()
        .chain(obstacles)
        .chain([last])
        .collect()
}

/// An instance by name, build id and host.
pub fn name(report: &Report<'_>, judged: &Judged<'_>) -> String {
    names::named(report, judged)
}

/// Why something is compiled: what stands between it and the nearest binary package, and what is known behind it.
pub fn reason(report: &Report<'_>, reason: &BuildReason, name: &str) -> (String, Vec<String>) {
    let between = reasons::between(reason, name, report);
    let evidence = reasons::evidence(reason, report, Detail::Verbose, false);
    (between, evidence)
}

/// What keeps a plan from being carried out in full, one line each.
pub fn unmet(planned: &Planned<'_>, report: &Report<'_>) -> Vec<String> {
    obstacles::unmet(&planned.plan, report)
}

#[cfg(test)]
mod tests;
