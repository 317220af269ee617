//! Judge instances, and write the report: on targets, or on all there is.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;

use super::compatibility::{self};
use super::judging::Judging;
use super::sonames::SonameLinks;
use super::{check_plan, output, suggest};
use crate::binhost::{Candidate, InstanceId, Pool, unlisted};
use crate::check::Verdict;
use crate::cli::Cli;
use crate::compat::Compatibility;
use crate::emerge_log::{self, CompileTimes};
use crate::exit::Exit;
use crate::local::sets::Sets;
use crate::local::targets::Target;
use crate::packages::{MatchKey, Matches, Packages, Shelf};
use crate::plan::Plan;
use crate::report::human::{self, Detail, Style};
use crate::report::plan::Planned;
use crate::report::{Instances, Lacking, Report, json};
use crate::source::Notices;

/// How many instances are inspected for one thing that was requested: the best, of which emerge takes the
/// first that it may.
const MOST_OF_ONE: usize = 100;

pub(super) fn all(judging: &Judging, pool: &Pool, notices: &Notices) -> Result<Exit> {
    let shelf = Shelf::default();
    let packages = judging.packages(&shelf, &judging.policy, pool, notices);
    packages.judge_all();
    judging.local.installed.check_readable()?;
    let matches = packages.by_name();
    let instances: Instances<'_> = packages.instances().map(|id| packages.judged(id)).collect();
    let ids: Vec<InstanceId> = instances.iter().map(|judged| judged.id).collect();
    let setting = judging.setting(&judging.policy);
    write_report(
        judging,
        &Report {
            compatibility: judging.compat_checker(notices).judge(&packages, &ids),
            notices: notices.sorted(),
            ..Report::new(setting, &[], matches, instances)
        },
    )
}

/// Judge what the targets ask for, and hand the report on.
///
/// # Errors
/// Wrong targets, and what comes of the report.
pub(super) fn targets<T>(
    judging: &Judging,
    pool: &Pool,
    notices: &Notices,
    then: impl FnOnce(&Report<'_>, &Packages<'_>) -> Result<T>,
) -> Result<T> {
    let sets = Sets::load(&judging.local, notices)?;
    let targets = judging.resolve(&judging.cli.targets, pool, &sets, notices)?;
    let mut policy = judging.policy.clone();
    if judging.cli.emerge.lists.nobindeps {
        policy = policy.only_targets(&targets);
    }
    let shelf = Shelf::default();
    let packages = judging.packages(&shelf, &policy, pool, notices);
    let plan = judging.plan(&targets, &sets, &packages, notices)?;
    let check = plan
        .as_ref()
        .filter(|_| judging.cli.action.check_plan)
        .map(|plan| {
            let command = check_plan::command(&judging.cli, judging.emerge.as_deref())?;
            check_plan::run(command, plan, judging.cli.output.tree)
        })
        .transpose()?;
    let matches = packages.matches(&targets);
    let instances = reported(&packages, &matches, plan.as_ref());
    judging.local.installed.check_readable()?;
    let shown = shown(judging, &targets, &matches, plan.as_ref(), &instances);
    let mut compatibility = judging.compat_checker(notices).judge(&packages, &shown);
    compatibility::add_uncompared(&packages, &mut compatibility);
    let links = plan.as_ref().map(|plan| SonameLinks::of(&packages, plan));
    if let Some(links) = &links {
        links.add_missing(&mut compatibility);
        links.add_libc(&mut compatibility);
    }
    let lost = links.map(|links| links.lost()).unwrap_or_default();
    let lacking = lacking(judging, plan.as_ref(), &packages);
    let unusable = |plan: &Plan<'_>| {
        let ids = plan
            .merges
            .iter()
            .filter_map(|merge| merge.origin.instance());
        let is_unusable = |id: &InstanceId| {
            let known = compatibility.get(id);
            known.is_some_and(Compatibility::must_be_excluded)
        };
        ids.filter(is_unusable).collect()
    };
    let has_changes = |plan: &Plan<'_>| {
        let (request, asked) = ((judging, pool), (&targets[..], &sets));
        suggest::is_promising(plan, &packages, request, asked, unusable(plan))
    };
    let says_what_next = plan.as_ref().filter(|_| says_what_next(judging));
    let commands = judging.commands(says_what_next.is_some_and(has_changes));
    let report = Report {
        compatibility,
        lacking,
        plan: plan.map(|plan| {
            let times = compile_times(judging, &plan, &packages, notices);
            Planned::new(plan, judging.cli.implied.implies_update, times).with_lost(lost)
        }),
        check,
        commands,
        notices: notices.sorted(),
        ..Report::new(judging.setting(&policy), &targets, matches, instances)
    };
    then(&report, &packages)
}

/// Whether the report ends with what can be typed next.
fn says_what_next(judging: &Judging) -> bool {
    let cli = &judging.cli;
    let is_for_programs = cli.output.json || cli.quiet() || judging.thorough;
    !is_for_programs && !cli.action.changes && !cli.action.fleet.fleet
}

/// What explains why the plan has no binary package for something.
fn lacking(judging: &Judging, plan: Option<&Plan<'_>>, packages: &Packages<'_>) -> Lacking {
    let mut lacking = Lacking {
        only_binary: judging.cli.implied.only_binary.clone(),
        unlisted: BTreeMap::new(),
    };
    let names = plan.into_iter().flat_map(Plan::names_without_binary);
    for name in names.filter(|_| judging.policy.sources.usepkg) {
        let own = packages.instances_of(name.as_str()).iter();
        let own = own.map(|id| packages.entry(*id).0);
        let own: Vec<String> = own
            .filter(|candidate| candidate.host.is_none())
            .map(Candidate::file_in_pkgdir)
            .collect();
        let indexed = own.iter().map(String::as_str).collect();
        let files = unlisted(&judging.local.base, &name, &indexed);
        if !files.is_empty() {
            lacking.unlisted.insert(name.as_str().to_owned(), files);
        }
    }
    lacking
}

/// How long what a plan compiles takes; the log is not read for a plan that compiles nothing.
fn compile_times(
    judging: &Judging,
    plan: &Plan<'_>,
    packages: &Packages<'_>,
    notices: &Notices,
) -> CompileTimes {
    if plan.from_source().next().is_none() {
        return CompileTimes::default();
    }
    let times = emerge_log::load(&judging.local.base, &judging.cache, notices);
    CompileTimes::of(plan, packages, &times)
}

/// Instances that are worth a look inside: those that match targets, and with a plan those that match packages
/// requested by name and those that it takes.
fn shown(
    judging: &Judging,
    targets: &[Target],
    matches: &[Matches<'_>],
    plan: Option<&Plan<'_>>,
    instances: &Instances<'_>,
) -> Vec<InstanceId> {
    let is_requested = |matches: &&Matches<'_>| match matches.key {
        MatchKey::Atom { target, .. } => {
            plan.is_none() || !target.of(targets).is_some_and(Target::is_set)
        }
        MatchKey::Name(_) => true,
    };
    let requested = matches.iter().filter(is_requested);
    let is_accepted = |id: &InstanceId| {
        let judged = instances.get(*id);
        judged.is_some_and(|judged| judged.verdict == Verdict::Accepted)
    };
    let best = |matches: &Matches<'_>| -> Vec<InstanceId> {
        let accepted = matches.instances.iter().copied().filter(is_accepted);
        accepted.take(MOST_OF_ONE).collect()
    };
    let mut shown: HashSet<InstanceId> = requested.flat_map(best).collect();
    let merges = plan.into_iter().flat_map(|plan| &plan.merges);
    shown.extend(merges.filter_map(|merge| merge.origin.instance()));
    let accepted = instances
        .iter()
        .filter(|judged| judged.verdict == Verdict::Accepted)
        .map(|judged| judged.id);
    accepted
        .filter(|id| judging.thorough || shown.contains(id))
        .collect()
}

pub(super) fn write_report(judging: &Judging, report: &Report<'_>) -> Result<Exit> {
    if judging.cli.output.json {
        output::to_stdout(|mut out| json::write(report, &mut out))?;
    } else {
        let style = style(&judging.cli);
        output::styled_to_stdout(&judging.cli, |mut out| {
            human::write(report, style, &mut out)
        })?;
        if !judging.cli.quiet() {
            output::notices(&report.notices, judging.cli.verbose());
        }
    }
    Ok(report.exit())
}

/// Everything that matches a target or has the name of something that the plan merges, in order.
fn reported<'p>(
    packages: &'p Packages<'_>,
    matches: &[Matches<'_>],
    plan: Option<&Plan<'_>>,
) -> Instances<'p> {
    let merges = plan.into_iter().flat_map(|plan| &plan.merges);
    let named = merges.flat_map(|merge| packages.instances_of(merge.package.cpv.cpn.as_str()));
    let matching = matches.iter().flat_map(|matches| &matches.instances);
    let mut wanted: HashSet<InstanceId> = named.chain(matching).copied().collect();
    wanted.extend(plan.into_iter().flat_map(Plan::nearest));
    let in_order = packages.instances().filter(|id| wanted.contains(id));
    in_order.map(|id| packages.judged(id)).collect()
}

fn style(cli: &Cli) -> Style {
    let detail = match (cli.quiet(), cli.verbose()) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    Style {
        detail,
        tree: cli.output.tree,
        columns: output::columns(),
    }
}
