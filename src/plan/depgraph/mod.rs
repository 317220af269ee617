//! One attempt at a graph, and attempt after attempt (`portage: depgraph.py:depgraph`, `resolver/backtracking.py`).

mod add_package;
pub(in crate::plan) mod attempt;
pub(in crate::plan) mod backtrack;
mod backtrack_tree;
pub(in crate::plan) mod blockers;
mod complete_graph;
mod conflict_graph;
mod conflict_use;
mod create_graph;
mod dependencies;
mod eliminate_rebuilds;
mod feedback;
mod greedy_slots;
pub(in crate::plan) mod merge_list;
pub(in crate::plan) mod missed_updates;
pub(in crate::plan) mod outcome;
mod rebuild_child;
mod rebuild_probe;
mod rebuild_triggers;
mod reverse_deps;
mod selected_atoms;
mod slot_conflicts;
mod slot_operators;
mod stops;
pub(in crate::plan) mod targets;
mod uninstalls;
mod worklist;
