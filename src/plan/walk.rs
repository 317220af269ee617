//! One attempt to walk from the targets through all dependencies (`_emerge/depgraph.py:depgraph`).
//!
//! An attempt starts from what earlier attempts learned ([`Lessons`]) and ends with a graph, or with
//! something to learn from. The state lies here; what is done with it lies in the other files of this
//! folder, one thing each.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::arguments::Argument;
use super::atom::Atom;
use super::graph::Graph;
use super::lessons::{Learned, Lessons};
use super::need::{Depth, Need, Parent, Priority};
use super::options::{Deep, WalkOptions};
use super::tracker::Tracker;
use super::universe::{Choice, Id, Universe};
use crate::pms::Reduced;

/// What is to be looked at next.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// The dependencies of a package.
    Dependencies(Id),
    /// One dependency.
    Need(Need),
}

/// Any-of groups and virtuals of one dependency variable, looked at after everything else.
#[derive(Clone, Debug)]
pub(super) struct Disjunction {
    pub package: Id,
    pub priority: Priority,
    pub nodes: Vec<Reduced<Atom>>,
}

/// Something that keeps emerge from a plan.
#[derive(Clone, Debug)]
pub(super) enum Problem {
    /// Nothing serves an atom.
    Unsatisfied { atom: Atom, parent: Parent },
    /// REQUIRED_USE of a chosen ebuild does not hold.
    RequiredUse { package: Id, parent: Parent },
    /// Packages that wait for each other.
    Circular { packages: Vec<Id> },
}

/// How packages are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// The best that is available.
    Highest,
    /// What the graph has already, else what is installed.
    FromGraph,
}

/// USE of an ebuild as it would have to be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct UseChange {
    /// Flag and the state it must have.
    pub flags: std::collections::BTreeMap<String, bool>,
}

/// What was picked for the atoms of one name; the flags are whether changes of USE may be proposed and
/// whether a target was chosen.
pub(super) type Picks = HashMap<(Atom, bool, bool), Option<Picked>>;

/// The state of one attempt.
pub(super) struct Walk<'u, 'a> {
    pub universe: &'u Universe<'a>,
    pub options: &'u WalkOptions,
    pub lessons: Lessons,
    /// Whether another attempt may follow.
    pub may_retry: bool,

    pub arguments: Vec<Argument>,
    /// Atoms of @selected.
    pub selected: Vec<Atom>,
    pub selection: Selection,
    pub deep: Deep,
    pub complete: bool,
    pub complete_mode: bool,
    pub autounmask: bool,

    pub graph: Graph,
    pub tracker: Tracker,
    pub depths: HashMap<Id, Depth>,
    pub stack: Vec<Task>,
    pub disjunctions: Vec<Disjunction>,
    pub postponed: Vec<Task>,
    pub traversed: HashSet<Id>,
    /// Needs with a slot operator, by name and slot of the child.
    pub slot_operators: Vec<((String, String), Vec<Need>)>,
    pub blockers: Vec<(Id, Atom, Priority)>,
    pub blocked: HashSet<Id>,
    /// Packages that are reinstalled because USE changed.
    pub reinstalled: HashSet<Id>,
    /// Binaries that were passed over for USE or dependencies.
    pub ignored_binaries: HashSet<Id>,
    pub use_changes: HashMap<Id, UseChange>,

    pub learned: Learned,
    pub restart: bool,
    pub skip_restart: bool,
    pub required_use_failed: bool,
    pub only_autounmask_failed: bool,
    pub problems: Vec<Problem>,
    /// The graph could not be completed.
    pub incomplete: bool,
    pub missing_arguments: Vec<Atom>,
    pub orphaned_arguments: Vec<Atom>,
    pub provided_arguments: Vec<Atom>,
    pub unsatisfied: Vec<Need>,

    pub(super) choosing_for: Option<Id>,
    /// The version of a virtual whose dependencies are being chosen.
    pub(super) choosing_in: Option<Id>,
    /// Whether the package that is being chosen is a target under `--onlydeps`.
    pub(super) choosing_target: bool,
    /// What was picked, by name.
    pub(super) highest: RefCell<HashMap<String, Picks>>,
    pub(super) available: RefCell<HashMap<Atom, Vec<Id>>>,
    pub(super) seen: HashMap<String, Vec<Id>>,
    pub(super) virtuals_in_progress: HashSet<Id>,
}

/// A package that was picked for an atom, and whether the graph has it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Picked {
    pub id: Id,
    pub existing: bool,
}

impl<'u, 'a> Walk<'u, 'a> {
    /// An empty graph.
    pub fn new(
        universe: &'u Universe<'a>,
        options: &'u WalkOptions,
        lessons: Lessons,
        may_retry: bool,
    ) -> Walk<'u, 'a> {
        Walk {
            universe,
            options,
            use_changes: lessons.use_changes.clone(),
            lessons,
            may_retry,
            arguments: Vec::new(),
            selected: Vec::new(),
            selection: Selection::Highest,
            deep: options.deep,
            complete: options.complete,
            complete_mode: false,
            autounmask: options.autounmask_use,
            graph: Graph::default(),
            tracker: Tracker::default(),
            depths: HashMap::new(),
            stack: Vec::new(),
            disjunctions: Vec::new(),
            postponed: Vec::new(),
            traversed: HashSet::new(),
            slot_operators: Vec::new(),
            blockers: Vec::new(),
            blocked: HashSet::new(),
            reinstalled: HashSet::new(),
            ignored_binaries: HashSet::new(),
            learned: Learned::default(),
            restart: false,
            skip_restart: false,
            required_use_failed: false,
            only_autounmask_failed: false,
            problems: Vec::new(),
            incomplete: false,
            missing_arguments: Vec::new(),
            orphaned_arguments: Vec::new(),
            provided_arguments: Vec::new(),
            unsatisfied: Vec::new(),
            choosing_for: None,
            choosing_in: None,
            choosing_target: false,
            highest: RefCell::default(),
            available: RefCell::default(),
            seen: HashMap::new(),
            virtuals_in_progress: HashSet::new(),
        }
    }

    /// A package by its place.
    pub fn get(&self, id: Id) -> Rc<Choice<'a>> {
        self.universe.get(id)
    }

    /// Whether a flag is on: as built, or as configured with the changes that are needed.
    pub fn enabled(&self, choice: &Choice<'a>, flag: &str) -> bool {
        let changed = self
            .use_changes
            .get(&choice.id)
            .and_then(|change| change.flags.get(flag));
        changed
            .copied()
            .unwrap_or_else(|| self.universe.facts(choice).enabled(flag))
    }

    /// Whether a package has a flag at all.
    pub fn has_flag(&self, choice: &Choice<'a>, flag: &str) -> bool {
        self.universe.facts(choice).flags.is_valid(flag)
    }

    /// Whether an atom matches, USE dependencies and all.
    pub fn matches(&self, atom: &Atom, choice: &Choice<'a>) -> bool {
        atom.dep.matches(&choice.package.subject()) && self.use_matches(atom, choice)
    }

    /// Whether the USE dependencies of an atom hold.
    pub fn use_matches(&self, atom: &Atom, choice: &Choice<'a>) -> bool {
        let has_required = atom
            .unevaluated
            .required_flags()
            .all(|flag| self.has_flag(choice, flag));
        let state = |flag: &str| {
            self.has_flag(choice, flag)
                .then(|| self.enabled(choice, flag))
        };
        has_required && atom.dep.use_matches(state)
    }

    /// Whether a package may be chosen; what the graph has, may.
    pub fn is_visible(&self, choice: &Choice<'a>) -> bool {
        self.universe.is_visible(choice) || self.graph.has(choice.id)
    }

    /// Whether `--exclude` names a package.
    pub fn is_excluded(&self, choice: &Choice<'a>) -> bool {
        self.universe
            .policy
            .exclude
            .iter()
            .any(|atom| atom.matches(&choice.package.subject()))
    }

    /// Whether `--useoldpkg-atoms` names a package.
    pub fn is_old_package(&self, choice: &Choice<'a>) -> bool {
        self.universe
            .policy
            .useoldpkg
            .iter()
            .any(|atom| atom.matches(&choice.package.subject()))
    }

    /// Whether `--reinstall-atoms` names a package.
    pub fn is_reinstall_atom(&self, choice: &Choice<'a>) -> bool {
        self.options
            .reinstall_atoms
            .iter()
            .any(|atom| atom.matches(&choice.package.subject()))
    }

    /// Whether a depth lies beyond `--deep`.
    pub fn is_too_deep(&self, depth: Depth) -> bool {
        match (depth, self.deep) {
            (None, _) => true,
            (Some(_), Deep::All) => false,
            (Some(depth), Deep::Levels(levels)) => depth > levels,
        }
    }

    /// Depth of a package of the graph.
    pub fn depth_of(&self, id: Id) -> Depth {
        self.depths.get(&id).copied().unwrap_or(Some(0))
    }

    /// Forget what was chosen for a name, since the graph changed.
    pub fn forget(&mut self, name: &str) {
        self.highest.borrow_mut().remove(name);
        self.available.borrow_mut().clear();
    }

    /// Forget everything that was chosen.
    pub fn forget_all(&mut self) {
        self.highest.borrow_mut().clear();
        self.available.borrow_mut().clear();
    }

    /// Whether another attempt is called for.
    pub fn wants_restart(&self) -> bool {
        self.restart && !self.skip_restart
    }
}
