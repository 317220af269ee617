//! What could help: for each compiled package the binary packages of its slot that lines of configuration, or an option,
//! would let be taken.

mod alternatives;
mod exclusions;
pub(super) mod fixes;
pub(super) mod global;
mod needed;
mod sub_slots;

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};

use self::fixes::{Fix, fix};
pub use self::needed::lifting;
use super::related::Relations;
use super::{Edit, Proposal, SlotName, SuggestionKind};
use crate::binhost::{HostId, HostState, InstanceId};
use crate::check::Judged;
use crate::emerge_log::CompileTimes;
use crate::packages::{PackageId, Packages};
use crate::plan::{Merge, Plan};
use crate::pms::{Cpn, Cpv};

/// How many ways are tried for one package.
const MOST_WAYS: usize = 4;

/// All that could help.
#[derive(Clone, Debug, Default)]
pub struct Proposals {
    /// Changes of EMERGE_DEFAULT_OPTS, of which one can be made.
    pub defaults: Vec<Proposal>,
    /// One change for many packages each.
    pub groups: Vec<Proposal>,
    /// Ways for one package each, most compile time first; of one package the smallest change first.
    pub single: Vec<Proposal>,
    /// Which packages depend on which.
    pub(super) relations: Relations,
}

/// What changes are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'s> {
    /// Kinds of changes that are wanted.
    pub kinds: &'s BTreeSet<SuggestionKind>,
    /// The binhosts.
    pub hosts: &'s [HostState],
    /// Binary packages that the plan merges and that are of no use here.
    pub unusable: &'s HashSet<InstanceId>,
    /// How long merges compile.
    pub times: &'s CompileTimes,
}

/// Read them from a plan.
pub fn proposals(plan: &Plan<'_>, packages: &Packages<'_>, scope: Scope<'_>) -> Proposals {
    let mut merges: Vec<&Merge<'_>> = plan.from_source().collect();
    // A package whose time is unknown comes last; equal ones keep their order.
    merges.sort_by_key(|merge| std::cmp::Reverse(scope.times.get(merge)));
    let ways: Vec<Vec<Proposal>> = merges
        .iter()
        .map(|merge| ways(merge, packages, scope.hosts))
        .map(|ways| only(ways, scope.kinds))
        .collect();
    let mut groups = Vec::new();
    let lines = global::use_lines(&ways, packages).into_iter();
    groups.extend(lines.filter(|one| is_wanted(one, scope.kinds)));
    groups.extend(grouped(&ways, SuggestionKind::Mask));
    groups.extend(grouped(&ways, SuggestionKind::Option));
    let exclusions = exclusions::of(plan, packages, scope);
    let exclusions = exclusions.filter(|one| is_wanted(one, scope.kinds));
    Proposals {
        defaults: Vec::new(),
        groups,
        single: exclusions.chain(ways.into_iter().flatten()).collect(),
        relations: Relations::of(plan),
    }
}

/// Whether there is any change to try, so that what compiles could be binary, or what stops could go on.
pub fn has_any(plan: &Plan<'_>, packages: &Packages<'_>, hosts: &[HostState]) -> bool {
    let is_open = |merge: &Merge<'_>| !ways(merge, packages, hosts).is_empty();
    plan.from_source().any(is_open)
        || !lifting(plan, packages, &SuggestionKind::ALL.into()).is_empty()
}

fn only(ways: Vec<Proposal>, kinds: &BTreeSet<SuggestionKind>) -> Vec<Proposal> {
    let wanted = ways.into_iter().filter(|way| is_wanted(way, kinds));
    wanted.take(MOST_WAYS).collect()
}

fn is_wanted(proposal: &Proposal, kinds: &BTreeSet<SuggestionKind>) -> bool {
    proposal
        .edits
        .iter()
        .all(|edit| kinds.contains(&edit.kind()))
}

/// The ways in which one package could be binary, the smallest change first, and of these the highest version. A line
/// for the package is tried before one for the version, which only has the last word where something else names that.
fn ways(merge: &Merge<'_>, packages: &Packages<'_>, hosts: &[HostState]) -> Vec<Proposal> {
    let name = &merge.package.cpv.cpn;
    let slot = merge.package.slot_or_zero().slot();
    let atom = slot_atom(name, slot, packages);
    let mut found: Vec<(usize, Proposal)> = Vec::new();
    for id in packages.instances_of(name.as_str()) {
        let judged = packages.judged(*id);
        let package = &judged.candidate.package;
        if judged.absent.is_some() || package.slot_or_zero().slot() != slot {
            continue;
        }
        for (rank, atom) in [&atom, &format!("={}", package.cpv)]
            .into_iter()
            .enumerate()
        {
            let Some(way) = way(merge, &judged, atom, packages, hosts) else {
                continue;
            };
            if found.iter().all(|(_, known)| known.edits != way.edits) {
                found.push((2 * way.edits.len() + rank, way));
            }
        }
    }
    found.extend(with_old_sub_slots(merge, packages, hosts));
    found.extend(with_alternatives(merge, packages));
    found.sort_by_key(|(size, _)| *size);
    found.into_iter().map(|(_, way)| way).collect()
}

/// Ways to open a binary package that stands beside this one in any-of groups: emerge may take that instead.
fn with_alternatives(merge: &Merge<'_>, packages: &Packages<'_>) -> Vec<(usize, Proposal)> {
    let parents = merge.parents.iter().map(|(parent, _)| parent);
    let name = merge.package.cpv.cpn.as_str();
    let others = alternatives::beside(parents, name, packages).into_iter();
    let edits = others.filter_map(|other| needed::opened_binary(&other, packages));
    let edits = edits.filter(|edits| !edits.is_empty());
    let way = |edits: Vec<Edit>| Proposal {
        goals: vec![SlotName::of(merge)],
        notes: Vec::new(),
        edits,
    };
    edits
        .map(|edits| (2 * edits.len() + 1, way(edits)))
        .collect()
}

/// The way that keeps what the binary package was built against.
fn with_old_sub_slots(
    merge: &Merge<'_>,
    packages: &Packages<'_>,
    hosts: &[HostState],
) -> Option<(usize, Proposal)> {
    let (id, edits) = sub_slots::way(merge, packages)?;
    let host = packages.entry(id).0.host.and_then(|host| host.of(hosts));
    let note = host.and_then(|host| fixes::stay_until(host, packages));
    let way = Proposal {
        goals: vec![SlotName::of(merge)],
        notes: note.into_iter().collect(),
        edits,
    };
    Some((2 * way.edits.len(), way))
}

/// What it takes that this instance is taken.
fn way(
    merge: &Merge<'_>,
    judged: &Judged<'_>,
    atom: &str,
    packages: &Packages<'_>,
    hosts: &[HostState],
) -> Option<Proposal> {
    let Fix {
        mut edits,
        mut notes,
    } = fix(judged, atom, packages)?;
    let wanted = &merge.package.cpv;
    let candidate = judged.candidate;
    let cpv = &candidate.package.cpv;
    if cpv.version.cmp_version(&wanted.version) == Ordering::Less {
        if is_below_installed(merge, cpv, packages) {
            return None;
        }
        edits.push(Edit::line(
            SuggestionKind::Mask,
            mask(merge.package.slot_or_zero().slot(), cpv, packages),
        ));
        let host = candidate
            .host
            .filter(|host| !has_newer(*host, wanted, packages));
        let host = host.and_then(|host| host.of(hosts));
        notes.extend(host.and_then(|host| fixes::stay_until(host, packages)));
    }
    (!edits.is_empty()).then(|| Proposal {
        edits,
        goals: vec![SlotName::of(merge)],
        notes,
    })
}

/// Whether a host has a version, or a higher one, already: then there is nothing to wait for.
fn has_newer(host: HostId, wanted: &Cpv, packages: &Packages<'_>) -> bool {
    let ids = packages.instances_of(wanted.cpn.as_str()).iter();
    let mut candidates = ids.map(|id| packages.entry(*id).0);
    candidates.any(|candidate| {
        let version = &candidate.package.cpv.version;
        candidate.host == Some(host) && version.cmp_version(&wanted.version).is_ge()
    })
}

/// `>category/package-1.2:3`, with the slot where there are others.
fn mask(slot: &str, cpv: &Cpv, packages: &Packages<'_>) -> String {
    let atom = slot_atom(&cpv.cpn, slot, packages);
    let slot = atom.split_once(':').map(|(_, slot)| format!(":{slot}"));
    format!(">{cpv}{}", slot.unwrap_or_default())
}

/// Whether taking a version would lower what is installed in the slot.
fn is_below_installed(merge: &Merge<'_>, cpv: &Cpv, packages: &Packages<'_>) -> bool {
    let slot = merge.package.slot_or_zero().slot();
    let installed = packages.installed_of(cpv.cpn.as_str());
    installed.iter().any(|id| {
        let package = packages.record(PackageId::Installed(*id)).package;
        let is_higher = package.cpv.version.cmp_version(&cpv.version).is_gt();
        is_higher && package.slot_or_zero().slot() == slot
    })
}

/// The name, with the slot where there are others that a line should leave alone.
pub(super) fn slot_atom(name: &Cpn, slot: &str, packages: &Packages<'_>) -> String {
    let ebuilds = packages.ebuilds_of(name).into_iter().map(PackageId::Ebuild);
    let installed = packages.installed_of(name.as_str());
    let installed = installed.iter().copied().map(PackageId::Installed);
    let mut all = ebuilds.chain(installed);
    let is_other = |id| packages.record(id).package.slot_or_zero().slot() != slot;
    if all.any(is_other) {
        format!("{name}:{slot}")
    } else {
        name.to_string()
    }
}

/// One change for all packages that have a way of this kind alone.
fn grouped(ways: &[Vec<Proposal>], kind: SuggestionKind) -> Option<Proposal> {
    let is_of_kind = |way: &&Proposal| way.edits.iter().all(|edit| edit.kind() == kind);
    let chosen = ways.iter().filter_map(|ways| ways.iter().find(is_of_kind));
    let group = Proposal::join(chosen);
    (group.goals.len() > 1).then_some(group)
}
