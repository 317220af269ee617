//! Machines by hosts as a heat map, which the script sorts.

use maud::{Markup, html};

use super::heat;
use crate::exit::Exit;
use crate::report::fleet::{Fleet, FleetMachine, JudgedMachine};
use crate::report::layout::{bytes, duration};
use crate::report::survey::ServedShare;

/// Heads of columns, by which a table is sorted.
pub(super) fn heads(names: &[&str]) -> Markup {
    html! {
        @for name in names {
            th scope="col" { button type="button" { (name) } }
        }
    }
}

/// The table.
pub(super) fn machines(fleet: &Fleet) -> Markup {
    html! {
        p {
            (fleet.count(Exit::AllUsable)) " all binary, "
            (fleet.count(Exit::SomeMissing)) " not, "
            (fleet.count(Exit::Unknown)) " open or not judged. "
            span.dim { "For each host: how much of the request it could serve." }
        }
        div.wide {
            table data-sortable aria-label="Machines by hosts" {
                thead {
                    tr {
                        (heads(&["Machine", "State", "Binary", "Compiled", "Compile time", "Fetch"]))
                        @for (host, label) in fleet.hosts.iter().zip(&fleet.host_labels) {
                            th scope="col" title=(host.uri()) { button type="button" { (label) } }
                        }
                    }
                }
                tbody {
                    @for (place, machine) in fleet.machines.iter().enumerate() {
                        (row(fleet, place, machine))
                    }
                }
            }
        }
    }
}

fn row(fleet: &Fleet, place: usize, machine: &FleetMachine) -> Markup {
    let id = format!("m{place}");
    html! {
        tr data-for=(id) {
            th scope="row" data-value=(machine.name) { a href={ "#" (id) } { (machine.name) } }
            (state(machine.exit()))
            @match machine.judged() {
                None => td.text.bad colspan=(4 + fleet.hosts.len()) { (machine.outcome.as_ref().err().map_or("", String::as_str)) },
                Some(judged) => {
                    (totals(judged))
                    @for host in 0..fleet.hosts.len() {
                        @match fleet.share(machine, host) {
                            Some(share) => (cell(share.request)),
                            None => td.none data-value="-1" title="the machine does not have this host" { "–" },
                        }
                    }
                }
            }
        }
    }
}

fn totals(judged: &JudgedMachine) -> Markup {
    let totals = &judged.totals;
    let merged = match totals.merges {
        0 => "nothing".to_owned(),
        merges => format!("{} of {merges}", totals.usable),
    };
    let share = ServedShare {
        served: totals.usable,
        of: totals.merges,
    };
    html! {
        @if !totals.sound { td.bad data-value="-1" { "emerge stops" } }
        @else if !judged.unmet.is_empty() {
            td.bad data-value=(share.percent().unwrap_or(0)) { (merged) ", " (judged.unmet.len()) " unmet" }
        }
        @else if totals.merges == 0 { td data-value="100" { "nothing to merge" } }
        @else { (cell(share)) }
        td data-value=(totals.source) { (totals.source) }
        td data-value=(totals.compile.seconds) {
            @if totals.compile.known > 0 { (duration(totals.compile.seconds)) }
            @else if totals.source > 0 { span.dim { "unknown" } }
        }
        td data-value=(totals.download) { @if totals.download > 0 { (bytes(totals.download)) } }
    }
}

/// A share as a cell of the heat map; one of nothing has no colour.
pub(super) fn cell(share: ServedShare) -> Markup {
    html! {
        @match share.percent() {
            Some(percent) => td class=(heat(percent)) data-value=(percent) title={ (share.served) " of " (share.of) } { (percent) " %" },
            None => td.none data-value="-1" title="nothing is to be served" {},
        }
    }
}

/// How a request ends, in words.
pub(super) fn state(exit: Exit) -> Markup {
    let (class, text) = words(exit);
    html! { td class={ "left " (class) } data-value=(exit.code()) { (text) } }
}

/// The class and the words for how a request ends.
pub(super) fn words(exit: Exit) -> (&'static str, &'static str) {
    match exit {
        Exit::AllUsable => ("good", "all binary"),
        Exit::SomeMissing => ("bad", "not all binary"),
        Exit::Unknown => ("open", "open"),
    }
}
