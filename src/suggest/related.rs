//! Which changes may need each other: those of packages of which one depends on the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Proposal, SlotName};
use crate::plan::{Plan, RequiredBy};

/// Slots of a plan and those of their parents in it, both ways.
#[derive(Clone, Debug, Default)]
pub struct Relations(BTreeMap<SlotName, BTreeSet<SlotName>>);

impl Relations {
    /// Those of a plan.
    pub(super) fn of(plan: &Plan<'_>) -> Relations {
        let mut pairs = Vec::new();
        let merges = plan.merges.iter();
        let by_cpv: BTreeMap<String, SlotName> = merges
            .map(|merge| (merge.package.cpv.to_string(), SlotName::of(merge)))
            .collect();
        for merge in &plan.merges {
            let own = SlotName::of(merge);
            for (parent, _) in &merge.parents {
                if let RequiredBy::Package(cpv, _) = parent
                    && let Some(parent) = by_cpv.get(&cpv.to_string())
                {
                    pairs.push((own.clone(), parent.clone()));
                }
            }
        }
        pairs.into_iter().collect()
    }

    /// Proposals in groups, as far as their goals hang together.
    pub(super) fn groups(&self, proposals: Vec<Proposal>) -> Vec<Vec<Proposal>> {
        let mut groups: Vec<Vec<Proposal>> = Vec::new();
        for proposal in proposals {
            let (touched, others) = groups.into_iter().partition(|group: &Vec<Proposal>| {
                group.iter().any(|other| self.touch(&proposal, other))
            });
            groups = others;
            let mut joined: Vec<Proposal> = touched.into_iter().flatten().collect();
            joined.push(proposal);
            groups.push(joined);
        }
        groups
    }

    fn touch(&self, one: &Proposal, other: &Proposal) -> bool {
        let related = |goal: &SlotName| {
            let near = self.0.get(goal);
            let is_near = |other: &SlotName| near.is_some_and(|near| near.contains(other));
            other
                .goals
                .iter()
                .any(|other| goal == other || is_near(other))
        };
        one.goals.iter().any(related)
    }
}

impl FromIterator<(SlotName, SlotName)> for Relations {
    fn from_iter<I: IntoIterator<Item = (SlotName, SlotName)>>(pairs: I) -> Relations {
        let mut relations: BTreeMap<SlotName, BTreeSet<SlotName>> = BTreeMap::new();
        for (one, other) in pairs {
            relations
                .entry(one.clone())
                .or_default()
                .insert(other.clone());
            relations.entry(other).or_default().insert(one);
        }
        Relations(relations)
    }
}
