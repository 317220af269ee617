//! Options that shape the plan, as they take effect
//! (`portage: create_depgraph_params.py:create_depgraph_params`).

use crate::check::{Compare, Policy};
use crate::cli::{DeepArg, EmergeArgs, PlanArgs, YesNo};
use crate::plan::{Deep, OnlyDeps, ResolveOptions};
use crate::pms::Dep;

/// What the options mean. `reinstall_atoms` are those of `--reinstall-atoms`, read.
pub(super) fn read(
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
