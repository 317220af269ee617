//! What holds for all packages of a host, from facts of its index and of this machine: reported once.

use super::Report;
use crate::binhost::{HostId, HostState, Index};
use crate::check::Code;
use crate::compat::CpuCompat;
use crate::local::tree_state::revision;
use crate::plan::{BuildReason, Merge, Origin, ReasonCode};
use crate::pms::Key;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An index that is older than this many days is worth a word.
const OLD: i64 = 30;

/// In how many days an index is as old as its timestamp says; `None` where it has none.
pub fn days_old(host: &HostState, now: i64) -> Option<i64> {
    let made = host.index.as_ref()?.timestamp?;
    Some(now.saturating_sub(made).max(0) / DAY)
}

/// Whether an index is so old that its host may have stopped building.
pub fn is_old(host: &HostState, now: i64) -> bool {
    days_old(host, now).is_some_and(|days| days >= OLD)
}

/// Why compiled packages of one group are compiled, where that lies at hosts as a whole.
pub fn of_group(report: &Report<'_>, merges: &[&Merge<'_>]) -> Vec<String> {
    let mut causes = Vec::new();
    for (id, host) in HostId::number(report.setting.hosts) {
        let Some(index) = &host.index else { continue };
        let name = report.host_label(Some(id));
        let is_of = |merge: &&&Merge<'_>| nearest_host(report, merge) == Some(id);
        let merges_of: Vec<&Merge<'_>> = merges.iter().filter(is_of).copied().collect();
        let reasons: Vec<&BuildReason> = merges_of.iter().filter_map(reason).collect();
        if reasons.len() < 2 && reasons.len() < merges.len() {
            continue;
        }
        causes.extend(skew(report, name, index, &merges_of));
        let needs_profile = reasons.iter().any(|reason| {
            let codes = reason.codes();
            [Code::Use, Code::Deps]
                .map(ReasonCode::Rule)
                .iter()
                .any(|code| codes.contains(code))
        });
        if needs_profile && let Some(text) = profile(report, name, index) {
            causes.push(text);
        }
        let all_have = |code| {
            let code = ReasonCode::Rule(code);
            reasons.iter().all(|reason| reason.codes().contains(&code))
        };
        if all_have(Code::Chost)
            && let Some(text) = chost(name, index, merges, report)
        {
            causes.push(text);
        }
        if all_have(Code::Signature) {
            causes.push(match host.repo.verify_signature {
                Some(true) => format!(
                    "{name} offers files that cannot be signed, and has to sign: gpkg files there would do, or verify-signature = false ({})",
                    host.repo.place("verify-signature")
                ),
                _ => format!("{name} offers files that cannot be signed, and has to sign"),
            });
        }
    }
    causes
}

/// Why versions differ: what the host builds is another branch than what is accepted here, or either side is older.
fn skew(report: &Report<'_>, name: &str, index: &Index, merges: &[&Merge<'_>]) -> Option<String> {
    let is_behind = |merge: &&&Merge<'_>| {
        let reason = reason(merge);
        matches!(
            reason,
            Some(BuildReason::VersionSkew { older: Some(_), .. })
        )
    };
    let behind: Vec<&&Merge<'_>> = merges.iter().filter(is_behind).collect();
    if behind.is_empty() {
        let is_ahead = |merge: &&Merge<'_>| {
            matches!(
                reason(merge),
                Some(BuildReason::VersionSkew { newer: Some(_), .. })
            )
        };
        if merges.iter().any(is_ahead)
            && let Some(builds) = testing_too(index)
        {
            return Some(format!(
                "{name} builds with ACCEPT_KEYWORDS=\"{}\", and has newer versions than are accepted here",
                builds.join(" ")
            ));
        }
        let (tree, made) = (report.setting.tree.timestamp?, index.timestamp?);
        let days = made.saturating_sub(tree) / DAY;
        return (days > 0 && merges.iter().any(is_ahead)).then(|| {
            let many = if days == 1 { "day" } else { "days" };
            format!("the repository here is {days} {many} older than the index of {name}, which has newer versions")
        });
    }
    if let Some(builds) = stable_only(index)
        && behind.iter().all(|merge| is_testing(merge, &builds))
    {
        return Some(format!(
            "{name} builds with ACCEPT_KEYWORDS=\"{}\", and these versions are testing",
            builds.join(" ")
        ));
    }
    Some(format!("{name} is behind the tree{}", lag(report, index)))
}

/// The keywords that a host accepts, if it builds nothing but what is stable.
fn stable_only(index: &Index) -> Option<Vec<&str>> {
    let words = accepted(index)?;
    (!words.is_empty() && words.iter().all(|word| is_stable(word))).then_some(words)
}

/// The keywords that a host accepts, if it also builds what is testing.
fn testing_too(index: &Index) -> Option<Vec<&str>> {
    let words = accepted(index)?;
    let has_testing = words.iter().any(|word| !is_stable(word));
    has_testing.then_some(words)
}

fn accepted(index: &Index) -> Option<Vec<&str>> {
    let words = index.header("ACCEPT_KEYWORDS")?.split_whitespace();
    Some(words.collect())
}

fn is_stable(keyword: &str) -> bool {
    !keyword.starts_with(['~', '*'])
}

/// Whether a version is not stable by any of these keywords.
fn is_testing(merge: &Merge<'_>, stable: &[&str]) -> bool {
    let mut keywords = merge
        .package
        .metadata
        .text(Key::Keywords)
        .split_whitespace();
    !keywords.any(|keyword| stable.contains(&keyword))
}

/// Where nearly all that was inspected of a host uses instructions that this machine lacks: what it builds for.
pub fn newer_processors(report: &Report<'_>, host: Option<HostId>) -> Option<String> {
    let of_host = report
        .instances
        .iter()
        .filter(|judged| judged.candidate.host == host);
    let known = of_host.filter_map(|judged| report.compatibility(judged.id));
    let compiled: Vec<_> = known.filter(|known| known.built_for.is_some()).collect();
    let fails = compiled
        .iter()
        .filter(|known| known.runs == Some(CpuCompat::No));
    let fails: Vec<_> = fails.collect();
    let built_for = fails.first()?.built_for.as_deref()?;
    let is_all = fails.len() >= 2 && fails.len() * 10 >= compiled.len() * 9;
    is_all.then(|| {
        let name = report.host_label(host);
        format!(
            "{name} builds for {built_for}, newer than {}",
            report.setting.machine.describe()
        )
    })
}

/// Where the host as a whole is for another kind of machine.
fn chost(name: &str, index: &Index, merges: &[&Merge<'_>], report: &Report<'_>) -> Option<String> {
    let nearest = merges
        .iter()
        .filter_map(reason)
        .find_map(BuildReason::nearest)?;
    let judged = report.instances.get(nearest)?;
    let theirs = index
        .header("CHOST")
        .filter(|theirs| *theirs == judged.candidate.chost)?;
    let finding = judged
        .findings
        .iter()
        .find(|finding| finding.code == Code::Chost)?;
    let wanted = &finding.evidence.wanted;
    Some(format!(
        "{name} builds for {theirs}, this machine takes {wanted}"
    ))
}

fn reason<'m>(merge: &&'m Merge<'_>) -> Option<&'m BuildReason> {
    match &merge.origin {
        Origin::Source(reason) => Some(reason),
        Origin::Binary(_) => None,
    }
}

/// The host with the binary package that comes nearest.
fn nearest_host(report: &Report<'_>, merge: &Merge<'_>) -> Option<HostId> {
    let reason = reason(&merge)?;
    let id = match reason {
        BuildReason::VersionSkew { older, newer } => older.or(*newer),
        reason => reason.nearest(),
    };
    report.instances.get(id?)?.candidate.host
}

/// By how much, as far as that is known: an index is at least as new as the tree that it was made from.
fn lag(report: &Report<'_>, index: &Index) -> String {
    let revision = index.header("REPO_REVISIONS").and_then(revision);
    if revision.is_some() && revision == report.setting.tree.revision {
        return " although both are of one revision: it has not built these yet".to_owned();
    }
    let days = match (report.setting.tree.timestamp, index.timestamp) {
        (Some(tree), Some(made)) => tree.saturating_sub(made) / DAY,
        _ => 0,
    };
    match days {
        ..=0 => String::new(),
        1 => " by a day".to_owned(),
        days => format!(" by {days} days"),
    }
}

/// Where the host follows another profile.
fn profile(report: &Report<'_>, name: &str, index: &Index) -> Option<String> {
    let theirs = index
        .header("PROFILE")
        .filter(|theirs| !theirs.is_empty())?;
    let ours = report.setting.tree.profile.as_deref()?;
    let text = format!("{name} follows profile {theirs}, this machine {ours}");
    (theirs != ours).then_some(text)
}
