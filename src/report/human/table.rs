//! One line an instance: package with its build id, host, verdict, why.

use std::borrow::Cow;
use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::Detail;
use crate::binhost::{Candidate, HostState};
use crate::check::{Judged, Verdict};
use crate::pms::Package;
use crate::report::Report;
use crate::report::layout::{WIDTH, elide, fill, width, wrap};
use crate::report::sanitize::sanitize;

/// Columns between two columns.
const GAP: usize = 2;
/// The package column takes at most this many columns.
const PACKAGE_MAX: usize = 38;
/// One name in so many may be too long for its column, and shifts the rest of its line.
const LONG_SHARE: usize = 12;
/// A shifted line keeps at least so many columns for the reasons; else the name has its own line.
const WHY_LEAST: usize = 10;
const HOST_MAX: usize = 13;
/// Of `accepted` and `rejected`.
const VERDICT: usize = 8;

struct Columns {
    package: usize,
    host: usize,
}

impl Columns {
    fn of(rows: &[Row<'_>]) -> Columns {
        let widths = rows.iter().map(|row| width(&row.package));
        let mut packages: Vec<usize> = widths.filter(|width| *width <= PACKAGE_MAX).collect();
        packages.sort_unstable();
        let common = packages.iter().rev().nth(packages.len() / LONG_SHARE);
        let hosts = rows.iter().map(|row| width(&row.host)).max();
        Columns {
            package: common.map_or(0, |common| *common).max("package".len()),
            host: hosts.map_or(0, |widest| widest.max("host".len())),
        }
    }

    /// Where the reasons begin.
    fn why(&self) -> usize {
        self.package + self.host + VERDICT + 3 * GAP
    }
}

struct Row<'r> {
    package: String,
    host: Cow<'r, str>,
    judged: &'r Judged<'r>,
}

impl<'r> Row<'r> {
    fn of(report: &Report<'r>, judged: &'r Judged<'r>) -> Row<'r> {
        Row {
            package: with_build_id(&judged.candidate.package),
            host: elided(host_label(report, judged.candidate)),
            judged,
        }
    }
}

/// `app-misc/jq-1.8.1-2`, as emerge prints it, and takes it after `=`.
pub(super) fn with_build_id(package: &Package) -> String {
    let mut text = sanitize(&package.cpv.to_string()).into_owned();
    if let Some(id) = package.build_id {
        text.push_str(&format!("-{id}"));
    }
    text
}

fn elided(host: Cow<'_, str>) -> Cow<'_, str> {
    match elide(&host, HOST_MAX) {
        Cow::Owned(short) => short.into(),
        Cow::Borrowed(_) => host,
    }
}

/// The name of an instance's host for people.
pub(super) fn host_label<'a>(report: &Report<'a>, candidate: &Candidate) -> Cow<'a, str> {
    let host = candidate
        .host
        .and_then(|position| report.hosts.get(position));
    host.map_or("local".into(), label)
}

/// A section's name, else the URI without its scheme: nobody knows a host by the MD5 of its URI.
pub(super) fn label(host: &HostState) -> Cow<'_, str> {
    if host.repo.named {
        return sanitize(&host.repo.name);
    }
    let uri = host.repo.sync_uri.to_string();
    let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    sanitize(rest).into_owned().into()
}

/// Write the table; nothing at all if no instance was asked for.
pub(super) fn write(report: &Report<'_>, detail: Detail, out: &mut impl Write) -> io::Result<()> {
    if report.instances.is_empty() {
        return Ok(());
    }
    let rows: Vec<Row<'_>> = report
        .instances
        .iter()
        .map(|judged| Row::of(report, judged))
        .collect();
    let columns = Columns::of(&rows);
    head(&columns, out)?;
    for row in &rows {
        row_line(row, &columns, detail, out)?;
    }
    writeln!(out)
}

fn head(columns: &Columns, out: &mut impl Write) -> io::Result<()> {
    let Columns { package, host } = *columns;
    let line = format!("{:package$}  {:host$}  verdict", "package", "host");
    writeln!(out, "{}", line.bold())
}

fn row_line(
    row: &Row<'_>,
    columns: &Columns,
    detail: Detail,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut package = row.package.as_str();
    let after = columns.why() - columns.package;
    let least = if row.judged.findings.is_empty() {
        0
    } else {
        WHY_LEAST
    };
    if width(package) + after + least > WIDTH {
        writeln!(out, "{}", elide(package, WIDTH))?;
        package = "";
    }
    let blanks = fill(package, columns.package);
    write!(out, "{package}{:blanks$}{:GAP$}", "", "")?;
    let host_blanks = fill(&row.host, columns.host);
    write!(out, "{}{:host_blanks$}{:GAP$}", row.host, "", "")?;
    match row.judged.verdict {
        Verdict::Accepted => write!(out, "{}", "accepted".green())?,
        Verdict::Rejected => write!(out, "{}", "rejected".red())?,
        Verdict::Unknown => write!(out, "{}", "unknown ".yellow())?,
    }
    reasons(row.judged, width(package) + blanks + after, detail, out)
}

/// The rest of a line: as much as fits, or with `-v` all of it on lines of its own.
fn reasons(
    judged: &Judged<'_>,
    column: usize,
    detail: Detail,
    out: &mut impl Write,
) -> io::Result<()> {
    if judged.findings.is_empty() {
        return writeln!(out);
    }
    let text = in_a_few_words(judged);
    let room = WIDTH.saturating_sub(column);
    if detail == Detail::Normal {
        return writeln!(out, "{:GAP$}{}", "", elide(&text, room));
    }
    for (number, line) in wrap(&text, room).iter().enumerate() {
        let indent = if number == 0 { GAP } else { column };
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}

/// All findings as `code detail, code detail`.
pub(super) fn in_a_few_words(judged: &Judged<'_>) -> String {
    let mut text = String::new();
    for finding in &judged.findings {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(finding.code);
        if !finding.detail.is_empty() {
            text.push(' ');
            text.push_str(&sanitize(&finding.detail));
        }
    }
    text
}
