//! Options that shape the plan, as they take effect
//! (`portage: create_depgraph_params.py:create_depgraph_params`).

use anyhow::Result;

use super::policy;
use crate::check::{Compare, Policy};
use crate::cli::{Cli, DeepArg, EmergeArgs, PlanArgs, RootDepsArg, YesNo};
use crate::plan::{
    Autounmask, BacktrackOptions, BuildOptions, CompleteOptions, Deep, DepOptions, OnlyDeps,
    OrderOptions, RebuildIf, RebuildOptions, ReinstallOptions, ResolveOptions, RootDeps,
    SelectionOptions,
};
use crate::pms::{Dep, Syntax};

/// What the options mean.
///
/// # Errors
/// An option that names packages holds anything but names and slot atoms.
pub(super) fn read(cli: &Cli, rules: &Policy) -> Result<ResolveOptions> {
    let args = &cli.plan;
    let rebuild = rebuild(args)?;
    Ok(ResolveOptions {
        selection: SelectionOptions {
            update: is_update(args),
            deep: deep(args),
            selective: is_selective(args, &cli.emerge),
            empty: args.selection.emptytree,
            update_if_installed: args.selection.update_if_installed,
        },
        reinstall: reinstall(args, rules)?,
        deps: deps(args, rules),
        complete: CompleteOptions {
            always: (args.complete.complete_graph.is_some() || rebuild.because.is_some())
                && !args.deps.nodeps,
            if_new_use: not_no(args.complete.complete_graph_if_new_use),
            if_new_version: not_no(args.complete.complete_graph_if_new_ver),
            ignore_world: yes(args.complete.ignore_world),
        },
        rebuild,
        build: BuildOptions {
            buildpkg: match args.build.buildpkg {
                _ if args.build.buildpkgonly => Some(true),
                given => given.map(YesNo::is_yes),
            },
            buildpkg_exclude: atoms(&args.build.buildpkg_exclude),
            buildpkgonly: args.build.buildpkgonly,
            fetchonly: args.build.fetchonly || args.build.fetch_all_uri,
        },
        backtrack: BacktrackOptions {
            limit: args
                .autounmask
                .backtrack
                .unwrap_or(BacktrackOptions::DEFAULT_LIMIT),
            autounmask: autounmask(args, rules),
            after_proposals: goes_on_after_proposals(args),
        },
        order: OrderOptions {
            implicit_system_deps: not_no(args.deps.implicit_system_deps),
            tree: cli.output.tree,
        },
    })
}

/// The options under which an update would also reach what is only needed to build, as it does without binary
/// packages; `None` where it does so anyway, or has an option not to.
pub(super) fn without_binaries(cli: &Cli, options: &ResolveOptions) -> Option<ResolveOptions> {
    let args = &cli.emerge;
    let is_silent =
        args.compare.with_bdeps.is_none() && args.compare.with_bdeps_auto != Some(YesNo::No);
    let updates = options.selection.update && options.selection.deep != Deep::Levels(0);
    (is_silent && updates && !options.deps.of_built).then(|| ResolveOptions {
        deps: DepOptions {
            of_built: true,
            ..options.deps.clone()
        },
        ..options.clone()
    })
}

fn yes(option: Option<YesNo>) -> bool {
    option == Some(YesNo::Yes)
}

fn not_no(option: Option<YesNo>) -> bool {
    option != Some(YesNo::No)
}

fn deep(args: &PlanArgs) -> Deep {
    match args.selection.deep {
        _ if args.deps.nodeps => Deep::Levels(0),
        _ if args.selection.emptytree => Deep::All,
        None => Deep::Levels(0),
        Some(DeepArg::All) => Deep::All,
        Some(DeepArg::Levels(levels)) => Deep::Levels(levels),
    }
}

fn reinstall(args: &PlanArgs, rules: &Policy) -> Result<ReinstallOptions> {
    Ok(ReinstallOptions {
        new_repo: args.reinstall.newrepo,
        changed_slot: yes(args.reinstall.changed_slot),
        changed_deps: yes(args.reinstall.changed_deps),
        rebuilt_binaries: yes(args.reinstall.rebuilt_binaries)
            || not_no(args.reinstall.rebuilt_binaries)
                && rules.sources.usepkgonly
                && args.selection.deep == Some(DeepArg::All)
                && is_update(args),
        rebuilt_binaries_timestamp: args.reinstall.rebuilt_binaries_timestamp,
        atoms: policy::selection("--reinstall-atoms", &args.reinstall.reinstall_atoms)?,
    })
}

fn deps(args: &PlanArgs, rules: &Policy) -> DepOptions {
    DepOptions {
        nodeps: args.deps.nodeps,
        onlydeps: args.deps.onlydeps,
        onlydeps_runtime: match args.deps.onlydeps_with_rdeps {
            Some(YesNo::No) if yes(args.deps.onlydeps_with_ideps) => OnlyDeps::NotAtRunTime,
            Some(YesNo::No) => OnlyDeps::BuildTime,
            _ => OnlyDeps::All,
        },
        dynamic: not_no(args.deps.dynamic_deps) && !args.deps.nodeps,
        sonames: rules.sources.usepkgonly && args.deps.ignore_soname_deps == Some(YesNo::No),
        ignore_built_slot_operators: yes(args.deps.ignore_built_slot_operator_deps),
        with_test: yes(args.deps.with_test_deps),
        root_deps: args.deps.root_deps.map(|given| match given {
            RootDepsArg::All => RootDeps::AtRunTime,
            RootDepsArg::OnlyRunTime => RootDeps::WithoutDepend,
        }),
        of_built: rules.compare.bdeps,
    }
}

fn rebuild(args: &PlanArgs) -> Result<RebuildOptions> {
    let because = [
        (args.rebuild.rebuild_if_unbuilt, RebuildIf::Unbuilt),
        (args.rebuild.rebuild_if_new_rev, RebuildIf::NewRevision),
        (args.rebuild.rebuild_if_new_ver, RebuildIf::NewVersion),
    ];
    let because = because.iter().find(|(given, _)| yes(*given));
    Ok(RebuildOptions {
        if_new_slot: not_no(args.rebuild.rebuild_if_new_slot),
        because: because.map(|(_, because)| *because),
        exclude: policy::selection("--rebuild-exclude", &args.rebuild.rebuild_exclude)?,
        ignore: policy::selection("--rebuild-ignore", &args.rebuild.rebuild_ignore)?,
    })
}

/// The atoms among the words of an option's values; the command line has been checked already.
fn atoms(values: &[String]) -> Vec<Dep> {
    let words = values.iter().flat_map(|value| value.split_whitespace());
    words
        .filter_map(|word| Dep::parse(word, Syntax::USER).ok())
        .collect()
}

/// `--update`, which `--update-if-installed` implies.
fn is_update(args: &PlanArgs) -> bool {
    args.selection.update || args.selection.update_if_installed
}

/// Whether targets that are installed as they should be are left alone.
fn is_selective(args: &PlanArgs, emerge: &EmergeArgs) -> bool {
    let implied = is_update(args)
        || args.reinstall.newrepo
        || emerge.compare.newuse
        || emerge.compare.changed_use
        || emerge.compare.reinstall.is_some()
        || args.selection.noreplace
        || yes(args.reinstall.changed_deps)
        || yes(args.reinstall.changed_slot)
        || yes(args.selection.selective);
    implied && !args.selection.emptytree && args.selection.selective != Some(YesNo::No)
}

/// What `--autounmask` and its like let emerge propose.
/// `--binpkg-respect-use=y` overrules `--autounmask-use`.
fn autounmask(args: &PlanArgs, policy: &Policy) -> Option<Autounmask> {
    let requested = args.autounmask.autounmask.map(YesNo::is_yes);
    let use_flags = match policy.compare.respect_use {
        Compare::Yes => false,
        _ => args.autounmask.autounmask_use != Some(YesNo::No),
    };
    let licenses = match args.autounmask.autounmask_license {
        Some(given) => given.is_yes(),
        None => requested == Some(true),
    };
    let is_kept = |option: Option<YesNo>| match option {
        Some(given) => given.is_yes(),
        None => requested.is_none(),
    };
    match requested {
        Some(false) => None,
        None if !use_flags && !licenses => None,
        _ => Some(Autounmask {
            use_flags,
            licenses,
            keywords: !is_kept(args.autounmask.autounmask_keep_keywords),
            masks: !is_kept(args.autounmask.autounmask_keep_masks),
        }),
    }
}

/// `--autounmask-backtrack`, which `--autounmask-continue` implies.
fn goes_on_after_proposals(args: &PlanArgs) -> bool {
    match args.autounmask.autounmask_backtrack {
        Some(given) => given.is_yes(),
        None => args.autounmask.autounmask_continue == Some(YesNo::Yes),
    }
}
