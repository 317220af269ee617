//! The options that change a verdict, as they take effect (`portage: actions.py:run_action`,
//! `create_depgraph_params.py:create_depgraph_params`).

use crate::local::targets::Target;
use crate::pms::{Dep, Syntax};
use crate::source::Source;

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
    /// Where packages come from.
    pub sources: PackageSources,
    /// What is compared.
    pub compare: Comparisons,
    /// Which packages are included or excluded by name.
    pub lists: PackageLists,
    /// Which of it EMERGE_DEFAULT_OPTS gives.
    pub defaults: DefaultOptions,
}

/// Options that a variable of the configuration gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultOptions {
    /// Each as `--name` or `--name=value`.
    pub options: Vec<String>,
    /// Where the variable is set.
    pub source: Option<Source>,
}

impl DefaultOptions {
    /// Where an option comes from, if its value has this word among others, or no word is sought.
    pub fn source_of(&self, name: &str, word: Option<&Dep>) -> Option<&Source> {
        let is_meant = |option: &String| {
            let (given, value) = option.split_once('=').unwrap_or((option, ""));
            let mut words = value.split_whitespace().filter_map(Dep::selection);
            given == name && word.is_none_or(|word| words.any(|own| own == *word))
        };
        let is_given = self.options.iter().any(is_meant);
        self.source.as_ref().filter(|_| is_given)
    }
}

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageSources {
    /// Remote binary packages are used.
    pub getbinpkg: bool,
    /// Binary packages are used.
    pub usepkg: bool,
    /// `--usepkgonly` is true.
    pub usepkgonly: bool,
    /// The ebuild database is used (the key `--usepkgonly` is absent).
    pub ebuilds: bool,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparisons {
    /// `binpkg_respect_use`
    pub respect_use: Compare,
    /// `binpkg_changed_deps`
    pub changed_deps: Compare,
    /// `--binpkg-respect-user-patches` is not `n`.
    pub user_patches: bool,
    /// Build dependencies are compared too (`bdeps` is `y` or `auto`).
    pub bdeps: bool,
    /// `--newuse`
    pub newuse: bool,
    /// `--changed-use`
    pub changed_use: bool,
    /// `--use-ebuild-visibility`
    pub use_ebuild_visibility: bool,
}

/// Which packages are included or excluded by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageLists {
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
    /// Where those of the excluded atoms stand that repos.conf adds.
    pub of_repositories: Vec<(Dep, Source)>,
    /// Those of the excluded atoms that bincheck itself has added.
    pub own: Vec<OwnExclude>,
}

impl PackageLists {
    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub fn names_builds(&self) -> bool {
        let lists = [
            &self.exclude,
            &self.usepkg_exclude,
            &self.usepkg_include,
            &self.getbinpkg_exclude,
            &self.getbinpkg_include,
            &self.useoldpkg,
        ];
        let own = self.own.iter().map(|own| &own.atom);
        let mut atoms = lists.into_iter().flatten().chain(own);
        atoms.any(|atom| atom.build_id().is_some())
    }
}

/// An excluded atom that bincheck has added, so that the emerge that it runs does not take a binary package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnExclude {
    /// The atom.
    pub atom: Dep,
    /// What is excluded with it, and why.
    pub why: String,
}

impl Policy {
    /// What `--nobindeps` adds once the targets are known: only their names may be binary.
    pub fn only_targets(mut self, targets: &[Target]) -> Policy {
        let atoms = targets.iter().flat_map(|target| &target.atoms);
        let names = &mut self.lists.usepkg_include;
        *names = atoms
            .filter_map(|member| Dep::parse(member.atom.name(), Syntax::USER).ok())
            .collect();
        names.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        self
    }
}
