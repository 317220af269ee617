//! What came of it: the plan, and how it compares with what emerge prints.

pub(in crate::plan) mod build_reason;
pub(in crate::plan) mod collect;
mod collect_obstacles;
mod cycle_breaks;
mod describe;
pub(in crate::plan) mod emerge_output;
pub(in crate::plan) mod left_out;
pub(in crate::plan) mod plan;
pub(in crate::plan) mod reason_code;
pub(in crate::plan) mod reinstall;
pub(in crate::plan) mod rejected_binary;
pub(in crate::plan) mod rejection;
pub(in crate::plan) mod required_by;
