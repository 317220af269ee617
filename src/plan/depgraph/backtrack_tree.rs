//! What an attempt teaches the next ones (`_emerge/resolver/backtracking.py:Backtracker`).
//!
//! Attempts form a tree: each node is a set of lessons, explored depth first, newest first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::plan::depgraph::attempt::UseChange;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::Id;
use crate::plan::result::plan::RejectedBinary;

/// Why a package is left out of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct MaskReasons {
    /// A slot conflict, with the atoms that spoke against the package.
    pub slot_conflict: Option<Vec<(Parent, Atom)>>,
    /// A dependency of it that nothing serves.
    pub missing_dependency: bool,
    /// A build against another sub-slot is wanted.
    pub slot_operator: bool,
}

impl MaskReasons {
    /// The weightiest of them.
    pub fn passed_over(&self) -> RejectedBinary {
        match self {
            MaskReasons {
                slot_operator: true,
                ..
            } => RejectedBinary::SlotOperator,
            MaskReasons {
                missing_dependency: true,
                ..
            } => RejectedBinary::Dependency,
            _ => RejectedBinary::SlotConflict,
        }
    }
}

/// What holds in an attempt from its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::plan) struct BacktrackParameters {
    /// Packages that are not chosen.
    pub masked: BTreeMap<Id, MaskReasons>,
    /// `category/package:slot` of installed packages that are built again.
    pub replaced: BTreeSet<(String, String)>,
    /// Packages masked so that something else is built against the new sub-slot.
    pub masked_built: BTreeSet<Id>,
    /// Packages that wait for each other: for each the one that it must not wait for.
    pub circular: BTreeMap<Id, BTreeSet<Id>>,
    /// USE changes that were found necessary.
    pub use_changes: HashMap<Id, UseChange>,
    /// Rebuilds turned out to prevent updates; try without.
    pub without_rebuilds: bool,
}

/// A package to mask and the atoms that speak against it.
pub(in crate::plan) type MaskCandidate = (Id, Vec<(Parent, Atom)>);

/// What one attempt found out.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct Feedback {
    /// Something of the configuration kind was learned (it may be nothing but a flag).
    pub config: bool,
    /// Packages that wait for each other.
    pub circular: BTreeMap<Id, BTreeSet<Id>>,
    /// New USE changes.
    pub use_changes: HashMap<Id, UseChange>,
    /// Packages to mask because of slot operators.
    pub mask_built: BTreeSet<Id>,
    /// Installed packages to build again.
    pub replace: BTreeSet<(String, String)>,
    /// A slot conflict was met by rebuilding.
    pub conflict_solved_by_rebuild: bool,
    /// Rebuilds should be dropped.
    pub without_rebuilds: bool,
    /// Slot conflicts: for each, the choices of packages to mask.
    pub slot_conflicts: Vec<Vec<Vec<MaskCandidate>>>,
    /// A package whose dependency nothing serves.
    pub missing_dependency: Option<Id>,
}

#[derive(Clone, Debug)]
struct Node {
    parameters: BacktrackParameters,
    depth: u32,
    mask_steps: u32,
    terminal: bool,
}

/// The tree of attempts.
#[derive(Debug)]
pub(in crate::plan) struct Backtracker {
    max_depth: u32,
    unexplored: Vec<Node>,
    nodes: Vec<Node>,
    current: Option<Node>,
}

impl Backtracker {
    /// The first attempt knows nothing.
    pub fn new(max_depth: u32) -> Backtracker {
        let root = Node {
            parameters: BacktrackParameters::default(),
            depth: 0,
            mask_steps: 0,
            terminal: true,
        };
        Backtracker {
            max_depth,
            unexplored: vec![root.clone()],
            nodes: vec![root],
            current: None,
        }
    }

    /// The lessons of the next attempt.
    pub fn next(&mut self) -> Option<BacktrackParameters> {
        let node = self.unexplored.pop()?;
        let parameters = node.parameters.clone();
        self.current = Some(node);
        Some(parameters)
    }

    /// Whether attempts are left.
    pub fn are_left(&self) -> bool {
        !self.unexplored.is_empty()
    }

    /// Take in what the current attempt learned.
    pub fn feedback(&mut self, feedback: &Feedback) {
        let other = usize::from(!feedback.slot_conflicts.is_empty())
            + usize::from(feedback.missing_dependency.is_some());
        if feedback.config {
            self.feedback_config(feedback, other == 0);
        }
        if let Some(conflict) = feedback.slot_conflicts.first() {
            self.feedback_conflict(conflict);
        } else if let Some(package) = feedback.missing_dependency {
            let Some(mut node) = self.deeper() else {
                return;
            };
            node.parameters
                .masked
                .entry(package)
                .or_default()
                .missing_dependency = true;
            self.add(node, true);
        }
    }

    /// The attempt with the most configuration changes and no masks.
    pub fn best(&self) -> BacktrackParameters {
        let mut best: Option<&Node> = None;
        for node in self.nodes.iter().filter(|node| node.terminal) {
            if best.is_none_or(|best| node.depth > best.depth) {
                best = Some(node);
            }
        }
        best.map(|node| node.parameters.clone()).unwrap_or_default()
    }

    fn deeper(&self) -> Option<Node> {
        let mut node = self.current.clone()?;
        node.depth += 1;
        node.mask_steps += 1;
        node.terminal = false;
        Some(node)
    }

    fn feedback_conflict(&mut self, choices: &[Vec<MaskCandidate>]) {
        for suspects in choices {
            let Some(mut node) = self.deeper() else {
                return;
            };
            for (package, atoms) in suspects {
                node.parameters
                    .masked
                    .entry(*package)
                    .or_default()
                    .slot_conflict = Some(atoms.clone());
            }
            self.add(node, true);
        }
    }

    fn feedback_config(&mut self, feedback: &Feedback, explore: bool) {
        let Some(mut node) = self.current.clone() else {
            return;
        };
        node.depth += 1;
        node.terminal &= !feedback.conflict_solved_by_rebuild;
        let parameters = &mut node.parameters;
        parameters.use_changes.extend(
            feedback
                .use_changes
                .iter()
                .map(|(id, change)| (*id, change.clone())),
        );
        for (package, others) in &feedback.circular {
            parameters
                .circular
                .entry(*package)
                .or_default()
                .extend(others);
        }
        for package in &feedback.mask_built {
            parameters.masked_built.insert(*package);
            parameters.masked.entry(*package).or_default().slot_operator = true;
        }
        parameters.replaced.extend(feedback.replace.iter().cloned());
        if feedback.without_rebuilds {
            drop_rebuilds(parameters);
        }
        self.add(node.clone(), explore);
        self.current = Some(node);
    }

    fn add(&mut self, node: Node, explore: bool) {
        if !is_consistent(&node.parameters) {
            return;
        }
        if node.mask_steps <= self.max_depth
            && self
                .nodes
                .iter()
                .all(|known| known.parameters != node.parameters)
        {
            if explore {
                self.unexplored.push(node.clone());
            }
            self.nodes.push(node);
        }
    }
}

fn drop_rebuilds(parameters: &mut BacktrackParameters) {
    parameters.without_rebuilds = true;
    parameters.replaced.clear();
    for package in std::mem::take(&mut parameters.masked_built) {
        if let Some(reasons) = parameters.masked.get_mut(&package) {
            reasons.slot_operator = false;
            if *reasons == MaskReasons::default() {
                parameters.masked.remove(&package);
            }
        }
    }
}

/// A mask for a slot conflict only makes sense while one of the parents that caused it is there.
fn is_consistent(parameters: &BacktrackParameters) -> bool {
    parameters.masked.values().all(|reasons| {
        if reasons.missing_dependency || reasons.slot_operator {
            return true;
        }
        let Some(atoms) = &reasons.slot_conflict else {
            return true;
        };
        let is_there = |parent: &Parent| {
            parent
                .package()
                .is_none_or(|id| !parameters.masked.contains_key(&id))
        };
        atoms.is_empty() || atoms.iter().any(|(parent, _)| is_there(parent))
    })
}
