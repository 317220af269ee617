//! Slot conflicts that are solved by keeping some of the packages
//! (`portage: depgraph.py:depgraph._solve_non_slot_operator_slot_conflicts`).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::plan::graph::dependency::Parent;
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::selector::Selector;

/// A node of the graph of conflicting packages: one package, or several of which one will do.
type ConflictGroup = Vec<Id>;

/// Of packages in conflicts, those that must stay.
pub(super) fn packages_to_keep(
    select: &Selector<'_, '_>,
    conflicts: &[SlotConflict],
    conflicting: &BTreeSet<Id>,
) -> BTreeSet<Id> {
    let dependants = only_required_by(select, conflicting);
    let (edges, unmatched) = conflict_edges(select, conflicts, conflicting, &dependants);
    required(&edges, unmatched)
}

/// Packages that only the conflicting ones depend on, directly or through each other.
fn only_required_by(select: &Selector<'_, '_>, conflicting: &BTreeSet<Id>) -> BTreeSet<Id> {
    let mut open: Vec<Id> = conflicting
        .iter()
        .flat_map(|id| select.graph.children(Parent::Package(*id)).iter().copied())
        .collect();
    let mut found: BTreeSet<Id> = BTreeSet::new();
    while let Some(id) = open.pop() {
        if conflicting.contains(&id) || found.contains(&id) {
            continue;
        }
        let mut parents = select
            .graph
            .atoms(id)
            .iter()
            .map(|(parent, _)| parent.package());
        let only = parents.all(|parent| {
            parent.is_some_and(|parent| conflicting.contains(&parent) || found.contains(&parent))
        });
        if only {
            found.insert(id);
            open.extend(select.graph.children(Parent::Package(id)));
        }
    }
    found
}

/// Who (`None`: everybody else) depends on which of the conflicting packages; and the packages of
/// conflicts where some atom matches none.
fn conflict_edges<'a>(
    select: &Selector<'_, 'a>,
    conflicts: &[SlotConflict],
    conflicting: &BTreeSet<Id>,
    dependants: &BTreeSet<Id>,
) -> (Vec<(Option<Id>, ConflictGroup)>, BTreeSet<Id>) {
    let inside = |parent: Parent| {
        parent
            .package()
            .filter(|id| conflicting.contains(id) || dependants.contains(id))
    };
    let mut edges: Vec<(Option<Id>, ConflictGroup)> = Vec::new();
    let mut unmatched = BTreeSet::new();
    for conflict in conflicts {
        let all: Vec<Rc<PlanPackage<'a>>> =
            conflict.packages.iter().map(|id| select.get(*id)).collect();
        let leaves_installed = all
            .iter()
            .any(|package| package.is_installed() && !select.may_stay_installed(package));
        for (parent, atom) in select.graph.atoms_of_all(&conflict.packages) {
            let fits = |package: &&Rc<PlanPackage<'a>>| {
                select.matches(&atom, package) && !(leaves_installed && package.is_installed())
            };
            let matched: ConflictGroup =
                all.iter().filter(fits).map(|package| package.id).collect();
            if matched.is_empty() {
                unmatched.extend(conflict.packages.iter().copied());
            } else {
                edges.push((inside(parent), matched));
            }
        }
    }
    for id in dependants {
        for (parent, _) in select.graph.atoms(*id) {
            edges.push((inside(*parent), vec![*id]));
        }
    }
    (edges, unmatched)
}

/// Packages that must stay: those that something outside depends on, and what they depend on in turn.
fn required(edges: &[(Option<Id>, ConflictGroup)], unmatched: BTreeSet<Id>) -> BTreeSet<Id> {
    let mut forced = unmatched;
    let mut explored: Vec<&ConflictGroup> = Vec::new();
    let mut open: Vec<Option<Id>> = vec![None];
    let mut undecided: Vec<&ConflictGroup> = Vec::new();
    while !open.is_empty() {
        while let Some(node) = open.pop() {
            for (_, group) in edges.iter().filter(|(parent, _)| *parent == node) {
                if explored.contains(&group) {
                    continue;
                }
                explored.push(group);
                match group.as_slice() {
                    [only] => {
                        forced.insert(*only);
                        open.push(Some(*only));
                    }
                    _ => undecided.push(group),
                }
            }
        }
        while let Some(group) = undecided.pop() {
            if group.iter().any(|id| forced.contains(id)) {
                continue;
            }
            forced.insert(group[0]);
            open.push(Some(group[0]));
            break;
        }
    }
    let mut stack: Vec<Id> = forced.iter().copied().collect();
    while let Some(id) = stack.pop() {
        for (_, group) in edges
            .iter()
            .filter(|(parent, group)| *parent == Some(id) && group.len() == 1)
        {
            if forced.insert(group[0]) {
                stack.push(group[0]);
            }
        }
    }
    forced
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::database;

    #[test]
    fn what_nothing_outside_depends_on_goes() {
        let packages = database(&[
            "ebuild p/p-1",
            "ebuild q/q-1",
            "ebuild a/a-1",
            "ebuild a/a-2",
            "ebuild only/of-2",
        ]);
        let [p, q, one, two, only] =
            ["p/p-1", "q/q-1", "a/a-1", "a/a-2", "only/of-2"].map(|cpv| packages.ebuild(cpv));
        let options = ResolveOptions::default();
        let conflicting = BTreeSet::from([one.id, two.id]);
        for (of_q, kept) in [("a/a", vec![one.id]), (">a/a-1", vec![one.id, two.id])] {
            let mut depgraph = packages.attempt(&options);
            depgraph.insert(&p, None);
            depgraph.insert(&q, None);
            depgraph.insert(&two, Some((q.id, of_q)));
            depgraph.insert(&one, Some((p.id, "<a/a-2")));
            depgraph.insert(&only, Some((two.id, "only/of")));
            let conflicts = depgraph.slot_conflicts();
            let stays = packages_to_keep(&depgraph.selector(), &conflicts, &conflicting);
            let stays: Vec<Id> = stays.into_iter().filter(|id| *id != only.id).collect();
            let mut kept = kept;
            kept.sort_unstable();
            assert_eq!(stays, kept, "{of_q}");
        }
    }
}
