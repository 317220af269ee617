//! `--hosts` for people: a block for each host, and which serves most.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::{lines, names};
use crate::binhost::{HostState, IndexOrigin};
use crate::report::layout::age;
use crate::report::survey::{Lack, SeenFiles, ServedShare, Survey, SurveyedHost};
use crate::sanitize::sanitize;

/// Where texts begin.
const COLUMN: usize = 14;
/// How many reasons are named.
const MOST_LACKS: usize = 3;

/// Write it.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(survey: &Survey<'_>, columns: usize, out: &mut impl Write) -> io::Result<()> {
    for host in &survey.hosts {
        let name = names::label(host.state);
        writeln!(out, "{}", name.bold())?;
        for (what, text) in rows(survey, host) {
            for (number, line) in
                lines::beside(&format!("  {what}"), &sanitize(&text), COLUMN, columns)
                    .into_iter()
                    .enumerate()
            {
                match what {
                    "check" if number == 0 => {
                        writeln!(
                            out,
                            "{}",
                            line.replacen(what, &what.yellow().to_string(), 1)
                        )?;
                    }
                    _ => writeln!(out, "{line}")?,
                }
            }
        }
        writeln!(out)?;
    }
    let best = lines::hanging(&best(survey), 0, 2, columns);
    best.iter()
        .try_for_each(|line| writeln!(out, "{}", line.bold()))
}

/// What is known of a host, each with a word for what it is.
pub(crate) fn rows(survey: &Survey<'_>, host: &SurveyedHost<'_>) -> Vec<(&'static str, String)> {
    let repo = &host.state.repo;
    let mut rows = vec![("uri", format!("{}  ({})", repo.sync_uri, repo.source))];
    rows.push(("index", index(survey, host)));
    if host.state.index.is_some() {
        rows.push(("signature", signature(host)));
        rows.extend(built_with(host.state, &host.files).map(|text| ("built with", text)));
        rows.extend(here(survey, host).map(|text| ("here", text)));
        rows.push(("serves", serves(host)));
        if !host.lacks.is_empty() {
            rows.push(("lacks", lacks(&host.lacks)));
        }
    }
    rows.extend(
        host.warnings
            .iter()
            .map(|warning| ("check", warning.detail())),
    );
    rows
}

fn index(survey: &Survey<'_>, host: &SurveyedHost<'_>) -> String {
    let state = host.state;
    let now = survey.grounds.now;
    let Some(index) = &state.index else {
        let error = state.error.as_deref().unwrap_or("it was not contacted");
        return format!("none: {error}");
    };
    let made = index.timestamp.map(|made| age(now.saturating_sub(made)));
    let mut parts = vec![match made {
        Some(age) => format!("{age} old"),
        None => "of unknown age".to_owned(),
    }];
    parts.push(match index.entries.len() {
        1 => "1 package".to_owned(),
        count => format!("{count} packages"),
    });
    if let Some(newest) = host.newest {
        parts.push(format!(
            "the newest built {} ago",
            age(now.saturating_sub(newest))
        ));
    }
    match state.origin {
        IndexOrigin::Stale => {
            parts.push("of the last time, since the host cannot be reached".to_owned())
        }
        IndexOrigin::Cached => parts.push("from the cache".to_owned()),
        _ => {}
    }
    parts.join(", ")
}

fn signature(host: &SurveyedHost<'_>) -> String {
    let policy = host.policy;
    let rule = match (policy.required, policy.verified) {
        (true, _) => "required",
        (false, true) => "verified where there is one",
        (false, false) => "not verified",
    };
    let seen = &host.files;
    let rule = match seen.signed_by.is_empty() {
        true => rule.to_owned(),
        false => format!("{rule}; signed by {}", most_first(&seen.signed_by)),
    };
    match &seen.refused {
        (0, _) if seen.number == 0 => format!("{rule}; no file was inspected"),
        (0, _) if policy.required => {
            format!("{rule}; all {} inspected files are signed", seen.number)
        }
        (0, _) => rule,
        (count, Some((code, detail))) => {
            format!(
                "{rule}; {count} of {} inspected files refused: {code}, {detail}",
                seen.number
            )
        }
        (count, None) => format!("{rule}; {count} of {} inspected files refused", seen.number),
    }
}

/// CHOST, profile, keywords and what the files that were seen were compiled for.
fn built_with(state: &HostState, seen: &SeenFiles) -> Option<String> {
    let index = state.index.as_ref()?;
    let header = |key: &str| {
        index
            .header(key)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let named = |what: &str, key: &str| header(key).map(|text| format!("{what} {text}"));
    let mut parts: Vec<String> = header("CHOST").map(str::to_owned).into_iter().collect();
    parts.extend(named("profile", "PROFILE"));
    parts.extend(named("keywords", "ACCEPT_KEYWORDS"));
    parts.extend(named("repositories", "REPO_REVISIONS"));
    if let Some(flags) = header("USE") {
        let count = flags.split_whitespace().count();
        parts.push(format!("{count} USE flags (--json names them)"));
    }
    if !seen.built_for.is_empty() {
        let built = most_first(&seen.built_for);
        parts.push(format!("-march of inspected files: {built}"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// `x86-64 (9) x86-64-v4 (1)`
fn most_first(counts: &BTreeMap<String, usize>) -> String {
    let mut counts: Vec<(&String, &usize)> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(**count));
    let counts: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{name} ({count})"))
        .collect();
    counts.join(" ")
}

/// Profile and repository against this machine's.
fn here(survey: &Survey<'_>, host: &SurveyedHost<'_>) -> Option<String> {
    let ours = survey.grounds.tree.profile.as_deref().unwrap_or_default();
    let profile = survey.has_same_profile(host).map(|is_same| match is_same {
        true => "the same profile".to_owned(),
        false => format!("another profile, {ours}"),
    });
    let tree = survey.tree_lead(host).map(|days| match days {
        0 => "the repository is of the same age".to_owned(),
        days if days > 0 => format!("the repository is {days} days newer than the host's index"),
        days => format!(
            "the repository is {} days older than the host's index",
            -days
        ),
    });
    let cpu = (host.files.cannot_run > 0).then(|| {
        format!(
            "{} of {} inspected files will not run",
            host.files.cannot_run, host.files.number
        )
    });
    let gone = (host.files.gone > 0).then(|| {
        format!(
            "{} of {} inspected files are gone",
            host.files.gone, host.files.number
        )
    });
    let parts: Vec<String> = [profile, tree, cpu, gone].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn serves(host: &SurveyedHost<'_>) -> String {
    let request = match host.request.of {
        0 => "the request merges nothing".to_owned(),
        _ => format!("{} of the request", share(host.request)),
    };
    format!("{request}, {} installed", share(host.installed))
}

/// `40 of 53 (75 %)`
fn share(share: ServedShare) -> String {
    match share.of {
        0 => "0 of 0".to_owned(),
        of => format!("{} of {of} ({} %)", share.served, share.served * 100 / of),
    }
}

fn lacks(lacks: &[(Lack, usize)]) -> String {
    let named = lacks.iter().take(MOST_LACKS);
    let mut parts: Vec<String> = named
        .map(|(lack, count)| format!("{} {count}", lack.as_str()))
        .collect();
    let rest: usize = lacks.iter().skip(MOST_LACKS).map(|(_, count)| count).sum();
    if rest > 0 {
        parts.push(format!("other reasons {rest}"));
    }
    parts.join(", ")
}

/// Which host serves most, in a sentence.
pub(crate) fn best(survey: &Survey<'_>) -> String {
    match survey.best() {
        Some(best) if best.request.served > 0 => format!(
            "{} serves most: {} of the request",
            names::label(best.state),
            share(best.request)
        ),
        Some(best) => format!(
            "{} serves most: {} installed",
            names::label(best.state),
            share(best.installed)
        ),
        None if survey
            .hosts
            .iter()
            .all(|host| host.request.of + host.installed.of == 0) =>
        {
            "nothing is requested or installed that a host could serve".to_owned()
        }
        None => "no host serves anything of this machine".to_owned(),
    }
}
