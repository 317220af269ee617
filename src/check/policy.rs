//! The options that change a verdict, as they take effect (`portage: actions.py:run_action`,
//! `create_depgraph_params.py:create_depgraph_params`).

use crate::local::targets::Target;
use crate::pms::{Dep, Syntax};

/// `y`, `n`, or what emerge does when the option is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// On by default: judges like `Yes`, warns otherwise.
    Auto,
    /// On by option.
    Yes,
    /// Off.
    No,
}

impl Compare {
    /// Whether the comparison is made.
    pub fn is_on(self) -> bool {
        self != Compare::No
    }
}

/// Effective parameters of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Remote binary packages are used.
    pub getbinpkg: bool,
    /// Binary packages are used.
    pub usepkg: bool,
    /// The ebuild database is used (the key `--usepkgonly` is absent).
    pub ebuilds: bool,
    /// `--usepkgonly` is true.
    pub usepkgonly: bool,
    /// `binpkg_respect_use`
    pub respect_use: Compare,
    /// `binpkg_changed_deps`
    pub changed_deps: Compare,
    /// Build dependencies are compared too (`bdeps` is `y` or `auto`).
    pub bdeps: bool,
    /// `--newuse`
    pub newuse: bool,
    /// `--changed-use`
    pub changed_use: bool,
    /// `--binpkg-respect-user-patches` is not `n`.
    pub user_patches: bool,
    /// `--use-ebuild-visibility`
    pub use_ebuild_visibility: bool,
    /// `--usepkg-exclude-live`
    pub exclude_live: bool,
    /// `--exclude`
    pub exclude: Vec<Dep>,
    /// `--usepkg-exclude`, with what repos.conf adds.
    pub usepkg_exclude: Vec<Dep>,
    /// `--usepkg-include`, with what repos.conf adds; empty means no restriction.
    pub usepkg_include: Vec<Dep>,
    /// `--getbinpkg-exclude`
    pub getbinpkg_exclude: Vec<Dep>,
    /// `--getbinpkg-include`
    pub getbinpkg_include: Vec<Dep>,
    /// `--useoldpkg-atoms`
    pub useoldpkg: Vec<Dep>,
}

impl Policy {
    /// What `--nobindeps` adds once the targets are known: only their names may be binary.
    pub fn only_targets(mut self, targets: &[Target]) -> Policy {
        let atoms = targets.iter().flat_map(|target| &target.atoms);
        self.usepkg_include = atoms
            .filter_map(|member| Dep::parse(member.atom.name(), Syntax::USER).ok())
            .collect();
        self.usepkg_include
            .sort_by(|a, b| a.as_str().cmp(b.as_str()));
        self.usepkg_include.dedup();
        self
    }
}
