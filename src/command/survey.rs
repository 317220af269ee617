//! `--hosts`: every binhost against this machine.

use std::io::Read;
use std::path::Path;

use anyhow::Result;

use super::judging::{Judging, now};
use super::run::nothing_to_judge;
use super::{files, output};
use crate::binhost::index::Head;
use crate::binhost::{HostId, HostState, InstanceId, Pool};
use crate::check::Verdict;
use crate::exit::Exit;
use crate::local::Base;
use crate::local::sets::Sets;
use crate::packages::{Packages, Shelf};
use crate::plan::Plan;
use crate::report::human::survey as human;
use crate::report::json::survey as json;
use crate::report::survey::{Survey, SurveyGrounds, cache_file};
use crate::source::Notices;

/// How many files of a host are inspected: of what the request would take, then of its newest.
const MOST: usize = 48;
/// How many of them are its newest.
const NEWEST: usize = 8;
/// Where the header of an index ends at the latest, in bytes.
const HEADER: u64 = 64 << 10;
/// Below EROOT (`portage: const.py:CACHE_PATH`).
const PORTAGE_CACHE: &str = "var/cache/edb/binhost";

/// Survey them.
///
/// # Errors
/// None is configured, or whatever stops a request.
pub(super) fn run(judging: &Judging, pool: &Pool, notices: &Notices) -> Result<Exit> {
    if judging.hosts.is_empty() {
        return Err(nothing_to_judge(judging).into());
    }
    let sets = Sets::load(&judging.local, notices)?;
    let targets = judging.resolve(&judging.cli.targets, pool, &sets, notices)?;
    let shelf = Shelf::default();
    let packages = judging.packages(&shelf, &judging.policy, pool, notices);
    let plan = judging.plan(&targets, &sets, &packages, notices)?;
    judging.local.installed.check_readable()?;
    let ids = shown(judging, &packages, plan.as_ref());
    let compatibility = judging.compat_checker(notices).judge(&packages, &ids);
    let copies: Vec<Option<i64>> = judging
        .hosts
        .iter()
        .map(|host| portage_copy(&judging.local.base, host))
        .collect();
    let grounds = SurveyGrounds {
        hosts: &judging.hosts,
        plan: plan.as_ref(),
        compatibility: &compatibility,
        portage_copies: &copies,
        tree: &judging.tree,
        now: now(),
    };
    let survey = Survey::of(&packages, grounds);
    files::of_survey(&judging.cli, &survey)?;
    if judging.cli.output.json {
        output::to_stdout(|mut out| json::write(&survey, &mut out))?;
    } else {
        let columns = output::columns();
        output::styled_to_stdout(&judging.cli, |mut out| {
            human::write(&survey, columns, &mut out)
        })?;
        if !judging.cli.quiet() {
            output::notices(&notices.sorted(), judging.cli.verbose());
        }
    }
    let is_read = |host: &HostState| host.index.is_some() && host.error.is_none();
    Ok(match judging.hosts.iter().all(is_read) {
        true => Exit::AllUsable,
        false => Exit::Unknown,
    })
}

/// Of each host what the request could take, best first, and its newest packages.
fn shown(judging: &Judging, packages: &Packages<'_>, plan: Option<&Plan<'_>>) -> Vec<InstanceId> {
    let merges = plan.into_iter().flat_map(|plan| &plan.merges);
    let named = merges.flat_map(|merge| {
        let ids = packages.instances_of(merge.package.cpv.cpn.as_str()).iter();
        ids.filter(|id| packages.entry(**id).0.package.cpv == merge.package.cpv)
    });
    let mut named: Vec<InstanceId> = named.copied().collect();
    named.retain(|id| packages.judged(*id).verdict == Verdict::Accepted);
    let mut shown = Vec::new();
    for (host, _) in HostId::number(&judging.hosts) {
        let is_of = |id: &InstanceId| {
            let (candidate, absent) = packages.entry(*id);
            candidate.host == Some(host) && absent.is_none()
        };
        let mut newest: Vec<InstanceId> = packages.instances().filter(is_of).collect();
        let built = |id: &InstanceId| packages.entry(*id).0.package.build_time;
        newest.sort_by_key(|id| std::cmp::Reverse(built(id)));
        let newest = newest.into_iter().take(NEWEST);
        let wanted = named.iter().copied().filter(is_of).take(MOST - NEWEST);
        shown.extend(newest.chain(wanted));
    }
    shown.sort_unstable();
    shown.dedup();
    shown
}

/// TIMESTAMP of Portage's own copy of an index.
fn portage_copy(base: &Base, host: &HostState) -> Option<i64> {
    let path = base.roots.eroot.join(PORTAGE_CACHE).join(cache_file(host)?);
    let mut head = Vec::new();
    let (file, _) = base.chroot.open(Path::new(&path)).ok()?;
    file.take(HEADER).read_to_end(&mut head).ok()?;
    Head::of(&String::from_utf8_lossy(&head)).ok()?.timestamp
}
