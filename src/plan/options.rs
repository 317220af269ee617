//! Options that shape the walk, as they take effect
//! (`portage: create_depgraph_params.py:create_depgraph_params`).

use crate::check::{Compare, Policy};
use crate::cli::{DeepArg, EmergeArgs, PlanArgs, YesNo};
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

/// Options of a walk.
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

impl ResolveOptions {
    /// What the options mean. `reinstall_atoms` are those of `--reinstall-atoms`, read.
    pub fn of(
        args: &PlanArgs,
        emerge: &EmergeArgs,
        policy: &Policy,
        reinstall_atoms: Vec<Dep>,
    ) -> ResolveOptions {
        let yes = |option: Option<YesNo>| option == Some(YesNo::Yes);
        let not_no = |option: Option<YesNo>| option != Some(YesNo::No);
        let deep = match args.deep {
            _ if args.nodeps => Deep::Levels(0),
            _ if args.emptytree => Deep::All,
            None => Deep::Levels(0),
            Some(DeepArg::All) => Deep::All,
            Some(DeepArg::Levels(levels)) => Deep::Levels(levels),
        };
        ResolveOptions {
            update: args.update,
            deep,
            selective: is_selective(args, emerge),
            empty: args.emptytree,
            nodeps: args.nodeps,
            onlydeps: args.onlydeps,
            onlydeps_runtime: match args.onlydeps_with_rdeps {
                Some(YesNo::No) if yes(args.onlydeps_with_ideps) => OnlyDeps::NotAtRunTime,
                Some(YesNo::No) => OnlyDeps::BuildTime,
                _ => OnlyDeps::All,
            },
            rebuilt_binaries: yes(args.rebuilt_binaries)
                || not_no(args.rebuilt_binaries)
                    && policy.usepkgonly
                    && args.deep == Some(DeepArg::All)
                    && args.update,
            rebuilt_binaries_timestamp: args.rebuilt_binaries_timestamp,
            newrepo: args.newrepo,
            changed_slot: yes(args.changed_slot),
            rebuild_if_new_slot: not_no(args.rebuild_if_new_slot),
            ignore_built_slot_operators: yes(args.ignore_built_slot_operator_deps),
            complete: args.complete_graph.is_some() && !args.nodeps,
            complete_if_new_use: not_no(args.complete_graph_if_new_use),
            complete_if_new_version: not_no(args.complete_graph_if_new_ver),
            ignore_world: yes(args.ignore_world),
            changed_deps: yes(args.changed_deps),
            dynamic_deps: not_no(args.dynamic_deps) && !args.nodeps,
            autounmask_use: proposes_use(args, policy),
            backtrack: args.backtrack.unwrap_or(20),
            reinstall_atoms,
        }
    }
}

/// Whether targets that are installed as they should be are left alone.
fn is_selective(args: &PlanArgs, emerge: &EmergeArgs) -> bool {
    let yes = |option: Option<YesNo>| option == Some(YesNo::Yes);
    let implied = args.update
        || args.newrepo
        || emerge.newuse
        || emerge.changed_use
        || emerge.reinstall.is_some()
        || args.noreplace
        || yes(args.changed_deps)
        || yes(args.changed_slot)
        || yes(args.selective);
    implied && !args.emptytree && args.selective != Some(YesNo::No)
}

/// `--autounmask` and `--autounmask-use`, which `--binpkg-respect-use=y` overrides.
fn proposes_use(args: &PlanArgs, policy: &Policy) -> bool {
    if policy.respect_use == Compare::Yes {
        return false;
    }
    args.autounmask != Some(YesNo::No) && args.autounmask_use != Some(YesNo::No)
}
