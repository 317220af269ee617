//! Groups of packages that need each other at run time
//! (`portage: depgraph.py:depgraph._serialize_tasks`, `find_smallest_cycle`; `._gather_deps_closures`).

use std::collections::{HashMap, HashSet, VecDeque};

use crate::plan::effort::Effort;
use crate::plan::graph::edge::{Edge, Ignore};
use crate::plan::merge_order::OrderTask;
use crate::plan::merge_order::task_graph::{TaskGraph, TaskIndex};

/// Which tasks may be taken together, and which of them is requested.
pub(super) struct Search<'s> {
    pub graph: &'s TaskGraph,
    /// Tasks of which the group may consist.
    pub mergeable: &'s HashSet<TaskIndex>,
    /// A task that may be in no group.
    pub excluded: Option<TaskIndex>,
    /// Tasks of which one must be in the group; `None` for all that are mergeable.
    pub among: Option<&'s [TaskIndex]>,
}

impl Search<'_> {
    /// The smallest group that waits for nothing outside, with as little left out as possible.
    pub fn smallest(&self, levels: &[Ignore]) -> Option<(HashSet<TaskIndex>, Ignore)> {
        levels.iter().find_map(|ignore| {
            let group = match self.among {
                Some(places) => self.smallest_of(places, *ignore),
                None => self.smallest_of_all(*ignore),
            };
            group.map(|group| (group, *ignore))
        })
    }

    fn smallest_of(&self, places: &[TaskIndex], ignore: Ignore) -> Option<HashSet<TaskIndex>> {
        let mut places = places.to_vec();
        places.sort_by_key(|place| self.graph.rank(*place));
        let wanted = places
            .into_iter()
            .filter(|place| self.graph.wanted_by(*place) > 0);
        let groups = wanted.filter_map(|place| self.gather(place, &|edge| edge.survives(ignore)));
        groups.min_by_key(HashSet::len)
    }

    /// A group that waits for another one is larger than that, so only those count that wait for none.
    fn smallest_of_all(&self, ignore: Ignore) -> Option<HashSet<TaskIndex>> {
        let mut roots: Vec<TaskIndex> = self.mergeable.iter().copied().collect();
        roots.sort_unstable();
        let children =
            |place: TaskIndex| -> Vec<TaskIndex> { self.graph.children(place, ignore).collect() };
        let is_inside = |place: TaskIndex| self.mergeable.contains(&place);
        let lowest = |group: &Vec<TaskIndex>| {
            let ranks = group.iter().map(|place| self.graph.rank(*place));
            ranks.min().unwrap_or(usize::MAX)
        };
        let groups = components(&roots, &|place| {
            let mut children = children(place);
            children.retain(|child| is_inside(*child));
            children
        });
        let closed = groups.into_iter().filter(|group| {
            let is_wanted = group.iter().any(|place| self.graph.wanted_by(*place) > 0);
            let mut all = group.iter().flat_map(|place| children(*place));
            is_wanted
                && !group.iter().any(|place| self.excluded == Some(*place))
                && all.all(|child| is_inside(child) && group.contains(&child))
        });
        let smallest = closed.min_by_key(|group| (group.len(), lowest(group)));
        smallest.map(|group| group.into_iter().collect())
    }

    /// A task with all that it waits for, if all of that may be taken together with it.
    pub fn gather(
        &self,
        start: TaskIndex,
        counts: &dyn Fn(Edge) -> bool,
    ) -> Option<HashSet<TaskIndex>> {
        let mut gathered = HashSet::new();
        let mut open = vec![start];
        while let Some(place) = open.pop() {
            if gathered.contains(&place) {
                continue;
            }
            if !self.mergeable.contains(&place) || self.excluded == Some(place) {
                return None;
            }
            gathered.insert(place);
            let edges = self.graph.edges(place);
            open.extend(
                edges
                    .filter(|(_, edge)| counts(*edge))
                    .map(|(child, _)| child),
            );
        }
        Some(gathered)
    }
}

/// The order inside a group: as few demands are left out as possible, and what is installed goes first, so
/// that nothing is merged too early.
pub(super) fn order_within(graph: &TaskGraph, group: &HashSet<TaskIndex>) -> Vec<TaskIndex> {
    let (mut graph, places) = graph.induced(group);
    let levels = Ignore::NORMAL.iter().skip(1);
    let levels: Vec<Ignore> = levels
        .chain(Ignore::SATISFIED.iter().skip(1))
        .copied()
        .collect();
    let mut order = Vec::with_capacity(places.len());
    while !graph.is_empty() {
        let level = levels
            .iter()
            .find(|level| graph.ready(**level).next().is_some());
        let next = match level {
            Some(level) => {
                let is_there =
                    |place: &TaskIndex| matches!(graph.task(*place), OrderTask::Installed(_));
                let there = graph.ready(*level).find(is_there);
                there.or_else(|| graph.ready(*level).next())
            }
            None => graph.places().next_back(),
        };
        let Some(next) = next else { break };
        graph.remove(next);
        order.push(places[next]);
    }
    order
}

/// The shortest cycles through each task (`portage: digraph.py:digraph.get_cycles`).
pub(super) fn shortest_cycles(
    graph: &TaskGraph,
    ignore: Ignore,
    effort: &Effort,
) -> Vec<Vec<TaskIndex>> {
    let roots: Vec<TaskIndex> = graph.places().collect();
    let groups = components(&roots, &|place| graph.children(place, ignore).collect());
    let mut group_of: HashMap<TaskIndex, usize> = HashMap::new();
    for (number, group) in groups.iter().enumerate() {
        group_of.extend(group.iter().map(|place| (*place, number)));
    }
    let mut cycles = Vec::new();
    for place in roots {
        let inside = |other: TaskIndex| group_of.get(&other) == group_of.get(&place);
        let mut found: Vec<Vec<TaskIndex>> = Vec::new();
        for child in graph.children(place, ignore).filter(|child| inside(*child)) {
            if effort.is_spent() {
                return Vec::new();
            }
            effort.spend(graph.demands());
            found.extend(path(graph, child, place, ignore, &inside));
        }
        let shortest = found.iter().map(Vec::len).min();
        found.retain(|path| Some(path.len()) == shortest);
        cycles.extend(found);
    }
    cycles
}

/// The shortest way from one task to another along what each waits for.
fn path(
    graph: &TaskGraph,
    start: TaskIndex,
    end: TaskIndex,
    ignore: Ignore,
    inside: &dyn Fn(TaskIndex) -> bool,
) -> Option<Vec<TaskIndex>> {
    let mut came_from: HashMap<TaskIndex, Option<TaskIndex>> = HashMap::from([(start, None)]);
    let mut queue = VecDeque::from([start]);
    while let Some(place) = queue.pop_front() {
        if place == end {
            let mut path = vec![place];
            let mut at = place;
            while let Some(before) = came_from[&at] {
                path.push(before);
                at = before;
            }
            path.reverse();
            return Some(path);
        }
        for child in graph.children(place, ignore).filter(|child| inside(*child)) {
            came_from.entry(child).or_insert_with(|| {
                queue.push_back(child);
                Some(place)
            });
        }
    }
    None
}

/// A walk through the graph that finds groups of tasks that wait for each other, each after those that it
/// waits for (Tarjan's algorithm, without recursion).
#[derive(Default)]
struct CycleSearch {
    index: HashMap<TaskIndex, usize>,
    lowest: HashMap<TaskIndex, usize>,
    open: Vec<TaskIndex>,
    is_open: HashSet<TaskIndex>,
    groups: Vec<Vec<TaskIndex>>,
}

fn components(
    roots: &[TaskIndex],
    children: &dyn Fn(TaskIndex) -> Vec<TaskIndex>,
) -> Vec<Vec<TaskIndex>> {
    let mut walk = CycleSearch::default();
    for root in roots {
        if !walk.index.contains_key(root) {
            walk.from(*root, children);
        }
    }
    walk.groups
}

impl CycleSearch {
    fn from(&mut self, root: TaskIndex, children: &dyn Fn(TaskIndex) -> Vec<TaskIndex>) {
        self.enter(root);
        let mut work: Vec<(TaskIndex, Vec<TaskIndex>)> = vec![(root, children(root))];
        while let Some((place, left)) = work.last_mut() {
            let place = *place;
            if let Some(child) = left.pop() {
                if !self.index.contains_key(&child) {
                    self.enter(child);
                    work.push((child, children(child)));
                } else if self.is_open.contains(&child) {
                    self.lower(place, self.index[&child]);
                }
                continue;
            }
            work.pop();
            if let Some((parent, _)) = work.last() {
                self.lower(*parent, self.lowest[&place]);
            }
            if self.lowest[&place] == self.index[&place] {
                self.close(place);
            }
        }
    }

    fn enter(&mut self, place: TaskIndex) {
        let number = self.index.len();
        self.index.insert(place, number);
        self.lowest.insert(place, number);
        self.open.push(place);
        self.is_open.insert(place);
    }

    fn lower(&mut self, place: TaskIndex, number: usize) {
        let lowest = self.lowest.entry(place).or_insert(number);
        *lowest = number.min(*lowest);
    }

    fn close(&mut self, place: TaskIndex) {
        let start = self.open.iter().rposition(|known| *known == place);
        let group = self.open.split_off(start.unwrap_or(0));
        for place in &group {
            self.is_open.remove(place);
        }
        self.groups.push(group);
    }
}
