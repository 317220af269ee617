//! What the selection of packages looks at.
//!
//! A selector reads and answers. What it finds out besides the answer (changes of USE, the call for
//! another attempt) it returns; its caller decides what becomes of that.

use std::rc::Rc;

use crate::plan::graph::dependency::Depth;
use crate::plan::graph::digraph::Digraph;
use crate::plan::graph::package_tracker::PackageTracker;
use crate::plan::options::{Deep, ResolveOptions};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::goal::Goal;
use crate::plan::select::memo::Memo;
use crate::plan::select::parameters::BacktrackParameters;
use crate::plan::select::unmask::Unmasks;
use crate::plan::select::use_changes::UseChanges;
use crate::pms::Dep;

/// A view of one attempt, from which packages are selected.
#[derive(Clone, Copy)]
pub(in crate::plan) struct Selector<'s, 'a> {
    /// All packages.
    pub packages: &'s PackageDb<'a>,
    /// Options of the run.
    pub options: &'s ResolveOptions,
    /// What earlier attempts found out.
    pub parameters: &'s BacktrackParameters,
    /// What is resolved for.
    pub goal: &'s Goal,
    /// The graph so far.
    pub graph: &'s Digraph,
    /// Who occupies which slot.
    pub tracker: &'s PackageTracker,
    /// Changes of USE that are proposed so far.
    pub use_changes: &'s UseChanges,
    /// What the configuration would have to accept so far.
    pub unmasks: &'s Unmasks,
    /// What was selected so far.
    pub memo: &'s Memo,
}

impl<'s, 'a> Selector<'s, 'a> {
    /// The same view with other changes of USE.
    pub fn with_use_changes<'t>(&self, use_changes: &'t UseChanges) -> Selector<'t, 'a>
    where
        's: 't,
    {
        Selector {
            use_changes,
            ..*self
        }
    }

    /// The same view with other changes of USE and of what the configuration accepts.
    pub fn with_changes<'t>(
        &self,
        use_changes: &'t UseChanges,
        unmasks: &'t Unmasks,
    ) -> Selector<'t, 'a>
    where
        's: 't,
    {
        Selector {
            use_changes,
            unmasks,
            ..*self
        }
    }

    /// A package with its id.
    pub fn get(&self, id: Id) -> Rc<PlanPackage<'a>> {
        self.packages.get(id)
    }

    /// Whether a flag is on: as built, or as configured with the changes that are proposed.
    pub fn enabled(&self, package: &PlanPackage<'a>, flag: &str) -> bool {
        let changed = self
            .use_changes
            .get(&package.id)
            .and_then(|change| change.flags.get(flag));
        changed
            .copied()
            .unwrap_or_else(|| self.packages.facts(package).enabled(flag))
    }

    /// Whether a package has a flag at all.
    pub fn has_flag(&self, package: &PlanPackage<'a>, flag: &str) -> bool {
        self.packages.facts(package).flags.is_valid(flag)
    }

    /// Whether an atom matches, USE dependencies included.
    pub fn matches(&self, atom: &Atom, package: &PlanPackage<'a>) -> bool {
        if atom.root != package.root() {
            return false;
        }
        if let Some(soname) = &atom.soname {
            return package.has_soname(soname);
        }
        atom.dep.matches(&package.subject()) && self.use_matches(atom, package)
    }

    /// Whether the USE dependencies of an atom hold.
    pub fn use_matches(&self, atom: &Atom, package: &PlanPackage<'a>) -> bool {
        if !atom.asks_for_use() {
            return true;
        }
        let has_required = atom
            .unevaluated()
            .required_flags()
            .all(|flag| self.has_flag(package, flag));
        let state = |flag: &str| {
            self.has_flag(package, flag)
                .then(|| self.enabled(package, flag))
        };
        has_required && atom.dep.use_matches(state)
    }

    /// Whether a package may be selected; what the graph has, may
    /// (`portage: depgraph.py:depgraph._pkg_visibility_check`).
    pub fn is_visible(&self, package: &PlanPackage<'a>) -> bool {
        self.packages.is_visible(package) || self.graph.has(package.id)
    }

    /// Whether `--exclude` names a package.
    pub fn is_excluded(&self, package: &PlanPackage<'a>) -> bool {
        any_matches(&self.packages.policy.lists.exclude, package)
    }

    /// Whether `--useoldpkg-atoms` names a package.
    pub fn is_old_package(&self, package: &PlanPackage<'a>) -> bool {
        any_matches(&self.packages.policy.lists.useoldpkg, package)
    }

    /// Whether `--reinstall-atoms` names a package.
    pub fn is_reinstall_atom(&self, package: &PlanPackage<'a>) -> bool {
        any_matches(&self.options.reinstall.atoms, package)
    }

    /// Whether a depth lies beyond `--deep` (`portage: depgraph.py:depgraph._too_deep`).
    pub fn is_too_deep(&self, depth: Depth) -> bool {
        match (depth, self.goal.deep()) {
            (None, _) => true,
            (Some(_), Deep::All) => false,
            (Some(depth), Deep::Levels(levels)) => depth > levels,
        }
    }

    /// Whether dependencies at a depth are looked at even where something installed satisfies them.
    /// A completed graph looks at all of them, also at those that no target leads to
    /// (`portage: depgraph.py:depgraph._add_pkg`, `._wrapped_add_pkg_dep_string`).
    pub fn recurses(&self, depth: Depth) -> bool {
        self.goal.deep() == Deep::All || !self.is_too_deep(depth)
    }
}

fn any_matches(atoms: &[Dep], package: &PlanPackage<'_>) -> bool {
    atoms.iter().any(|atom| atom.matches(&package.subject()))
}
