//! What a request comes to under some configuration, and whether that of another one is better.

use std::collections::{BTreeMap, BTreeSet};

use super::edit::Edit;
use super::slot_name::SlotName;
use crate::binhost::InstanceId;
use crate::plan::{Change, Merge, Origin, Plan};
use crate::pms::Cpv;

/// What would be merged into a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotMerge {
    /// The package.
    pub cpv: Cpv,
    /// The binary package; `None` where it is compiled.
    pub instance: Option<InstanceId>,
    /// What it does to what is installed.
    pub change: Change,
    /// What is installed in its place.
    pub installed: Option<Cpv>,
    /// Whether that is known to be of no use here: it would not run, or emerge would stumble over its file.
    pub is_unusable: bool,
    /// How long it compiles, in seconds, where that is known.
    pub seconds: Option<u64>,
}

impl SlotMerge {
    /// Whether it is a binary package of which nothing bad is known.
    pub fn is_usable(&self) -> bool {
        self.instance.is_some() && !self.is_unusable
    }
}

/// What a request comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrialOutcome {
    /// Whether emerge would carry it out.
    pub is_sound: bool,
    /// The merges.
    pub slots: BTreeMap<SlotName, SlotMerge>,
    /// Atoms that nothing satisfies, names whose ebuilds could not be read, packages that are blocked, updates that are
    /// skipped, and slots in which emerge decides: there must not be more of them.
    pub problems: BTreeSet<String>,
    /// Where emerge would not carry it out: changes, of which each way may lift what it stops at.
    pub needed: Vec<Vec<Edit>>,
}

/// How much is compiled, and how much is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Merges.
    pub merges: usize,
    /// Those from binary packages.
    pub binary: usize,
    /// Seconds of compiling, as far as known.
    pub seconds: u64,
}

/// What is better.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gain {
    /// Slots that were compiled, or had a binary package that is of no use, and are binary.
    pub binary: BTreeMap<SlotName, SlotMerge>,
    /// Slots that were compiled and stay as they are, with what would have been merged.
    pub kept: BTreeMap<SlotName, SlotMerge>,
    /// Slots that were compiled, and in which nothing is installed nor comes any more.
    pub dropped: BTreeMap<SlotName, SlotMerge>,
    /// Other slots in which something else happens than before, with what was merged and what is merged now.
    pub others: BTreeMap<SlotName, (Option<SlotMerge>, Option<SlotMerge>)>,
    /// Seconds of compiling that are saved, as far as known.
    pub seconds: u64,
}

impl TrialOutcome {
    /// That of a plan; `seconds` tells how long a merge compiles.
    pub fn of(plan: &Plan<'_>, seconds: impl Fn(&Merge<'_>) -> Option<u64>) -> TrialOutcome {
        let mut outcome = TrialOutcome {
            is_sound: plan.is_sound(),
            ..TrialOutcome::default()
        };
        for merge in &plan.merges {
            let slot = SlotName::of(merge);
            if merge.undecided {
                outcome.problems.insert(format!("undecided {}", slot.0));
            }
            let facts = SlotMerge {
                cpv: merge.package.cpv.clone(),
                instance: match merge.origin {
                    Origin::Binary(id) => Some(id),
                    Origin::Source(_) => None,
                },
                is_unusable: false,
                change: merge.change,
                installed: merge.installed.clone(),
                seconds: seconds(merge),
            };
            outcome.slots.insert(slot, facts);
        }
        let missing = plan.missing.iter().map(|atom| format!("missing {atom}"));
        let unreadable = plan
            .unreadable
            .iter()
            .map(|name| format!("unreadable {name}"));
        let skipped = plan.skipped.iter();
        let skipped = skipped.map(|update| format!("skipped {}", update.package.cpn));
        let blocks = plan.blocks.iter();
        let blocked = blocks.map(|block| format!("blocked {} {}", block.by.cpn, block.package.cpn));
        outcome
            .problems
            .extend(missing.chain(unreadable).chain(skipped).chain(blocked));
        outcome
    }

    /// The same with what is known of binary packages.
    pub fn marking(mut self, is_unusable: impl Fn(InstanceId) -> bool) -> TrialOutcome {
        for merge in self.slots.values_mut() {
            merge.is_unusable = merge.instance.is_some_and(&is_unusable);
        }
        self
    }

    /// Binary packages that would be merged and are of no use here.
    pub fn unusable(&self) -> usize {
        self.slots
            .values()
            .filter(|merge| merge.is_unusable)
            .count()
    }

    /// What is compiled.
    pub fn compiled(&self) -> impl Iterator<Item = (&SlotName, &SlotMerge)> {
        self.slots
            .iter()
            .filter(|(_, merge)| merge.instance.is_none())
    }

    /// How much is compiled, and how much is not.
    pub fn total(&self) -> Total {
        let compiled = self.compiled().count();
        let seconds = self.compiled().filter_map(|(_, merge)| merge.seconds);
        Total {
            merges: self.slots.len(),
            binary: self.slots.len() - compiled - self.unusable(),
            seconds: seconds.fold(0, u64::saturating_add),
        }
    }

    /// What another outcome has that is better; `None` where anything in it is worse, or where nothing is binary that was
    /// compiled, and no update is left that would be. If this one cannot be carried out, one that can is better, whatever it compiles.
    pub fn gain(&self, other: &TrialOutcome) -> Option<Gain> {
        if !other.is_sound || !other.problems.is_subset(&self.problems) {
            return None;
        }
        let mut gain = Gain::default();
        if !self.is_sound {
            return Some(gain);
        }
        let names: BTreeSet<&SlotName> = self.slots.keys().chain(other.slots.keys()).collect();
        for name in names {
            let (old, new) = (self.slots.get(name), other.slots.get(name));
            if is_worse(old, new) {
                return None;
            }
            gain.add(name, old, new);
        }
        let is_better = !gain.binary.is_empty() || gain.is_replacement() || gain.is_stay();
        is_better.then_some(gain)
    }
}

/// Whether something is compiled that was not, or is downgraded.
fn is_worse(old: Option<&SlotMerge>, new: Option<&SlotMerge>) -> bool {
    let compiles = |merge: Option<&SlotMerge>| merge.is_some_and(|merge| !merge.is_usable());
    let lowers =
        |merge: Option<&SlotMerge>| merge.is_some_and(|merge| merge.change == Change::Downgrade);
    let other_version = |new: &SlotMerge| old.is_none_or(|old| old.cpv != new.cpv);
    compiles(new) && (!compiles(old) || new.is_some_and(other_version))
        || lowers(new) && !lowers(old)
}

impl Gain {
    fn add(&mut self, name: &SlotName, old: Option<&SlotMerge>, new: Option<&SlotMerge>) {
        let was_compiled = old.filter(|old| !old.is_usable());
        match (was_compiled, new) {
            (Some(old), Some(new)) if new.is_usable() => {
                self.seconds = self.seconds.saturating_add(old.seconds.unwrap_or(0));
                self.binary.insert(name.clone(), new.clone());
            }
            (Some(old), None) => {
                self.seconds = self.seconds.saturating_add(old.seconds.unwrap_or(0));
                let is_there = !matches!(old.change, Change::New | Change::NewSlot);
                let place = if is_there {
                    &mut self.kept
                } else {
                    &mut self.dropped
                };
                place.insert(name.clone(), old.clone());
            }
            _ if is_same(old, new) => {}
            _ => {
                self.others
                    .insert(name.clone(), (old.cloned(), new.cloned()));
            }
        }
    }

    /// Whether a binary package comes instead of what was compiled.
    fn is_replacement(&self) -> bool {
        let is_new = |(old, new): &(Option<SlotMerge>, Option<SlotMerge>)| {
            old.is_none() && new.as_ref().is_some_and(SlotMerge::is_usable)
        };
        !self.dropped.is_empty() && self.others.values().any(is_new)
    }

    /// Whether what is installed stays where its update would be compiled: a host that is behind may have nothing newer
    /// than that. What would only be merged again stays for another reason, as its USE is what it was then.
    fn is_stay(&self) -> bool {
        let mut kept = self.kept.values();
        self.others.is_empty() && kept.any(|merge| merge.change == Change::Upgrade)
    }

    /// Whether nothing is gained but that what is installed stays.
    pub fn is_only_stay(&self) -> bool {
        self.binary.is_empty() && !self.is_replacement() && self.is_stay()
    }

    /// The binary packages that come with it.
    pub fn instances(&self) -> impl Iterator<Item = InstanceId> {
        let others = self.others.values().filter_map(|(_, new)| new.as_ref());
        let all = self.binary.values().chain(others);
        all.filter_map(|merge| merge.instance)
    }

    /// Whether a slot is no longer compiled.
    pub fn reaches(&self, goal: &SlotName) -> bool {
        self.reached().any(|slot| slot == goal)
    }

    /// The slots that are no longer compiled.
    pub fn reached(&self) -> impl Iterator<Item = &SlotName> {
        let kept = self.kept.keys().chain(self.dropped.keys());
        self.binary.keys().chain(kept)
    }
}

fn is_same(old: Option<&SlotMerge>, new: Option<&SlotMerge>) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => old.cpv == new.cpv && old.instance == new.instance,
        (old, new) => old.is_none() && new.is_none(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::binhost::Pool;
    use crate::report::fixture::candidate;

    fn id() -> InstanceId {
        let mut pool = Pool::default();
        pool.entries.push((candidate("a/b-1", None, None), None));
        pool.ids().next().unwrap()
    }

    /// An outcome as `a/b-1 source`, `a/b-1 binary`, `a/b-1 bad` (binary, of no use), `a/b-1 down` (binary).
    pub(in crate::suggest) fn outcome(merges: &[&str]) -> TrialOutcome {
        let slot = |text: &&str| {
            let (cpv, what) = text.split_once(' ').unwrap();
            let cpv = Cpv::parse(cpv).unwrap();
            let merge = SlotMerge {
                instance: (what != "source").then(id),
                is_unusable: what == "bad",
                change: match what {
                    "down" => Change::Downgrade,
                    _ => Change::Upgrade,
                },
                installed: None,
                seconds: Some(60),
                cpv: cpv.clone(),
            };
            (SlotName(format!("{}:0", cpv.cpn)), merge)
        };
        TrialOutcome {
            is_sound: true,
            slots: merges.iter().map(slot).collect(),
            ..TrialOutcome::default()
        }
    }

    fn gain(base: &[&str], trial: &[&str]) -> Option<(usize, usize, usize, u64)> {
        let gain = outcome(base).gain(&outcome(trial))?;
        Some((
            gain.binary.len(),
            gain.kept.len(),
            gain.others.len(),
            gain.seconds,
        ))
    }

    #[test]
    fn something_compiled_has_to_become_binary_or_to_stay_and_nothing_worse() {
        let base = ["a/a-2 source", "a/b-2 source", "a/c-2 binary"];
        for (trial, expected) in [
            (
                &["a/a-2 binary", "a/b-2 source", "a/c-2 binary"][..],
                Some((1, 0, 0, 60)),
            ),
            (&["a/a-1 binary", "a/c-2 binary"], Some((1, 1, 0, 120))),
            (&["a/a-2 binary", "a/b-2 source"], Some((1, 0, 1, 60))),
            (
                &["a/a-2 binary", "a/b-2 source", "a/c-1 binary"],
                Some((1, 0, 1, 60)),
            ),
            (&base, None),
            (&["a/b-2 source", "a/c-2 binary"], Some((0, 1, 0, 60))),
            (&["a/b-2 source"], None),
            (&["a/a-2 binary", "a/b-2 source", "a/c-2 source"], None),
            (&["a/a-2 binary", "a/b-3 source", "a/c-2 binary"], None),
            (&["a/a-2 down", "a/b-2 source", "a/c-2 binary"], None),
            (
                &[
                    "a/a-2 binary",
                    "a/b-2 source",
                    "a/c-2 binary",
                    "a/d-1 source",
                ],
                None,
            ),
        ] {
            assert_eq!(gain(&base, trial), expected, "{trial:?}");
        }
    }

    #[test]
    fn a_binary_package_of_no_use_counts_as_lacking() {
        let base = outcome(&["a/a-2 bad", "a/b-2 bad"]);
        assert_eq!((base.total().binary, base.unusable()), (0, 2));
        for (trial, gains) in [
            (&["a/a-2 binary", "a/b-2 bad"][..], Some(1)),
            (&["a/a-2 binary", "a/b-2 source"], Some(1)),
            (&["a/a-2 source", "a/b-2 source"], None),
            (&["a/a-2 bad", "a/b-2 bad"], None),
        ] {
            let gain = base.gain(&outcome(trial));
            assert_eq!(gain.map(|gain| gain.binary.len()), gains, "{trial:?}");
        }
        assert!(outcome(&["a/a-2 binary"]).gain(&base).is_none());
    }

    #[test]
    fn a_request_that_cannot_be_carried_out_is_no_gain() {
        let base = outcome(&["a/a-1 source"]);
        let mut trial = outcome(&["a/a-1 binary"]);
        trial.problems.insert("missing x/y".to_owned());
        assert_eq!(base.gain(&trial), None);
        trial.problems.clear();
        trial.is_sound = false;
        assert_eq!(base.gain(&trial), None);
        let broken = TrialOutcome::default();
        assert!(broken.gain(&outcome(&["a/a-1 source"])).is_some());
        assert_eq!(broken.gain(&broken), None);
    }
}
