//! Options that shape the walk, as they take effect
//! (`portage: create_depgraph_params.py:create_depgraph_params`).

use crate::pms::Dep;

/// How deep updates are considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deep {
    /// Up to this depth below the targets; 0 is the targets themselves.
    Levels(u32),
    /// At any depth.
    All,
}

/// Options of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkOptions {
    /// `--update`
    pub update: bool,
    /// `--deep`
    pub deep: Deep,
    /// Targets that are installed as they should be are left alone.
    pub selective: bool,
    /// `--emptytree`
    pub empty: bool,
    /// `--nodeps`
    pub nodeps: bool,
    /// `--onlydeps`
    pub onlydeps: bool,
    /// `--rebuilt-binaries`, as it takes effect.
    pub rebuilt_binaries: bool,
    /// `--rebuilt-binaries-timestamp`, seconds since 1970.
    pub rebuilt_binaries_timestamp: Option<i64>,
    /// `--newrepo`
    pub newrepo: bool,
    /// `--changed-slot`
    pub changed_slot: bool,
    /// `--rebuild-if-new-slot` is not `n`.
    pub rebuild_if_new_slot: bool,
    /// `--ignore-built-slot-operator-deps=y`
    pub ignore_built_slot_operators: bool,
    /// `--complete-graph`
    pub complete: bool,
    /// `--dynamic-deps` is not `n`.
    pub dynamic_deps: bool,
    /// USE changes may be proposed (`--autounmask`, `--autounmask-use`).
    pub autounmask_use: bool,
    /// `--backtrack`
    pub backtrack: u32,
    /// `--reinstall-atoms`
    pub reinstall_atoms: Vec<Dep>,
}

impl Default for WalkOptions {
    fn default() -> WalkOptions {
        WalkOptions {
            update: false,
            deep: Deep::Levels(0),
            selective: false,
            empty: false,
            nodeps: false,
            onlydeps: false,
            rebuilt_binaries: false,
            rebuilt_binaries_timestamp: None,
            newrepo: false,
            changed_slot: false,
            rebuild_if_new_slot: true,
            ignore_built_slot_operators: false,
            complete: false,
            dynamic_deps: true,
            autounmask_use: true,
            backtrack: 20,
            reinstall_atoms: Vec::new(),
        }
    }
}
