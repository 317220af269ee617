//! The choice among alternatives (`portage: dep/dep_check.py:dep_check`, `dep_zapdeps`).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::dep_check::preference::{Alternative, PreferenceClass, rank};
use crate::plan::dep_check::virtuals::{DnfNode, Owners, multiply};
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::Id;
use crate::pms::Reduced;

/// Atoms that were chosen from a dependency string.
#[derive(Debug, Default)]
pub(in crate::plan) struct Selected {
    /// Those of the package itself.
    pub direct: Vec<Rc<Atom>>,
    /// For each version of a virtual that they lead to: how, and what it needs.
    pub virtuals: Vec<(Dependency, Vec<Rc<Atom>>)>,
}

impl Selected {
    /// All atoms, those of virtuals too.
    pub fn all_atoms(&self) -> impl Iterator<Item = &Atom> {
        let of_virtuals = self.virtuals.iter().flat_map(|(_, atoms)| atoms);
        self.direct.iter().chain(of_virtuals).map(|atom| &**atom)
    }
}

impl<'a> Depgraph<'_, 'a> {
    /// Choose the atoms of a dependency string that will be followed
    /// (`portage: depgraph.py:depgraph._select_atoms_highest_available`).
    pub(in crate::plan) fn select_atoms(
        &mut self,
        parent: Id,
        nodes: Vec<Reduced<Atom>>,
        priority: Priority,
    ) -> Selected {
        let autounmask = std::mem::replace(&mut self.autounmask, false);
        let choosing_for = self.choosing_for.replace(parent);
        let mut owners = Owners::default();
        let chosen = self.check(&nodes, None, 0, &mut owners);
        self.choosing_for = choosing_for;
        self.autounmask = autounmask;
        if owners.atoms.is_empty() {
            return Selected {
                direct: chosen,
                virtuals: Vec::new(),
            };
        }
        self.group(parent, &chosen, &owners, priority)
    }

    /// Distribute the chosen atoms over the package and the virtuals that they lead to.
    fn group(
        &self,
        parent: Id,
        chosen: &[Rc<Atom>],
        owners: &Owners,
        priority: Priority,
    ) -> Selected {
        let is_chosen = |atom: &Rc<Atom>| {
            chosen.iter().any(|other| {
                Rc::ptr_eq(other, atom)
                    || other
                        .original
                        .as_ref()
                        .is_some_and(|original| Rc::ptr_eq(original, atom))
            })
        };
        let depth = match self.depths.get(&parent) {
            Some(depth) => depth.map(|depth| depth + 1),
            None => Some(1),
        };
        let mut selected = Selected::default();
        let mut seen: Vec<Option<Id>> = Vec::new();
        let mut stack: Vec<(Option<Id>, Option<Dependency>)> = vec![(None, None)];
        while let Some((owner, need)) = stack.pop() {
            seen.push(owner);
            let mut atoms = Vec::new();
            for atom in owners.of(owner).iter().filter(|atom| is_chosen(atom)) {
                atoms.push(Rc::clone(atom));
                let Some(version) = owners.version(atom) else {
                    continue;
                };
                if seen.contains(&Some(version)) || !self.matches(atom, &self.get(version)) {
                    continue;
                }
                let from = owner.unwrap_or(parent);
                let priority = match owner {
                    None => priority,
                    Some(_) => Priority {
                        runtime: true,
                        ..Priority::default()
                    },
                };
                let mut need =
                    Dependency::new((**atom).clone(), Parent::Package(from), depth, priority);
                need.child = Some(version);
                stack.push((Some(version), Some(need)));
            }
            match need {
                None => selected.direct = atoms,
                Some(need) => selected.virtuals.push((need, atoms)),
            }
        }
        selected
    }

    /// Open virtuals, multiply overlapping groups, and choose.
    pub(in crate::plan) fn check(
        &mut self,
        nodes: &[Reduced<Atom>],
        owner: Option<Id>,
        depth: usize,
        owners: &mut Owners,
    ) -> Vec<Rc<Atom>> {
        let opened = self.open(nodes, owner, depth, owners);
        let (nodes, multiplied) = multiply(opened);
        self.choose_all(&nodes, multiplied)
    }

    fn choose_all(&mut self, nodes: &[DnfNode], minimize_slots: bool) -> Vec<Rc<Atom>> {
        let mut chosen = Vec::new();
        for node in nodes {
            match node {
                DnfNode::Leaf(atom) if self.is_provided(atom) => {}
                DnfNode::Leaf(atom) => chosen.push(Rc::clone(atom)),
                DnfNode::AllOf(nodes) => chosen.extend(self.choose_all(nodes, minimize_slots)),
                DnfNode::AnyOf(alternatives) => {
                    chosen.extend(self.choose_one(alternatives, minimize_slots))
                }
            }
        }
        chosen
    }

    fn is_provided_tree(&self, node: &DnfNode) -> bool {
        match node {
            DnfNode::Leaf(atom) => self.is_provided(atom),
            DnfNode::AllOf(nodes) => nodes.iter().all(|node| self.is_provided_tree(node)),
            DnfNode::AnyOf(nodes) => nodes.iter().any(|node| self.is_provided_tree(node)),
        }
    }

    fn choose_one(&mut self, alternatives: &[DnfNode], minimize_slots: bool) -> Vec<Rc<Atom>> {
        if alternatives.is_empty() || alternatives.iter().any(|node| self.is_provided_tree(node)) {
            return Vec::new();
        }
        let mut bins: BTreeMap<PreferenceClass, Vec<Alternative<'a>>> = BTreeMap::new();
        for node in alternatives {
            let atoms = match node {
                DnfNode::Leaf(atom) => vec![Rc::clone(atom)],
                DnfNode::AllOf(nodes) => self.choose_all(nodes, minimize_slots),
                DnfNode::AnyOf(nodes) => self.choose_one(nodes, minimize_slots),
            };
            let (bin, alternative) = self.judge(atoms);
            bins.entry(bin).or_default().push(alternative);
        }
        for alternatives in bins.values_mut() {
            if minimize_slots {
                alternatives.sort_by_key(|alternative| alternative.new_slots);
            }
            rank(alternatives);
        }
        let best = bins
            .values()
            .flatten()
            .find(|alternative| alternative.is_available);
        let any = best.or_else(|| bins.values().flatten().next());
        any.map(|alternative| alternative.atoms.clone())
            .unwrap_or_default()
    }
}
