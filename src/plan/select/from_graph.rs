//! Packages from the graph or from what is installed, once the graph is only completed
//! (`portage: depgraph.py:depgraph._select_pkg_from_graph`, `._select_pkg_from_installed`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::{Depgraph, Picked};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::Kind;

impl<'a> Depgraph<'_, 'a> {
    /// What the graph has, else what is installed
    /// (`portage: depgraph.py:depgraph._select_pkg_from_graph`).
    pub(in crate::plan) fn pick_from_graph(&self, atom: &Atom) -> Option<Picked> {
        let finally = self.tracker.finally(self.packages, atom);
        let mut matches: Vec<_> = finally
            .into_iter()
            .filter(|choice| self.matches(atom, choice))
            .collect();
        matches.reverse();
        if matches.is_empty() {
            return None;
        }
        if let Some(choice) = matches.iter().find(|choice| self.graph.has(choice.id)) {
            return Some(Picked {
                id: choice.id,
                existing: true,
            });
        }
        self.pick_installed(atom).map(|id| Picked {
            id,
            existing: false,
        })
    }

    /// The installed package that serves an atom
    /// (`portage: depgraph.py:depgraph._select_pkg_from_installed`).
    pub fn pick_installed(&self, atom: &Atom) -> Option<Id> {
        let mut matches = self.packages.matching(Kind::Installed, atom);
        matches.retain(|choice| self.use_matches(atom, choice));
        let better = |filter: &dyn Fn(&Rc<PlanPackage<'a>>) -> bool,
                      all: Vec<Rc<PlanPackage<'a>>>| {
            let kept: Vec<_> = all
                .iter()
                .filter(|choice| filter(choice))
                .cloned()
                .collect();
            if kept.is_empty() || all.len() < 2 {
                all
            } else {
                kept
            }
        };
        matches = better(&|choice| self.is_visible(choice), matches);
        matches = better(&|choice| !self.packages.is_masked(choice), matches);
        matches = better(&|choice| self.packages.has_visible_ebuild(choice), matches);
        matches.first().map(|choice| choice.id)
    }
}
