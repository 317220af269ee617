//! One selection after the other, until nothing is left (`portage: depgraph.py:depgraph._serialize_tasks`).

use std::collections::{HashMap, HashSet};

use crate::plan::effort::Effort;
use crate::plan::graph::edge::Ignore;
use crate::plan::merge_order::bias::{Arranged, arrange};
use crate::plan::merge_order::cycles::{Search, order_within, shortest_cycles};
use crate::plan::merge_order::leaves::Selection;
use crate::plan::merge_order::task_graph::{TaskGraph, TaskIndex};
use crate::plan::merge_order::uninstalls::BlockerUninstalls;
use crate::plan::merge_order::{MergeOrder, OrderEntry, OrderInput, OrderTask};
use crate::plan::packages::plan_package::Id;

/// Bring tasks in order, as far as there is one.
pub(in crate::plan) fn serialize(input: &OrderInput, effort: &Effort) -> MergeOrder {
    let mut serializer = Serializer::new(input, effort);
    while !serializer.graph.is_empty() && !effort.is_spent() {
        match serializer.step() {
            SerializeStep::Done(places) => serializer.carry_out(&places),
            SerializeStep::Again => {}
            SerializeStep::NoLeaf => return serializer.give_up(),
        }
    }
    serializer.finish()
}

/// What one look at the graph led to.
enum SerializeStep {
    /// These are done next.
    Done(Vec<TaskIndex>),
    /// Nothing yet, but something is looked at differently now.
    Again,
    /// Nothing can be done any more.
    NoLeaf,
}

/// The state between two selections.
pub(super) struct Serializer<'i> {
    pub input: &'i OrderInput,
    /// What work is left for the plan.
    effort: &'i Effort,
    pub graph: TaskGraph,
    pub packages: HashMap<Id, TaskIndex>,
    pub uninstall_places: HashMap<Id, TaskIndex>,
    /// Tasks that come as soon as possible.
    pub early: Vec<TaskIndex>,
    /// Uninstalls that blockers ask for.
    pub uninstalls: BlockerUninstalls<'i>,
    /// Uninstalls that come once what blocks them is merged on top of them.
    pub scheduled: HashSet<Id>,
    /// Uninstalls that would lead to a cycle: their blockers stay unsolved.
    pub given_up: HashSet<Id>,
    /// Whether tasks that come as soon as possible go before all others. Not where none of them can be done.
    prefer_early: bool,
    /// Whether what installed packages satisfy may be left out.
    drop_satisfied: bool,
    /// What merges replace, of that which blockers ask to go.
    replaces: HashMap<Id, Id>,
    entries: Vec<OrderEntry>,
}

impl<'i> Serializer<'i> {
    fn new(input: &'i OrderInput, effort: &'i Effort) -> Serializer<'i> {
        let Arranged {
            graph,
            packages,
            uninstalls,
        } = arrange(input);
        let replaces = input.uninstalls.iter().flat_map(|uninstall| {
            let new = uninstall.replacements.iter();
            new.map(|new| (*new, uninstall.package))
        });
        let early = input.early.iter().filter_map(|id| packages.get(id));
        Serializer {
            input,
            effort,
            early: early.copied().collect(),
            graph,
            packages,
            uninstall_places: uninstalls,
            uninstalls: BlockerUninstalls::new(&input.uninstalls),
            scheduled: HashSet::new(),
            given_up: HashSet::new(),
            prefer_early: true,
            drop_satisfied: false,
            replaces: replaces.collect(),
            entries: Vec::new(),
        }
    }

    fn step(&mut self) -> SerializeStep {
        let early_only = self.prefer_early && !self.early.is_empty();
        let scale: &[Ignore] = if early_only {
            &Ignore::SATISFIED
        } else {
            &Ignore::NORMAL
        };
        let mut selection = None;
        if early_only {
            self.early.retain(|place| self.graph.has(*place));
            selection = self.select_early();
        }
        // Where the last of the early tasks is gone, the scale stays for this once.
        let early_only = self.prefer_early && !self.early.is_empty();
        if selection.is_none() && !early_only {
            selection = self.select_leaves(scale);
        }
        if let Some(Selection { places, ignore }) = selection {
            self.hurry_post_dependencies(&places, ignore);
            return SerializeStep::Done(places);
        }
        if let Some((group, ignore)) = self.smallest_group(scale, early_only) {
            return SerializeStep::Done(self.take_group(group, ignore));
        }
        if early_only {
            self.prefer_early = false;
            return SerializeStep::Again;
        }
        self.step_aside()
    }

    /// Nothing can be selected: uninstall something, or leave more out.
    fn step_aside(&mut self) -> SerializeStep {
        if !self.uninstalls.is_empty() && self.schedule_uninstall(self.drop_satisfied) {
            self.look_afresh();
            return SerializeStep::Again;
        }
        let isolated: Vec<TaskIndex> = self.leaves(Ignore::Nothing).collect();
        if !isolated.is_empty() {
            return SerializeStep::Done(isolated);
        }
        if !self.drop_satisfied {
            self.drop_satisfied = true;
            return SerializeStep::Again;
        }
        if self.give_up_uninstall() {
            self.look_afresh();
            return SerializeStep::Again;
        }
        SerializeStep::NoLeaf
    }

    fn look_afresh(&mut self) {
        self.prefer_early = true;
        self.drop_satisfied = false;
    }

    /// The smallest group of packages that need each other at run time.
    fn smallest_group(
        &self,
        scale: &[Ignore],
        early_only: bool,
    ) -> Option<(HashSet<TaskIndex>, Ignore)> {
        let mut scales: Vec<&[Ignore]> = vec![&Ignore::NORMAL];
        if self.drop_satisfied || scale == Ignore::SATISFIED {
            scales.push(&Ignore::SATISFIED);
        }
        let excluded = self.waiting_portage(scale);
        scales.into_iter().find_map(|levels| {
            let (medium, levels) = levels.split_last()?;
            let mergeable: HashSet<TaskIndex> = self.leaves(*medium).collect();
            self.effort.spend(self.graph.demands());
            let search = Search {
                graph: &self.graph,
                mergeable: &mergeable,
                excluded,
                among: early_only.then_some(self.early.as_slice()),
            };
            let post = levels
                .iter()
                .position(|level| matches!(level, Ignore::PostRuntime | Ignore::AnyPostRuntime));
            search.smallest(&levels[post.unwrap_or(0)..])
        })
    }

    /// Portage itself, while something that it needs is not merged yet.
    pub(super) fn waiting_portage(&self, scale: &[Ignore]) -> Option<TaskIndex> {
        let place = *self.packages.get(&self.input.portage?)?;
        let soft = if scale == Ignore::SATISFIED {
            Ignore::Satisfied
        } else {
            Ignore::PostRuntime
        };
        let is_package =
            |child: TaskIndex| !matches!(self.graph.task(child), OrderTask::Uninstall(_));
        let waits = self.graph.has(place) && self.graph.children(place, soft).any(is_package);
        waits.then_some(place)
    }

    fn take_group(&mut self, group: HashSet<TaskIndex>, ignore: Ignore) -> Vec<TaskIndex> {
        let (induced, places) = self.graph.induced(&group);
        // Only among early tasks can there be one that waits for no other of its group.
        let first = induced.ready(Ignore::Nothing).next();
        if let Some(first) = first {
            let places = vec![places[first]];
            self.hurry_post_dependencies(&places, ignore);
            return places;
        }
        self.hurry_post_dependencies(&places, ignore);
        order_within(&self.graph, &group)
    }

    /// What a package needs some time after it, and what nothing installed satisfies, comes as soon as
    /// possible, if it was left out.
    fn hurry_post_dependencies(&mut self, places: &[TaskIndex], ignore: Ignore) {
        if ignore == Ignore::Nothing {
            return;
        }
        for place in places {
            let edges = self.graph.edges(*place);
            let left_out = edges.filter(|(_, edge)| {
                !edge.survives(Ignore::AnyPostRuntime)
                    && edge.survives(Ignore::SatisfiedPostRuntime)
            });
            let left_out: Vec<TaskIndex> = left_out.map(|(child, _)| child).collect();
            for child in left_out {
                if !places.contains(&child) && !self.early.contains(&child) {
                    self.early.push(child);
                }
            }
        }
    }

    /// Do some tasks.
    fn carry_out(&mut self, places: &[TaskIndex]) {
        self.look_afresh();
        for place in places {
            self.graph.remove(*place);
        }
        for place in places {
            match self.graph.task(*place) {
                OrderTask::Installed(_) | OrderTask::OnlyDeps(_) => {}
                OrderTask::Uninstall(id) => {
                    self.entries.push(OrderEntry::Uninstall(id));
                    let solved = self.solve_by(id);
                    self.entries
                        .extend(solved.into_iter().map(OrderEntry::Solved));
                }
                OrderTask::Merge(id) => {
                    self.entries.push(OrderEntry::Merge(id));
                    self.replace_by(id);
                }
            }
        }
    }

    /// A merge makes the uninstall of what it replaces needless.
    fn replace_by(&mut self, id: Id) {
        let Some(old) = self.replaces.get(&id).copied() else {
            return;
        };
        if let Some(place) = self.uninstall_places.get(&old) {
            self.graph.remove(*place);
        }
        let solved = self.solve_by(old);
        if self.scheduled.contains(&old) {
            self.entries
                .extend(solved.into_iter().map(OrderEntry::Solved));
        }
    }

    /// Blockers that the end of an installed package solves.
    fn solve_by(&mut self, id: Id) -> Vec<usize> {
        if self.given_up.contains(&id) {
            return Vec::new();
        }
        let mut solved = self.uninstalls.remove(id);
        solved.retain(|blocker| !self.input.unsolvable.contains(blocker));
        solved
    }

    fn finish(self) -> MergeOrder {
        let mut unsolved = self.input.unsolvable.clone();
        unsolved.extend(self.uninstalls.blockers());
        unsolved.sort_unstable();
        unsolved.dedup();
        MergeOrder {
            entries: self.entries,
            unsolved,
            ..MergeOrder::default()
        }
    }

    /// No order exists.
    fn give_up(self) -> MergeOrder {
        let id = |place: TaskIndex| self.graph.task(place).id();
        let cycles = shortest_cycles(&self.graph, Ignore::Satisfied, self.effort);
        let cycles = cycles.iter();
        let merges = self
            .graph
            .places()
            .filter(|place| matches!(self.graph.task(*place), OrderTask::Merge(_)));
        MergeOrder {
            waiting: merges.map(id).collect(),
            cycles: cycles
                .map(|cycle| cycle.iter().copied().map(id).collect())
                .collect(),
            entries: self.entries,
            unsolved: Vec::new(),
        }
    }
}
