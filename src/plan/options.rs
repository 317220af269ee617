//! Options that shape a plan, as they take effect
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

/// Dependencies of a target under `--onlydeps`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnlyDeps {
    /// All.
    All,
    /// Those to build and to install, not those to run.
    NotAtRunTime,
    /// Those to build.
    BuildTime,
}

/// Options of a run of the resolver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveOptions {
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
    /// Which dependencies of the targets count under `--onlydeps`.
    pub onlydeps_runtime: OnlyDeps,
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
    /// `--complete-graph-if-new-use` is not `n`.
    pub complete_if_new_use: bool,
    /// `--complete-graph-if-new-ver` is not `n`.
    pub complete_if_new_version: bool,
    /// `--ignore-world`
    pub ignore_world: bool,
    /// `--changed-deps=y`
    pub changed_deps: bool,
    /// `--dynamic-deps` is not `n`.
    pub dynamic_deps: bool,
    /// USE changes may be proposed (`--autounmask`, `--autounmask-use`).
    pub autounmask_use: bool,
    /// `--backtrack`
    pub backtrack: u32,
    /// `--reinstall-atoms`
    pub reinstall_atoms: Vec<Dep>,
}

impl Default for ResolveOptions {
    fn default() -> ResolveOptions {
        ResolveOptions {
            update: false,
            deep: Deep::Levels(0),
            selective: false,
            empty: false,
            nodeps: false,
            onlydeps: false,
            onlydeps_runtime: OnlyDeps::All,
            rebuilt_binaries: false,
            rebuilt_binaries_timestamp: None,
            newrepo: false,
            changed_slot: false,
            rebuild_if_new_slot: true,
            ignore_built_slot_operators: false,
            complete: false,
            complete_if_new_use: true,
            complete_if_new_version: true,
            ignore_world: false,
            changed_deps: false,
            dynamic_deps: true,
            autounmask_use: true,
            backtrack: 20,
            reinstall_atoms: Vec::new(),
        }
    }
}
