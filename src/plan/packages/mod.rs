//! What may be merged or is installed, as the resolver sees it.

pub(in crate::plan) mod atom;
pub(in crate::plan) mod dep_root;
pub(in crate::plan) mod dynamic_deps;
pub(in crate::plan) mod id_map;
pub(in crate::plan) mod package_db;
pub(in crate::plan) mod plan_package;
mod providers;
pub(in crate::plan) mod reduced_cache;
pub(in crate::plan) mod root;
pub(in crate::plan) mod slot_key;
pub(in crate::plan) mod virtual_closure;
