//! Tasks that wait for each other, while they are done one after the other.
//!
//! For each kind of demand that may be left out, the graph knows which tasks have none left
//! (`portage: _serialize_frontier.py`): looking through all of them for each step would be quadratic.

use std::collections::{BTreeSet, HashSet};

use crate::plan::graph::edge::{Edge, Ignore};
use crate::plan::merge_order::OrderTask;

/// A task of the graph, by its place.
pub(super) type TaskIndex = usize;

/// Tasks in order of preference. A task that is done leaves the graph; its place stays.
#[derive(Clone, Debug, Default)]
pub(super) struct TaskGraph {
    tasks: Vec<FrontierEntry>,
    left: BTreeSet<TaskIndex>,
    /// How many demands the tasks that are left have.
    demands: usize,
    /// For each level, tasks without a demand that is left.
    ready: [BTreeSet<TaskIndex>; Ignore::LEVELS],
}

#[derive(Clone, Debug)]
struct FrontierEntry {
    task: OrderTask,
    rank: usize,
    children: Vec<(TaskIndex, Edge)>,
    parents: Vec<(TaskIndex, Edge)>,
    /// For each level, how many children are left with a demand.
    waits_for: [usize; Ignore::LEVELS],
    /// How many parents are left.
    wanted_by: usize,
}

fn levels(edge: Edge) -> impl Iterator<Item = usize> {
    let levels = Ignore::ALL.into_iter().take(Ignore::LEVELS);
    levels
        .filter(move |ignore| edge.survives(*ignore))
        .map(|ignore| ignore as usize)
}

impl TaskGraph {
    /// Add a task that waits for nothing yet, after all others.
    pub fn add(&mut self, task: OrderTask, rank: usize) -> TaskIndex {
        let place = self.tasks.len();
        self.tasks.push(FrontierEntry {
            task,
            rank,
            children: Vec::new(),
            parents: Vec::new(),
            waits_for: [0; Ignore::LEVELS],
            wanted_by: 0,
        });
        self.left.insert(place);
        for ready in &mut self.ready {
            ready.insert(place);
        }
        place
    }

    /// Let a task wait for another for which it does not wait yet. Both must be left.
    pub fn wait_first(&mut self, parent: TaskIndex, child: TaskIndex, edge: Edge) {
        self.demands += 1;
        self.tasks[parent].children.push((child, edge));
        self.tasks[child].parents.push((parent, edge));
        self.tasks[child].wanted_by += 1;
        levels(edge).for_each(|level| self.hold_back(parent, level));
    }

    /// Let a task wait for another, maybe for one more reason. Both must be left.
    pub fn wait(&mut self, parent: TaskIndex, child: TaskIndex, edge: Edge) {
        let Some(known) = self.edge(parent, child) else {
            return self.wait_first(parent, child, edge);
        };
        let both = known.and(edge);
        replace(&mut self.tasks[parent].children, child, both);
        replace(&mut self.tasks[child].parents, parent, both);
        for level in levels(both) {
            if !levels(known).any(|known| known == level) {
                self.hold_back(parent, level);
            }
        }
    }

    fn hold_back(&mut self, parent: TaskIndex, level: usize) {
        self.tasks[parent].waits_for[level] += 1;
        self.ready[level].remove(&parent);
    }

    /// Only called where parents have few children.
    fn edge(&self, parent: TaskIndex, child: TaskIndex) -> Option<Edge> {
        let mut children = self.tasks[parent].children.iter();
        children
            .find(|(place, _)| *place == child)
            .map(|(_, edge)| *edge)
    }

    /// Take a task out; what waited for it does not any more.
    pub fn remove(&mut self, place: TaskIndex) {
        if !self.left.remove(&place) {
            return;
        }
        self.demands -= self.tasks[place].children.len();
        for ready in &mut self.ready {
            ready.remove(&place);
        }
        for index in 0..self.tasks[place].children.len() {
            let (child, _) = self.tasks[place].children[index];
            self.tasks[child].wanted_by -= 1;
        }
        for index in 0..self.tasks[place].parents.len() {
            let (parent, edge) = self.tasks[place].parents[index];
            if !self.left.contains(&parent) {
                continue;
            }
            for level in levels(edge) {
                let waits_for = &mut self.tasks[parent].waits_for[level];
                *waits_for -= 1;
                if *waits_for == 0 {
                    self.ready[level].insert(parent);
                }
            }
        }
    }

    /// What is to be done.
    pub fn task(&self, place: TaskIndex) -> OrderTask {
        self.tasks[place].task
    }

    /// The place among all packages by name and version.
    pub fn rank(&self, place: TaskIndex) -> usize {
        self.tasks[place].rank
    }

    /// How much one look at the whole graph has to go through.
    pub fn demands(&self) -> usize {
        self.demands
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether a task is left.
    pub fn has(&self, place: TaskIndex) -> bool {
        self.left.contains(&place)
    }

    /// All that is left.
    pub fn places(&self) -> impl DoubleEndedIterator<Item = TaskIndex> {
        self.left.iter().copied()
    }

    /// Tasks without a demand that is left, in order.
    pub fn ready(&self, ignore: Ignore) -> impl Iterator<Item = TaskIndex> {
        self.ready[ignore as usize].iter().copied()
    }

    /// Whether a task has no demand that is left.
    pub fn is_ready(&self, place: TaskIndex, ignore: Ignore) -> bool {
        self.ready[ignore as usize].contains(&place)
    }

    /// What a task waits for, with all that is demanded.
    pub fn edges(&self, place: TaskIndex) -> impl Iterator<Item = (TaskIndex, Edge)> {
        let children = self.tasks[place].children.iter().copied();
        children.filter(|(child, _)| self.left.contains(child))
    }

    /// What a task waits for.
    pub fn children(&self, place: TaskIndex, ignore: Ignore) -> impl Iterator<Item = TaskIndex> {
        let edges = self.edges(place);
        edges
            .filter(move |(_, edge)| edge.survives(ignore))
            .map(|(child, _)| child)
    }

    /// Tasks that wait for a task.
    pub fn parents(&self, place: TaskIndex, ignore: Ignore) -> impl Iterator<Item = TaskIndex> {
        let parents = self.tasks[place].parents.iter();
        parents
            .filter(move |(parent, edge)| self.left.contains(parent) && edge.survives(ignore))
            .map(|(parent, _)| *parent)
    }

    /// How many tasks wait for a task.
    pub fn wanted_by(&self, place: TaskIndex) -> usize {
        self.tasks[place].wanted_by
    }

    /// The graph of some of the tasks alone, by their new places.
    pub fn induced(&self, places: &HashSet<TaskIndex>) -> (TaskGraph, Vec<TaskIndex>) {
        let mut order: Vec<TaskIndex> = places.iter().copied().collect();
        order.sort_unstable();
        let mut graph = TaskGraph::default();
        for place in &order {
            graph.add(self.task(*place), self.rank(*place));
        }
        for (parent, place) in order.iter().enumerate() {
            for (child, edge) in self.edges(*place) {
                if let Ok(child) = order.binary_search(&child) {
                    graph.wait_first(parent, child, edge);
                }
            }
        }
        (graph, order)
    }
}

fn replace(edges: &mut [(TaskIndex, Edge)], place: TaskIndex, edge: Edge) {
    for known in edges.iter_mut().filter(|(known, _)| *known == place) {
        known.1 = edge;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::graph::dependency::Priority;
    use crate::plan::packages::plan_package::Id;

    #[test]
    fn what_is_done_frees_what_waited() {
        let mut graph = TaskGraph::default();
        let [a, b, c] = [0, 1, 2].map(|rank| graph.add(OrderTask::Merge(Id::default()), rank));
        let runtime = Edge::of(Priority::RUNTIME);
        graph.wait_first(a, b, runtime);
        graph.wait(a, b, Edge::BLOCKER);
        graph.wait(a, c, runtime);
        let ready = |graph: &TaskGraph, ignore| graph.ready(ignore).collect::<Vec<_>>();
        assert_eq!(ready(&graph, Ignore::Nothing), [b, c]);
        assert_eq!(ready(&graph, Ignore::UnsatisfiedRuntime), [b, c]);
        graph.remove(b);
        assert_eq!(ready(&graph, Ignore::Nothing), [c]);
        assert_eq!(ready(&graph, Ignore::UnsatisfiedRuntime), [a, c]);
        graph.remove(c);
        assert_eq!(ready(&graph, Ignore::Nothing), [a]);
        assert!(graph.has(a) && !graph.has(b) && !graph.is_empty());
    }
}
