//! Options of emerge that decide what is merged, beyond those that judge binary packages.

use clap::{Args, ValueEnum};

use super::YesNo;

/// How deep updates are considered, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeepArg {
    /// At any depth.
    All,
    /// This many levels below the targets.
    Levels(u32),
}

fn deep(word: &str) -> Result<DeepArg, String> {
    match word {
        "y" => Ok(DeepArg::All),
        _ if word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty() => {
            Ok(DeepArg::Levels(word.parse().unwrap_or(u32::MAX)))
        }
        _ => Err("a whole number is wanted".to_owned()),
    }
}

/// `--root-deps`, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RootDepsArg {
    /// What is needed to build and to install is needed to run too.
    #[value(name = "y")]
    All,
    /// What older EAPIs need to build does not count.
    #[value(name = "rdeps")]
    OnlyRunTime,
}

/// Options of emerge that shape the plan.
#[derive(Args, Clone, Debug, Default)]
pub struct PlanArgs {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub selection: SelectionArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub deps: DependencyArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub complete: CompleteArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub reinstall: ReinstallArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub rebuild: RebuildArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub autounmask: AutounmaskArgs,

    #[command(flatten)]
    #[allow(missing_docs)]
    pub build: BuildArgs,
}

/// Which version is taken, and for what.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge that shape the plan")]
pub struct SelectionArgs {
    /// Take the best version, not what is installed
    #[arg(short = 'u', long)]
    pub update: bool,

    /// Update dependencies too, at any depth or down to N
    #[arg(short = 'D', long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "y", value_parser = deep)]
    pub deep: Option<DeepArg>,

    /// Plan as if nothing were installed
    #[arg(short = 'e', long)]
    pub emptytree: bool,

    /// Leave targets alone that are installed
    #[arg(short = 'n', long)]
    pub noreplace: bool,

    /// Whether installed targets are left alone
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub selective: Option<YesNo>,

    /// Update those targets only that are installed
    #[arg(long)]
    pub update_if_installed: bool,
}

/// Which dependencies count.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge that shape the plan")]
pub struct DependencyArgs {
    /// Leave dependencies aside
    #[arg(short = 'O', long)]
    pub nodeps: bool,

    /// Merge the dependencies of the targets only
    #[arg(short = 'o', long)]
    pub onlydeps: bool,

    /// With --onlydeps: whether dependencies at run time count
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub onlydeps_with_rdeps: Option<YesNo>,

    /// With --onlydeps: whether dependencies at install time count when those at run time do not
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub onlydeps_with_ideps: Option<YesNo>,

    /// Merge what the tests of the targets need too
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub with_test_deps: Option<YesNo>,

    /// Whether packages may depend on @system without saying so, which the order of merges then respects
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub implicit_system_deps: Option<YesNo>,

    /// Forget the slots that built packages are bound to
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub ignore_built_slot_operator_deps: Option<YesNo>,

    /// Whether the shared libraries that packages need are left aside (with --usepkgonly)
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub ignore_soname_deps: Option<YesNo>,

    /// Install what is needed to build below --root too, or (rdeps) leave it aside where EAPI is 6 or less
    #[arg(long, value_name = "rdeps", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub root_deps: Option<RootDepsArg>,

    /// Whether installed packages have the dependencies of their ebuilds
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub dynamic_deps: Option<YesNo>,
}

/// Whether the rest of the installed system is looked at.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge that shape the plan")]
pub struct CompleteArgs {
    /// Follow all dependencies of @world
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub complete_graph: Option<YesNo>,

    /// Follow them where USE of something installed changes
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub complete_graph_if_new_use: Option<YesNo>,

    /// Follow them where the version of something installed changes
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub complete_graph_if_new_ver: Option<YesNo>,

    /// Let @world break
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub ignore_world: Option<YesNo>,
}

/// What is replaced by the same version.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge that shape the plan")]
pub struct ReinstallArgs {
    /// Replace installed packages by other builds of the same version
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub rebuilt_binaries: Option<YesNo>,

    /// The same for builds after this time only
    #[arg(long, value_name = "SECONDS")]
    pub rebuilt_binaries_timestamp: Option<i64>,

    /// Replace packages from another repository
    #[arg(long)]
    pub newrepo: bool,

    /// Replace packages whose slot or sub-slot changed
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub changed_slot: Option<YesNo>,

    /// Replace packages whose dependencies changed
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub changed_deps: Option<YesNo>,

    /// Merge these again wherever they are met
    #[arg(long, value_name = "ATOMS")]
    pub reinstall_atoms: Vec<String>,
}

/// What is compiled because of others.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge that shape the plan")]
pub struct RebuildArgs {
    /// Whether packages are rebuilt to use a new slot
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub rebuild_if_new_slot: Option<YesNo>,

    /// Compile what was built with anything that is compiled
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub rebuild_if_unbuilt: Option<YesNo>,

    /// The same for what is compiled in another version or revision than is installed
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub rebuild_if_new_rev: Option<YesNo>,

    /// The same for what is compiled in another version
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub rebuild_if_new_ver: Option<YesNo>,

    /// Do not compile these for it
    #[arg(long, value_name = "ATOMS")]
    pub rebuild_exclude: Vec<String>,

    /// Compile nothing because of these
    #[arg(long, value_name = "ATOMS")]
    pub rebuild_ignore: Vec<String>,
}

/// Which changes of the configuration are proposed, and how long is tried without.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge that shape the plan")]
pub struct AutounmaskArgs {
    /// Whether changes of the configuration are proposed
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub autounmask: Option<YesNo>,

    /// Whether changes of USE are proposed
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub autounmask_use: Option<YesNo>,

    /// Whether changes of accepted licenses are proposed
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub autounmask_license: Option<YesNo>,

    /// Whether keywords stay as they are
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub autounmask_keep_keywords: Option<YesNo>,

    /// Whether masks stay as they are
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub autounmask_keep_masks: Option<YesNo>,

    /// Whether other plans are looked for once a change was proposed
    #[arg(long, value_name = "y|n", hide_possible_values = true)]
    pub autounmask_backtrack: Option<YesNo>,

    /// Write the proposed changes and go on (only looked at for its effect on the plan)
    #[arg(long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub autounmask_continue: Option<YesNo>,

    /// Attempts to resolve conflicts
    #[arg(long, value_name = "COUNT")]
    pub backtrack: Option<u32>,
}

/// What is done besides installing, or instead.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Options of emerge that shape the plan")]
pub struct BuildArgs {
    /// Build binary packages of what is compiled (FEATURES=buildpkg)
    #[arg(short = 'b', long, value_name = "y|n", num_args = 0..=1, require_equals = true, default_missing_value = "y", hide_possible_values = true)]
    pub buildpkg: Option<YesNo>,

    /// Build no binary packages of these
    #[arg(long, value_name = "ATOMS")]
    pub buildpkg_exclude: Vec<String>,

    /// Build binary packages, and install nothing
    #[arg(short = 'B', long)]
    pub buildpkgonly: bool,

    /// Fetch, and install nothing
    #[arg(short = 'f', long)]
    pub fetchonly: bool,

    /// Fetch everything that could be needed, and install nothing
    #[arg(short = 'F', long)]
    pub fetch_all_uri: bool,
}
