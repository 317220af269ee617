//! The selection of one package for one atom (`portage: depgraph.py:depgraph._select_package`).

mod arguments;
mod compare;
mod consider;
mod decide;
mod from_graph;
pub(in crate::plan) mod goal;
mod graph_impact;
pub(in crate::plan) mod memo;
pub(in crate::plan) mod parameters;
pub(in crate::plan) mod pick;
mod proactive;
pub(in crate::plan) mod query;
mod reduced_deps;
mod scan;
pub(in crate::plan) mod selector;
pub(in crate::plan) mod similar;
pub(in crate::plan) mod unmask;
pub(in crate::plan) mod use_changes;
