//! CHECK: what a person should look at before going on. Each kind of thing once, with a few names.

use std::collections::{BTreeMap, BTreeSet};

use owo_colors::OwoColorize;

use super::{Detail, Style, lines, lost, merges, names};
use crate::binhost::HostId;
use crate::binhost::IndexOrigin;
use crate::compat::{Compatibility, Concern, ConcernCode, CpuCompat};
use crate::plan::{Change, Merge};
use crate::report::plan::Planned;
use crate::report::{MergeState, Report, causes};
use crate::sanitize::sanitize;

/// How many are named without `-v`.
const NAMED: usize = 3;
/// Where texts begin.
const COLUMN: usize = 7;

/// Whether a concern is of some kind.
type IsKind = fn(ConcernCode) -> bool;

/// What is reported of packages with concerns that change nothing else, and which concerns these are.
const CONCERNS: [(&str, IsKind); 3] = [
    ("under a name that was given up", |code| {
        code == ConcernCode::Moved
    }),
    ("that will lack a library", |code| {
        code == ConcernCode::Soname
    }),
    (
        "with other USE or dependencies than wanted here, which emerge does not compare",
        ConcernCode::is_uncompared,
    ),
];

/// The block; empty if there is nothing to look at.
pub(super) fn block(report: &Report<'_>, planned: &Planned<'_>, style: Style) -> Vec<String> {
    let mut texts: Vec<String> = downgrades(planned, style).into_iter().collect();
    texts.extend(into_running(planned, style));
    texts.extend(doubtful(report, planned, style));
    for (what, kind) in CONCERNS {
        texts.extend(concerning(report, planned, style, what, kind));
    }
    texts.extend(lost::texts(&planned.lost, style));
    texts.extend(undecided(planned));
    texts.extend(hosts(report));
    let mut block = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let name = if number == 0 { "CHECK" } else { "" };
        block.extend(lines::beside(name, text, COLUMN, style.columns));
    }
    if let Some(first) = block.first_mut() {
        *first = first.replacen("CHECK", &"CHECK".yellow().bold().to_string(), 1);
    }
    block
}

/// `3 downgrades: a/b-1 [2], a/c-1 [2], …`
pub(super) fn counted(
    count: usize,
    one: &str,
    many: &str,
    names: &[String],
    style: Style,
) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}: {}", named(names, style))
}

/// Some names, with `…` for the others; all with `-v`, and where it stands for one alone.
pub(super) fn named(names: &[String], style: Style) -> String {
    let most = if style.detail == Detail::Verbose || names.len() == NAMED + 1 {
        usize::MAX
    } else {
        NAMED
    };
    let shown = names.iter().take(most).map(String::as_str);
    let mut shown: Vec<&str> = shown.collect();
    if names.len() > shown.len() {
        shown.push("…");
    }
    shown.join(", ")
}

/// What goes to the running system, where the request is for another root.
fn into_running(planned: &Planned<'_>, style: Style) -> Option<String> {
    let names: Vec<String> = planned.plan.to_running().map(merges::with_old).collect();
    let many = "packages go into the running system (/), which builds or installs the others";
    let one = "package goes into the running system (/), which builds or installs the others";
    (!names.is_empty()).then(|| counted(names.len(), one, many, &names, style))
}

fn downgrades(planned: &Planned<'_>, style: Style) -> Option<String> {
    let merges = planned.plan.merges.iter();
    let down = merges.filter(|merge| merge.change == Change::Downgrade);
    let names: Vec<String> = down.map(merges::with_old).collect();
    (!names.is_empty()).then(|| counted(names.len(), "downgrade", "downgrades", &names, style))
}

/// Binary packages that are not usable or may not be, those with the same problem together.
fn doubtful(report: &Report<'_>, planned: &Planned<'_>, style: Style) -> Vec<String> {
    let mut groups: BTreeMap<(MergeState, String), Vec<String>> = BTreeMap::new();
    for merge in &planned.plan.merges {
        let state = report.state(merge);
        if let (MergeState::Unusable | MergeState::Uncertain, Some((host, known))) =
            (state, known(report, merge))
        {
            let group = groups
                .entry((state, problem(report, &host, known)))
                .or_default();
            group.push(merges::name(merge.package));
        }
    }
    let groups = groups.iter().rev();
    let text = |((_, problem), names): (&(MergeState, String), &Vec<String>)| {
        let (one, many) = problem.split_once('|').unwrap_or((problem, problem));
        counted(names.len(), one, many, names, style)
    };
    let mut texts: Vec<String> = groups.map(text).collect();
    texts.extend(newer_processors(report, planned));
    texts
}

/// Hosts that build for newer processors as a whole, and how what does not run is excluded without what does.
fn newer_processors(report: &Report<'_>, planned: &Planned<'_>) -> Vec<String> {
    let merges = planned.plan.merges.iter();
    let unusable = merges.filter(|merge| report.state(merge) == MergeState::Unusable);
    let hosts = unusable.filter_map(|merge| {
        let judged = report.instances.get(merge.origin.instance()?)?;
        let known = report.compatibility(judged.id)?;
        (known.runs == Some(CpuCompat::No)).then_some(judged.candidate.host)
    });
    let hosts: BTreeSet<Option<HostId>> = hosts.collect();
    let wide = hosts
        .iter()
        .filter_map(|host| causes::newer_processors(report, *host));
    let mut texts: Vec<String> = wide.collect();
    if !hosts.is_empty() {
        texts.push("`bincheck --emerge` excludes what will not run, and nothing else".to_owned());
    }
    texts
}

/// Binary packages with a kind of concern; with `-v` what it is.
fn concerning(
    report: &Report<'_>,
    planned: &Planned<'_>,
    style: Style,
    what: &str,
    is_kind: IsKind,
) -> Option<String> {
    let mut found: Vec<(String, String)> = Vec::new();
    for merge in &planned.plan.merges {
        let concerns = merge.origin.instance().map(|id| report.concerns(id));
        let concerns = concerns.unwrap_or_default().iter();
        let differing = concerns.filter(|concern| is_kind(concern.code));
        let details: Vec<&str> = differing.map(|concern| &*concern.detail).collect();
        if !details.is_empty() {
            found.push((merges::name(merge.package), details.join("; ")));
        }
    }
    let in_full = style.detail == Detail::Verbose || found.len() <= NAMED;
    let name = |(name, details): (String, String)| {
        if in_full {
            format!("{name} ({})", sanitize(&details))
        } else {
            name
        }
    };
    let names: Vec<String> = found.into_iter().map(name).collect();
    (!names.is_empty()).then(|| counted(names.len(), what, what, &names, style))
}

fn known<'r>(report: &'r Report<'_>, merge: &Merge<'_>) -> Option<(String, &'r Compatibility)> {
    let id = merge.origin.instance()?;
    let judged = report.instances.get(id)?;
    let host = names::host_label(report, judged.candidate).into_owned();
    Some((host, report.compatibility(id)?))
}

/// What is wrong, in the words for one package and, after `|`, for several.
fn problem(report: &Report<'_>, host: &str, known: &Compatibility) -> String {
    let file = known.concern(ConcernCode::is_of_file);
    let text = match file {
        Some(Concern { code, detail }) => of_file(host, *code, detail),
        None => {
            let detail = known.concerns.first().map_or("", |concern| &concern.detail);
            match known.runs {
                Some(CpuCompat::No) => {
                    format!(
                        "binary of {host} will not run, it {detail}|binaries of {host} will not run, each {detail}"
                    )
                }
                _ => format!(
                    "binary of {host} may not run on {0}: {detail}|binaries of {host} may not run on {0}: {detail}",
                    report.setting.machine.describe()
                ),
            }
        }
    };
    sanitize(&text).into_owned()
}

fn of_file(host: &str, code: ConcernCode, detail: &str) -> String {
    let mend = match host {
        "local" => "; `emaint binhost --fix` makes its index anew",
        _ => "",
    };
    match code {
        ConcernCode::Gone => format!("file of {host} is gone{mend}|files of {host} are gone{mend}"),
        ConcernCode::Unsigned => {
            format!("file of {host} is {detail}|files of {host} are {detail}")
        }
        code if code.is_of_verification() => format!(
            "file of {host} with a signature that Portage will not take: {detail}|files of {host} with signatures that Portage will not take: {detail}"
        ),
        _ => format!(
            "file of {host} is not what its index says, {detail}{mend}|files of {host} are not what its index says, {detail}{mend}"
        ),
    }
}

fn undecided(planned: &Planned<'_>) -> Option<String> {
    let count = planned
        .plan
        .merges
        .iter()
        .filter(|merge| merge.undecided)
        .count();
    (count > 0).then(|| format!("{count} in a slot conflict: emerge decides"))
}

/// Indexes that are lacking, old or of the last time.
fn hosts(report: &Report<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    let indexes = report.indexes();
    let unread = indexes.unread();
    if !unread.is_empty() {
        let what = match unread.len() {
            1 => "that has",
            _ => "they have",
        };
        texts.push(format!(
            "no index of {}, so it is open what {what}",
            unread.join(", ")
        ));
    }
    let ids = || HostId::number(report.setting.hosts);
    let labels = |wanted: &dyn Fn(HostId) -> bool| -> Vec<&str> {
        let chosen = ids().filter(|(id, _)| wanted(*id));
        chosen.map(|(id, _)| report.host_label(Some(id))).collect()
    };
    let stale = labels(&|id| {
        let host = id.of(report.setting.hosts);
        host.is_some_and(|host| host.origin == IndexOrigin::Stale)
    });
    if !stale.is_empty() {
        texts.push(format!(
            "{} could not be reached; the index of the last time counts",
            stale.join(", ")
        ));
    }
    let mut by_age: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (id, host) in ids().filter(|(_, host)| causes::is_old(host, report.setting.now)) {
        let days = causes::days_old(host, report.setting.now).unwrap_or_default();
        by_age
            .entry(days)
            .or_default()
            .push(report.host_label(Some(id)));
    }
    for (days, names) in by_age.iter().rev() {
        let verb = if names.len() == 1 {
            "the index of"
        } else {
            "the indexes of"
        };
        let is = if names.len() == 1 { "is" } else { "are" };
        texts.push(format!("{verb} {} {is} {days} days old", names.join(", ")));
    }
    texts
}
