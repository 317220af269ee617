//! One line an instance: package, build id, host, verdict, why.

use std::borrow::Cow;
use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::Detail;
use crate::binhost::Candidate;
use crate::check::{Judged, Verdict};
use crate::report::Report;
use crate::report::layout::{WIDTH, elide, fill, width, wrap};
use crate::report::sanitize::sanitize;

/// Columns between two columns.
const GAP: usize = 2;
/// A package name takes at most this many columns in the table; a longer one has its own line.
const PACKAGE_MAX: usize = 38;
const HOST_MAX: usize = 14;
const BUILD_MAX: usize = 5;
/// Of `accepted` and `rejected`.
const VERDICT: usize = 8;

struct Columns {
    package: usize,
    build: usize,
    host: usize,
}

impl Columns {
    fn of(rows: &[Row<'_>]) -> Columns {
        let widest = |most: usize, head: usize, cell: &dyn Fn(&Row<'_>) -> usize| {
            rows.iter()
                .map(cell)
                .filter(|width| *width <= most)
                .max()
                .unwrap_or(0)
                .max(head)
        };
        Columns {
            package: widest(PACKAGE_MAX, "package".len(), &|row| width(&row.package)),
            build: widest(BUILD_MAX, "build".len(), &|row| width(&row.build)),
            host: widest(HOST_MAX, "host".len(), &|row| width(&row.host)),
        }
    }

    /// Where the reasons begin.
    fn why(&self) -> usize {
        self.package + self.build + self.host + VERDICT + 4 * GAP
    }
}

struct Row<'r> {
    package: String,
    build: String,
    host: Cow<'r, str>,
    judged: &'r Judged<'r>,
}

impl<'r> Row<'r> {
    fn of(report: &Report<'r>, judged: &'r Judged<'r>) -> Row<'r> {
        let package = &judged.candidate.package;
        Row {
            package: sanitize(&package.cpv.to_string()).into_owned(),
            build: package
                .build_id
                .map(|id| id.to_string())
                .unwrap_or_default(),
            host: elided(host_label(report, judged.candidate)),
            judged,
        }
    }
}

fn elided(host: Cow<'_, str>) -> Cow<'_, str> {
    match elide(&host, HOST_MAX) {
        Cow::Owned(short) => short.into(),
        Cow::Borrowed(_) => host,
    }
}

/// A host's name for people: its section, else the URI without its scheme (MD5 sums are not read).
pub(super) fn host_label<'a>(report: &Report<'a>, candidate: &Candidate) -> Cow<'a, str> {
    let host = candidate
        .host
        .and_then(|position| report.hosts.get(position));
    match host {
        Some(host) if !host.repo.named => {
            let uri = host.repo.sync_uri.to_string();
            let rest = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
            sanitize(rest).into_owned().into()
        }
        _ => sanitize(report.host_name(candidate)),
    }
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
    let line = format!(
        "{:<package$}  {:>build$}  {:<host$}  verdict",
        "package",
        "build",
        "host",
        package = columns.package,
        build = columns.build,
        host = columns.host,
    );
    writeln!(out, "{}", line.bold())
}

fn row_line(
    row: &Row<'_>,
    columns: &Columns,
    detail: Detail,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut package = row.package.as_str();
    if width(package) > columns.package {
        writeln!(out, "{}", elide(package, WIDTH))?;
        package = "";
    }
    write!(
        out,
        "{package}{:1$}",
        "",
        fill(package, columns.package) + GAP
    )?;
    let build = elide(&row.build, columns.build);
    let before = fill(&build, columns.build);
    write!(out, "{:before$}{build}{:GAP$}", "", "")?;
    let after = fill(&row.host, columns.host) + GAP;
    write!(out, "{}{:after$}", row.host, "")?;
    match row.judged.verdict {
        Verdict::Accepted => write!(out, "{}", "accepted".green())?,
        Verdict::Rejected => write!(out, "{}", "rejected".red())?,
        Verdict::Unknown => write!(out, "{}", "unknown ".yellow())?,
    }
    reasons(row.judged, columns.why(), detail, out)
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
