//! Several packages for one slot (`portage: depgraph.py:depgraph._process_slot_conflicts`,
//! `._slot_confict_backtrack`).

use std::collections::BTreeSet;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::conflict_graph::packages_to_keep;
use crate::plan::depgraph::create_graph::OnUnsatisfied;
use crate::plan::depgraph::feedback::MaskCandidate;
use crate::plan::depgraph::slot_operators::RebuildOf;
use crate::plan::depgraph::worklist::Work;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::plan::packages::slot_key::SlotKey;

impl Depgraph<'_, '_> {
    /// Remove packages that nothing depends on in the end, then find out what the next attempt is to avoid.
    pub fn process_conflicts(&mut self) {
        self.solve_simple();
        self.note_blocked();
        for conflict in self.slot_conflicts() {
            self.process(&conflict);
        }
        if self.may_retry() {
            self.find_all_rebuilds();
        }
    }

    /// Conflicts that are solved by keeping one package and dropping the others.
    fn solve_simple(&mut self) {
        let mut conflicts = self.slot_conflicts();
        conflicts.retain(|conflict| {
            let slot = self.slot_of(conflict.packages[0]);
            !self.parameters.replaced.contains(&slot)
        });
        if conflicts.is_empty() {
            return;
        }
        let conflicting: BTreeSet<Id> = conflicts
            .iter()
            .flat_map(|conflict| conflict.packages.iter().copied())
            .collect();
        let kept = packages_to_keep(&self.selector(), &conflicts, &conflicting);
        let dropped: Vec<Id> = conflicting
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
            self.worklist
                .stack
                .extend(broken.into_iter().map(Work::Dependencies));
            // What remains satisfies everything, so nothing can be missing.
            let _ = self.create_graph(OnUnsatisfied::Fail);
        }
        self.note_given_up(&conflicts, &dropped);
    }

    pub(in crate::plan) fn slot_of(&self, id: Id) -> SlotKey {
        self.get(id).slot_key().clone()
    }

    /// Take a package out of the graph, and then whatever nothing depends on any more.
    pub fn remove(&mut self, id: Id) {
        let package = self.get(id);
        let children = self.graph.remove(id);
        self.tracker.remove(&package);
        self.records
            .slot_operators
            .remove_child(id, package.slot_key());
        self.records.blockers.remove(id);
        for child in children {
            if self.graph.has(child) && self.graph.parents(child).is_empty() {
                self.remove(child);
            }
        }
    }

    /// What the next attempt is to do about one conflict: rebuild a parent, or mask one of the packages.
    fn process(&mut self, conflict: &SlotConflict) {
        let all = self.graph.atoms_of_all(&conflict.packages);
        let mut against: Vec<(Parent, Atom, BTreeSet<Id>)> = Vec::new();
        let mut disputed: Vec<Id> = Vec::new();
        for id in &conflict.packages {
            let package = self.get(*id);
            let mut fits_all = true;
            for pair in &all {
                if self.graph.has_atom(*id, pair) {
                    continue;
                }
                let (parent, atom) = pair;
                if self.selector().matches(atom, &package) {
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
        if disputed.is_empty() || !self.may_retry() {
            return;
        }
        let mut remaining = Vec::new();
        for id in disputed {
            if self.solve_by_rebuild(&conflict.packages, &against) {
                self.outcome.feedback.config = true;
                self.outcome.feedback.conflict_solved_by_rebuild = true;
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
            if !holder.is_built() || !atom.is_bound() {
                continue;
            }
            for other in packages.iter().filter(|id| !unfit.contains(id)) {
                let mut dependency =
                    Dependency::new(atom.clone(), *parent, Some(0), Priority::default());
                dependency.child = Some(*other);
                let (new, unmasks) = self.rebuild_probe().find_in_conflict(&dependency);
                let unmasks: Vec<_> = unmasks.into_iter().collect();
                self.outcome.allow(unmasks);
                if let Some(new) = new {
                    self.record_rebuild(&dependency, RebuildOf::Parent(new.parent));
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
        let slot = self.slot_of(conflict.packages[0]);
        if let Some(existing) = self.tracker.in_slot(self.packages, &slot).first()
            && !disputed.contains(&existing.id)
        {
            disputed.push(existing.id);
        }
        // The tree tries the last alternative first, so that lower versions are masked before higher ones and
        // no update is missed (`portage: depgraph.py:depgraph._slot_confict_backtrack`).
        disputed.sort_by(|left, right| self.get(*right).order(&self.get(*left)));
        let mut alternatives: Vec<Vec<MaskCandidate>> = Vec::new();
        for id in &disputed {
            let package = self.get(*id);
            let against: Vec<(Parent, Atom)> = all
                .iter()
                .filter(|pair| !self.graph.has_atom(*id, pair))
                .cloned()
                .collect();
            let mut candidates: Vec<MaskCandidate> = Vec::new();
            if !against.is_empty() {
                for other in self.selector().similar(&package, package.slot_atom()) {
                    let unfit: Vec<_> = against
                        .iter()
                        .filter(|(_, atom)| !self.selector().matches(atom, &other))
                        .cloned()
                        .collect();
                    if !disputed.contains(&other.id) && !unfit.is_empty() {
                        candidates.push((other.id, unfit));
                    }
                }
            }
            candidates.push((*id, against));
            alternatives.push(candidates);
        }
        // The atoms count before the version; what most of them speak against is tried first.
        alternatives
            .sort_by_key(|candidates| candidates.last().map_or(0, |(_, atoms)| atoms.len()));
        self.outcome.feedback.slot_conflicts.push(alternatives);
        self.outcome.request_restart();
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::database;

    /// The alternatives that the next attempt may mask, each as its packages and how many atoms are against
    /// each.
    #[test]
    fn each_package_of_a_conflict_is_an_alternative() {
        let packages = database(&[
            "ebuild p/p-1; RDEPEND==a/a-1",
            "ebuild q/q-1; RDEPEND=>=a/a-2",
            "ebuild r/r-1; RDEPEND=>=a/a-2",
            "ebuild a/a-1",
            "ebuild a/a-2",
            "ebuild a/a-3",
        ]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let [p, q, r] = ["p/p-1", "q/q-1", "r/r-1"].map(|cpv| packages.ebuild(cpv));
        let [a1, a2] = ["a/a-1", "a/a-2"].map(|cpv| packages.ebuild(cpv));
        for parent in [&p, &q, &r] {
            depgraph.insert(parent, None);
        }
        depgraph.insert(&a1, Some((p.id, "=a/a-1")));
        depgraph.insert(&a2, Some((q.id, ">=a/a-2")));
        depgraph.insert(&a2, Some((r.id, ">=a/a-2")));
        let conflicts = depgraph.slot_conflicts();
        assert_eq!(conflicts.len(), 1);
        depgraph.process(&conflicts[0]);
        assert!(depgraph.outcome.calls_for_restart());
        let [alternatives] = &depgraph.outcome.feedback.slot_conflicts[..] else {
            panic!("one conflict");
        };
        let alternatives = alternatives.iter().map(|candidates| {
            let candidates = candidates
                .iter()
                .map(|(id, against)| format!("{} {}", packages.get(*id).cpv(), against.len()));
            candidates.collect::<Vec<_>>().join(", ")
        });
        // What more atoms are against stands last, where the tree begins.
        assert_eq!(
            alternatives.collect::<Vec<_>>(),
            ["a/a-3 1, a/a-2 1", "a/a-1 2"]
        );
    }

    #[test]
    fn what_nothing_depends_on_goes_with_its_parent() {
        let packages = database(&[
            "ebuild p/p-1",
            "ebuild a/a-1",
            "ebuild b/b-1",
            "ebuild q/q-1",
        ]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let [p, q, a, b] = ["p/p-1", "q/q-1", "a/a-1", "b/b-1"].map(|cpv| packages.ebuild(cpv));
        depgraph.insert(&p, None);
        depgraph.insert(&q, None);
        depgraph.insert(&a, Some((p.id, "a/a")));
        depgraph.insert(&b, Some((p.id, "b/b")));
        depgraph.insert(&b, Some((q.id, "b/b")));
        depgraph.remove(p.id);
        let left = [&p, &q, &a, &b].map(|package| depgraph.graph.has(package.id));
        assert_eq!(left, [false, true, false, true]);
    }
}
