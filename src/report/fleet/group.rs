//! Machines that could have one configuration, and the processor that a host would build for.
//!
//! Two machines could have one configuration if they have the same CHOST and profile, and every package that both have
//! gets the same version and the same USE on both. What depends on the processor (CFLAGS, CPU_FLAGS_*) is left aside:
//! for that the group gets a common `-march`.

use std::collections::BTreeMap;

use super::{FleetMachine, JudgedMachine, PackageSettings};
use crate::cpu::{Family, Features, common};
use crate::pms::Cpn;

/// Machines that could have one configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineGroup {
    /// Their places.
    pub machines: Vec<usize>,
    /// The option for all of them, such as `-march=x86-64-v3`; `None` where no table has one, or no processor is
    /// known.
    pub march: Option<String>,
    /// What each machine that has more gives up by it.
    pub sacrifices: Vec<Sacrifice>,
    /// Machines whose processor is unknown, which `march` leaves aside.
    pub unknown: Vec<usize>,
    /// How many packages differ from the first group of the same CHOST and profile; zero for that itself.
    pub differing: usize,
}

/// What a machine has and the common processor has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sacrifice {
    /// The place of the machine.
    pub machine: usize,
    /// The instruction sets, as gcc names them.
    pub features: Vec<&'static str>,
}

impl MachineGroup {
    /// What is given up, and by which machines, for people: of fifty machines there are three kinds.
    pub fn losses(&self) -> Vec<(Vec<usize>, &[&'static str])> {
        let mut losses: Vec<(Vec<usize>, &[&'static str])> = Vec::new();
        for Sacrifice { machine, features } in &self.sacrifices {
            match losses.iter_mut().find(|(_, known)| known == features) {
                Some((machines, _)) => machines.push(*machine),
                None => losses.push((vec![*machine], features)),
            }
        }
        losses
    }
}

/// A group on its way.
struct Draft<'f> {
    machines: Vec<usize>,
    first: &'f JudgedMachine,
    settings: BTreeMap<&'f Cpn, PackageSettings>,
}

/// Each machine in the first group that it fits.
pub(super) fn of(machines: &[FleetMachine]) -> Vec<MachineGroup> {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    for (place, machine) in machines.iter().enumerate() {
        let Some(judged) = machine.judged() else {
            continue;
        };
        match drafts
            .iter_mut()
            .find(|draft| draft.differing(judged) == Some(0))
        {
            Some(draft) => draft.add(place, judged),
            None => {
                let mut draft = Draft {
                    machines: Vec::new(),
                    first: judged,
                    settings: BTreeMap::new(),
                };
                draft.add(place, judged);
                drafts.push(draft);
            }
        }
    }
    let group = |draft: &Draft<'_>| {
        let differing = drafts.iter().find_map(|first| first.differing(draft.first));
        finish(draft, machines, differing.unwrap_or(0))
    };
    drafts.iter().map(group).collect()
}

impl<'f> Draft<'f> {
    /// How many packages of a machine are configured otherwise; `None` where CHOST or profile are.
    fn differing(&self, judged: &JudgedMachine) -> Option<usize> {
        let (own, other) = (&self.first.identity, &judged.identity);
        if own.machine.chost != other.machine.chost || own.tree.profile != other.tree.profile {
            return None;
        }
        let same_tree = own.tree.revision.is_some() && own.tree.revision == other.tree.revision;
        let differs = |(name, settings): &(&Cpn, &PackageSettings)| {
            let known = self.settings.get(name);
            known.is_some_and(|known| !settings.agrees_with(*known, same_tree))
        };
        Some(judged.settings.iter().filter(differs).count())
    }

    fn add(&mut self, place: usize, judged: &'f JudgedMachine) {
        self.machines.push(place);
        for (name, settings) in &judged.settings {
            self.settings.entry(name).or_insert(*settings);
        }
    }
}

fn finish(draft: &Draft<'_>, machines: &[FleetMachine], differing: usize) -> MachineGroup {
    let chost = &draft.first.identity.machine.chost;
    let known: Vec<(usize, Features)> = draft
        .machines
        .iter()
        .filter_map(|place| {
            let machine = &machines.get(*place)?.judged()?.identity.machine;
            machine.complete.then_some((*place, machine.features))
        })
        .collect();
    let all = known.iter().map(|(_, features)| *features);
    let closest = all
        .reduce(Features::and)
        .and_then(|all| common::closest(chost, all));
    let march = closest.and_then(|(name, _)| {
        let family = Family::of_chost(chost)?;
        Some(format!("{}={name}", common::option(family, name)))
    });
    let lost = |(place, features): &(usize, Features)| {
        let lost = features.deciding().without(closest?.1);
        (!lost.is_empty()).then(|| Sacrifice {
            machine: *place,
            features: lost.iter().map(|feature| feature.name()).collect(),
        })
    };
    let is_unknown = |place: &&usize| known.iter().all(|(known, _)| known != *place);
    MachineGroup {
        unknown: draft.machines.iter().filter(is_unknown).copied().collect(),
        sacrifices: known.iter().filter_map(lost).collect(),
        machines: draft.machines.clone(),
        march,
        differing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fleet::testing::{failed, fleet, machine};

    fn groups(machines: Vec<FleetMachine>) -> Vec<MachineGroup> {
        fleet(machines).groups
    }

    #[test]
    fn machines_that_agree_on_what_both_have_are_one_group() {
        let groups = groups(vec![
            machine("a", "haswell", &[], &["d/x 1 ssl", "d/y 1"]),
            machine("b", "haswell", &[], &["d/x 1 -", "d/z 1 a"]),
            failed("c", "gone"),
            machine("d", "haswell", &[], &["d/x 1 ssl", "d/z 1 b"]),
            // Agrees with the first, but no more with the group, which has the fourth.
            machine("e", "haswell", &[], &["d/y 1", "d/z 1 a"]),
            machine("f", "haswell", &[], &["d/x 2 ssl"]),
        ]);
        let rows: Vec<_> = groups
            .iter()
            .map(|group| (group.machines.clone(), group.differing))
            .collect();
        assert_eq!(rows, [(vec![0, 3], 0), (vec![1, 4], 2), (vec![5], 1)]);
    }

    #[test]
    fn another_version_is_no_other_configuration_where_the_tree_is_another() {
        let mut newer = machine("b", "haswell", &[], &["d/x 2 ssl"]);
        if let Ok(judged) = &mut newer.outcome {
            judged.identity.tree.revision = Some("s".to_owned());
        }
        let older = machine("a", "haswell", &[], &["d/x 1 ssl"]);
        assert_eq!(groups(vec![older, newer]).len(), 1);
    }

    #[test]
    fn a_group_builds_for_what_all_have() {
        let groups = groups(vec![
            machine("a", "x86-64-v4", &[], &[]),
            machine("b", "x86-64-v3", &[], &[]),
            machine("c", "native", &[], &[]),
        ]);
        let [group] = groups.as_slice() else {
            panic!("{groups:?}");
        };
        assert_eq!(group.march.as_deref(), Some("-march=x86-64-v3"));
        assert_eq!(group.unknown, [2]);
        let lost: Vec<_> = group.sacrifices.iter().map(|one| one.machine).collect();
        assert_eq!(lost, [0]);
        assert!(group.sacrifices[0].features.contains(&"avx512f"));
    }

    #[test]
    fn machines_that_give_up_the_same_are_named_together() {
        let machines = ["x86-64-v4", "x86-64-v3", "x86-64-v4"];
        let machines = machines.map(|march| machine(march, march, &[], &[]));
        let groups = groups(Vec::from(machines));
        let losses = groups[0].losses();
        let places: Vec<_> = losses.iter().map(|(places, _)| places.clone()).collect();
        assert_eq!(places, [[0, 2]]);
    }
}
