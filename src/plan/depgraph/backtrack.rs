//! Attempt after attempt until the graph is sound, or nothing more can be learned
//! (`portage: depgraph.py:_backtrack_depgraph`, `depgraph._resolve`).

use crate::plan::depgraph::arguments::Argument;
use crate::plan::depgraph::attempt::{Depgraph, Problem};
use crate::plan::depgraph::backtrack_tree::{BacktrackParameters, Backtracker};
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::options::ResolveOptions;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::request::Request;
use crate::pms::Kind;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Ending {
    /// A sound graph.
    Sound,
    /// Something is wrong.
    Failed,
}

/// Walk until an attempt succeeds; gives the last one, and how many there were.
pub(in crate::plan) fn resolve<'u, 'a>(
    packages: &'u PackageDb<'a>,
    options: &'u ResolveOptions,
    request: &Request,
) -> (Depgraph<'u, 'a>, Ending, u32) {
    let retries = if options.nodeps { 0 } else { options.backtrack };
    let may_retry = retries > 0;
    let mut attempts = Backtracker::new(1.max(retries.div_ceil(2)));
    let mut tried = 0;
    let mut count = 0;
    let mut last = None;
    while let Some(parameters) = attempts.next() {
        let mut resolve = Depgraph::new(packages, options, parameters, may_retry);
        let ending = resolve.attempt(request);
        count += 1;
        let done = ending == Ending::Sound
            || resolve.needs_config_change()
            || !may_retry
            || tried >= retries;
        if !done {
            if resolve.wants_restart() {
                tried += 1;
                attempts.feedback(&resolve.feedback);
            } else if attempts.are_left() {
                tried += 1;
            }
        }
        last = Some((resolve, ending));
        if done {
            break;
        }
    }
    match last {
        Some((resolve, Ending::Failed)) if tried > 0 && !resolve.needs_config_change() => {
            let mut resolve = Depgraph::new(packages, options, attempts.best(), false);
            let ending = resolve.attempt(request);
            (resolve, ending, count + 1)
        }
        Some((resolve, ending)) => (resolve, ending, count),
        None => {
            let mut resolve =
                Depgraph::new(packages, options, BacktrackParameters::default(), false);
            let ending = resolve.attempt(request);
            (resolve, ending, 1)
        }
    }
}

impl<'a> Depgraph<'_, 'a> {
    fn attempt(&mut self, request: &Request) -> Ending {
        self.arguments.clone_from(&request.arguments);
        let selected = request.world.iter().filter(|set| set.name == "@selected");
        self.selected = selected.flat_map(|set| set.atoms.clone()).collect();
        if self.options.update {
            self.add_greedy_slots();
        }
        self.add_rebuilds();
        match self.run(&request.world) {
            Ok(()) => Ending::Sound,
            Err(ResolveError) => Ending::Failed,
        }
    }

    /// What earlier attempts want to be built again becomes a target of its own.
    fn add_rebuilds(&mut self) {
        let slots = self.parameters.replaced.iter();
        let atoms: Vec<Atom> = slots
            .filter_map(|(name, slot)| Atom::parse(&format!("{name}:{slot}")))
            .collect();
        if !atoms.is_empty() {
            self.arguments.push(Argument::rebuilds(atoms));
        }
        self.forget_all();
    }

    fn run(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
        self.incomplete = true;
        for position in 0..self.arguments.len() {
            for atom in self.arguments[position].atoms.clone() {
                self.add_target(position, atom)?;
            }
        }
        self.create_graph(false)?;
        if self.may_retry
            && !self.complete
            && !self.tracker.slot_conflicts(self.packages).is_empty()
        {
            self.complete = true;
        }
        self.reach_fixpoint(world)?;
        if self.options.nodeps {
            return self.finish();
        }
        let blocks = self.blocks();
        let is_solvable = blocks.iter().all(|block| !block.unsolvable);
        if !self.complete && is_solvable && self.uninstalls(&blocks) {
            self.complete = true;
            self.reach_fixpoint(world)?;
        }
        if self.blocks().iter().any(|block| block.unsolvable) {
            return Err(ResolveError);
        }
        self.finish()
    }

    /// Complete the graph, solve what conflicts can be solved, and see whether an order exists.
    fn reach_fixpoint(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
        self.incomplete = true;
        self.complete_graph(world)?;
        self.incomplete = false;
        self.process_conflicts();
        match self.options.nodeps {
            true => Ok(()),
            false => self.check_order(),
        }
    }

    fn add_target(&mut self, position: usize, atom: Atom) -> Result<(), ResolveError> {
        if self.is_provided(&atom) {
            self.provided_arguments.push(atom);
            return Ok(());
        }
        let parent = Parent::Argument(position);
        let forgives = self.arguments[position].forgives_missing();
        let Some(choice) = self.pick_target(&atom) else {
            if self
                .all_matching(&atom)
                .iter()
                .any(|choice| self.is_excluded(choice))
            {
                return Ok(());
            }
            if forgives {
                self.missing_arguments.push(atom);
                return Ok(());
            }
            self.problems.push(Problem::Unsatisfied { atom, parent });
            return Err(ResolveError);
        };
        if choice.is_installed()
            && forgives
            && self.replacement_slot(&choice).is_none()
            && !self.is_excluded(&choice)
        {
            self.orphaned_arguments.push(atom.clone());
        }
        if choice.is_installed() && !self.options.selective && !self.is_excluded(&choice) {
            self.problems.push(Problem::Unsatisfied {
                atom: atom.clone(),
                parent,
            });
            let system = self.arguments[position].name == "@system";
            if !forgives && !system {
                return Err(ResolveError);
            }
        }
        let id = match self.options.onlydeps && !self.graph.has(choice.id) {
            true => self.packages.for_dependencies(&choice),
            false => choice.id,
        };
        let mut need = Dependency::new(atom, parent, Some(0), Priority::default());
        need.child = Some(id);
        self.add_package(id, need)
    }

    /// Whether `package.provided` satisfies an atom.
    pub(in crate::plan) fn is_provided(&self, atom: &Atom) -> bool {
        self.packages.is_provided(atom)
    }

    /// What is asked once the graph stands.
    fn finish(&mut self) -> Result<(), ResolveError> {
        let conflicts = !self.tracker.slot_conflicts(self.packages).is_empty();
        if conflicts || self.may_retry && !self.feedback.slot_conflicts.is_empty() {
            return Err(ResolveError);
        }
        if self.wants_restart() {
            return Err(ResolveError);
        }
        if !self.parameters.without_rebuilds && self.has_useless_ignored_binaries() {
            self.feedback.config = true;
            self.feedback.without_rebuilds = true;
            self.restart = true;
            return Err(ResolveError);
        }
        if !self.parameters.replaced.is_empty() {
            self.drop_useless_rebuilds();
        }
        if self.has_use_changes() {
            self.only_autounmask_failed = true;
            return Err(ResolveError);
        }
        Ok(())
    }

    /// Whether USE of some package of the graph would have to be changed.
    pub fn has_use_changes(&self) -> bool {
        self.use_changes.keys().any(|id| self.graph.has(*id))
    }

    /// Whether the user has to change something before another attempt makes sense.
    pub fn needs_config_change(&self) -> bool {
        self.only_autounmask_failed
            || self.required_use_failed
            || self.may_retry && self.has_use_changes()
    }

    /// With USE changes, an ignored binary may fit after all.
    fn has_useless_ignored_binaries(&self) -> bool {
        if !self.may_retry || self.use_changes.is_empty() {
            return false;
        }
        self.ignored_binaries
            .iter()
            .map(|id| self.get(*id))
            .any(|binary| {
                let changed = self
                    .use_changes
                    .keys()
                    .map(|id| self.get(*id))
                    .find(|choice| {
                        self.graph.has(choice.id) && choice.slot_key() == binary.slot_key()
                    });
                changed.is_some_and(|changed| {
                    !changed.order(&binary).is_gt()
                        && changed.package.iuse().all(|flag| {
                            self.enabled(&changed, flag.flag)
                                == self.packages.facts(&binary).flags.built_with(flag.flag)
                        })
                })
            })
    }

    /// Updating a single package updates its other installed slots too
    /// (`portage: depgraph.py:depgraph._greedy_slots`).
    fn add_greedy_slots(&mut self) {
        let mut all = Vec::new();
        for argument in self.arguments.clone() {
            let more = if argument.is_atom {
                self.greedy_slots(&argument)
            } else {
                Vec::new()
            };
            all.push(argument);
            all.extend(more);
        }
        self.arguments = all;
        self.forget_all();
    }

    fn greedy_slots(&mut self, argument: &Argument) -> Vec<Argument> {
        let Some(atom) = argument.atoms.first().cloned() else {
            return Vec::new();
        };
        let Some(highest) = self.pick_target(&atom) else {
            return Vec::new();
        };
        let mut slots: Vec<String> = Vec::new();
        for installed in self.packages.matching(Kind::Installed, &atom) {
            let slot = installed.slot().to_owned();
            if slot != highest.slot() && !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        let name = highest.package.cpv.cpn.as_str().to_owned();
        let mut greedy = Vec::new();
        for slot in slots {
            let Some(slot_atom) = Atom::parse(&format!("{name}:{slot}")) else {
                continue;
            };
            let Some(choice) = self.pick_target(&slot_atom) else {
                continue;
            };
            if choice.order(&highest).is_lt() && !self.block_each_other(&choice, &highest) {
                greedy.push(Argument::atom(&argument.name, slot_atom));
            }
        }
        greedy
    }

    fn block_each_other(
        &self,
        one: &std::rc::Rc<crate::plan::packages::package_db::PlanPackage<'a>>,
        other: &std::rc::Rc<crate::plan::packages::package_db::PlanPackage<'a>>,
    ) -> bool {
        let blocks =
            |holder: &crate::plan::packages::package_db::PlanPackage<'a>,
             blocked: &crate::plan::packages::package_db::PlanPackage<'a>| {
                crate::check::deps::KEYS.iter().any(|key| {
                    let nodes = self.reduced_deps(holder, *key).unwrap_or_default();
                    nodes.iter().any(|node| match node {
                        crate::pms::Reduced::Leaf(atom) => {
                            atom.is_blocker() && self.matches(atom, blocked)
                        }
                        _ => false,
                    })
                })
            };
        blocks(one, other) || blocks(other, one)
    }
}
