//! The choice of one package for one atom (`portage: depgraph.py:depgraph._select_package`).

pub(in crate::plan) mod compare;
pub(in crate::plan) mod consider;
pub(in crate::plan) mod decide;
pub(in crate::plan) mod from_graph;
pub(in crate::plan) mod pick;
pub(in crate::plan) mod reduced_deps;
pub(in crate::plan) mod scan;
pub(in crate::plan) mod similar;
