//! As few packages as possible for the atoms of one dependency string
//! (`portage: depgraph.py:depgraph._minimize_children`).

use std::collections::HashMap;
use std::rc::Rc;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::plan::select::selector::Selector;
use crate::pms::Dep;

/// Give each atom its package; where several atoms name one package, versions that the others can do
/// without are left out. Blockers and what nothing satisfies come first.
pub(in crate::plan) fn minimize_children(
    select: &Selector<'_, '_>,
    picked: Vec<(Rc<Atom>, Option<Id>)>,
) -> Vec<(Atom, Option<Id>)> {
    let mut first = Vec::new();
    let mut found: Vec<(Rc<Atom>, Id)> = Vec::new();
    let mut places: HashMap<Rc<Dep>, usize> = HashMap::new();
    for (atom, id) in picked {
        let Some(id) = id else {
            first.push(((*atom).clone(), None));
            continue;
        };
        let place = *places.entry(Rc::clone(&atom.dep)).or_insert(found.len());
        match found.get_mut(place) {
            Some(known) => known.1 = id,
            None => found.push((atom, id)),
        }
    }
    let mut groups: Vec<Vec<(Rc<Atom>, Id)>> = Vec::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for (atom, id) in found {
        let name = select.get(id).name().to_owned();
        let place = *by_name.entry(name).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Vec::new());
        }
        groups[place].push((atom, id));
    }
    let rest = groups
        .into_iter()
        .flat_map(|group| minimize(select, group))
        .collect::<Vec<_>>();
    first
        .into_iter()
        .chain(rest.into_iter().map(|(atom, id)| (atom, Some(id))))
        .collect()
}

/// Satisfy the atoms of one name with as few packages as possible.
fn minimize(select: &Selector<'_, '_>, group: Vec<(Rc<Atom>, Id)>) -> Vec<(Atom, Id)> {
    let mut packages: Vec<Rc<PlanPackage<'_>>> = Vec::new();
    for (_, id) in &group {
        if packages.iter().all(|known| known.id != *id) {
            packages.push(select.get(*id));
        }
    }
    if packages.len() < 2 {
        return group
            .into_iter()
            .map(|(atom, id)| ((*atom).clone(), id))
            .collect();
    }
    // for each atom all packages that would do
    let mut candidates: Vec<(Rc<Atom>, Vec<Id>)> = Vec::new();
    for (atom, id) in &group {
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
                .in_slot(select.packages, package.name(), package.slot())
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

    #[test]
    fn one_version_for_all_atoms_of_a_name() {
        let packages = database(&["ebuild a/a-1", "ebuild a/a-2; SLOT=2", "ebuild b/b-1"]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let picked = |pairs: &[(&str, Option<&str>)]| {
            let pairs = pairs.iter().map(|(text, cpv)| {
                let id = cpv.map(|cpv| packages.ebuild(cpv).id);
                (Rc::new(atom(text)), id)
            });
            let children = minimize_children(&depgraph.selector(), pairs.collect());
            let children = children.iter().map(|(atom, id)| {
                let cpv = id.map_or("-".to_owned(), |id| packages.get(id).cpv().to_string());
                format!("{atom}={cpv}")
            });
            children.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            picked(&[("a/a", Some("a/a-2")), ("<a/a-2", Some("a/a-1"))]),
            "a/a=a/a-1 <a/a-2=a/a-1"
        );
        assert_eq!(
            picked(&[("a/a:2", Some("a/a-2")), ("<a/a-2", Some("a/a-1"))]),
            "a/a:2=a/a-2 <a/a-2=a/a-1"
        );
        assert_eq!(
            picked(&[("b/b", Some("b/b-1")), ("!c/c", None), ("d/d", None)]),
            "!c/c=- d/d=- b/b=b/b-1"
        );
    }
}
