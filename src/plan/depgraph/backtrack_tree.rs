//! Which parameters the next attempt starts from (`portage: resolver/backtracking.py:Backtracker`).
//!
//! Attempts form a tree: each node is a set of parameters, explored depth first, newest first.

use crate::plan::depgraph::feedback::{Feedback, MaskCandidate};
use crate::plan::graph::dependency::Parent;
use crate::plan::select::parameters::BacktrackParameters;

/// A set of parameters, and how the tree led to it (`portage: resolver/backtracking.py:BacktrackNode`).
#[derive(Clone, Debug)]
struct Node {
    parameters: BacktrackParameters,
    /// Steps from the root.
    depth: u32,
    /// Those of them that masked something. Only they count against the maximum depth: changes of the
    /// configuration do not lead astray.
    mask_steps: u32,
    /// Whether no step masked anything, so that the parameters explain themselves to a user.
    terminal: bool,
}

/// Whether a node is tried, or only kept as a starting point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Explore {
    Yes,
    No,
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
    /// The first attempt has these parameters; emerge's knows nothing.
    pub fn new(max_depth: u32, parameters: BacktrackParameters) -> Backtracker {
        let root = Node {
            parameters,
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

    /// The parameters of the next attempt.
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

    /// Take in what the current attempt found out.
    pub fn feedback(&mut self, feedback: &Feedback) {
        // Changes of the configuration alone are tried at once. Beside a conflict or a missing
        // dependency they only are what the mask for that is tried on top of.
        let alone = feedback.slot_conflicts.is_empty() && feedback.missing_dependency.is_none();
        if feedback.config {
            self.feedback_config(feedback, if alone { Explore::Yes } else { Explore::No });
        }
        // Only the first conflict: later ones may follow from it.
        if let Some(conflict) = feedback.slot_conflicts.first() {
            self.feedback_conflict(conflict);
        } else if let Some((package, atom)) = &feedback.missing_dependency {
            let Some(mut node) = self.deeper() else {
                return;
            };
            node.parameters
                .masked
                .entry(*package)
                .or_default()
                .missing_dependency = Some(atom.clone());
            self.add(node, Explore::Yes);
        }
    }

    /// The attempt with the most configuration changes and no masks: what is shown when nothing succeeds
    /// (`portage: resolver/backtracking.py:Backtracker.get_best_run`).
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

    fn feedback_conflict(&mut self, alternatives: &[Vec<MaskCandidate>]) {
        for candidates in alternatives {
            let Some(mut node) = self.deeper() else {
                return;
            };
            for (package, atoms) in candidates {
                // in order, since they are compared as a set
                let mut atoms = atoms.clone();
                atoms.sort();
                atoms.dedup();
                let reasons = node.parameters.masked.entry(*package).or_default();
                reasons.slot_conflict = Some(atoms);
            }
            self.add(node, Explore::Yes);
        }
    }

    fn feedback_config(&mut self, feedback: &Feedback, explore: Explore) {
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
        for (package, unmask) in &feedback.unmasks {
            parameters.unmasks.entry(*package).or_default().add(unmask);
        }
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
        let compiled = feedback.compiled_again.iter().cloned();
        parameters.compiled_again.extend(compiled);
        let merged = feedback.merged_again.iter().cloned();
        parameters.merged_again.extend(merged);
        if feedback.without_rebuilds {
            parameters.drop_rebuilds();
        }
        self.add(node.clone(), explore);
        self.current = Some(node);
    }

    fn add(&mut self, node: Node, explore: Explore) {
        if !is_consistent(&node.parameters) {
            return;
        }
        if node.mask_steps <= self.max_depth
            && self
                .nodes
                .iter()
                .all(|known| known.parameters != node.parameters)
        {
            if explore == Explore::Yes {
                self.unexplored.push(node.clone());
            }
            self.nodes.push(node);
        }
    }
}

/// A mask for a slot conflict only makes sense while one of the parents that caused it is there.
fn is_consistent(parameters: &BacktrackParameters) -> bool {
    parameters.masked.values().all(|reasons| {
        if reasons.missing_dependency.is_some() || reasons.slot_operator {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::plan::packages::plan_package::Id;
    use crate::plan::testing::{atom, database};

    fn ids() -> [Id; 3] {
        let packages = database(&["ebuild a/a-1", "ebuild b/b-1", "ebuild c/c-1"]);
        ["a/a-1", "b/b-1", "c/c-1"].map(|cpv| packages.ebuild(cpv).id)
    }

    fn missing(id: Id) -> Feedback {
        Feedback {
            missing_dependency: Some((id, atom("x/x"))),
            ..Feedback::default()
        }
    }

    #[test]
    fn masks_end_at_the_maximum_depth() {
        let [a, b, _] = ids();
        let mut tree = Backtracker::new(1, BacktrackParameters::default());
        assert_eq!(tree.next(), Some(BacktrackParameters::default()));
        tree.feedback(&missing(a));
        let parameters = tree.next().unwrap_or_default();
        assert!(parameters.masked[&a].missing_dependency.is_some());
        tree.feedback(&missing(b));
        assert!(!tree.are_left() && tree.next().is_none());
        assert_eq!(tree.best(), BacktrackParameters::default());
    }

    #[test]
    fn changes_of_the_configuration_go_on_beside_masks() {
        let [a, b, _] = ids();
        let mut tree = Backtracker::new(1, BacktrackParameters::default());
        tree.next();
        tree.feedback(&Feedback {
            config: true,
            mask_built: BTreeSet::from([b]),
            ..missing(a)
        });
        let parameters = tree.next().unwrap_or_default();
        assert!(parameters.masked[&a].missing_dependency.is_some());
        assert!(parameters.masked[&b].slot_operator);
        assert!(!tree.are_left(), "the change alone is not tried");
        let best = tree.best();
        assert!(best.masked.contains_key(&b) && !best.masked.contains_key(&a));
        tree.feedback(&Feedback {
            config: true,
            without_rebuilds: true,
            ..Feedback::default()
        });
        let parameters = tree.next().unwrap_or_default();
        assert!(parameters.without_rebuilds && !parameters.masked.contains_key(&b));
    }

    #[test]
    fn of_a_conflict_the_last_alternative_is_tried_first() {
        let [a, b, c] = ids();
        let mut tree = Backtracker::new(2, BacktrackParameters::default());
        tree.next();
        let alternatives = [a, b].map(|id| vec![(id, Vec::new())]).to_vec();
        let later = vec![vec![(c, Vec::new())]];
        tree.feedback(&Feedback {
            slot_conflicts: vec![alternatives, later],
            ..Feedback::default()
        });
        let masked = |tree: &mut Backtracker| {
            let parameters = tree.next()?;
            Some(parameters.masked.keys().copied().collect::<Vec<_>>())
        };
        assert_eq!(masked(&mut tree), Some(vec![b]));
        assert_eq!(masked(&mut tree), Some(vec![a]));
        assert_eq!(masked(&mut tree), None, "only the first conflict counts");
    }

    #[test]
    fn a_mask_ends_with_the_parents_that_caused_it() {
        let [a, b, _] = ids();
        let mut tree = Backtracker::new(3, BacktrackParameters::default());
        tree.next();
        let against = vec![(Parent::Package(b), atom("a/a"))];
        tree.feedback(&Feedback {
            slot_conflicts: vec![vec![vec![(a, against)]]],
            ..Feedback::default()
        });
        tree.next();
        tree.feedback(&missing(b));
        assert!(!tree.are_left());
    }
}
