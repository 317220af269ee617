//! One attempt to walk from the targets through all dependencies (`_emerge/depgraph.py:depgraph`).
//!
//! An attempt starts from what earlier attempts learned ([`BacktrackParameters`]) and ends with a graph, or with
//! something to learn from. The state lies here; what is done with it lies in the other files of this
//! folder, one thing each.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::plan::depgraph::arguments::Argument;
use crate::plan::depgraph::backtrack_tree::{BacktrackParameters, Feedback};
use crate::plan::graph::dependency::{Dependency, Depth, Parent, Priority};
use crate::plan::graph::digraph::Digraph;
use crate::plan::graph::package_tracker::PackageTracker;
use crate::plan::options::{Deep, ResolveOptions};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PackageDb, PlanPackage};
use crate::pms::Reduced;

/// What is to be looked at next.
#[derive(Clone, Debug)]
pub(in crate::plan) enum Task {
    /// The dependencies of a package.
    Dependencies(Id),
    /// One dependency.
    Dependency(Dependency),
}

/// Any-of groups and virtuals of one dependency variable, looked at after everything else.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Disjunction {
    pub package: Id,
    pub priority: Priority,
    pub nodes: Vec<Reduced<Atom>>,
}

/// Something that keeps emerge from a plan.
#[derive(Clone, Debug)]
pub(in crate::plan) enum Problem {
    /// Nothing serves an atom.
    Unsatisfied { atom: Atom, parent: Parent },
    /// REQUIRED_USE of a chosen ebuild does not hold.
    RequiredUse { package: Id, parent: Parent },
    /// Packages that wait for each other.
    Circular { packages: Vec<Id> },
}

/// How packages are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Selection {
    /// The best that is available.
    Highest,
    /// What the graph has already, else what is installed.
    FromGraph,
}

/// USE of an ebuild as it would have to be changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct UseChange {
    /// Flag and the state it must have.
    pub flags: std::collections::BTreeMap<String, bool>,
}

/// What was picked for the atoms of one name; the flags are whether changes of USE may be proposed and
/// whether a target was chosen.
pub(in crate::plan) type Picks = HashMap<(Atom, bool, bool), Option<Picked>>;

/// The state of one attempt.
pub(in crate::plan) struct Depgraph<'u, 'a> {
    pub packages: &'u PackageDb<'a>,
    pub options: &'u ResolveOptions,
    pub parameters: BacktrackParameters,
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

    pub graph: Digraph,
    pub tracker: PackageTracker,
    pub depths: HashMap<Id, Depth>,
    pub stack: Vec<Task>,
    pub disjunctions: Vec<Disjunction>,
    pub postponed: Vec<Task>,
    pub traversed: HashSet<Id>,
    /// Needs with a slot operator, by name and slot of the child.
    pub slot_operators: Vec<((String, String), Vec<Dependency>)>,
    pub blockers: Vec<(Id, Atom, Priority)>,
    pub blocked: HashSet<Id>,
    /// Packages that are reinstalled because USE changed.
    pub reinstalled: HashSet<Id>,
    /// Binaries that were passed over for USE or dependencies.
    pub ignored_binaries: HashSet<Id>,
    pub use_changes: HashMap<Id, UseChange>,

    pub feedback: Feedback,
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
    pub unsatisfied: Vec<Dependency>,

    pub(in crate::plan) choosing_for: Option<Id>,
    /// The version of a virtual whose dependencies are being chosen.
    pub(in crate::plan) choosing_in: Option<Id>,
    /// Whether the package that is being chosen is a target under `--onlydeps`.
    pub(in crate::plan) choosing_target: bool,
    /// What was picked, by name.
    pub(in crate::plan) highest: RefCell<HashMap<String, Picks>>,
    pub(in crate::plan) available: RefCell<HashMap<Atom, Vec<Id>>>,
    pub(in crate::plan) seen: HashMap<String, Vec<Id>>,
    pub(in crate::plan) virtuals_in_progress: HashSet<Id>,
}

/// A package that was picked for an atom, and whether the graph has it already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) struct Picked {
    pub id: Id,
    pub existing: bool,
}

impl<'u, 'a> Depgraph<'u, 'a> {
    /// An empty graph.
    pub fn new(
        packages: &'u PackageDb<'a>,
        options: &'u ResolveOptions,
        parameters: BacktrackParameters,
        may_retry: bool,
    ) -> Depgraph<'u, 'a> {
        Depgraph {
            packages,
            options,
            use_changes: parameters.use_changes.clone(),
            parameters,
            may_retry,
            arguments: Vec::new(),
            selected: Vec::new(),
            selection: Selection::Highest,
            deep: options.deep,
            complete: options.complete,
            complete_mode: false,
            autounmask: options.autounmask_use,
            graph: Digraph::default(),
            tracker: PackageTracker::default(),
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
            feedback: Feedback::default(),
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
    pub fn get(&self, id: Id) -> Rc<PlanPackage<'a>> {
        self.packages.get(id)
    }

    /// Whether a flag is on: as built, or as configured with the changes that are needed.
    pub fn enabled(&self, choice: &PlanPackage<'a>, flag: &str) -> bool {
        let changed = self
            .use_changes
            .get(&choice.id)
            .and_then(|change| change.flags.get(flag));
        changed
            .copied()
            .unwrap_or_else(|| self.packages.facts(choice).enabled(flag))
    }

    /// Whether a package has a flag at all.
    pub fn has_flag(&self, choice: &PlanPackage<'a>, flag: &str) -> bool {
        self.packages.facts(choice).flags.is_valid(flag)
    }

    /// Whether an atom matches, USE dependencies and all.
    pub fn matches(&self, atom: &Atom, choice: &PlanPackage<'a>) -> bool {
        atom.dep.matches(&choice.package.subject()) && self.use_matches(atom, choice)
    }

    /// Whether the USE dependencies of an atom hold.
    pub fn use_matches(&self, atom: &Atom, choice: &PlanPackage<'a>) -> bool {
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
    pub fn is_visible(&self, choice: &PlanPackage<'a>) -> bool {
        self.packages.is_visible(choice) || self.graph.has(choice.id)
    }

    /// Whether `--exclude` names a package.
    pub fn is_excluded(&self, choice: &PlanPackage<'a>) -> bool {
        self.packages
            .policy
            .exclude
            .iter()
            .any(|atom| atom.matches(&choice.package.subject()))
    }

    /// Whether `--useoldpkg-atoms` names a package.
    pub fn is_old_package(&self, choice: &PlanPackage<'a>) -> bool {
        self.packages
            .policy
            .useoldpkg
            .iter()
            .any(|atom| atom.matches(&choice.package.subject()))
    }

    /// Whether `--reinstall-atoms` names a package.
    pub fn is_reinstall_atom(&self, choice: &PlanPackage<'a>) -> bool {
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
