//! Installed packages that make room for what blocks them
//! (`portage: depgraph.py:depgraph._serialize_tasks`, `myblocker_uninstalls`).

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::plan::graph::edge::{Edge, Ignore};
use crate::plan::merge_order::cycles::Search;
use crate::plan::merge_order::serialize::Serializer;
use crate::plan::merge_order::task_graph::TaskIndex;
use crate::plan::merge_order::{OrderTask, Uninstall};
use crate::plan::packages::plan_package::Id;

/// Uninstalls that blockers ask for, and the blockers that they leave unsolved.
pub(super) struct BlockerUninstalls<'i> {
    all: &'i [Uninstall],
    /// Those that are left, by position.
    left: BTreeSet<usize>,
    by_package: HashMap<Id, usize>,
    /// For each blocker, how many uninstalls are left.
    blockers: HashMap<usize, usize>,
}

impl<'i> BlockerUninstalls<'i> {
    pub fn new(all: &'i [Uninstall]) -> BlockerUninstalls<'i> {
        let mut blockers: HashMap<usize, usize> = HashMap::new();
        for blocker in all.iter().flat_map(|uninstall| &uninstall.blockers) {
            *blockers.entry(*blocker).or_default() += 1;
        }
        let positions = all.iter().enumerate();
        BlockerUninstalls {
            all,
            left: (0..all.len()).collect(),
            by_package: positions
                .map(|(position, uninstall)| (uninstall.package, position))
                .collect(),
            blockers,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Those that are left.
    pub fn left(&self) -> impl Iterator<Item = &'i Uninstall> {
        self.left.iter().map(|position| &self.all[*position])
    }

    /// Blockers that are left.
    pub fn blockers(&self) -> impl Iterator<Item = usize> {
        self.blockers.keys().copied()
    }

    /// An installed package is gone; gives the blockers that this solves.
    pub fn remove(&mut self, package: Id) -> Vec<usize> {
        let position = self.by_package.get(&package);
        let Some(position) = position.copied().filter(|place| self.left.remove(place)) else {
            return Vec::new();
        };
        let mut solved = Vec::new();
        for blocker in &self.all[position].blockers {
            if let Some(left) = self.blockers.get_mut(blocker) {
                *left -= 1;
                if *left == 0 {
                    self.blockers.remove(blocker);
                    solved.push(*blocker);
                }
            }
        }
        solved
    }
}

impl Serializer<'_> {
    /// Uninstall something once what blocks it was merged on top of it. Of several the one is taken after
    /// which least is to be merged.
    pub(super) fn schedule_uninstall(&mut self, drop_satisfied: bool) -> bool {
        let (medium, soft, scale) = if drop_satisfied {
            (
                Ignore::UnsatisfiedRuntime,
                Ignore::Satisfied,
                &Ignore::SATISFIED[..],
            )
        } else {
            (Ignore::Runtime, Ignore::PostRuntime, &Ignore::NORMAL[..])
        };
        let mergeable = self.graph.places().filter(|place| {
            let mut edges = self.graph.edges(*place);
            self.is_eligible(*place)
                && !edges.any(|(_, edge)| edge.survives_without_blockers(medium))
        });
        let mergeable: HashSet<TaskIndex> = mergeable.collect();
        let search = Search {
            graph: &self.graph,
            mergeable: &mergeable,
            excluded: self.waiting_portage(scale),
            among: None,
        };
        let mut best: Option<(usize, Id)> = None;
        for uninstall in self.uninstalls.left() {
            let id = uninstall.package;
            let is_out = self.given_up.contains(&id) || self.scheduled.contains(&id);
            if is_out || !uninstall.is_allowed {
                continue;
            }
            let Some(place) = self.uninstall_places.get(&id) else {
                continue;
            };
            let bound = best.map_or(usize::MAX, |(count, _)| count);
            if let Some(count) = self.merges_before(*place, soft, bound, &search) {
                best = Some((count, id));
                if count == 1 {
                    break;
                }
            }
        }
        let Some((_, id)) = best else { return false };
        self.reverse(id);
        true
    }

    /// How much is to be merged with the parents of an uninstall, if that is less than a bound and one of them
    /// can be merged then.
    fn merges_before(
        &self,
        uninstall: TaskIndex,
        soft: Ignore,
        bound: usize,
        search: &Search<'_>,
    ) -> Option<usize> {
        let mut needed: HashSet<TaskIndex> = HashSet::from([uninstall]);
        let mut is_mergeable = false;
        for parent in self.graph.parents(uninstall, Ignore::Nothing) {
            needed.extend(self.graph.children(parent, soft));
            if needed.len() >= bound {
                return None;
            }
            let counts = |edge: Edge| edge.survives_without_blockers(soft);
            is_mergeable |= search.gather(parent, &counts).is_some();
        }
        is_mergeable.then_some(needed.len())
    }

    /// Let an uninstall wait for what blocks it, and for what is merged into its slot.
    fn reverse(&mut self, id: Id) {
        let Some(old) = self.uninstall_places.get(&id).copied() else {
            return;
        };
        self.scheduled.insert(id);
        let parents: Vec<TaskIndex> = self.graph.parents(old, Ignore::Nothing).collect();
        let rank = self.graph.rank(old);
        self.graph.remove(old);
        let new = self.graph.add(OrderTask::Uninstall(id), rank);
        self.uninstall_places.insert(id, new);
        let all = self.input.uninstalls.iter();
        let mut of_this = all.filter(|uninstall| uninstall.package == id);
        let replacements = of_this.next().map_or(&[][..], |found| &found.replacements);
        let replacements = replacements.iter().filter_map(|id| self.packages.get(id));
        let replacements = replacements.filter(|place| self.graph.has(**place));
        let waits_for: Vec<TaskIndex> = parents.into_iter().chain(replacements.copied()).collect();
        for place in waits_for {
            self.graph.wait(new, place, Edge::BLOCKER);
        }
    }

    /// Leave a blocker unsolved, where its uninstall would lead to a cycle.
    pub(super) fn give_up_uninstall(&mut self) -> bool {
        let place_of = |id: &Id| self.uninstall_places.get(id).copied();
        let found = self.uninstalls.left().find_map(|uninstall| {
            let place = place_of(&uninstall.package)?;
            self.graph.has(place).then_some((uninstall.package, place))
        });
        let Some((id, place)) = found else {
            return false;
        };
        self.graph.remove(place);
        self.given_up.insert(id);
        true
    }
}
