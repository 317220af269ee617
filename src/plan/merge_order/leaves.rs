//! Tasks that can be done next, since they wait for nothing, or for little
//! (`portage: depgraph.py:depgraph._serialize_tasks`, the selection of leaf nodes).

use crate::plan::graph::edge::Ignore;
use crate::plan::merge_order::OrderTask;
use crate::plan::merge_order::serialize::Serializer;
use crate::plan::merge_order::task_graph::TaskIndex;

/// Tasks to be done next, and what was left out to find them.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    pub places: Vec<TaskIndex>,
    pub ignore: Ignore,
}

/// How much is left out at most before groups of packages are looked for.
fn medium_soft(scale: &[Ignore]) -> &[Ignore] {
    scale.split_last().map_or(scale, |(_, before)| before)
}

impl Serializer<'_> {
    /// Of the tasks that come as soon as possible the first that waits for little.
    pub(super) fn select_early(&mut self) -> Option<Selection> {
        for ignore in medium_soft(&Ignore::SATISFIED).iter().skip(1) {
            let mut early = self.early.iter();
            if let Some(index) = early.position(|place| self.graph.is_ready(*place, *ignore)) {
                return Some(Selection {
                    places: vec![self.early.remove(index)],
                    ignore: *ignore,
                });
            }
        }
        None
    }

    /// All tasks that wait for nothing, or one of those that wait for little.
    pub(super) fn select_leaves(&self, scale: &[Ignore]) -> Option<Selection> {
        medium_soft(scale).iter().find_map(|ignore| {
            let leaves: Vec<TaskIndex> = self.leaves(*ignore).collect();
            let places = self.select_among(leaves, *ignore);
            (!places.is_empty()).then_some(Selection {
                places,
                ignore: *ignore,
            })
        })
    }

    /// Tasks without a demand that is left. Uninstalls are put off until one is decided on.
    pub(super) fn leaves(&self, ignore: Ignore) -> impl Iterator<Item = TaskIndex> {
        self.graph
            .ready(ignore)
            .filter(|place| self.is_eligible(*place))
    }

    pub(super) fn is_eligible(&self, place: TaskIndex) -> bool {
        match self.graph.task(place) {
            OrderTask::Uninstall(id) => self.scheduled.contains(&id),
            _ => true,
        }
    }

    fn select_among(&self, leaves: Vec<TaskIndex>, ignore: Ignore) -> Vec<TaskIndex> {
        if leaves.len() < 2 {
            return leaves;
        }
        let uninstalls = leaves.iter().copied();
        let is_uninstall =
            |place: &TaskIndex| matches!(self.graph.task(*place), OrderTask::Uninstall(_));
        let uninstalls: Vec<TaskIndex> = uninstalls.filter(is_uninstall).collect();
        if !uninstalls.is_empty() {
            return uninstalls;
        }
        if ignore == Ignore::Nothing && self.early.is_empty() && !self.input.tree {
            return leaves;
        }
        // Taking out a task that nothing waits for frees nothing.
        let for_early = |place: &&TaskIndex| {
            let mut parents = self.graph.parents(**place, Ignore::Satisfied);
            parents.any(|parent| self.early.contains(&parent))
        };
        let wanted = |place: &&TaskIndex| self.graph.wanted_by(**place) > 0;
        let mut first = None;
        if !self.early.is_empty() {
            first = leaves.iter().find(for_early);
        }
        let first = first.or_else(|| leaves.iter().find(wanted));
        first.copied().into_iter().collect()
    }
}
