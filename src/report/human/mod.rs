//! The report for people: a table, a summary, and for each thing that is not served why not.
//!
//! Styles are written freely; the stream drops them where they are not wanted. No line is wider
//! than [`super::layout::WIDTH`], and no text of an index gets here without
//! [`super::sanitize::sanitize`].

mod columns;
mod details;
mod quiet;
mod table;
mod totals;

use std::io::{self, Write};

use super::{Report, Summary};

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// One line a target, or the summary line.
    Quiet,
    /// The summary, and why the first few targets are not served.
    Short,
    /// The table, the summary, and why the first few targets are not served.
    Normal,
    /// Everything.
    Verbose,
}

/// Write it.
///
/// # Errors
/// What the stream says.
pub fn write(report: &Report<'_>, detail: Detail, out: &mut impl Write) -> io::Result<()> {
    let summary = Summary::of(report);
    if detail == Detail::Quiet {
        return quiet::write(report, &summary, out);
    }
    if detail != Detail::Short {
        table::write(report, detail, out)?;
    }
    totals::write(report, &summary, out)?;
    details::write(report, detail, out)
}

#[cfg(test)]
mod tests;
