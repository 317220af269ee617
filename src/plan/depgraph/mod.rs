//! One attempt at a graph, and attempt after attempt (`portage: depgraph.py:depgraph`, `resolver/backtracking.py`).

pub(in crate::plan) mod add_package;
pub(in crate::plan) mod arguments;
pub(in crate::plan) mod attempt;
pub(in crate::plan) mod backtrack;
pub(in crate::plan) mod backtrack_tree;
pub(in crate::plan) mod blockers;
pub(in crate::plan) mod complete_graph;
pub(in crate::plan) mod create_graph;
pub(in crate::plan) mod cycles;
pub(in crate::plan) mod dependencies;
pub(in crate::plan) mod eliminate_rebuilds;
pub(in crate::plan) mod slot_conflicts;
pub(in crate::plan) mod slot_operators;
pub(in crate::plan) mod use_changes;
