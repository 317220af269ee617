//! One package comes into the graph (`portage: depgraph.py:depgraph._add_pkg`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::{Depgraph, Problem, Task};
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::graph::dependency::{Dependency, Depth, Parent};
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::{Key, RequiredUse};

impl<'a> Depgraph<'_, 'a> {
    /// Add a package for a need.
    pub fn add_package(&mut self, id: Id, mut need: Dependency) -> Result<(), ResolveError> {
        let mut choice = self.get(id);
        self.check_required_use(&choice, &need)?;
        let mut known = self.graph.has(id);
        let name = choice.package.cpv.cpn.as_str().to_owned();
        let existing = match choice.onlydeps {
            true => None,
            false => self
                .tracker
                .in_slot(self.packages, &name, choice.slot())
                .into_iter()
                .next(),
        };
        if let Some(existing) = existing {
            let same = if existing.id == id {
                existing.package.cpv == choice.package.cpv
            } else {
                self.matches(&need.atom, &existing)
            };
            if same {
                if existing.id != id {
                    choice = existing;
                    known = true;
                }
            } else if self.is_replaced_by_parent(&choice, need.parent) {
                return Ok(());
            }
        }
        if !known && !choice.onlydeps {
            self.tracker.add(&choice);
            self.forget(&name);
        }
        let id = choice.id;
        let to_itself = need.parent == Parent::Package(id);
        if !to_itself || need.priority.buildtime && !need.priority.satisfied {
            self.graph.add(id, Some(need.parent));
            self.graph
                .add_strength(need.parent, id, need.priority.strength());
            self.graph.add_atom(id, need.parent, &need.atom);
        }
        self.graph.add(id, None);
        let arguments = self.arguments_for(&choice);
        for (position, atom) in &arguments {
            self.graph.add(id, Some(Parent::Argument(*position)));
            self.graph.add_atom(id, Parent::Argument(*position), atom);
        }
        let resets = arguments
            .iter()
            .any(|(position, _)| self.arguments[*position].reset_depth);
        let depth = self.note_depth(id, need.depth, known, resets);
        need.want_update = !self.complete_mode
            && (!arguments.is_empty() || self.options.update)
            && !self.is_too_deep(depth);
        need.child = Some(id);
        if need.atom.has_slot_operator() && !choice.onlydeps {
            self.note_slot_operator(&choice, need);
        }
        self.queue_dependencies(&choice, depth, known);
        Ok(())
    }

    fn note_depth(&mut self, id: Id, depth: Depth, known: bool, resets: bool) -> Depth {
        let mut depth = if resets { Some(0) } else { depth };
        if known
            && depth != Some(0)
            && let Some(Some(before)) = self.depths.get(&id)
        {
            depth = Some(depth.map_or(*before, |depth| depth.min(*before)));
        }
        self.depths.insert(id, depth);
        depth
    }

    fn queue_dependencies(&mut self, choice: &PlanPackage<'a>, depth: Depth, known: bool) {
        if self.options.nodeps || known {
            return;
        }
        let task = Task::Dependencies(choice.id);
        if choice.is_installed() && self.is_too_deep(depth.map(|depth| depth + 1)) {
            self.postponed.push(task);
        } else {
            self.stack.push(task);
        }
    }

    fn note_slot_operator(&mut self, choice: &PlanPackage<'a>, need: Dependency) {
        let (name, slot) = choice.slot_key();
        let key = (name.to_owned(), slot.to_owned());
        match self
            .slot_operators
            .iter_mut()
            .find(|(known, _)| *known == key)
        {
            Some((_, needs)) => needs.push(need),
            None => self.slot_operators.push((key, vec![need])),
        }
    }

    /// REQUIRED_USE is looked at once a package was chosen; it does not steer the choice.
    fn check_required_use(
        &mut self,
        choice: &Rc<PlanPackage<'a>>,
        need: &Dependency,
    ) -> Result<(), ResolveError> {
        let text = choice.package.metadata.text(Key::RequiredUse);
        if choice.package.is_built() || text.is_empty() {
            return Ok(());
        }
        let enabled = |flag: &str| self.enabled(choice, flag);
        let holds = RequiredUse::parse(text, choice.package.eapi)
            .is_ok_and(|required| required.is_met(&enabled));
        if holds {
            return Ok(());
        }
        self.problems.push(Problem::RequiredUse {
            package: choice.id,
            parent: need.parent,
        });
        self.required_use_failed = true;
        self.skip_restart = true;
        self.graph.add(choice.id, Some(need.parent));
        Err(ResolveError)
    }

    fn is_replaced_by_parent(&self, choice: &PlanPackage<'a>, parent: Parent) -> bool {
        let Some(parent) = parent.package().map(|id| self.get(id)) else {
            return false;
        };
        choice.is_installed() && parent.slot_key() == choice.slot_key()
    }
}
