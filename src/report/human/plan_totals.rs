//! What a plan comes to: how much is fetched from where, how much is compiled and why.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{self, Write};

use comfy_table::CellAlignment;
use owo_colors::OwoColorize;

use super::{columns, compatibility, table, totals};
use crate::binhost::HostId;
use crate::emerge_log::CompileTotal;
use crate::report::Report;
use crate::report::layout::{WIDTH, bytes, duration, elide, wrap};
use crate::report::plan::{PlanSummary, Planned};

/// Columns of a host's name here.
const HOST_MAX: usize = 30;

/// Write it.
pub(super) fn write(
    report: &Report<'_>,
    planned: &Planned<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    let summary = PlanSummary::of(planned, report);
    writeln!(out, "{}", headline(planned, &summary).bold())?;
    hosts(report, &summary, out)?;
    reasons(&summary, out)
}

/// `3 of 4 merges from binary packages (75 %), 12.0 MiB to fetch`
pub(super) fn headline(planned: &Planned<'_>, summary: &PlanSummary) -> String {
    if planned.plan.merges.is_empty() {
        return match planned.plan.is_sound() {
            true => "nothing to merge".to_owned(),
            false => "cannot be resolved".to_owned(),
        };
    }
    let usable = format!(
        "{} of {} binary ({} %)",
        summary.usable,
        summary.merges,
        summary.coverage()
    );
    let size = (summary.download > 0).then(|| format!("{} to fetch", bytes(summary.download)));
    let compiled = (summary.source > 0).then(|| format!("{} compiled", summary.source));
    let doubtful = compatibility::counts(&summary.doubtful);
    let parts = [Some(usable), size, compiled].into_iter().flatten();
    let parts: Vec<String> = parts.chain(doubtful).collect();
    let mut text = parts.join(" · ");
    if !planned.plan.is_sound() {
        text.push_str(" · emerge would stop");
    }
    text
}

fn hosts(report: &Report<'_>, summary: &PlanSummary, out: &mut impl Write) -> io::Result<()> {
    let of = |host: Option<HostId>| summary.by_host.get(&host).copied().unwrap_or_default();
    let mut hosts: Vec<(Cow<'_, str>, (usize, u64), String)> = Vec::new();
    for (id, host) in HostId::number(report.hosts) {
        let state = totals::state(host, report.now);
        hosts.push((table::label(host), of(Some(id)), state));
    }
    if of(None).0 > 0 {
        hosts.push(("local".into(), of(None), "PKGDIR".to_owned()));
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (name, (merges, size), _) in &hosts {
        let size = match size {
            0 => String::new(),
            size => bytes(*size),
        };
        let name = format!("  {}", elide(name, HOST_MAX));
        rows.push(vec![name, counted(*merges), size]);
    }
    let room = WIDTH.saturating_sub(columns::width(&rows));
    for (row, (.., state)) in rows.iter_mut().zip(&hosts) {
        row.push(elide(state, room).dimmed().to_string());
    }
    let (left, right) = (CellAlignment::Left, CellAlignment::Right);
    let lines = columns::lines(rows, &[left, right, right, left]);
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn counted(merges: usize) -> String {
    match merges {
        1 => "1 merge".to_owned(),
        _ => format!("{merges} merges"),
    }
}

/// `, about 1 h 20 min (16 of 17 known)`; nothing where no time is known.
fn time(compile: &CompileTotal) -> String {
    let CompileTotal {
        seconds,
        known,
        compiled,
    } = *compile;
    let time = duration(seconds);
    match known {
        0 => String::new(),
        _ if known == compiled => format!(", about {time}"),
        _ => format!(", about {time} ({known} of {compiled} known)"),
    }
}

fn reasons(summary: &PlanSummary, out: &mut impl Write) -> io::Result<()> {
    if summary.source == 0 {
        return Ok(());
    }
    let mut codes: Vec<_> = summary.by_reason.iter().collect();
    codes.sort_by_key(|(code, count)| (Reverse(**count), **code));
    let parts: Vec<String> = codes
        .iter()
        .map(|(code, count)| format!("{code} {count}"))
        .collect();
    let text = format!(
        "{} from source{}: {}",
        summary.source,
        time(&summary.compile),
        parts.join(", ")
    );
    for line in wrap(&text, WIDTH - 2) {
        writeln!(out, "  {line}")?;
    }
    if summary.undecided > 0 {
        let text = format!("{} in conflict: emerge decides", summary.undecided);
        writeln!(out, "  {text}")?;
    }
    Ok(())
}
