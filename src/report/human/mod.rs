//! The report for people: a table, a summary, and for each thing that is not served why not.
//!
//! Styles are written freely; the stream drops them where they are not wanted. No line is wider
//! than [`super::layout::WIDTH`], and no text of an index gets here without
//! [`crate::sanitize::sanitize`].

mod check;
mod columns;
mod compatibility;
mod compiled;
mod details;
mod obstacles;
mod plan;
mod plan_totals;
mod quiet;
pub mod suggest;
mod table;
mod totals;
mod tree;
pub mod why;

use std::io::{self, Write};

use super::plan::Planned;
use super::{Report, Summary};
use crate::check::Judged;

/// How much is said.
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
    /// How much is said.
    pub detail: Detail,
    /// Merges stand below what needs them.
    pub tree: bool,
}

/// Write it.
///
/// # Errors
/// What the stream says.
pub fn write(report: &Report<'_>, style: Style, out: &mut impl Write) -> io::Result<()> {
    let summary = Summary::of(report);
    let detail = style.detail;
    if detail == Detail::Quiet {
        return quiet::write(report, &summary, out);
    }
    let in_full = detail != Detail::Short;
    let Some(planned) = &report.plan else {
        if in_full {
            table::write(report, detail, out)?;
        }
        totals::write(report, &summary, out)?;
        compatibility::totals(report, out)?;
        details::write(report, detail, out)?;
        return compatibility::details(report, detail, out);
    };
    if in_full {
        table::write(report, detail, out)?;
        plan::write(report, planned, detail, style.tree, out)?;
    }
    plan_totals::write(report, planned, out)?;
    compatibility::totals(report, out)?;
    obstacles::write(&planned.plan, out)?;
    let explained = details::write(report, detail, out)?;
    compiled::write(report, planned, &explained, detail, out)?;
    compatibility::details(report, detail, out)?;
    report.check.as_ref().map_or(Ok(()), |checked| {
        writeln!(out)?;
        check::write(checked, out)
    })
}

/// An instance by name, build id and host.
pub fn name(report: &Report<'_>, judged: &Judged<'_>) -> String {
    details::named(report, judged)
}

/// What keeps a plan from being carried out in full, one line each.
pub fn unmet(planned: &Planned<'_>) -> Vec<String> {
    obstacles::unmet(&planned.plan)
}

#[cfg(test)]
mod tests;
