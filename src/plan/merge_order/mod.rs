//! The order of merges and uninstalls (`portage: depgraph.py:depgraph._serialize_tasks`).
//!
//! A pure function: a graph of tasks in, a list out. What has no unmerged dependency comes first; where
//! everything left has one, the demands of the edges are left out one kind after another, then groups of
//! packages that need each other at run time are merged together, then what is blocked is uninstalled.
//!
//! Portage goes through sets in a few places (packages that several blockers make room for, PDEPEND of one
//! package), so that its own order varies from run to run there. Here they come in the order of the graph.

mod bias;
mod cycles;
mod leaves;
mod serialize;
mod task_graph;
#[cfg(test)]
mod tests;
mod uninstalls;

use crate::plan::graph::edge::Edge;
use crate::plan::packages::plan_package::Id;

pub(in crate::plan) use serialize::serialize;

/// Something to do, or something that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::plan) enum OrderTask {
    /// Merge a package.
    Merge(Id),
    /// Nothing: it is installed and stays.
    Installed(Id),
    /// Nothing: only its dependencies are wanted.
    OnlyDeps(Id),
    /// Uninstall a package.
    Uninstall(Id),
}

impl OrderTask {
    /// The package.
    pub fn id(self) -> Id {
        match self {
            OrderTask::Merge(id)
            | OrderTask::Installed(id)
            | OrderTask::OnlyDeps(id)
            | OrderTask::Uninstall(id) => id,
        }
    }
}

/// A package of the graph.
#[derive(Clone, Debug)]
pub(in crate::plan) struct OrderNode {
    /// What is done with it.
    pub task: OrderTask,
    /// Its place among all packages by name and version.
    pub rank: usize,
    /// Whether @system has it.
    pub is_system: bool,
    /// What it depends on, with what order that demands.
    pub children: Vec<(Id, Edge)>,
}

/// An installed package that makes room for others.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Uninstall {
    /// The package.
    pub package: Id,
    /// Its place among all packages by name and version.
    pub rank: usize,
    /// Packages that are merged after it.
    pub parents: Vec<Id>,
    /// Blockers that it solves, by number.
    pub blockers: Vec<usize>,
    /// Whether it may be uninstalled on its own; if not, only a replacement helps.
    pub is_allowed: bool,
    /// What is merged into its slot.
    pub replacements: Vec<Id>,
}

/// What is to be brought in order.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct OrderInput {
    /// All packages, in order of their coming into the graph.
    pub nodes: Vec<OrderNode>,
    /// Installed packages that make room, in order of their blockers.
    pub uninstalls: Vec<Uninstall>,
    /// Blockers that nothing solves, by number.
    pub unsolvable: Vec<usize>,
    /// Packages that come as soon as possible: the C library, and before it the headers of the kernel.
    pub early: Vec<Id>,
    /// Portage itself, where another version is merged: its dependencies come before it.
    pub portage: Option<Id>,
    /// Whether packages may depend on @system without saying so (`--implicit-system-deps`).
    pub implicit_system_deps: bool,
    /// Whether the list is shown as a tree: then one package comes after the other, as the tree has it.
    pub tree: bool,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum OrderEntry {
    /// A package is merged.
    Merge(Id),
    /// A package is uninstalled.
    Uninstall(Id),
    /// A blocker is solved by what was done just before.
    Solved(usize),
}

/// All that could be brought in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct MergeOrder {
    /// The list.
    pub entries: Vec<OrderEntry>,
    /// Blockers that are left, by number.
    pub unsolved: Vec<usize>,
    /// Packages that wait for each other, with those that wait for them; empty where there is an order.
    pub waiting: Vec<Id>,
    /// Cycles among them.
    pub cycles: Vec<Vec<Id>>,
}

impl MergeOrder {
    /// Whether anything is uninstalled that nothing replaces.
    pub fn uninstalls(&self) -> bool {
        let mut entries = self.entries.iter();
        entries.any(|entry| matches!(entry, OrderEntry::Uninstall(_)))
    }
}
