//! Hosts: those of a fleet as a list, and those of a survey each with all that is known of it.

use maud::{Markup, html};

use super::bars::{bar, plural};
use super::block;
use super::table::{cell, heads};
use crate::report::fleet::{Fleet, FleetHost};
use crate::report::host_labels;
use crate::report::human::survey::{best, rows};
use crate::report::layout::age;
use crate::report::survey::{Survey, SurveyedHost};

/// The hosts of a fleet.
pub(super) fn list(fleet: &Fleet) -> Markup {
    html! {
        @if !fleet.hosts.is_empty() {
            h2 { "Hosts" }
            dl {
                @for (host, label) in fleet.hosts.iter().zip(&fleet.host_labels) {
                    dt { b { (label) } }
                    dd data-leaf { code { (host.uri()) } ": " (index(host, fleet.now)) }
                }
            }
        }
    }
}

fn index(host: &FleetHost, now: i64) -> Markup {
    html! {
        @if let Some(entries) = host.entries {
            (plural(entries, "package"))
            @if let Some(made) = host.timestamp { ", index " (age(now.saturating_sub(made))) " old" }
        } @else {
            span.bad { "no index" }
        }
        @if let Some(error) = &host.state.error { "; " span.bad { (error) } }
    }
}

/// The hosts of a survey.
pub(super) fn surveyed(survey: &Survey<'_>) -> Markup {
    let states: Vec<_> = survey.hosts.iter().map(|host| host.state.clone()).collect();
    let labels = host_labels::of(&states);
    let hosts: Vec<(&String, &SurveyedHost<'_>)> = labels.iter().zip(&survey.hosts).collect();
    html! {
        p { b { (best(survey)) } }
        div.wide {
            table data-sortable aria-label="Hosts" {
                thead {
                    tr {
                        (heads(&["Host", "Request", "Installed", "Packages", "Index age", "To check"]))
                    }
                }
                tbody {
                    @for (place, (label, host)) in hosts.iter().enumerate() { (row(survey, place, label, host)) }
                }
            }
        }
        (block(&html! {
            h2 { "What each lacks" }
            @for (label, host) in &hosts { (lacks(label, host)) }
        }))
        (block(&html! {
            h2 { "Hosts" }
            @for (place, (label, host)) in hosts.iter().enumerate() {
                details id={ "m" (place) } data-section=(label) {
                    summary { b { (label) } " " code { (host.state.repo.sync_uri) } }
                    dl {
                        @for (what, text) in rows(survey, host) {
                            dt { (what) }
                            dd.bad[what == "check"] data-leaf { (text) }
                        }
                    }
                }
            }
        }))
    }
}

fn row(survey: &Survey<'_>, place: usize, label: &str, host: &SurveyedHost<'_>) -> Markup {
    let index = host.state.index.as_ref();
    let made = index.and_then(|index| index.timestamp);
    let old = made.map(|made| survey.grounds.now.saturating_sub(made));
    html! {
        tr data-for={ "m" (place) } {
            th scope="row" data-value=(label) { a href={ "#m" (place) } { (label) } }
            (cell(host.request))
            (cell(host.installed))
            td data-value=(index.map_or(0, |index| index.entries.len())) {
                @match index { Some(index) => (index.entries.len()), None => span.bad { "no index" } }
            }
            td data-value=(old.unwrap_or(i64::MAX)) { @if let Some(old) = old { (age(old)) } }
            td data-value=(host.warnings.len()) { (host.warnings.len()) }
        }
    }
}

fn lacks(label: &str, host: &SurveyedHost<'_>) -> Markup {
    let most = host
        .lacks
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(1);
    html! {
        @if !host.lacks.is_empty() {
            (block(&html! {
                h3 { (label) }
                div.bars {
                    @for (lack, count) in &host.lacks {
                        div data-leaf { code { (lack.as_str()) } (bar(*count, most)) span { (count) } }
                    }
                }
            }))
        }
    }
}
