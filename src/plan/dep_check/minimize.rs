//! As few packages as possible for the atoms of one dependency string
//! (`portage: depgraph.py:depgraph._minimize_children`).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};

impl<'a> Depgraph<'_, 'a> {
    /// Pick a package for each atom; where several atoms name one package, versions that the others
    /// can do without are left out. Blockers and what nothing serves come first.
    pub(in crate::plan) fn distribute(
        &mut self,
        parent: Id,
        atoms: &[Rc<Atom>],
    ) -> Vec<(Atom, Option<Id>)> {
        let mut first = Vec::new();
        let mut picked: Vec<(Rc<Atom>, Id)> = Vec::new();
        for atom in atoms {
            if atom.is_blocker() {
                first.push(((**atom).clone(), None));
                continue;
            }
            match self.pick(atom, Some(parent)) {
                None => first.push(((**atom).clone(), None)),
                Some(pick) => {
                    let known = picked.iter_mut().find(|(known, _)| known.dep == atom.dep);
                    match known {
                        Some(known) => known.1 = pick.id,
                        None => picked.push((Rc::clone(atom), pick.id)),
                    }
                }
            }
        }
        let mut names: Vec<String> = Vec::new();
        let mut by_name: BTreeMap<String, Vec<(Rc<Atom>, Id)>> = BTreeMap::new();
        for (atom, id) in picked {
            let name = self.get(id).package.cpv.cpn.as_str().to_owned();
            if !names.contains(&name) {
                names.push(name.clone());
            }
            by_name.entry(name).or_default().push((atom, id));
        }
        let groups = names.into_iter().filter_map(|name| by_name.remove(&name));
        let rest = groups
            .flat_map(|group| self.minimize(group))
            .collect::<Vec<_>>();
        first
            .into_iter()
            .chain(rest.into_iter().map(|(atom, id)| (atom, Some(id))))
            .collect()
    }

    /// Serve the atoms of one name with as few packages as possible.
    fn minimize(&self, group: Vec<(Rc<Atom>, Id)>) -> Vec<(Atom, Id)> {
        let mut packages: Vec<Rc<PlanPackage<'a>>> = Vec::new();
        for (_, id) in &group {
            if packages.iter().all(|known| known.id != *id) {
                packages.push(self.get(*id));
            }
        }
        if packages.len() < 2 {
            return group
                .into_iter()
                .map(|(atom, id)| ((*atom).clone(), id))
                .collect();
        }
        // for each atom all packages that would do
        let mut serving: Vec<(Rc<Atom>, Vec<Id>)> = Vec::new();
        for (atom, id) in &group {
            let others = packages
                .iter()
                .filter(|other| other.id == *id || self.matches(atom, other));
            serving.push((Rc::clone(atom), others.map(|other| other.id).collect()));
        }
        packages.sort_by(|left, right| {
            right
                .is_installed()
                .cmp(&left.is_installed())
                .then(left.order(right))
        });
        for package in &packages {
            let needed = serving
                .iter()
                .any(|(_, ids)| ids.len() < 2 && ids.contains(&package.id));
            if !needed {
                for (_, ids) in &mut serving {
                    ids.retain(|id| *id != package.id);
                }
            }
        }
        self.ordered(serving)
    }

    /// Atoms of built packages first, then those that lead to a conflict.
    fn ordered(&self, serving: Vec<(Rc<Atom>, Vec<Id>)>) -> Vec<(Atom, Id)> {
        let rank = |atom: &Atom, ids: &[Id]| {
            if atom.is_built() {
                return 0;
            }
            let conflicts = ids.iter().any(|id| {
                let choice = self.get(*id);
                let (name, slot) = choice.slot_key();
                let existing = self
                    .tracker
                    .in_slot(self.packages, name, slot)
                    .into_iter()
                    .next();
                existing
                    .is_some_and(|existing| existing.id != *id && !self.matches(atom, &existing))
            });
            if conflicts { 1 } else { 2 }
        };
        let mut all: Vec<(u8, Atom, Id)> = Vec::new();
        for (atom, mut ids) in serving {
            let rank = rank(&atom, &ids);
            ids.sort_by(|left, right| self.get(*left).order(&self.get(*right)));
            if let Some(best) = ids.last() {
                all.push((rank, (*atom).clone(), *best));
            }
        }
        all.sort_by_key(|(rank, _, _)| *rank);
        all.into_iter().map(|(_, atom, id)| (atom, id)).collect()
    }
}
