//! Packages from the graph or from what is installed, once the graph is only completed
//! (`portage: depgraph.py:depgraph._select_pkg_from_graph`, `._select_pkg_from_installed`).

use std::rc::Rc;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::selector::Selector;

impl<'a> Selector<'_, 'a> {
    /// What the graph has, else what is installed
    /// (`portage: depgraph.py:depgraph._select_pkg_from_graph`).
    pub(in crate::plan) fn pick_from_graph(&self, atom: &Atom) -> Option<Id> {
        let mut finally = self.tracker.finally(self.packages, atom);
        finally.retain(|package| self.matches(atom, package));
        if finally.is_empty() {
            return None;
        }
        let in_graph = finally.iter().rfind(|package| self.graph.has(package.id));
        match in_graph {
            Some(package) => Some(package.id),
            None => self.pick_installed(atom),
        }
    }

    /// The installed package that satisfies an atom
    /// (`portage: depgraph.py:depgraph._select_pkg_from_installed`).
    pub fn pick_installed(&self, atom: &Atom) -> Option<Id> {
        let mut matches = self.installed_for(atom);
        let better = |filter: &dyn Fn(&Rc<PlanPackage<'a>>) -> bool,
                      all: Vec<Rc<PlanPackage<'a>>>| {
            let kept: Vec<_> = all
                .iter()
                .filter(|package| filter(package))
                .cloned()
                .collect();
            if kept.is_empty() || all.len() < 2 {
                all
            } else {
                kept
            }
        };
        matches = better(&|package| self.is_visible(package), matches);
        matches = better(&|package| !self.packages.is_masked(package), matches);
        matches = better(
            &|package| self.packages.has_visible_ebuild(package),
            matches,
        );
        matches.first().map(|package| package.id)
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    #[test]
    fn the_graph_then_what_is_installed() {
        let packages = database(&[
            "ebuild a/a-1",
            "ebuild a/a-2; SLOT=2",
            "installed a/a-0",
            "ebuild b/b-1",
        ]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        depgraph.goal.start_completing();
        let pick = |depgraph: &crate::plan::depgraph::attempt::Depgraph<'_, 'static>,
                    text: &str| {
            let id = depgraph.selector().pick(&atom(text))?;
            Some(packages.get(id).cpv().to_string())
        };
        assert_eq!(pick(&depgraph, "a/a").as_deref(), Some("a/a-0"));
        assert_eq!(pick(&depgraph, "b/b"), None, "nothing new comes");
        depgraph.insert(&packages.ebuild("a/a-1"), None);
        assert_eq!(pick(&depgraph, "a/a").as_deref(), Some("a/a-1"));
        depgraph.insert(&packages.ebuild("a/a-2"), None);
        assert_eq!(pick(&depgraph, "a/a").as_deref(), Some("a/a-2"));
        assert_eq!(pick(&depgraph, "<a/a-1"), None, "it is replaced");
    }
}
