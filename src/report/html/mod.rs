//! A page to look at: one file that needs nothing else. What it holds of indexes and configurations is escaped by
//! the template engine, and its policy (CSP) lets nothing run or load but its own style and script.

mod bars;
mod hosts;
mod machine;
mod table;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::fleet::Fleet;
use super::survey::Survey;
use crate::sanitize::sanitize;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page of several machines, or of one.
pub fn fleet(fleet: &Fleet) -> String {
    let request = fleet.request.join(" ");
    let title = match fleet.machines.as_slice() {
        [only] => format!("{request} on {}", only.name),
        machines => format!("{request} on {} machines", machines.len()),
    };
    let is_alone = fleet.machines.len() == 1;
    let main = html! {
        (table::machines(fleet))
        (block(&bars::causes(fleet)))
        (block(&bars::compile_time(fleet)))
        (block(&bars::unrunnable(fleet)))
        @if !is_alone { (block(&bars::groups(fleet))) }
        (block(&html! {
            h2 { @if is_alone { "The machine" } @else { "Machines" } }
            @for (place, machine) in fleet.machines.iter().enumerate() {
                (machine::section(fleet, place, machine, is_alone))
            }
        }))
        (block(&hosts::list(fleet)))
    };
    page(&title, fleet.now, &main)
}

/// The page of binhosts against one machine.
pub fn survey(survey: &Survey<'_>, request: &[String]) -> String {
    let title = format!("binhosts for {}", request.join(" "));
    page(&title, survey.grounds.now, &hosts::surveyed(survey))
}

/// A part with its heading, which a search hides where it finds nothing in it.
fn block(content: &Markup) -> Markup {
    html! { @if !content.0.is_empty() { section data-block { (content) } } }
}

fn page(title: &str, now: i64, main: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="generator" content={ "bincheck " (env!("CARGO_PKG_VERSION")) };
                link rel="icon" href="data:,";
                title { "bincheck: " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                p.dim { "bincheck " (env!("CARGO_PKG_VERSION")) ", " (date(now)) }
                div.controls role="search" hidden {
                    label for="search" { "Search" }
                    input id="search" type="search" placeholder="machine, host, package, reason  ( / )" autocomplete="off" spellcheck="false";
                    span.dim id="count" aria-live="polite" {}
                }
                main { (main) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    // Lines of our own stay lines; no text of others has a character that hides or turns what stands around it.
    let lines = page.0.lines().map(|line| sanitize(line).into_owned());
    lines.map(|line| line + "\n").collect()
}

/// Nothing but this style and this script counts, and nothing is loaded.
fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; img-src data:; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// `Thu, 26 Nov 2026 21:00:00 GMT`
fn date(seconds: i64) -> String {
    let since = u64::try_from(seconds).unwrap_or(0);
    let time = std::time::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(since));
    time.map_or_else(String::new, httpdate::fmt_http_date)
}

/// How good a share is, as a class of the style: `h0` for none to `h4` for all.
fn heat(percent: usize) -> &'static str {
    match percent {
        100.. => "h4",
        75.. => "h3",
        40.. => "h2",
        1.. => "h1",
        0 => "h0",
    }
}

#[cfg(test)]
mod tests;
