//! `--tree`: each merge below the first that needs it. In a cycle a target comes first.

use std::collections::HashMap;

use crate::plan::{Plan, Wanter};
use crate::pms::{Cpv, Kind};

/// Merges with their depth, parents first. Each stands once, so that a cycle ends.
pub(super) fn order(plan: &Plan<'_>) -> Vec<(usize, usize)> {
    let places: HashMap<(&Cpv, Kind), usize> = plan
        .merges
        .iter()
        .enumerate()
        .map(|(place, merge)| ((&merge.package.cpv, merge.package.kind), place))
        .collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); plan.merges.len()];
    let mut is_child = vec![false; plan.merges.len()];
    for (place, merge) in plan.merges.iter().enumerate() {
        for (wanter, _) in &merge.parents {
            let Wanter::Package(cpv, kind) = wanter else {
                continue;
            };
            let parent = places.get(&(cpv, *kind)).filter(|parent| **parent != place);
            if let Some(parent) = parent {
                children[*parent].push(place);
                is_child[place] = true;
            }
        }
    }
    let is_target = |place: &usize| {
        let mut parents = plan.merges[*place].parents.iter();
        parents.any(|(wanter, _)| matches!(wanter, Wanter::Target(_)))
    };
    let mut roots: Vec<usize> = (0..plan.merges.len()).collect();
    roots.sort_by_key(|place| match (is_child[*place], is_target(place)) {
        (false, _) => 0,
        (true, true) => 1,
        (true, false) => 2,
    });
    let mut seen = vec![false; plan.merges.len()];
    let mut order = Vec::new();
    for root in roots {
        let mut stack = vec![(root, 0)];
        while let Some((place, depth)) = stack.pop() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            order.push((place, depth));
            let below = children[place].iter().rev();
            stack.extend(below.map(|child| (*child, depth + 1)));
        }
    }
    order
}
