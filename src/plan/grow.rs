//! The graph grows: packages are added, and their dependencies looked at
//! (`portage: depgraph.py:depgraph._create_graph`, `._add_pkg`, `._add_dep`, `._add_pkg_deps`).

use std::rc::Rc;

use super::atom::Atom;
use super::need::{Depth, Need, Parent, Priority};
use super::universe::{Choice, Id};
use super::walk::{Disjunction, Problem, Task, Walk};
use crate::pms::{Key, Kind, Reduced, RequiredUse};

/// The walk cannot go on: an error, or something to learn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stuck;

impl<'a> Walk<'_, 'a> {
    /// Look at everything that waits; `allow_unsatisfied` collects what nothing serves.
    pub fn grow(&mut self, allow_unsatisfied: bool) -> Result<(), Stuck> {
        loop {
            while let Some(task) = self.stack.pop() {
                match task {
                    Task::Dependencies(id) => self.add_dependencies(id, allow_unsatisfied)?,
                    Task::Need(need) => self.add_need(need, allow_unsatisfied)?,
                }
            }
            let Some(next) = self.disjunctions.pop() else {
                return Ok(());
            };
            self.add_nodes(next.package, next.priority, next.nodes, allow_unsatisfied)?;
        }
    }

    /// Serve one need.
    pub fn add_need(&mut self, mut need: Need, allow_unsatisfied: bool) -> Result<(), Stuck> {
        if need.atom.is_blocker() {
            if let Parent::Package(parent) = need.parent
                && !need.priority.optional
                && !self.options.nodeps
            {
                self.blockers.push((parent, need.atom, need.priority));
            }
            return Ok(());
        }
        let child = match need.child {
            Some(child) => Some(child),
            None => self.pick(&need.atom, None).map(|picked| picked.id),
        };
        let Some(child) = child else {
            return self.unserved(need, allow_unsatisfied);
        };
        need.child = Some(child);
        self.add_package(child, need)
    }

    /// Nothing serves a need.
    fn unserved(&mut self, need: Need, allow_unsatisfied: bool) -> Result<(), Stuck> {
        if need.priority.optional || need.collapsed_optional {
            return Ok(());
        }
        if allow_unsatisfied {
            self.unsatisfied.push(need);
            return Ok(());
        }
        let parent = need.parent.package().map(|id| self.get(id));
        if self.complete_mode
            && parent
                .as_ref()
                .is_some_and(|parent| self.is_beyond_request(parent))
            && self.pick_installed(&need.atom).is_none()
        {
            return Ok(());
        }
        self.problems.push(Problem::Unsatisfied {
            atom: need.atom.clone(),
            parent: need.parent,
        });
        if !self.may_retry {
            return Err(Stuck);
        }
        let Some(parent) = parent else {
            return Err(Stuck);
        };
        let masked = self.lessons.masked.contains_key(&parent.id);
        if !masked && need.atom.is_built() && self.can_rebuild_for(&need, &parent) {
            self.learn_unserved_rebuild(&parent);
            return Ok(());
        }
        if parent.is_installed() && masked && self.all_matching(&need.atom).is_empty() {
            return Ok(());
        }
        if self.pick(&need.atom.without_use(), None).is_none() {
            self.learned.missing_dependency = Some(parent.id);
            self.restart = true;
        }
        Err(Stuck)
    }

    /// Whether an installed package lies deeper than the user asked to look.
    fn is_beyond_request(&self, parent: &Choice<'a>) -> bool {
        let beyond = match (self.depth_of(parent.id), self.options.deep) {
            (None, _) => true,
            (Some(_), super::options::Deep::All) => false,
            (Some(depth), super::options::Deep::Levels(levels)) => depth >= levels,
        };
        parent.is_installed() && beyond
    }

    /// Add a package for a need.
    pub fn add_package(&mut self, id: Id, mut need: Need) -> Result<(), Stuck> {
        let mut choice = self.get(id);
        self.check_required_use(&choice, &need)?;
        let mut known = self.graph.has(id);
        let name = choice.package.cpv.cpn.as_str().to_owned();
        if let Some(existing) = self
            .tracker
            .in_slot(self.universe, &name, choice.slot())
            .into_iter()
            .next()
        {
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
        if !known {
            self.tracker.add(&choice);
            self.forget(&name);
        }
        let id = choice.id;
        if need.parent != Parent::Package(id) || need.priority.buildtime && !self.is_served(&need) {
            self.graph.add(id, Some(need.parent));
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
        if need.atom.has_slot_operator() {
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

    fn queue_dependencies(&mut self, choice: &Choice<'a>, depth: Depth, known: bool) {
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

    fn note_slot_operator(&mut self, choice: &Choice<'a>, need: Need) {
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
    fn check_required_use(&mut self, choice: &Rc<Choice<'a>>, need: &Need) -> Result<(), Stuck> {
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
        Err(Stuck)
    }

    fn is_replaced_by_parent(&self, choice: &Choice<'a>, parent: Parent) -> bool {
        let Some(parent) = parent.package().map(|id| self.get(id)) else {
            return false;
        };
        choice.is_installed() && parent.slot_key() == choice.slot_key()
    }

    fn is_served(&self, need: &Need) -> bool {
        let installed = self.universe.matching(Kind::Installed, &need.atom);
        installed
            .iter()
            .any(|choice| self.use_matches(&need.atom, choice))
    }

    /// Look at all dependencies of a package.
    fn add_dependencies(&mut self, id: Id, allow_unsatisfied: bool) -> Result<(), Stuck> {
        let choice = self.get(id);
        let built = choice.package.is_built();
        let runtime = Priority {
            runtime: true,
            ..Priority::default()
        };
        let buildtime = Priority {
            buildtime: true,
            optional: built,
            ..Priority::default()
        };
        let skip_build = built && !self.universe.policy.bdeps;
        let order = [
            (Key::Rdepend, runtime),
            (Key::Idepend, runtime),
            (Key::Pdepend, runtime),
            (Key::Depend, buildtime),
            (Key::Bdepend, buildtime),
        ];
        for (key, priority) in order {
            if priority.buildtime && skip_build || choice.package.metadata.text(key).is_empty() {
                continue;
            }
            let Some(nodes) = self.reduced_deps(&choice, key) else {
                continue;
            };
            let plain = self.queue_disjunctions(id, priority, nodes);
            if !plain.is_empty() {
                self.add_nodes(id, priority, plain, allow_unsatisfied)?;
            }
        }
        self.traversed.insert(id);
        Ok(())
    }

    /// Put any-of groups and virtuals aside, so that everything plain is chosen before them.
    fn queue_disjunctions(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
    ) -> Vec<Reduced<Atom>> {
        let (mut plain, mut aside) = (Vec::new(), Vec::new());
        split(nodes, &mut plain, &mut aside);
        if !aside.is_empty() {
            self.disjunctions.push(Disjunction {
                package: id,
                priority,
                nodes: aside,
            });
        }
        plain
    }

    fn add_nodes(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
        allow_unsatisfied: bool,
    ) -> Result<(), Stuck> {
        let autounmask = self.autounmask;
        self.autounmask &= !priority.optional;
        let result = self.add_selected(id, priority, nodes, allow_unsatisfied);
        self.autounmask = autounmask;
        result
    }

    fn add_selected(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
        allow_unsatisfied: bool,
    ) -> Result<(), Stuck> {
        let depth = self.depth_of(id).map(|depth| depth + 1);
        let selected = self.select_atoms(id, nodes, priority);
        let mut led_to: Vec<Id> = Vec::new();
        for (atom, child) in self.distribute(id, &selected.direct) {
            let need = Need {
                child,
                ..Need::new(atom.clone(), Parent::Package(id), depth, priority)
            };
            self.follow(id, need, &atom, depth, allow_unsatisfied, &mut led_to)?;
        }
        for (need, atoms) in selected.virtuals {
            let Some(of) = need.child.filter(|child| led_to.contains(child)) else {
                continue;
            };
            let depth = need.depth;
            self.add_package(
                of,
                Need {
                    atom: original(&need.atom),
                    ..need
                },
            )?;
            let runtime = Priority {
                runtime: true,
                ..Priority::default()
            };
            for (atom, child) in self.distribute(id, &atoms) {
                let mut need = Need {
                    child,
                    ..Need::new(atom.clone(), Parent::Package(of), depth, runtime)
                };
                need.collapsed_optional = priority.optional;
                self.follow(id, need, &atom, depth, allow_unsatisfied, &mut led_to)?;
            }
        }
        Ok(())
    }

    /// Serve one selected atom, unless it is satisfied and nothing asks to look at it.
    fn follow(
        &mut self,
        package: Id,
        mut need: Need,
        atom: &Atom,
        depth: Depth,
        allow_unsatisfied: bool,
        led_to: &mut Vec<Id>,
    ) -> Result<(), Stuck> {
        if atom.is_blocker() && need.priority.optional {
            return Ok(());
        }
        need.atom = original(atom);
        let child = need.child;
        if self.can_be_left(package, &need, depth) {
            need.child = None;
            self.postponed.push(Task::Need(need));
            return Ok(());
        }
        if atom.original.is_some() {
            led_to.extend(child);
        }
        self.add_need(need, allow_unsatisfied)
    }

    /// Whether a dependency that an installed package satisfies need not be looked at further
    /// (`portage: depgraph.py:depgraph._ignore_dependency`).
    fn can_be_left(&self, package: Id, need: &Need, depth: Depth) -> bool {
        let Some(child) = need.child.map(|id| self.get(id)) else {
            return false;
        };
        if need.atom.is_blocker() || !self.is_too_deep(depth) || child.is_installed() {
            return false;
        }
        let Some(satisfied) = self.satisfying(need, &child) else {
            return false;
        };
        if !self.universe.is_visible(&satisfied)
            || self.is_slot_operator_rebuild(package, need, &child, &satisfied)
        {
            return false;
        }
        let (name, slot) = child.slot_key();
        self.tracker.in_slot(self.universe, name, slot).is_empty() && !self.is_argument(&child)
    }

    /// The installed package that satisfies a need already.
    fn satisfying(&self, need: &Need, child: &Choice<'a>) -> Option<Rc<Choice<'a>>> {
        let mut installed = self.universe.matching(Kind::Installed, &need.atom);
        installed.retain(|choice| {
            self.use_matches(&need.atom, choice) && !self.is_reinstall_atom(choice)
        });
        if need.atom.has_slot_operator() {
            installed.retain(|choice| {
                choice.slot() == child.slot() && choice.sub_slot() == child.sub_slot()
            });
        }
        let visible = installed
            .iter()
            .find(|choice| self.is_visible(choice))
            .cloned();
        visible.or_else(|| installed.into_iter().next())
    }

    fn is_slot_operator_rebuild(
        &self,
        package: Id,
        need: &Need,
        child: &Choice<'a>,
        satisfied: &Choice<'a>,
    ) -> bool {
        let parent = self.get(package);
        let (name, slot) = parent.slot_key();
        need.atom.has_slot_operator()
            && self
                .lessons
                .replaced
                .contains(&(name.to_owned(), slot.to_owned()))
            && (child.slot() != satisfied.slot() || child.sub_slot() != satisfied.sub_slot())
    }
}

/// The atom that a version of a virtual stands in for, else the atom itself.
fn original(atom: &Atom) -> Atom {
    atom.original
        .as_ref()
        .map_or_else(|| atom.clone(), |original| (**original).clone())
}

fn split(
    nodes: Vec<Reduced<Atom>>,
    plain: &mut Vec<Reduced<Atom>>,
    aside: &mut Vec<Reduced<Atom>>,
) {
    for node in nodes {
        match node {
            Reduced::AnyOf(_) => aside.push(node),
            Reduced::AllOf(nodes) => split(nodes, plain, aside),
            Reduced::Leaf(ref atom) if atom.is_virtual() => aside.push(node),
            Reduced::Leaf(_) | Reduced::EmptyAnyOf => plain.push(node),
        }
    }
}
