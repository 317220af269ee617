//! Packages from the graph or from what is installed, once the graph is only completed
//! (`portage: depgraph.py:depgraph._select_pkg_from_graph`, `._select_pkg_from_installed`).

use std::rc::Rc;

use super::atom::Atom;
use super::universe::{Choice, Id};
use super::walk::{Picked, Walk};
use crate::pms::Kind;

impl<'a> Walk<'_, 'a> {
    /// What the graph has, else what is installed
    /// (`portage: depgraph.py:depgraph._select_pkg_from_graph`).
    pub(super) fn pick_from_graph(&self, atom: &Atom) -> Option<Picked> {
        let finally = self.tracker.finally(self.universe, atom);
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
        let mut matches = self.universe.matching(Kind::Installed, atom);
        matches.retain(|choice| self.use_matches(atom, choice));
        let better = |filter: &dyn Fn(&Rc<Choice<'a>>) -> bool, all: Vec<Rc<Choice<'a>>>| {
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
        matches = better(&|choice| !self.universe.is_masked(choice), matches);
        matches = better(&|choice| self.universe.has_visible_ebuild(choice), matches);
        matches.first().map(|choice| choice.id)
    }
}
