//! What machines have in common: causes and compile time as bars, what will not run, and configurations.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::report::MergeState;
use crate::report::fleet::{CommonBuild, Fleet, MachineGroup, Unrunnable};
use crate::report::layout::duration;

/// How many bars there are at most; the report of each machine has the others.
const MOST: usize = 40;

/// Why packages are compiled: how many merges on all machines for each reason.
pub(super) fn causes(fleet: &Fleet) -> Markup {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for code in fleet
        .judged()
        .flat_map(|judged| &judged.merges)
        .flat_map(|merge| &merge.codes)
    {
        *counts.entry(code).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let most = counts.first().map_or(1, |(_, count)| *count);
    html! {
        @if !counts.is_empty() {
            h2 { "Why packages are compiled" }
            div.bars {
                @for (code, count) in &counts {
                    div data-leaf { code { (code) } (bar(*count, most)) span { (count) } }
                }
            }
        }
    }
}

/// What is compiled, with the time of all machines together where it is known.
pub(super) fn compile_time(fleet: &Fleet) -> Markup {
    let times = fleet.compiled.iter().filter_map(CommonBuild::total);
    let most = times.max().unwrap_or(0);
    let has_times = most > 0;
    let weight = |build: &CommonBuild| match has_times {
        true => build.total().unwrap_or(0),
        false => u64::try_from(build.machines.len()).unwrap_or(u64::MAX),
    };
    let most = fleet.compiled.iter().map(weight).max().unwrap_or(1);
    html! {
        @if !fleet.compiled.is_empty() {
            h2 { "What is compiled" @if fleet.machines.len() > 1 { ", and what a host would save" } }
            div.bars {
                @for build in fleet.compiled.iter().take(MOST) {
                    div data-leaf { span.cpv { (build.name) } (bar(weight(build), most)) span { (build_text(fleet, build)) } }
                }
            }
            @if fleet.compiled.len() > MOST {
                p.dim { "and " (fleet.compiled.len() - MOST) " more, in the reports below" }
            }
        }
    }
}

fn build_text(fleet: &Fleet, build: &CommonBuild) -> String {
    let time = build
        .total()
        .map_or_else(|| "time unknown".to_owned(), duration);
    if fleet.machines.len() < 2 {
        return time;
    }
    let machines = plural(build.machines.len(), "machine");
    let builds = plural(build.builds, "build");
    let saved = build.saved().filter(|saved| *saved > 0);
    let saved = saved.map_or_else(String::new, |saved| format!(", saves {}", duration(saved)));
    format!("{time}, {machines}, {builds}{saved}")
}

/// Binary packages that are of no use.
pub(super) fn unrunnable(fleet: &Fleet) -> Markup {
    let heading = |one: &Unrunnable| {
        let open = if one.is_certain { "" } else { "uncertain, " };
        format!("{}: {open}{}", one.host, one.detail)
    };
    html! {
        @if !fleet.unrunnable.is_empty() {
            h2 { "Binary packages that will not run" }
            @for one in &fleet.unrunnable {
                details data-leaf {
                    summary { (heading(one)) " " span.dim { "(" (plural(one.packages.len(), "package")) ")" } }
                    p { "on " (names(fleet, one.machines.iter().copied())) }
                    ul { @for cpv in &one.packages { li.cpv { (cpv) } } }
                }
            }
        }
    }
}

/// Machines that could have one configuration.
pub(super) fn groups(fleet: &Fleet) -> Markup {
    html! {
        @if !fleet.groups.is_empty() {
            h2 { "Configurations" }
            p.dim { "Machines of one group could have one configuration; the -march is what all of their processors run." }
            @for group in &fleet.groups { (one_group(fleet, group)) }
        }
    }
}

fn one_group(fleet: &Fleet, group: &MachineGroup) -> Markup {
    html! {
        details data-leaf open[group.sacrifices.is_empty()] {
            summary {
                code { (group.march.as_deref().unwrap_or("no common -march is known")) }
                " for " (plural(group.machines.len(), "machine"))
                @if group.differing > 0 {
                    span.dim { ", with " (plural(group.differing, "package")) " configured otherwise than above" }
                }
            }
            p { (names(fleet, group.machines.iter().copied())) }
            @if !group.sacrifices.is_empty() {
                ul {
                    @for (machines, features) in group.losses() {
                        li {
                            (names(fleet, machines.iter().copied()))
                            @if machines.len() == 1 { " gives up " } @else { " give up " }
                            code { (features.join(" ")) }
                        }
                    }
                }
            }
            @if !group.unknown.is_empty() {
                p { "without " (names(fleet, group.unknown.iter().copied())) ", whose processor is unknown" }
            }
        }
    }
}

/// A bar of so much of the longest.
pub(super) fn bar<N: TryInto<u64>>(value: N, most: N) -> Markup {
    let [value, most] = [value, most].map(|number| number.try_into().unwrap_or(u64::MAX));
    let width = value
        .saturating_mul(1000)
        .checked_div(most)
        .unwrap_or(0)
        .min(1000);
    html! {
        svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" { rect width=(width) height="10" {} }
    }
}

fn names(fleet: &Fleet, places: impl Iterator<Item = usize>) -> Markup {
    let places: Vec<usize> = places.collect();
    html! {
        @for (number, place) in places.iter().enumerate() {
            @if number > 0 { ", " }
            a href={ "#m" (place) } { (fleet.machines.get(*place).map_or("", |machine| &machine.name)) }
        }
    }
}

/// `1 machine`, `2 machines`
pub(super) fn plural(count: usize, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{end}")
}

/// The class of a merge by its state.
pub(super) fn class(state: MergeState) -> &'static str {
    match state {
        MergeState::Usable => "good",
        MergeState::Uncertain => "open",
        MergeState::Unusable | MergeState::Compiled => "bad",
    }
}
