//! One line an instance: package with its build id, host, verdict, why.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};

use comfy_table::CellAlignment;
use owo_colors::OwoColorize;

use super::columns::{self, GAP};
use super::{Detail, Style};
use super::{compatibility, names};
use crate::check::{Judged, Verdict};
use crate::compat::Compatibility;
use crate::report::layout::{elide, width, wrap};
use crate::report::{Report, builds};
use crate::sanitize::sanitize;

/// A name that would leave less than this to the reasons has a line of its own.
const WHY_LEAST: usize = 20;
const HOST_MAX: usize = 13;
/// Of `accepted` and `rejected`.
const VERDICT: usize = 8;

struct TableRow<'r> {
    package: String,
    host: Cow<'r, str>,
    judged: &'r Judged<'r>,
    compatibility: Option<&'r Compatibility>,
    /// The flags that tell it from other accepted builds of its version.
    apart: Vec<String>,
}

impl<'r> TableRow<'r> {
    fn of(report: &'r Report<'r>, judged: &'r Judged<'r>) -> TableRow<'r> {
        TableRow {
            package: names::with_build_id(&judged.candidate.package),
            host: elided(names::host_label(report, judged.candidate)),
            judged,
            apart: builds::apart(report, judged),
            compatibility: report
                .compatibility(judged.id)
                .filter(|_| judged.verdict == Verdict::Accepted),
        }
    }
}

fn elided(host: Cow<'_, str>) -> Cow<'_, str> {
    match elide(&host, HOST_MAX) {
        Cow::Owned(short) => short.into(),
        Cow::Borrowed(_) => host,
    }
}

/// Write the table; nothing at all if no instance was requested.
pub(super) fn write(report: &Report<'_>, style: Style, out: &mut impl Write) -> io::Result<()> {
    let instances = report.shown_instances().into_iter();
    let rows: Vec<TableRow<'_>> = instances
        .map(|judged| TableRow::of(report, judged))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns = Columns::of(&rows, style.columns);
    let mut lines = TableLines::new(columns);
    for row in &rows {
        lines.add(row, style.detail);
    }
    lines.write(out)?;
    writeln!(out)
}

/// The lines of the table, one after the other.
struct TableLines<'r> {
    columns: Columns,
    cells: Vec<Vec<String>>,
    /// Names that are too long for their column, and the line before which each stands.
    long_names: HashMap<usize, &'r str>,
}

impl<'r> TableLines<'r> {
    fn new(columns: Columns) -> TableLines<'r> {
        let head = ["package", "host", "verdict"].map(|name| name.bold().to_string());
        TableLines {
            columns,
            cells: vec![head.to_vec()],
            long_names: HashMap::new(),
        }
    }

    fn add(&mut self, row: &'r TableRow<'r>, detail: Detail) {
        let mut package = row.package.as_str();
        if width(package) > self.columns.package {
            self.long_names.insert(self.cells.len(), package);
            package = "";
        }
        let mut why = reasons(row, self.columns.why, detail).into_iter();
        self.cells.push(vec![
            package.to_owned(),
            row.host.to_string(),
            verdict(row.judged),
            why.next().unwrap_or_default(),
        ]);
        let more = why.map(|line| vec![String::new(), String::new(), String::new(), line]);
        self.cells.extend(more);
    }

    fn write(self, out: &mut impl Write) -> io::Result<()> {
        let lines = columns::lines(self.cells, &[CellAlignment::Left; 4]);
        for (number, line) in lines.iter().enumerate() {
            if let Some(name) = self.long_names.get(&number) {
                writeln!(out, "{}", elide(name, self.columns.all))?;
            }
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

/// How much room names and reasons have.
struct Columns {
    all: usize,
    package: usize,
    why: usize,
}

impl Columns {
    fn of(rows: &[TableRow<'_>], all: usize) -> Columns {
        let hosts = rows.iter().map(|row| width(&row.host)).max();
        let host = hosts.map_or(0, |widest| widest.max("host".len()));
        let room = all.saturating_sub(host + VERDICT + 3 * usize::from(GAP));
        let packages = rows.iter().map(|row| width(&row.package));
        let widths = packages.filter(|width| width + WHY_LEAST <= room).max();
        let package = widths.map_or(0, |widest| widest).max("package".len());
        Columns {
            all,
            package,
            why: room.saturating_sub(package),
        }
    }
}

fn verdict(judged: &Judged<'_>) -> String {
    match judged.verdict {
        Verdict::Accepted => "accepted".green().to_string(),
        Verdict::Rejected => "rejected".red().to_string(),
        Verdict::Unknown => "unknown".yellow().to_string(),
    }
}

/// As much as fits into one line, or with `-v` all of it.
fn reasons(row: &TableRow<'_>, room: usize, detail: Detail) -> Vec<String> {
    let reasons = in_a_few_words(row.judged);
    let compatibility = row.compatibility.map(compatibility::in_a_few_words);
    let apart = row.apart.join(" ");
    let apart = (!apart.is_empty()).then(|| format!("USE {}", sanitize(&apart)));
    let parts = [Some(reasons), apart, compatibility].into_iter().flatten();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let text = parts.join("; ");
    match detail {
        Detail::Verbose => wrap(&text, room),
        _ => vec![elide(&text, room).into_owned()],
    }
}

/// All findings as `code detail, code detail`.
pub(super) fn in_a_few_words(judged: &Judged<'_>) -> String {
    let mut text = String::new();
    for finding in judged.findings {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(finding.code.as_str());
        if !finding.detail.is_empty() {
            text.push(' ');
            text.push_str(&sanitize(&finding.detail));
        }
    }
    text
}
