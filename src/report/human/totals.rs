//! The summary: how much of what was requested is served, reasons by number, hosts.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

use comfy_table::CellAlignment;
use owo_colors::OwoColorize;

use super::{columns, compatibility};
use crate::binhost::IndexOrigin;
use crate::binhost::{HostId, HostState};
use crate::report::layout::{self, elide, wrap_words};
use crate::report::summary::Counts;
use crate::report::{Report, Summary};

/// Columns of a host's name here.
const HOST_MAX: usize = 30;

/// Write it.
pub(super) fn write(
    report: &Report<'_>,
    summary: &Summary,
    columns: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    for line in wrap_words(&headline(report, summary), columns) {
        writeln!(out, "{}", line.bold())?;
    }
    instances(summary, columns, out)?;
    hosts(report, summary, columns, out)
}

/// `3 of 4 packages have a usable binary package (12.0 MiB to fetch)`
pub(super) fn headline(report: &Report<'_>, summary: &Summary) -> String {
    let noun = match (report.targets.is_empty(), summary.requested) {
        (true, 1) => "package",
        (true, _) => "packages",
        (false, 1) => "atom",
        (false, _) => "atoms",
    };
    let have = if summary.requested == 1 {
        "has"
    } else {
        "have"
    };
    let fetch = match summary.download {
        0 => String::new(),
        size => format!(" ({} to fetch)", layout::bytes(size)),
    };
    // Under --all few packages are inspected, and what emerge takes is the question.
    let what = if report.targets.is_empty() {
        "an instance that emerge takes"
    } else {
        "a usable binary package"
    };
    let doubtful = compatibility::doubtful(report).into_iter();
    let doubtful: String = doubtful.map(|text| format!(" · {text}")).collect();
    format!(
        "{} of {} {noun} {have} {what}{fetch}{doubtful}",
        summary.served, summary.requested
    )
}

fn instances(summary: &Summary, columns: usize, out: &mut impl Write) -> io::Result<()> {
    let Counts {
        instances,
        accepted,
        rejected,
        unknown,
    } = summary.all;
    let noun = if instances == 1 {
        "instance"
    } else {
        "instances"
    };
    let mut text = format!("{instances} {noun}: {accepted} accepted, {rejected} rejected");
    if unknown > 0 {
        text.push_str(&format!(", {unknown} unknown"));
    }
    writeln!(out, "{text}")?;
    if summary.by_code.is_empty() {
        return Ok(());
    }
    let mut codes: Vec<_> = summary.by_code.iter().collect();
    codes.sort_by_key(|(code, count)| (Reverse(**count), **code));
    let parts: Vec<String> = codes
        .iter()
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    for line in wrap_words(&format!("reasons: {}", parts.join(", ")), columns - 2) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

fn hosts(
    report: &Report<'_>,
    summary: &Summary,
    width: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut hosts: Vec<(Cow<'_, str>, Counts, String)> = Vec::new();
    for ((id, host), counts) in HostId::number(report.setting.hosts).zip(&summary.by_host) {
        hosts.push((
            report.host_label(Some(id)).into(),
            *counts,
            state(host, report.setting.now),
        ));
    }
    if summary.local.instances > 0 {
        hosts.push(("local".into(), summary.local, "PKGDIR".to_owned()));
    }
    let mut rows: Vec<Vec<String>> = hosts
        .iter()
        .map(|(name, counts, _)| {
            let mut row = vec![format!("  {}", elide(name, HOST_MAX))];
            row.extend(numbers(counts, summary.all.unknown > 0));
            row
        })
        .collect();
    let room = width.saturating_sub(columns::width(&rows));
    for (row, (.., state)) in rows.iter_mut().zip(&hosts) {
        row.push(elide(state, room).dimmed().to_string());
    }
    let mut alignment = vec![CellAlignment::Right; rows.first().map_or(0, Vec::len)];
    if let [name, .., state] = &mut alignment[..] {
        (*name, *state) = (CellAlignment::Left, CellAlignment::Left);
    }
    columns::lines(rows, &alignment)
        .iter()
        .try_for_each(|line| writeln!(out, "{line}"))
}

/// How many of its instances are accepted, rejected and, where that happens at all, unknown.
fn numbers(counts: &Counts, with_unknown: bool) -> impl Iterator<Item = String> {
    let unknown = with_unknown.then(|| format!("{} unknown", counts.unknown));
    let known = [
        format!("{} accepted", counts.accepted),
        format!("{} rejected", counts.rejected),
    ];
    known.into_iter().chain(unknown)
}

/// How its index was come by, and how old it is.
pub(super) fn state(host: &HostState, now: i64) -> String {
    let origin = match host.origin {
        IndexOrigin::Fetched => "fetched",
        IndexOrigin::NotModified => "unchanged",
        IndexOrigin::Cached => "from the cache",
        IndexOrigin::Stale => "not reached, of the last time",
        IndexOrigin::Local => "file",
        IndexOrigin::Nothing => return "no index".to_owned(),
    };
    match host.index.as_ref().and_then(|index| index.timestamp) {
        Some(made) => format!("{origin}, {} old", layout::age(now.saturating_sub(made))),
        None => origin.to_owned(),
    }
}
