//! Several packages that want one slot (`portage: depgraph.py:depgraph._process_slot_conflicts`,
//! `._solve_non_slot_operator_slot_conflicts`, `._slot_confict_backtrack`).

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::plan::depgraph::attempt::{Depgraph, Task};
use crate::plan::depgraph::backtrack_tree::MaskCandidate;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};

/// A node of the graph of conflicting packages: one package, or several of which one will do.
type Group = Vec<Id>;

impl<'a> Depgraph<'_, 'a> {
    /// Remove packages that nobody needs in the end, then learn from what is left.
    pub fn process_conflicts(&mut self) {
        self.solve_simple();
        self.find_blocked();
        for conflict in self.tracker.slot_conflicts(self.packages) {
            self.process(&conflict);
        }
        if self.may_retry {
            self.find_all_rebuilds();
        }
    }

    /// Conflicts that are solved by keeping one package and dropping the others.
    fn solve_simple(&mut self) {
        let mut conflicts = self.tracker.slot_conflicts(self.packages);
        conflicts.retain(|conflict| {
            let (name, slot) = self.slot_of(conflict.packages[0]);
            !self.parameters.replaced.contains(&(name, slot))
        });
        if conflicts.is_empty() {
            return;
        }
        let rivals: BTreeSet<Id> = conflicts
            .iter()
            .flat_map(|conflict| conflict.packages.iter().copied())
            .collect();
        let dependants = self.only_needed_by(&rivals);
        let (edges, unmatched) = self.conflict_edges(&conflicts, &rivals, &dependants);
        let kept = required(&edges, unmatched);
        let dropped: Vec<Id> = rivals
            .iter()
            .copied()
            .filter(|id| !kept.contains(id))
            .collect();
        let mut broken: Vec<Id> = Vec::new();
        for id in &dropped {
            let parents = self
                .graph
                .atoms(*id)
                .iter()
                .filter_map(|(parent, _)| parent.package());
            broken.extend(parents.filter(|parent| !dropped.contains(parent)));
        }
        for id in &dropped {
            self.remove(*id);
        }
        broken.extend(kept);
        broken.sort_unstable();
        broken.dedup();
        broken.retain(|id| self.tracker.has(&self.get(*id)));
        if !broken.is_empty() {
            self.stack
                .extend(broken.into_iter().map(Task::Dependencies));
            let _ = self.create_graph(false); // what remains satisfies everything, so it does not get stuck
        }
    }

    pub(in crate::plan) fn slot_of(&self, id: Id) -> (String, String) {
        let choice = self.get(id);
        let (name, slot) = choice.slot_key();
        (name.to_owned(), slot.to_owned())
    }

    /// Packages that only the rivals need, directly or through each other.
    fn only_needed_by(&self, rivals: &BTreeSet<Id>) -> BTreeSet<Id> {
        let mut open: Vec<Id> = rivals
            .iter()
            .flat_map(|id| self.graph.children(Parent::Package(*id)).iter().copied())
            .collect();
        let mut found: BTreeSet<Id> = BTreeSet::new();
        while let Some(id) = open.pop() {
            if rivals.contains(&id) || found.contains(&id) {
                continue;
            }
            let mut parents = self
                .graph
                .atoms(id)
                .iter()
                .map(|(parent, _)| parent.package());
            let only = parents.all(|parent| {
                parent.is_some_and(|parent| rivals.contains(&parent) || found.contains(&parent))
            });
            if only {
                found.insert(id);
                open.extend(self.graph.children(Parent::Package(id)));
            }
        }
        found
    }

    /// Who (`None`: everybody else) needs which of the rivals; and rivals that some atom fits none of.
    fn conflict_edges(
        &self,
        conflicts: &[SlotConflict],
        rivals: &BTreeSet<Id>,
        dependants: &BTreeSet<Id>,
    ) -> (Vec<(Option<Id>, Group)>, BTreeSet<Id>) {
        let inside = |parent: Parent| {
            parent
                .package()
                .filter(|id| rivals.contains(id) || dependants.contains(id))
        };
        let mut edges: Vec<(Option<Id>, Group)> = Vec::new();
        let mut unmatched = BTreeSet::new();
        for conflict in conflicts {
            let choices: Vec<Rc<PlanPackage<'a>>> =
                conflict.packages.iter().map(|id| self.get(*id)).collect();
            let unwanted = choices
                .iter()
                .any(|choice| choice.is_installed() && !self.wants_installed(choice));
            for (parent, atom) in self.atoms_of(&conflict.packages) {
                let fits = |choice: &&Rc<PlanPackage<'a>>| {
                    self.matches(&atom, choice) && !(unwanted && choice.is_installed())
                };
                let matched: Group = choices
                    .iter()
                    .filter(fits)
                    .map(|choice| choice.id)
                    .collect();
                if matched.is_empty() {
                    unmatched.extend(conflict.packages.iter().copied());
                } else {
                    edges.push((inside(parent), matched));
                }
            }
        }
        for id in dependants {
            for (parent, _) in self.graph.atoms(*id) {
                edges.push((inside(*parent), vec![*id]));
            }
        }
        (edges, unmatched)
    }

    /// All parents of some packages with their atoms, each once.
    fn atoms_of(&self, packages: &[Id]) -> Vec<(Parent, Atom)> {
        let mut all: Vec<(Parent, Atom)> = Vec::new();
        for id in packages {
            for pair in self.graph.atoms(*id) {
                if !all.contains(pair) {
                    all.push(pair.clone());
                }
            }
        }
        all
    }

    /// Take a package out of the graph, and then whatever nobody needs any more.
    pub fn remove(&mut self, id: Id) {
        let choice = self.get(id);
        let children = self.graph.remove(id);
        self.tracker.remove(&choice);
        for (_, needs) in &mut self.slot_operators {
            needs.retain(|need| need.child != Some(id));
        }
        self.slot_operators.retain(|(_, needs)| !needs.is_empty());
        self.blockers.retain(|(parent, _, _)| *parent != id);
        self.blocked.remove(&id);
        for child in children {
            if self.graph.has(child) && self.graph.parents(child).is_empty() {
                self.remove(child);
            }
        }
        self.forget_all();
    }

    /// Learn from one conflict: rebuild a parent, or mask one of the packages.
    fn process(&mut self, conflict: &SlotConflict) {
        let all = self.atoms_of(&conflict.packages);
        let mut against: Vec<(Parent, Atom, BTreeSet<Id>)> = Vec::new();
        let mut disputed: Vec<Id> = Vec::new();
        for id in &conflict.packages {
            let choice = self.get(*id);
            let mut fits_all = true;
            for (parent, atom) in &all {
                let known = self.graph.atoms(*id).contains(&(*parent, atom.clone()));
                if known {
                    continue;
                }
                if self.matches(atom, &choice) {
                    self.graph.add_atom(*id, *parent, atom);
                    continue;
                }
                fits_all = false;
                match against
                    .iter_mut()
                    .find(|(known, with, _)| known == parent && with == atom)
                {
                    Some((_, _, packages)) => {
                        packages.insert(*id);
                    }
                    None => against.push((*parent, atom.clone(), BTreeSet::from([*id]))),
                }
            }
            if !fits_all {
                disputed.push(*id);
            }
        }
        if disputed.is_empty() || !self.may_retry {
            return;
        }
        let mut remaining = Vec::new();
        for id in disputed {
            if self.solve_by_rebuild(&conflict.packages, &against) {
                self.feedback.config = true;
                self.feedback.conflict_solved_by_rebuild = true;
            } else {
                remaining.push(id);
            }
        }
        if !remaining.is_empty() {
            self.suggest_masks(conflict, &all, remaining);
        }
    }

    /// Whether building a parent again removes an atom that the conflict turns on.
    fn solve_by_rebuild(
        &mut self,
        packages: &[Id],
        against: &[(Parent, Atom, BTreeSet<Id>)],
    ) -> bool {
        let mut found = false;
        for (parent, atom, unfit) in against {
            let Some(holder) = parent.package().map(|id| self.get(id)) else {
                continue;
            };
            if !holder.package.is_built() || !atom.is_built() {
                continue;
            }
            for other in packages.iter().filter(|id| !unfit.contains(id)) {
                let mut need = Dependency::new(atom.clone(), *parent, Some(0), Priority::default());
                need.child = Some(*other);
                if let Some(new) = self.find_rebuild(&need, false, true) {
                    self.learn_rebuild(&need, None, Some(new.parent));
                    found = true;
                }
            }
        }
        found
    }

    fn suggest_masks(
        &mut self,
        conflict: &SlotConflict,
        all: &[(Parent, Atom)],
        mut disputed: Vec<Id>,
    ) {
        let (name, slot) = self.slot_of(conflict.packages[0]);
        if let Some(existing) = self.tracker.in_slot(self.packages, &name, &slot).first()
            && !disputed.contains(&existing.id)
        {
            disputed.push(existing.id);
        }
        disputed.sort_by(|left, right| self.get(*right).order(&self.get(*left)));
        let mut choices: Vec<Vec<MaskCandidate>> = Vec::new();
        for id in &disputed {
            let choice = self.get(*id);
            let held = self.graph.atoms(*id);
            let against: Vec<(Parent, Atom)> = all
                .iter()
                .filter(|pair| !held.contains(pair))
                .cloned()
                .collect();
            let mut suspects: Vec<MaskCandidate> = Vec::new();
            if !against.is_empty() {
                for other in self.similar(&choice, &self.slot_atom(&choice)) {
                    let unfit: Vec<_> = against
                        .iter()
                        .filter(|(_, atom)| !self.matches(atom, &other))
                        .cloned()
                        .collect();
                    if !disputed.contains(&other.id) && !unfit.is_empty() {
                        suspects.push((other.id, unfit));
                    }
                }
            }
            suspects.push((*id, against));
            choices.push(suspects);
        }
        choices.sort_by_key(|suspects| suspects.last().map_or(0, |(_, atoms)| atoms.len()));
        self.feedback.slot_conflicts.push(choices);
        self.restart = true;
    }
}

/// Packages that must stay: those that are needed from outside, and what they need in turn.
fn required(edges: &[(Option<Id>, Group)], unmatched: BTreeSet<Id>) -> BTreeSet<Id> {
    let mut forced = unmatched;
    let mut explored: Vec<&Group> = Vec::new();
    let mut open: Vec<Option<Id>> = vec![None];
    let mut choices: Vec<&Group> = Vec::new();
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
                    _ => choices.push(group),
                }
            }
        }
        while let Some(group) = choices.pop() {
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
