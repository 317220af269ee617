//! The last lines: what a plan comes to, and what to type next. With `-v` also what comes from each host.

use owo_colors::OwoColorize;

use super::{Detail, Style, compatibility, lines, next};
use crate::binhost::HostId;
use crate::exit::Exit;
use crate::report::Report;
use crate::report::layout::{age, bytes, duration};
use crate::report::plan::{PlanSummary, Planned};

/// The block.
pub(super) fn block(
    report: &Report<'_>,
    planned: &Planned<'_>,
    summary: &PlanSummary,
    style: Style,
) -> Vec<String> {
    let mut block = Vec::new();
    if style.detail == Detail::Verbose {
        block.extend(hosts(report, summary, style));
    }
    let headline = lines::hanging(&headline(report, planned, summary), 0, 2, style.columns);
    block.extend(headline.iter().map(|line| line.bold().to_string()));
    // Under --emerge what comes next follows on its own.
    if style.detail != Detail::Short
        && let Some(next) = next::step(report, planned, summary)
    {
        block.extend(next::block(&next, style.columns));
    }
    block
}

/// `36 of 53 binary (67 %) · 39.5 MiB to fetch · 17 compiled, about 1 h 20 min`, and the indexes for want of which that is
/// not certain.
pub(super) fn headline(
    report: &Report<'_>,
    planned: &Planned<'_>,
    summary: &PlanSummary,
) -> String {
    let unread = report.indexes();
    let unread = unread.unread();
    let text = totals(planned, summary);
    if unread.is_empty() || report.exit() != Exit::Unknown {
        text
    } else {
        format!("{text} · no index of {}", unread.join(", "))
    }
}

fn totals(planned: &Planned<'_>, summary: &PlanSummary) -> String {
    if planned.plan.merges.is_empty() {
        return if planned.plan.is_sound() {
            let nothing = std::iter::once("nothing to merge".to_owned());
            nothing
                .chain(not_merged(planned))
                .collect::<Vec<_>>()
                .join(" · ")
        } else {
            "cannot be resolved".to_owned()
        };
    }
    let usable = format!(
        "{} of {} binary ({} %)",
        summary.usable,
        summary.merges,
        summary.coverage()
    );
    let size = (summary.download > 0).then(|| format!("{} to fetch", bytes(summary.download)));
    let time = match summary.compile.known {
        0 => String::new(),
        _ => format!(", about {}", duration(summary.compile.seconds)),
    };
    let compiled = (summary.source > 0).then(|| format!("{} compiled{time}", summary.source));
    let doubtful = compatibility::counts(&summary.doubtful);
    let stops = if planned.plan.is_given_up() {
        Some("given up".to_owned())
    } else {
        (!planned.plan.is_sound()).then(|| "emerge would stop".to_owned())
    };
    let uncertain = (!planned.plan.unreadable.is_empty()).then(|| "uncertain".to_owned());
    let parts = [Some(usable), size, compiled].into_iter().flatten();
    let parts: Vec<String> = parts
        .chain(doubtful)
        .chain(stops)
        .chain(uncertain)
        .chain(not_merged(planned))
        .collect();
    parts.join(" · ")
}

/// Updates that there are, and that do not come.
fn not_merged(planned: &Planned<'_>) -> Vec<String> {
    let plan = &planned.plan;
    let counted = |count: usize, what: &str| {
        let updates = if count == 1 { "update" } else { "updates" };
        (count > 0).then(|| format!("{count} {updates} {what}"))
    };
    let skipped = counted(plan.skipped.len(), "skipped");
    let left_out = counted(plan.left_out.len(), "left out");
    let missing = match plan.missing.len() {
        0 => None,
        count => Some(format!("{count} not to be had")),
    };
    [skipped, left_out, missing].into_iter().flatten().collect()
}

fn hosts(report: &Report<'_>, summary: &PlanSummary, style: Style) -> Vec<String> {
    let mut block = Vec::new();
    let known = HostId::number(report.setting.hosts).map(|(id, host)| (Some(id), Some(host)));
    for (id, host) in known.chain([(None, None)]) {
        let (merges, size) = summary.by_host.get(&id).copied().unwrap_or_default();
        if id.is_none() && merges == 0 {
            continue;
        }
        let made = host.and_then(|host| host.index.as_ref()?.timestamp);
        let age = made.map(|made| {
            format!(
                ", index {} old",
                age(report.setting.now.saturating_sub(made))
            )
        });
        let size = match size {
            0 => String::new(),
            size => format!(", {}", bytes(size)),
        };
        let text = format!("{merges} merges{size}{}", age.unwrap_or_default());
        let name = format!("  {}", report.host_label(id));
        block.extend(lines::beside(&name, &text, 24, style.columns));
    }
    if let Some(text) = compatibility::measured(report) {
        block.extend(lines::hanging(&text, 2, 4, style.columns));
    }
    block.iter().map(|line| line.dimmed().to_string()).collect()
}
