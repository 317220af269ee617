//! As few packages as possible for the atoms of one dependency string
//! (`portage: depgraph.py:depgraph._minimize_children`).

use std::rc::Rc;

use foldhash::HashMap;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::selector::Selector;
use crate::pms::Cpn;

/// An atom with its package.
pub(in crate::plan) type Picked = (Rc<Atom>, Id);

/// The atoms with their packages in order of their coming, those of one name together and with the same number.
pub(in crate::plan) fn by_name(
    select: &Selector<'_, '_>,
    picked: Vec<Picked>,
) -> Vec<(usize, Picked)> {
    let mut places: HashMap<Cpn, usize> = HashMap::default();
    places.reserve(picked.len());
    let place = |picked: Picked| {
        let next = places.len();
        let name = select.get(picked.1).cpn().clone();
        (*places.entry(name).or_insert(next), picked)
    };
    let mut all: Vec<(usize, Picked)> = picked.into_iter().map(place).collect();
    all.sort_by_key(|(place, _)| *place);
    all
}

/// Satisfy the atoms of one name with as few packages as possible.
pub(in crate::plan) fn minimize(
    select: &Selector<'_, '_>,
    group: &[(usize, Picked)],
) -> Vec<(Atom, Id)> {
    let mut packages: Vec<Rc<PlanPackage<'_>>> = Vec::new();
    for (_, (_, id)) in group {
        if packages.iter().all(|known| known.id != *id) {
            packages.push(select.get(*id));
        }
    }
    if packages.len() < 2 {
        let one = |(_, (atom, id)): &(usize, Picked)| ((**atom).clone(), *id);
        return group.iter().map(one).collect();
    }
    // for each atom all packages that would do
    let mut candidates: Vec<(Rc<Atom>, Vec<Id>)> = Vec::new();
    for (_, (atom, id)) in group {
        let others = packages
            .iter()
            .filter(|other| other.id == *id || select.matches(atom, other));
        candidates.push((Rc::clone(atom), others.map(|other| other.id).collect()));
    }
    packages.sort_by(|left, right| {
        right
            .is_installed()
            .cmp(&left.is_installed())
            .then(left.order(right))
    });
    for package in &packages {
        let needed = candidates
            .iter()
            .any(|(_, ids)| ids.len() < 2 && ids.contains(&package.id));
        if !needed {
            for (_, ids) in &mut candidates {
                ids.retain(|id| *id != package.id);
            }
        }
    }
    ordered(select, candidates)
}

/// Atoms of built packages first, then those that lead to a conflict: what is bound to a sub-slot is the
/// hardest to satisfy, and a conflict is to be met before its other side is in the graph.
fn ordered(select: &Selector<'_, '_>, candidates: Vec<(Rc<Atom>, Vec<Id>)>) -> Vec<(Atom, Id)> {
    let rank = |atom: &Atom, ids: &[Id]| {
        if atom.is_built() {
            return 0;
        }
        let conflicts = ids.iter().any(|id| {
            let package = select.get(*id);
            let existing = select
                .tracker
                .in_slot(select.packages, package.slot_key())
                .into_iter()
                .next();
            existing.is_some_and(|existing| existing.id != *id && !select.matches(atom, &existing))
        });
        if conflicts { 1 } else { 2 }
    };
    let mut all: Vec<(u8, Atom, Id)> = Vec::new();
    for (atom, mut ids) in candidates {
        let rank = rank(&atom, &ids);
        ids.sort_by(|left, right| select.get(*left).order(&select.get(*right)));
        if let Some(best) = ids.last() {
            all.push((rank, (*atom).clone(), *best));
        }
    }
    all.sort_by_key(|(rank, _, _)| *rank);
    all.into_iter().map(|(_, atom, id)| (atom, id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    /// Atoms of one name with their packages, in the order in which they are followed.
    #[test]
    fn bound_atoms_come_first_and_then_conflicts() {
        let packages = database(&[
            "ebuild p/p-1",
            "ebuild a/a-1",
            "ebuild a/a-2; SLOT=2",
            "ebuild a/a-3; SLOT=3",
            "ebuild a/a-3.1; SLOT=3",
        ]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let parent = packages.ebuild("p/p-1").id;
        depgraph.insert(&packages.ebuild("a/a-3"), Some((parent, "<a/a-3.1")));
        let group = [
            ("a/a:0", "a/a-1"),
            (">a/a-3", "a/a-3.1"),
            ("a/a:2/2=", "a/a-2"),
        ];
        let group = group.map(|(text, cpv)| (0, (Rc::new(atom(text)), packages.ebuild(cpv).id)));
        let atoms = minimize(&depgraph.selector(), &group).into_iter();
        let atoms: Vec<String> = atoms.map(|(atom, _)| atom.to_string()).collect();
        assert_eq!(atoms, ["a/a:2/2=", ">a/a-3", "a/a:0"]);
    }

    #[test]
    fn one_version_for_all_atoms_of_a_name() {
        let packages = database(&[
            "ebuild a/a-1",
            "ebuild a/a-2; SLOT=2",
            "ebuild b/b-1",
            "ebuild c/c-1",
            "ebuild c/c-2",
        ]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let picked = |pairs: &[(&str, &str)]| {
            let pairs = pairs
                .iter()
                .map(|(text, cpv)| (Rc::new(atom(text)), packages.ebuild(cpv).id));
            let select = depgraph.selector();
            let groups = by_name(&select, pairs.collect());
            let children = groups
                .chunk_by(|(one, _), (other, _)| one == other)
                .flat_map(|group| minimize(&select, group))
                .map(|(atom, id)| format!("{atom}={}", packages.get(id).cpv()));
            children.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            picked(&[("a/a", "a/a-2"), ("<a/a-2", "a/a-1")]),
            "a/a=a/a-1 <a/a-2=a/a-1"
        );
        assert_eq!(
            picked(&[("a/a:2", "a/a-2"), ("<a/a-2", "a/a-1")]),
            "a/a:2=a/a-2 <a/a-2=a/a-1"
        );
        assert_eq!(
            picked(&[("b/b", "b/b-1"), ("a/a", "a/a-1"), ("b/b:0", "b/b-1")]),
            "b/b=b/b-1 b/b:0=b/b-1 a/a=a/a-1"
        );
        assert_eq!(
            picked(&[("c/c", "c/c-2"), ("c/c:0", "c/c-1")]),
            "c/c=c/c-2 c/c:0=c/c-2",
            "the higher of two that would both do"
        );
    }
}
