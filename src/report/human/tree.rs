//! `--tree`: each merge below the first that needs it. In a cycle a target comes first.

use std::collections::HashMap;

use crate::plan::{Plan, RequiredBy};
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
        for (required_by, _) in &merge.parents {
            let RequiredBy::Package(cpv, kind) = required_by else {
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
        parents.any(|(required_by, _)| matches!(required_by, RequiredBy::Target(_)))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::plan::{BuildReason, Change, Merge, Origin};
    use crate::pms::Package;
    use crate::report::fixture::candidate;

    fn package(cpv: &str) -> Package {
        let mut package = candidate(cpv, None, None).package;
        package.kind = Kind::Ebuild;
        package
    }

    fn merge<'a>(package: &'a Package, parents: &[&str]) -> Merge<'a> {
        let required_by = |parent: &&str| match Cpv::parse(parent) {
            Some(cpv) => (RequiredBy::Package(cpv, Kind::Ebuild), String::new()),
            None => (RequiredBy::Target((*parent).to_owned()), String::new()),
        };
        Merge {
            package,
            root: crate::plan::Root::Target,
            origin: Origin::Source(BuildReason::NoBinary),
            change: Change::New,
            installed: None,
            reinstall: None,
            flags: Vec::new(),
            parents: parents.iter().map(required_by).collect(),
            higher: None,
            undecided: false,
        }
    }

    #[test]
    fn children_stand_below_their_parents_and_cycles_end() {
        for (merges, wanted) in [
            // a chain; what two packages need stands below the first
            (
                "c/c-1:a/a-1,b/b-1 b/b-1:a/a-1 a/a-1:@world",
                "a/a-1 .c/c-1 .b/b-1",
            ),
            // a cycle begins with the target
            ("b/b-1:a/a-1 a/a-1:b/b-1,@world", "a/a-1 .b/b-1"),
            // a package that needs itself
            ("a/a-1:a/a-1", "a/a-1"),
            // nobody of the plan needs it
            ("a/a-1:x/installed-1 b/b-1:@world", "a/a-1 b/b-1"),
        ] {
            let lines: Vec<(&str, &str)> = merges
                .split(' ')
                .map(|line| line.split_once(':').unwrap())
                .collect();
            let packages: Vec<Package> = lines.iter().map(|(cpv, _)| package(cpv)).collect();
            let merges = packages.iter().zip(&lines).map(|(package, (_, parents))| {
                let parents: Vec<&str> = parents.split(',').collect();
                merge(package, &parents)
            });
            let plan = Plan {
                merges: merges.collect(),
                ..Plan::default()
            };
            let nodes: Vec<String> = order(&plan)
                .iter()
                .map(|(place, depth)| format!("{}{}", ".".repeat(*depth), lines[*place].0))
                .collect();
            assert_eq!(nodes.join(" "), wanted);
        }
    }
}
