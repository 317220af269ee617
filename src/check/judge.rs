//! Candidates to verdicts, side by side.

use std::collections::HashMap;

use super::case::answers;
use super::{
    Case, Evidence, Facts, Finding, Judged, OwnEbuilds, Policy, RULES, excluded, shadowed,
    signature,
};
use crate::binhost::{Absent, Candidate, HostState, Pool};
use crate::local::{Ebuilds, Local};
use crate::parallel::in_chunks;

/// Judge every entry of the pool; the result has its order.
pub fn judge_all<'a>(
    local: &'a Local,
    ebuilds: &'a Ebuilds,
    policy: &'a Policy,
    hosts: &'a [HostState],
    pool: &'a Pool,
) -> Vec<Judged<'a>> {
    judge_some(local, ebuilds, policy, hosts, pool.entries.iter().collect())
}

/// Fewer entries than this are not worth a thread.
const MIN_CHUNK: usize = 64;

/// Judge some entries; the result has their order.
pub fn judge_some<'a>(
    local: &'a Local,
    ebuilds: &'a Ebuilds,
    policy: &'a Policy,
    hosts: &'a [HostState],
    entries: Vec<&'a (Candidate, Option<Absent>)>,
) -> Vec<Judged<'a>> {
    let judge = |chunk: &[&'a (Candidate, Option<Absent>)]| {
        judge_chunk(local, ebuilds, policy, hosts, chunk)
    };
    in_chunks(&entries, MIN_CHUNK, judge)
        .into_iter()
        .flatten()
        .collect()
}

fn judge_chunk<'a>(
    local: &'a Local,
    ebuilds: &'a Ebuilds,
    policy: &'a Policy,
    hosts: &[HostState],
    entries: &[&'a (Candidate, Option<Absent>)],
) -> Vec<Judged<'a>> {
    let mut by_version: HashMap<&'a crate::pms::Cpv, Vec<usize>> = HashMap::new();
    for (position, (candidate, _)) in entries.iter().enumerate() {
        by_version
            .entry(&candidate.package.cpv)
            .or_default()
            .push(position);
    }
    let mut findings: Vec<Vec<Finding>> = vec![Vec::new(); entries.len()];
    for (cpv, positions) in by_version {
        let own = OwnEbuilds::of(local, ebuilds, cpv);
        for position in positions {
            let (candidate, absent) = entries[position];
            findings[position] = match absent {
                Some(absent) => vec![absent_finding(candidate, absent, hosts)],
                None => judge_one(local, policy, candidate, &own),
            };
        }
    }
    entries
        .iter()
        .zip(findings)
        .map(|((candidate, absent), findings)| Judged::new(candidate, absent.as_ref(), findings))
        .collect()
}

fn judge_one<'a>(
    local: &'a Local,
    policy: &'a Policy,
    candidate: &'a Candidate,
    own: &OwnEbuilds<'a>,
) -> Vec<Finding> {
    let facts = Facts::of(local, &candidate.package, &candidate.chost);
    answers(
        &Case {
            candidate,
            facts,
            ebuilds: own,
            policy,
        },
        RULES,
    )
}

fn absent_finding(candidate: &Candidate, absent: &Absent, hosts: &[HostState]) -> Finding {
    let (code, detail, evidence): (_, _, Evidence) = match absent {
        Absent::Excluded(list) => excluded::absent(list),
        Absent::Shadowed(by) => shadowed::absent(by.and_then(|host| hosts.get(host))),
        Absent::Signature(detail) => signature::absent(candidate, detail),
    };
    Finding {
        code,
        certain: true,
        detail,
        evidence,
    }
}
