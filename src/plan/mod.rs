//! Which package serves each need: a walk from the targets through their dependencies that ends
//! with what emerge would merge (`_emerge/depgraph.py`).
//!
//! emerge's resolver is followed as far as it decides versions and sources; merge order and the
//! solution of blockers are not.

mod alternatives;
mod arguments;
mod atom;
mod available;
mod blockers;
mod choose;
mod complete;
mod conflicts;
mod distribute;
mod dynamic;
mod graph;
mod grow;
mod lessons;
mod need;
mod options;
mod pick;
mod rebuilds;
mod resolve;
mod similar;
mod slot_operators;
mod tracker;
mod universe;
mod use_changes;
mod walk;

pub use options::{Deep, WalkOptions};
