//! One attempt to resolve the targets and all their dependencies (`portage: depgraph.py:depgraph`).
//!
//! An attempt starts from what earlier attempts found out ([`BacktrackParameters`]) and ends with a graph,
//! or with feedback for the next one. The state lies here, in parts that each have one owner; what is done
//! with it lies in the other files of this folder, one thing each.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::depgraph::blockers::Blockers;
use crate::plan::depgraph::outcome::Outcome;
use crate::plan::depgraph::rebuild_triggers::BuildGraph;
use crate::plan::depgraph::slot_operators::SlotOperators;
use crate::plan::depgraph::worklist::Worklist;
use crate::plan::graph::dependency::Parent;
use crate::plan::graph::digraph::Digraph;
use crate::plan::graph::package_tracker::{PackageTracker, SlotConflict};
use crate::plan::options::ResolveOptions;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::goal::Goal;
use crate::plan::select::memo::Memo;
use crate::plan::select::parameters::BacktrackParameters;
use crate::plan::select::query::{Autounmask, Purpose, Query};
use crate::plan::select::selector::Selector;

/// Whether another attempt may follow (`portage: _dynamic_depgraph_config._allow_backtracking`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum Retry {
    /// It may: what is wrong is worth finding out.
    Allowed,
    /// This one is the last.
    Never,
}

/// The state of one attempt.
pub(in crate::plan) struct Depgraph<'u, 'a> {
    /// All packages.
    pub packages: &'u PackageDb<'a>,
    /// Options of the run.
    pub options: &'u ResolveOptions,
    /// What earlier attempts found out.
    pub parameters: BacktrackParameters,
    /// Whether another attempt may follow.
    pub retry: Retry,
    /// What is resolved for.
    pub goal: Goal,
    /// Packages and targets with their edges.
    pub graph: Digraph,
    /// Who occupies which slot.
    pub tracker: PackageTracker,
    /// What was selected so far.
    pub memo: Memo,
    /// What is still to be looked at.
    pub worklist: Worklist,
    /// What is noted beside the graph.
    pub records: Records,
    /// Whether changes of the configuration are proposed.
    pub proposals: Autounmask,
    /// What was found out.
    pub outcome: Outcome,
}

/// What an attempt notes beside the graph.
#[derive(Debug, Default)]
pub(in crate::plan) struct Records {
    /// Dependencies with a slot operator.
    pub slot_operators: SlotOperators,
    /// Blockers of the graph.
    pub blockers: Blockers,
    /// What built packages were built with, for `--rebuild-if-unbuilt` and its like.
    pub built_with: BuildGraph,
    /// Packages that were given up in a conflict for what others ask.
    pub given_up: BTreeMap<Id, Vec<(Parent, Atom)>>,
}

impl<'u, 'a> Depgraph<'u, 'a> {
    /// An empty graph.
    pub fn new(
        packages: &'u PackageDb<'a>,
        options: &'u ResolveOptions,
        parameters: BacktrackParameters,
        retry: Retry,
        goal: Goal,
    ) -> Depgraph<'u, 'a> {
        Depgraph {
            packages,
            options,
            proposals: match options.backtrack.autounmask {
                Some(_) => Autounmask::Propose,
                None => Autounmask::Off,
            },
            outcome: Outcome::new(parameters.use_changes.clone(), parameters.unmasks.clone()),
            parameters,
            retry,
            goal,
            graph: Digraph::default(),
            tracker: PackageTracker::default(),
            memo: Memo::default(),
            worklist: Worklist::default(),
            records: Records::default(),
        }
    }

    /// The view from which packages are selected.
    pub fn selector(&self) -> Selector<'_, 'a> {
        Selector {
            packages: self.packages,
            options: self.options,
            parameters: &self.parameters,
            goal: &self.goal,
            graph: &self.graph,
            tracker: &self.tracker,
            use_changes: &self.outcome.use_changes,
            unmasks: &self.outcome.unmasks,
            memo: &self.memo,
        }
    }

    /// A package with its id.
    pub fn get(&self, id: Id) -> Rc<PlanPackage<'a>> {
        self.packages.get(id)
    }

    /// Select a package; what the selection proposes besides is taken in.
    pub fn select(&mut self, query: &Query<'_>) -> Option<Id> {
        let selected = self.selector().select(query);
        self.outcome.take(selected)
    }

    /// Select a package for an atom; USE may be changed for it where the user allows proposals.
    pub fn pick(&mut self, atom: &Atom) -> Option<Id> {
        self.select(&Query {
            autounmask: self.autounmask(),
            ..Query::new(atom)
        })
    }

    /// Select a package for a dependency that no package was selected for before.
    pub fn pick_unselected(&mut self, atom: &Atom) -> Option<Id> {
        self.select(&Query {
            autounmask: self.autounmask(),
            purpose: Purpose::Unselected,
            ..Query::new(atom)
        })
    }

    /// Select the package of a target; under `--onlydeps` it is there for its dependencies alone.
    pub fn pick_target(&mut self, atom: &Atom) -> Option<Rc<PlanPackage<'a>>> {
        let purpose = if self.options.deps.onlydeps {
            Purpose::Dependencies
        } else {
            Purpose::Merge
        };
        let picked = self.select(&Query {
            autounmask: self.autounmask(),
            purpose,
            ..Query::new(atom)
        });
        picked.map(|id| self.get(id))
    }

    /// Whether changes of the configuration are proposed.
    pub fn autounmask(&self) -> Autounmask {
        self.proposals
    }

    /// Whether slot conflicts and blockers do not matter, since nothing is installed. Never while
    /// another attempt may solve them (`portage: depgraph.py:depgraph._accept_blocker_conflicts`).
    pub fn accepts_conflicts(&self) -> bool {
        let options = self.options;
        !self.may_retry()
            && (options.build.buildpkgonly || options.build.fetchonly || options.deps.nodeps)
    }

    /// Whether another attempt may follow.
    pub fn may_retry(&self) -> bool {
        self.retry == Retry::Allowed
    }

    /// Slots for which the graph has more than one package.
    pub fn slot_conflicts(&self) -> Vec<SlotConflict> {
        self.tracker.slot_conflicts(self.packages)
    }
}
