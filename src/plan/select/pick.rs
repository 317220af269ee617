//! The best package for one atom, as the mode of the walk wants it
//! (`portage: depgraph.py:depgraph._select_pkg_highest_available`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::{Depgraph, Picked, Selection};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::Kind;

impl<'a> Depgraph<'_, 'a> {
    /// Pick a package as the mode of the walk wants.
    pub fn pick(&mut self, atom: &Atom, parent: Option<Id>) -> Option<Picked> {
        match self.selection {
            Selection::Highest => self.pick_highest(atom, parent),
            Selection::FromGraph => self.pick_from_graph(atom),
        }
    }

    /// Pick the package for a target; under `--onlydeps` it is wanted for its dependencies alone.
    pub fn pick_target(&mut self, atom: &Atom) -> Option<Rc<PlanPackage<'a>>> {
        self.choosing_target = self.options.onlydeps;
        let picked = self.pick(atom, None);
        self.choosing_target = false;
        picked.map(|picked| self.get(picked.id))
    }

    fn pick_highest(&mut self, atom: &Atom, parent: Option<Id>) -> Option<Picked> {
        let key = (atom.clone(), self.autounmask, self.choosing_target);
        let known = self
            .highest
            .borrow()
            .get(atom.name())
            .and_then(|picks| picks.get(&key).copied());
        if let Some(known) = known {
            return known;
        }
        let picked = self.pick_with_autounmask(atom, parent);
        let mut highest = self.highest.borrow_mut();
        highest
            .entry(atom.name().to_owned())
            .or_default()
            .insert(key, picked);
        drop(highest);
        if let Some(picked) = picked {
            let choice = self.get(picked.id);
            let forgiven = choice.is_installed() && self.packages.is_masked(&choice);
            if self.is_visible(&choice) && !forgiven {
                let seen = self
                    .seen
                    .entry(choice.package.cpv.cpn.as_str().to_owned())
                    .or_default();
                if !seen.contains(&picked.id) {
                    seen.push(picked.id);
                }
            }
        }
        picked
    }

    fn pick_with_autounmask(&mut self, atom: &Atom, parent: Option<Id>) -> Option<Picked> {
        let default = self.scan(atom, parent, false);
        let unwanted = |resolve: &Self, picked: Picked| {
            let choice = resolve.get(picked.id);
            choice.is_installed() && !resolve.wants_installed(&choice)
        };
        if !self.autounmask || default.is_some_and(|picked| !unwanted(self, picked)) {
            return default;
        }
        let earlier = std::mem::replace(&mut self.restart, false);
        let changed = self
            .scan(atom, parent, true)
            .filter(|picked| !unwanted(self, *picked));
        let restart = std::mem::replace(&mut self.restart, earlier);
        if restart {
            self.restart = true;
            return None;
        }
        changed.or(default)
    }

    /// The installed package that a parent would replace, if the atom matches it
    /// (`portage: depgraph.py:depgraph._will_replace_child`).
    pub fn replaced_child(&self, parent: Id, atom: &Atom) -> Option<Rc<PlanPackage<'a>>> {
        let parent = self.get(parent);
        if parent.package.cpv.cpn.as_str() != atom.name() {
            return None;
        }
        let installed = self.packages.matching(Kind::Installed, atom);
        installed
            .into_iter()
            .find(|choice| choice.slot() == parent.slot() && self.use_matches(atom, choice))
    }
}
