//! What to do next.

use crate::check::Verdict;
use crate::compat::Compatibility;
use crate::report::plan::{PlanSummary, Planned};
use crate::report::{MergeState, NAME_A_BINHOST, Report};
use crate::sanitize::sanitize;

/// What to do, where there is something to do.
pub(super) fn step(
    report: &Report<'_>,
    planned: &Planned<'_>,
    summary: &PlanSummary,
) -> Option<String> {
    let is_compiled = summary.source > 0 || !planned.plan.is_sound();
    if let Some(step) = to_indexes(report).filter(|_| is_compiled) {
        return Some(sanitize(&step).into_owned());
    }
    let stops = planned.plan.merges.is_empty() || !planned.plan.is_sound();
    let suggest = report.commands.suggest.iter();
    let emerge = report.commands.emerge.iter();
    let commands: Vec<&str> = suggest
        .filter(|_| report.commands.has_changes && is_compiled || has_other_build(report, planned))
        .chain(emerge.filter(|_| !stops))
        .map(String::as_str)
        .collect();
    (!commands.is_empty()).then(|| sanitize(&commands.join(" · ")).into_owned())
}

/// What brings the indexes without which nothing could be asked; other changes are of no use before.
fn to_indexes(report: &Report<'_>) -> Option<String> {
    if !report.setting.policy.sources.getbinpkg {
        return None;
    }
    if report.setting.hosts.is_empty() {
        return Some(NAME_A_BINHOST.to_owned());
    }
    let unread: Vec<&str> = report.unread_labels().collect();
    (unread.len() == report.setting.hosts.len()).then(|| {
        if report.commands.is_offline {
            "the same without --offline".to_owned()
        } else {
            format!("the same again when {} can be reached", unread.join(" or "))
        }
    })
}

/// Whether another place has a build of something that would be merged from a binary package of no use.
fn has_other_build(report: &Report<'_>, planned: &Planned<'_>) -> bool {
    let merges = planned.plan.merges.iter();
    let mut unusable = merges.filter(|merge| report.state(merge) == MergeState::Unusable);
    unusable.any(|merge| {
        let taken = merge
            .origin
            .instance()
            .and_then(|id| report.instances.get(id));
        let Some(taken) = taken.map(|taken| taken.candidate) else {
            return false;
        };
        let mut others = report.instances.iter();
        others.any(|other| {
            let is_unusable = report
                .compatibility(other.id)
                .is_some_and(Compatibility::must_be_excluded);
            let other_host = other.candidate.host != taken.host;
            let cpv = &other.candidate.package.cpv;
            let is_accepted = other.verdict == Verdict::Accepted;
            other_host && is_accepted && !is_unusable && cpv.cpn == taken.package.cpv.cpn
        })
    })
}
