//! The best package for one atom, as the mode of the attempt has it
//! (`portage: depgraph.py:depgraph._select_pkg_highest_available`).

use std::rc::Rc;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::goal::GraphMode;
use crate::plan::select::query::{Autounmask, Query};
use crate::plan::select::selector::Selector;
use crate::plan::select::unmask::{Unmask, UnmaskLevel};
use crate::plan::select::use_changes::UseChange;

/// What a selection came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct Selected {
    /// The package, if there is one.
    pub package: Option<Id>,
    /// Changes of USE that were considered on the way. They hold from now on, even where another package
    /// was selected in the end: `_pkg_use_enabled` records them as it looks.
    pub use_changes: Vec<(Id, UseChange)>,
    /// What the configuration would have to accept, likewise.
    pub unmasks: Vec<(Id, Unmask)>,
    /// A change makes the graph wrong as it stands, so that nothing is selected.
    pub restart: bool,
}

impl Selected {
    fn package(package: Option<Id>) -> Selected {
        Selected {
            package,
            ..Selected::default()
        }
    }
}

/// What a selection that is not known yet counts for.
const STEPS_OF_A_SELECTION: usize = 10;

impl<'a> Selector<'_, 'a> {
    /// Select a package.
    pub fn select(&self, query: &Query<'_>) -> Selected {
        match self.goal.mode() {
            GraphMode::Highest => self.select_highest(query),
            GraphMode::FromGraph => Selected::package(self.pick_from_graph(query.atom)),
        }
    }

    fn select_highest(&self, query: &Query<'_>) -> Selected {
        if let Some(known) = self.memo.selected(self.goal, self.tracker, query) {
            return Selected::package(known);
        }
        self.packages.effort.spend(STEPS_OF_A_SELECTION);
        let selected = self.select_anew(query);
        self.memo
            .keep_selected(self.goal, self.tracker, query, selected.package);
        if let Some(package) = selected.package.map(|id| self.get(id)) {
            let tolerated = package.is_installed() && self.packages.is_masked(&package);
            if self.is_visible(&package) && !tolerated {
                self.memo.note_visible(&package);
            }
        }
        selected
    }

    /// First with the configuration as it is. Only where that gives nothing, or an installed package that
    /// may not stay, with changes, the least first
    /// (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available`).
    fn select_anew(&self, query: &Query<'_>) -> Selected {
        let default = self.scan(query, None).package;
        if query.autounmask == Autounmask::Off || default.is_some_and(|id| self.is_welcome(id)) {
            return Selected::package(default);
        }
        let mut selected = Selected::default();
        let (mut use_changes, mut unmasks) = (self.use_changes.clone(), self.unmasks.clone());
        for level in self
            .options
            .backtrack
            .autounmask
            .map(UnmaskLevel::all)
            .unwrap_or_default()
        {
            let current = self.with_changes(&use_changes, &unmasks);
            let found = current.scan(query, Some(level));
            selected.restart |= found.restart;
            use_changes.extend(found.use_changes.iter().cloned());
            for (id, unmask) in &found.unmasks {
                unmasks.entry(*id).or_default().add(unmask);
            }
            selected.use_changes.extend(found.use_changes);
            selected.unmasks.extend(found.unmasks);
            let current = self.with_changes(&use_changes, &unmasks);
            selected.package = found.package.filter(|id| current.is_welcome(*id));
            if selected.package.is_some() {
                break;
            }
        }
        selected.package = selected.package.or(default).filter(|_| !selected.restart);
        selected
    }

    /// Whether a package is new, or installed and may stay.
    fn is_welcome(&self, id: Id) -> bool {
        let package = self.get(id);
        !package.is_installed() || self.may_stay_installed(&package)
    }

    /// The installed package that a parent would replace, if the atom matches it
    /// (`portage: depgraph.py:depgraph._will_replace_child`).
    pub fn replaced_child(&self, parent: Id, atom: &Atom) -> Option<Rc<PlanPackage<'a>>> {
        let parent = self.get(parent);
        if parent.root() != atom.root || parent.name() != atom.name() {
            return None;
        }
        let mut installed = self.installed_for(atom).into_iter();
        installed.find(|package| package.slot() == parent.slot())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    #[test]
    fn use_is_changed_only_where_nothing_else_will_do() {
        let packages = database(&["ebuild a/a-2; IUSE=x", "ebuild b/b-1; IUSE=+x"]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let select = |text: &str, autounmask| {
            let atom = atom(text);
            depgraph.selector().select(&Query {
                autounmask,
                ..Query::new(&atom)
            })
        };
        let a = packages.ebuild("a/a-2").id;
        assert_eq!(select("a/a[x]", Autounmask::Off), Selected::default());
        let selected = select("a/a[x]", Autounmask::Propose);
        assert_eq!(selected.package, Some(a));
        let changed: Vec<Id> = selected.use_changes.iter().map(|(id, _)| *id).collect();
        assert!(!changed.is_empty() && changed.iter().all(|id| *id == a));
        assert!(!selected.restart, "it is not in the graph yet");
        let selected = select("b/b[x]", Autounmask::Propose);
        assert_eq!(selected.package, Some(packages.ebuild("b/b-1").id));
        assert!(selected.use_changes.is_empty());
    }

    #[test]
    fn a_change_that_breaks_the_graph_selects_nothing() {
        let packages = database(&["ebuild a/a-2; IUSE=x; RDEPEND=x? ( b/b )"]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let a = packages.ebuild("a/a-2");
        depgraph.insert(&a, None);
        assert_eq!(depgraph.pick(&atom("a/a[x]")), None);
        assert!(depgraph.outcome.calls_for_restart());
        assert!(depgraph.outcome.feedback.use_changes.contains_key(&a.id));
    }

    #[test]
    fn what_a_parent_replaces() {
        let packages = database(&[
            "ebuild a/a-2",
            "installed a/a-1",
            "installed a/a-0; SLOT=0.5",
        ]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let parent = packages.ebuild("a/a-2").id;
        let replaced = |text: &str| depgraph.selector().replaced_child(parent, &atom(text));
        assert_eq!(replaced("a/a"), Some(packages.installed("a/a-1")));
        assert_eq!(replaced(">a/a-1"), None);
        assert_eq!(replaced("b/b"), None);
    }
}
