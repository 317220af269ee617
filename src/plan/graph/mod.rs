//! The graph as pure data: nodes, edges, and what stands in which slot.

pub(in crate::plan) mod dependency;
pub(in crate::plan) mod digraph;
pub(in crate::plan) mod edge;
pub(in crate::plan) mod package_tracker;
