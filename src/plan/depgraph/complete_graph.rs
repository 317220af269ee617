//! The rest of the installed system is looked at when something installed will change
//! (`portage: depgraph.py:depgraph._complete_graph`).

use crate::plan::depgraph::arguments::Argument;
use crate::plan::depgraph::attempt::{Depgraph, Selection};
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::options::Deep;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::Kind;

impl<'a> Depgraph<'_, 'a> {
    /// Add what the world set needs, so that nothing that is installed breaks unnoticed.
    pub fn complete_graph(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
        if self.options.nodeps {
            return Ok(());
        }
        if !self.complete {
            self.complete = self
                .graph
                .packages()
                .iter()
                .any(|id| self.changes_system(*id));
        }
        if !self.complete {
            return Ok(());
        }
        self.complete_mode = true;
        self.selection = Selection::FromGraph;
        let already_deep = self.deep == Deep::All;
        self.deep = Deep::All;
        self.forget_all();
        let covered = already_deep && world.iter().all(|set| self.is_argument_set(set));
        if !(covered && self.postponed.is_empty() && self.stack.is_empty()) {
            self.add_world(world);
        }
        self.add_all_arguments()?;
        self.stack.append(&mut self.postponed);
        self.create_graph(true)?;
        self.add_broken()
    }

    fn is_argument_set(&self, set: &Argument) -> bool {
        self.arguments
            .iter()
            .any(|argument| argument.name == set.name)
    }

    fn add_world(&mut self, world: &[Argument]) {
        for set in world {
            if !self.is_argument_set(set) {
                self.arguments.push(Argument {
                    reset_depth: false,
                    ..set.clone()
                });
            }
        }
    }

    fn add_all_arguments(&mut self) -> Result<(), ResolveError> {
        for position in 0..self.arguments.len() {
            for atom in self.arguments[position].atoms.clone() {
                let need =
                    Dependency::new(atom, Parent::Argument(position), None, Priority::default());
                self.add_need(need, true)?;
            }
        }
        Ok(())
    }

    /// Dependencies that were satisfied and would no longer be: the installed package goes into the
    /// graph, where it shows as a conflict.
    fn add_broken(&mut self) -> Result<(), ResolveError> {
        while let Some(mut need) = self.unsatisfied.pop() {
            let installed = self.packages.matching(Kind::Installed, &need.atom);
            let Some(choice) = installed
                .into_iter()
                .find(|choice| self.use_matches(&need.atom, choice))
            else {
                continue; // it never was
            };
            if self.may_retry && !self.wants_installed(&choice) && need.atom.is_built() {
                need.child = Some(choice.id);
                if let Some(new) = self.find_rebuild(&need, false, false) {
                    self.learn_rebuild(&need, None, Some(new.parent));
                    continue;
                }
            }
            self.add_package(choice.id, need)?;
            self.create_graph(true)?;
        }
        Ok(())
    }

    /// Whether installing a package changes version, slot or USE of something installed.
    fn changes_system(&self, id: Id) -> bool {
        let choice = self.get(id);
        if !choice.is_merge() {
            return false;
        }
        let family = self.packages.family(choice.package.cpv.cpn.as_str());
        let installed = family.of(Kind::Installed);
        if installed.is_empty() {
            return false;
        }
        let options = self.options;
        if let Some(old) = installed.iter().find(|old| old.slot() == choice.slot()) {
            let moved = !old.same_version(&choice) || old.sub_slot() != choice.sub_slot();
            if options.complete_if_new_version && moved
                || options.complete_if_new_use && self.changes_use(old, &choice)
            {
                return true;
            }
        }
        options.rebuild_if_new_slot
            && installed
                .iter()
                .all(|old| old.slot() != choice.slot() || old.sub_slot() != choice.sub_slot())
    }

    fn changes_use(&self, old: &PlanPackage<'a>, new: &PlanPackage<'a>) -> bool {
        let flags = |choice: &PlanPackage<'a>| -> std::collections::BTreeSet<String> {
            choice
                .package
                .iuse()
                .map(|flag| flag.flag.to_owned())
                .collect()
        };
        let (before, after) = (flags(old), flags(new));
        before != after
            || after
                .iter()
                .any(|flag| self.enabled(old, flag) != self.enabled(new, flag))
    }
}
