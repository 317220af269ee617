//! What machines have in common: packages that many of them compile, and binary packages that will not run on them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::{FleetMachine, FleetMerge};
use crate::pms::Cpn;
use crate::report::MergeState;

/// A package that is compiled on some machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonBuild {
    /// Its name.
    pub name: Cpn,
    /// The versions.
    pub versions: BTreeSet<String>,
    /// The places of the machines.
    pub machines: Vec<usize>,
    /// How many builds a host would have to make for them: one for each version, CHOST and USE.
    pub builds: usize,
    /// How long one compiles, in seconds: the mean of the machines that know; `None` where none does.
    pub seconds: Option<u64>,
    /// The codes of why it is compiled.
    pub codes: BTreeSet<&'static str>,
}

impl CommonBuild {
    /// Seconds that all machines compile together.
    pub fn total(&self) -> Option<u64> {
        let machines = u64::try_from(self.machines.len()).unwrap_or(u64::MAX);
        Some(self.seconds?.saturating_mul(machines))
    }

    /// Seconds that are saved where a host builds it instead.
    pub fn saved(&self) -> Option<u64> {
        let builds = u64::try_from(self.builds).unwrap_or(u64::MAX);
        Some(
            self.total()?
                .saturating_sub(self.seconds?.saturating_mul(builds)),
        )
    }
}

/// Binary packages of one host that emerge would take although they will not run, or nobody can tell, for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrunnable {
    /// The host, for people.
    pub host: String,
    /// Whether it is known that they are of no use, not merely open.
    pub is_certain: bool,
    /// Why.
    pub detail: String,
    /// Names and versions.
    pub packages: BTreeSet<String>,
    /// The places of the machines.
    pub machines: BTreeSet<usize>,
}

/// The merges of all machines with the places of these.
fn merges(machines: &[FleetMachine]) -> impl Iterator<Item = (usize, &FleetMerge)> {
    let judged = machines
        .iter()
        .enumerate()
        .filter_map(|(place, machine)| Some((place, machine.judged()?)));
    judged.flat_map(|(place, judged)| judged.merges.iter().map(move |merge| (place, merge)))
}

/// What is compiled: most time first, then on most machines.
pub(super) fn compiled(machines: &[FleetMachine]) -> Vec<CommonBuild> {
    let chost = |place: usize| {
        let judged = machines.get(place).and_then(FleetMachine::judged);
        judged.map_or("", |judged| judged.identity.machine.chost.as_str())
    };
    let mut by_name: BTreeMap<&Cpn, Vec<(usize, &FleetMerge)>> = BTreeMap::new();
    for (place, merge) in merges(machines) {
        if merge.state == MergeState::Compiled {
            by_name.entry(&merge.name).or_default().push((place, merge));
        }
    }
    let one = |(name, merges): (&Cpn, Vec<(usize, &FleetMerge)>)| {
        let builds: BTreeSet<_> = merges
            .iter()
            .map(|(place, merge)| (chost(*place), &merge.cpv, &merge.flags))
            .collect();
        let known: Vec<u64> = merges
            .iter()
            .filter_map(|(_, merge)| merge.seconds)
            .collect();
        let sum = known
            .iter()
            .fold(0, |sum: u64, one| sum.saturating_add(*one));
        // Of one name a machine may compile several slots.
        let mut places: Vec<usize> = merges.iter().map(|(place, _)| *place).collect();
        places.dedup();
        let version = |merge: &FleetMerge| {
            let version = merge.cpv.strip_prefix(name.as_str());
            version
                .unwrap_or_default()
                .trim_start_matches('-')
                .to_owned()
        };
        CommonBuild {
            name: name.clone(),
            versions: merges.iter().map(|(_, merge)| version(merge)).collect(),
            machines: places,
            builds: builds.len(),
            seconds: u64::try_from(known.len())
                .ok()
                .and_then(|count| sum.checked_div(count)),
            codes: merges
                .iter()
                .flat_map(|(_, merge)| merge.codes.iter().copied())
                .collect(),
        }
    };
    let mut compiled: Vec<CommonBuild> = by_name.into_iter().map(one).collect();
    compiled.sort_by_key(|build| Reverse((build.total(), build.machines.len())));
    compiled
}

/// Binary packages that are of no use by their reasons: the certain ones first, then those of most packages.
pub(super) fn unrunnable(machines: &[FleetMachine]) -> Vec<Unrunnable> {
    let mut found: BTreeMap<(&str, &str, MergeState), Unrunnable> = BTreeMap::new();
    for (place, merge) in merges(machines) {
        if !matches!(merge.state, MergeState::Unusable | MergeState::Uncertain) {
            continue;
        }
        let host = merge.host.as_deref().unwrap_or_default();
        let one = found
            .entry((host, &merge.detail, merge.state))
            .or_insert_with(|| Unrunnable {
                host: host.to_owned(),
                is_certain: merge.state == MergeState::Unusable,
                detail: merge.detail.clone(),
                packages: BTreeSet::new(),
                machines: BTreeSet::new(),
            });
        one.packages.insert(merge.cpv.clone());
        one.machines.insert(place);
    }
    let mut found: Vec<Unrunnable> = found.into_values().collect();
    found.sort_by_key(|one| Reverse((one.is_certain, one.packages.len(), one.machines.len())));
    found
}

#[cfg(test)]
mod tests {
    use crate::report::fleet::testing::{failed, fleet, machine};

    #[test]
    fn what_costs_most_comes_first_and_builds_are_counted() {
        let fleet = fleet(vec![
            machine(
                "a",
                "haswell",
                &["d/rust-1 compiled 600 - x", "d/sed-1 compiled 9"],
                &[],
            ),
            failed("b", "gone"),
            machine(
                "c",
                "haswell",
                &["d/rust-1 compiled 800 - x", "d/new-1 compiled"],
                &[],
            ),
            machine(
                "d",
                "haswell",
                &["d/rust-1 compiled - - y", "d/jq-1 binary"],
                &[],
            ),
        ]);
        let rows: Vec<_> = fleet
            .compiled
            .iter()
            .map(|build| {
                let machines = build.machines.clone();
                (
                    build.name.as_str(),
                    machines,
                    build.builds,
                    build.total(),
                    build.saved(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("d/rust", vec![0, 2, 3], 2, Some(2100), Some(700)),
                ("d/sed", vec![0], 1, Some(9), Some(0)),
                ("d/new", vec![2], 1, None, None),
            ]
        );
    }

    #[test]
    fn reasons_gather_packages_and_machines() {
        let fleet = fleet(vec![
            machine(
                "a",
                "haswell",
                &["d/x-1 unusable h gone", "d/y-1 unusable h gone"],
                &[],
            ),
            machine(
                "b",
                "haswell",
                &["d/x-1 unusable h gone", "d/z-1 uncertain h gone"],
                &[],
            ),
        ]);
        let rows: Vec<_> = fleet
            .unrunnable
            .iter()
            .map(|one| (one.is_certain, one.packages.len(), one.machines.len()))
            .collect();
        assert_eq!(rows, [(true, 2, 2), (false, 1, 1)]);
    }
}
