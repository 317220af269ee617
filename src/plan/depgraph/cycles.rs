//! Packages that cannot be merged in any order, since each must be there before the other is built
//! (`portage: depgraph.py:depgraph._serialize_tasks`, `digraph.py:digraph.get_cycles`).
//!
//! The order of merges is not worked out; only whether there is one.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use crate::plan::depgraph::attempt::{Depgraph, Problem};
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::graph::dependency::{Parent, Strength};
use crate::plan::packages::package_db::Id;

impl Depgraph<'_, '_> {
    /// Fail where no order exists, and learn which dependencies to avoid.
    pub fn check_order(&mut self) -> Result<(), ResolveError> {
        let stuck = self.stuck();
        if stuck.is_empty() {
            return Ok(());
        }
        let mut unsolved = false;
        let mut circular: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for cycle in self.cycles(&stuck) {
            for (place, id) in cycle.iter().enumerate() {
                unsolved |= self.parameters.circular.contains_key(id);
                let before = place.checked_sub(1).unwrap_or(cycle.len() - 1);
                circular.entry(*id).or_default().insert(cycle[before]);
            }
            self.problems.push(Problem::Circular { packages: cycle });
        }
        if self.may_retry {
            self.feedback.config = true;
            self.feedback.circular = circular;
        }
        if unsolved || !self.may_retry {
            self.skip_restart = true;
        } else {
            self.restart = true;
        }
        Err(ResolveError)
    }

    /// Packages that some package must have before it, in order of their coming.
    fn needed(&self, id: Id) -> impl Iterator<Item = Id> {
        let children = self.graph.children(Parent::Package(id)).iter().copied();
        children.filter(move |child| self.graph.strength(id, *child) > Strength::Soft)
    }

    /// Everything that can never be merged: groups that need each other, with one that must be there
    /// before another is built; and whatever needs those.
    fn stuck(&self) -> HashSet<Id> {
        let mut stuck: HashSet<Id> = HashSet::new();
        for group in self.groups() {
            let inside = |child: &Id| group.contains(child);
            let deadlock = group.iter().any(|id| {
                let mut children = self.needed(*id).filter(inside);
                children.any(|child| self.graph.strength(*id, child) == Strength::Hard)
            });
            let blocked = group
                .iter()
                .any(|id| self.needed(*id).any(|child| stuck.contains(&child)));
            if deadlock || blocked {
                stuck.extend(group);
            }
        }
        stuck
    }

    /// Groups of packages that need each other, each after those that it needs (Tarjan's algorithm,
    /// without recursion).
    fn groups(&self) -> Vec<Vec<Id>> {
        let mut index: HashMap<Id, usize> = HashMap::new();
        let mut low: HashMap<Id, usize> = HashMap::new();
        let mut open: Vec<Id> = Vec::new();
        let mut is_open: HashSet<Id> = HashSet::new();
        let mut groups = Vec::new();
        for root in self.graph.packages() {
            if index.contains_key(root) {
                continue;
            }
            let mut work: Vec<(Id, Vec<Id>)> = Vec::new();
            let mut next = Some(*root);
            loop {
                if let Some(id) = next.take() {
                    let number = index.len();
                    index.insert(id, number);
                    low.insert(id, number);
                    open.push(id);
                    is_open.insert(id);
                    work.push((id, self.needed(id).collect()));
                }
                let Some((id, children)) = work.last_mut() else {
                    break;
                };
                let id = *id;
                if let Some(child) = children.pop() {
                    match index.get(&child) {
                        None => next = Some(child),
                        Some(number) if is_open.contains(&child) => {
                            let lowest = low[&id].min(*number);
                            low.insert(id, lowest);
                        }
                        Some(_) => {}
                    }
                    continue;
                }
                work.pop();
                if let Some((parent, _)) = work.last() {
                    let lowest = low[parent].min(low[&id]);
                    low.insert(*parent, lowest);
                }
                if low[&id] == index[&id] {
                    let start = open.iter().rposition(|known| *known == id).unwrap_or(0);
                    let group = open.split_off(start);
                    group.iter().for_each(|id| {
                        is_open.remove(id);
                    });
                    groups.push(group);
                }
            }
        }
        groups
    }

    /// The shortest cycles through each of the stuck packages.
    fn cycles(&self, stuck: &HashSet<Id>) -> Vec<Vec<Id>> {
        let mut cycles = Vec::new();
        for id in self.graph.packages().iter().filter(|id| stuck.contains(id)) {
            let mut shortest: Option<usize> = None;
            let mut found: Vec<Vec<Id>> = Vec::new();
            for child in self.needed(*id).filter(|child| stuck.contains(child)) {
                let Some(path) = self.path(child, *id, stuck) else {
                    continue;
                };
                if shortest.is_none_or(|length| length >= path.len()) {
                    shortest = Some(path.len());
                    found.push(path);
                }
            }
            found.retain(|path| Some(path.len()) == shortest);
            cycles.extend(found);
        }
        cycles
    }

    /// The shortest way from one package to another along what each needs.
    fn path(&self, start: Id, end: Id, within: &HashSet<Id>) -> Option<Vec<Id>> {
        let mut came_from: HashMap<Id, Option<Id>> = HashMap::from([(start, None)]);
        let mut queue = VecDeque::from([start]);
        while let Some(id) = queue.pop_front() {
            if id == end {
                let mut path = vec![id];
                let mut at = id;
                while let Some(before) = came_from[&at] {
                    path.push(before);
                    at = before;
                }
                path.reverse();
                return Some(path);
            }
            for child in self.needed(id).filter(|child| within.contains(child)) {
                came_from.entry(child).or_insert_with(|| {
                    queue.push_back(child);
                    Some(id)
                });
            }
        }
        None
    }
}
