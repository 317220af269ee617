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
    /// Changes of the configuration that may be proposed; `None` with `--autounmask=n`.
    pub autounmask: Option<Autounmask>,
    /// Whether attempts go on after a change was proposed (`--autounmask-backtrack`).
    pub autounmask_backtrack: bool,
    /// `--backtrack`
    pub backtrack: u32,
    /// `--reinstall-atoms`
    pub reinstall_atoms: Vec<Dep>,
    /// `--buildpkg`, which `--buildpkgonly` implies; where neither is given, FEATURES decide.
    pub buildpkg: Option<bool>,
    /// `--buildpkg-exclude`
    pub buildpkg_exclude: Vec<Dep>,
    /// `--buildpkgonly`
    pub buildpkgonly: bool,
    /// `--fetchonly` or `--fetch-all-uri`
    pub fetchonly: bool,
    /// Whether the shared libraries that built packages need are looked at: with
    /// `--ignore-soname-deps=n`, and only under `--usepkgonly`, since ebuilds name none.
    pub soname_deps: bool,
    /// `--with-test-deps`
    pub with_test_deps: bool,
    /// `--update-if-installed`
    pub update_if_installed: bool,
    /// When packages are compiled again because of what they were built with.
    pub rebuild_if: Option<RebuildIf>,
    /// `--rebuild-exclude`: packages that are not.
    pub rebuild_exclude: Vec<Dep>,
    /// `--rebuild-ignore`: packages because of which none is.
    pub rebuild_ignore: Vec<Dep>,
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
            autounmask: Some(Autounmask::USE_FLAGS),
            autounmask_backtrack: false,
            backtrack: 20,
            reinstall_atoms: Vec::new(),
            buildpkg: None,
            buildpkg_exclude: Vec::new(),
            buildpkgonly: false,
            fetchonly: false,
            soname_deps: false,
            with_test_deps: false,
            update_if_installed: false,
            rebuild_if: None,
            rebuild_exclude: Vec::new(),
            rebuild_ignore: Vec::new(),
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
    /// What emerge proposes by itself.
    pub const USE_FLAGS: Autounmask = Autounmask {
        use_flags: true,
        licenses: false,
        keywords: false,
        masks: false,
    };
}
