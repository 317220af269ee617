//! The choice among alternatives in dependencies (`portage: dep/dep_check.py`).

pub(in crate::plan) mod available;
pub(in crate::plan) mod candidates;
pub(in crate::plan) mod choose;
pub(in crate::plan) mod minimize;
pub(in crate::plan) mod preference;
pub(in crate::plan) mod virtuals;
