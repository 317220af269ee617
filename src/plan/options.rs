//! Options that shape a plan, as they take effect
//! (`portage: create_depgraph_params.py:create_depgraph_params`).

use crate::pms::Dep;

/// Options of a run of the resolver.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolveOptions {
    /// How new the selected packages are.
    pub selection: SelectionOptions,
    /// When the same version is merged again.
    pub reinstall: ReinstallOptions,
    /// Which dependencies count.
    pub deps: DepOptions,
    /// When the rest of the installed system is looked at too.
    pub complete: CompleteOptions,
    /// When something is built again because of what it was built with.
    pub rebuild: RebuildOptions,
    /// What else emerge does with packages than to merge them.
    pub build: BuildOptions,
    /// What happens where an attempt fails.
    pub backtrack: BacktrackOptions,
    /// What comes first.
    pub order: OrderOptions,
}

/// What comes first among the merges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderOptions {
    /// `--implicit-system-deps` is not `n`: packages may depend on @system without saying so.
    pub implicit_system_deps: bool,
    /// `--tree`: one after the other, as the tree has it.
    pub tree: bool,
}

impl Default for OrderOptions {
    fn default() -> OrderOptions {
        OrderOptions {
            implicit_system_deps: true,
            tree: false,
        }
    }
}

/// How new the selected packages are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectionOptions {
    /// `--update`
    pub update: bool,
    /// `--deep`
    pub deep: Deep,
    /// Targets that are installed as they should be are left alone.
    pub selective: bool,
    /// `--emptytree`
    pub empty: bool,
    /// `--update-if-installed`
    pub update_if_installed: bool,
}

/// How deep updates are considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deep {
    /// Up to this depth below the targets; 0 is the targets themselves.
    Levels(u32),
    /// At any depth.
    All,
}

impl Default for SelectionOptions {
    fn default() -> SelectionOptions {
        SelectionOptions {
            update: false,
            deep: Deep::Levels(0),
            selective: false,
            empty: false,
            update_if_installed: false,
        }
    }
}

/// When the same version is merged again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReinstallOptions {
    /// `--newrepo`
    pub new_repo: bool,
    /// `--changed-slot`
    pub changed_slot: bool,
    /// `--changed-deps=y`
    pub changed_deps: bool,
    /// `--rebuilt-binaries`, as it takes effect.
    pub rebuilt_binaries: bool,
    /// `--rebuilt-binaries-timestamp`, seconds since 1970.
    pub rebuilt_binaries_timestamp: Option<i64>,
    /// `--reinstall-atoms`
    pub atoms: Vec<Dep>,
}

/// Which dependencies count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepOptions {
    /// `--nodeps`
    pub nodeps: bool,
    /// `--onlydeps`
    pub onlydeps: bool,
    /// Which dependencies of the targets count under `--onlydeps`.
    pub onlydeps_runtime: OnlyDeps,
    /// `--dynamic-deps` is not `n`.
    pub dynamic: bool,
    /// Whether the shared libraries that built packages need are looked at: with
    /// `--ignore-soname-deps=n`, and only under `--usepkgonly`, since ebuilds name none.
    pub sonames: bool,
    /// `--ignore-built-slot-operator-deps=y`
    pub ignore_built_slot_operators: bool,
    /// `--with-test-deps`
    pub with_test: bool,
    /// `--root-deps`
    pub root_deps: Option<RootDeps>,
    /// Whether dependencies to build count for packages that are built: `--with-bdeps=y`, or
    /// `--with-bdeps-auto` without binary packages.
    pub of_built: bool,
}

/// What `--root-deps` makes of dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootDeps {
    /// Those to build and to install are needed at run time as well.
    AtRunTime,
    /// DEPEND does not count in an EAPI without BDEPEND.
    WithoutDepend,
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

impl Default for DepOptions {
    fn default() -> DepOptions {
        DepOptions {
            nodeps: false,
            onlydeps: false,
            onlydeps_runtime: OnlyDeps::All,
            dynamic: true,
            sonames: false,
            ignore_built_slot_operators: false,
            with_test: false,
            root_deps: None,
            of_built: false,
        }
    }
}

/// When the rest of the installed system is looked at too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteOptions {
    /// `--complete-graph`, as it takes effect.
    pub always: bool,
    /// `--complete-graph-if-new-use` is not `n`.
    pub if_new_use: bool,
    /// `--complete-graph-if-new-ver` is not `n`.
    pub if_new_version: bool,
    /// `--ignore-world`
    pub ignore_world: bool,
}

impl Default for CompleteOptions {
    fn default() -> CompleteOptions {
        CompleteOptions {
            always: false,
            if_new_use: true,
            if_new_version: true,
            ignore_world: false,
        }
    }
}

/// When something is built again because of what it was built with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuildOptions {
    /// `--rebuild-if-new-slot` is not `n`.
    pub if_new_slot: bool,
    /// When packages are compiled again because of what they were built with.
    pub because: Option<RebuildIf>,
    /// `--rebuild-exclude`: packages that are not.
    pub exclude: Vec<Dep>,
    /// `--rebuild-ignore`: packages because of which none is.
    pub ignore: Vec<Dep>,
}

/// Which packages make those that were built with them be compiled again; of several options the one
/// that is named first here counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebuildIf {
    /// `--rebuild-if-unbuilt`: those that are compiled.
    Unbuilt,
    /// `--rebuild-if-new-rev`: those of another version or revision than is installed.
    NewRevision,
    /// `--rebuild-if-new-ver`: those of another version.
    NewVersion,
}

impl Default for RebuildOptions {
    fn default() -> RebuildOptions {
        RebuildOptions {
            if_new_slot: true,
            because: None,
            exclude: Vec::new(),
            ignore: Vec::new(),
        }
    }
}

/// What else emerge does with packages than to merge them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BuildOptions {
    /// `--buildpkg`, which `--buildpkgonly` implies; where neither is given, FEATURES decide.
    pub buildpkg: Option<bool>,
    /// `--buildpkg-exclude`
    pub buildpkg_exclude: Vec<Dep>,
    /// `--buildpkgonly`
    pub buildpkgonly: bool,
    /// `--fetchonly` or `--fetch-all-uri`
    pub fetchonly: bool,
}

/// What happens where an attempt fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BacktrackOptions {
    /// `--backtrack`
    pub limit: u32,
    /// Changes of the configuration that may be proposed; `None` with `--autounmask=n`.
    pub autounmask: Option<Autounmask>,
    /// Whether attempts go on after a change was proposed (`--autounmask-backtrack`).
    pub after_proposals: bool,
}

impl BacktrackOptions {
    /// `--backtrack` where it is not given.
    pub const DEFAULT_LIMIT: u32 = 20;
}

impl Default for BacktrackOptions {
    fn default() -> BacktrackOptions {
        BacktrackOptions {
            limit: BacktrackOptions::DEFAULT_LIMIT,
            autounmask: Some(Autounmask::USE_FLAGS),
            after_proposals: false,
        }
    }
}

/// What `--autounmask` and its like let emerge propose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Autounmask {
    /// USE of ebuilds.
    pub use_flags: bool,
    /// Licenses.
    pub licenses: bool,
    /// Keywords.
    pub keywords: bool,
    /// package.mask to be overruled.
    pub masks: bool,
}

impl Autounmask {
    /// What emerge proposes unrequested.
    pub const USE_FLAGS: Autounmask = Autounmask {
        use_flags: true,
        licenses: false,
        keywords: false,
        masks: false,
    };
}
