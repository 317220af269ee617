//! The report of one machine: what it is, what each host lacks for it, and every merge with its reason.

use maud::{Markup, html};

use super::bars::{class, plural};
use super::table::words;
use crate::report::MergeState;
use crate::report::fleet::{Fleet, FleetMachine, FleetMerge, JudgedMachine};
use crate::report::layout::duration;

/// The section, unfolded where there is no other.
pub(super) fn section(
    fleet: &Fleet,
    place: usize,
    machine: &FleetMachine,
    is_alone: bool,
) -> Markup {
    let (class, text) = words(machine.exit());
    html! {
        details id={ "m" (place) } data-section=(format!("{} {}", machine.name, machine.path)) open[is_alone] {
            summary { b { (machine.name) } " " span class=(class) { (text) } " " span.dim { (short(machine)) } }
            @match &machine.outcome {
                Err(error) => p.bad data-leaf { (error) },
                Ok(judged) => (report(fleet, machine, judged)),
            }
        }
    }
}

fn short(machine: &FleetMachine) -> String {
    let Some(judged) = machine.judged() else {
        return "not judged".to_owned();
    };
    let totals = &judged.totals;
    let time = match totals.compile.known {
        0 => String::new(),
        _ => format!(", about {}", duration(totals.compile.seconds)),
    };
    let merges = match totals.merges {
        0 => "nothing to merge".to_owned(),
        merges => format!(
            "{} of {merges} binary, {} compiled{time}",
            totals.usable, totals.source
        ),
    };
    match (totals.sound, judged.unmet.len()) {
        (false, _) => format!("{merges}, emerge stops"),
        (true, 0) => merges,
        (true, unmet) => format!("{merges}, {unmet} unmet"),
    }
}

fn report(fleet: &Fleet, machine: &FleetMachine, judged: &JudgedMachine) -> Markup {
    let identity = &judged.identity;
    let unknown = "unknown";
    html! {
        dl {
            dt { "system" } dd { code { (machine.path) } }
            dt { "processor" } dd { (identity.processor()) }
            dt { "CHOST" } dd { code { (identity.machine.chost) } }
            dt { "profile" } dd { code { (identity.tree.profile.as_deref().unwrap_or(unknown)) } }
            dt { "repository" } dd { code { (identity.tree.revision.as_deref().unwrap_or(unknown)) } }
            dt { "installed" } dd { (plural(identity.installed, "package")) }
        }
        @if !judged.unmet.is_empty() {
            h3.bad { "What keeps emerge from it" }
            ul { @for unmet in &judged.unmet { li data-leaf { (unmet) } } }
        }
        (merges(judged, MergeState::Compiled, "Compiled", true))
        (merges(judged, MergeState::Unusable, "Binary, and will not run", true))
        (merges(judged, MergeState::Uncertain, "Binary, and uncertain", true))
        (merges(judged, MergeState::Usable, "Binary", false))
        (hosts(fleet, machine))
        @if !judged.notices.is_empty() {
            details {
                summary { "Notices (" (judged.notices.len()) ")" }
                ul { @for notice in &judged.notices { li data-leaf { (notice) } } }
            }
        }
    }
}

/// The merges of one state, unfolded or not.
fn merges(judged: &JudgedMachine, state: MergeState, title: &str, is_open: bool) -> Markup {
    let merges: Vec<&FleetMerge> = judged
        .merges
        .iter()
        .filter(|merge| merge.state == state)
        .collect();
    html! {
        @if !merges.is_empty() {
            details open[is_open] {
                summary { (title) " (" (merges.len()) ")" }
                @for merge in &merges { (one_merge(merge)) }
            }
        }
    }
}

fn one_merge(merge: &FleetMerge) -> Markup {
    let seconds = merge.seconds.map(duration);
    let head = html! {
        span class={ "cpv " (class(merge.state)) } { (merge.cpv) }
        @if let Some(host) = &merge.host { " " span.dim { "from " (host) } }
        @if let Some(time) = &seconds { " " span.dim { "about " (time) } }
        @for code in &merge.codes { " " code { (code) } }
    };
    let has_more = !merge.detail.is_empty() || !merge.flags.is_empty();
    html! {
        @if has_more {
            details data-leaf {
                summary { (head) }
                @if !merge.detail.is_empty() { p { (merge.detail) } }
                @if !merge.evidence.is_empty() { ul { @for text in &merge.evidence { li { (text) } } } }
                @if !merge.flags.is_empty() { p.dim { "USE: " code { (merge.flags) } } }
            }
        } @else {
            p data-leaf { (head) }
        }
    }
}

/// What each host could serve, and what it lacks for the rest.
fn hosts(fleet: &Fleet, machine: &FleetMachine) -> Markup {
    let shares = (0..fleet.hosts.len()).filter_map(|host| {
        let share = fleet.share(machine, host)?;
        Some((fleet.host_labels.get(host)?, share))
    });
    html! {
        details {
            summary { "Hosts" }
            dl {
                @for (label, share) in shares {
                    dt { (label) }
                    dd data-leaf {
                        (share.request.served) " of " (share.request.of) " of the request, "
                        (share.installed.served) " of " (share.installed.of) " installed"
                        @for (number, (lack, count)) in share.lacks.iter().enumerate() {
                            @if number == 0 { "; lacks " } @else { ", " }
                            code { (lack.as_str()) } " " (count)
                        }
                    }
                }
            }
        }
    }
}
