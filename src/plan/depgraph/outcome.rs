//! What one attempt found out.

use crate::plan::depgraph::feedback::Feedback;
use crate::plan::depgraph::merge_list::MergeList;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::Id;
use crate::plan::select::pick::Selected;
use crate::plan::select::unmask::{Unmask, Unmasks};
use crate::plan::select::use_changes::{UseChange, UseChanges};

/// Something that keeps emerge from a plan.
#[derive(Clone, Debug)]
pub(in crate::plan) enum Problem {
    /// Nothing satisfies an atom.
    Unsatisfied { atom: Atom, parent: Parent },
    /// REQUIRED_USE of a selected ebuild does not hold.
    RequiredUse { package: Id, parent: Parent },
    /// Packages that wait for each other.
    Circular { packages: Vec<Id> },
    /// It takes more work than is allowed to find out.
    TooComplex,
    /// A package must be merged before its parent is built, and nothing is merged.
    NeedsMerge { package: Id, parent: Parent },
}

/// What one attempt found out.
#[derive(Debug)]
pub(in crate::plan) struct Outcome {
    /// What the next attempts can use.
    pub feedback: Feedback,
    /// Changes of USE that are proposed, with those of earlier attempts.
    pub use_changes: UseChanges,
    /// Packages that the configuration would have to accept, with those of earlier attempts.
    pub unmasks: Unmasks,
    /// What keeps emerge from a plan.
    pub problems: Vec<Problem>,
    /// The graph could not be completed, so that there is no merge list.
    pub is_incomplete: bool,
    /// What is merged and uninstalled, in order.
    pub merge_list: MergeList,
    /// Atoms of @world or @selected that nothing satisfies.
    pub missing: Vec<Atom>,
    /// Atoms of @world or @selected that only something installed satisfies, whose ebuild is gone.
    pub orphaned: Vec<Atom>,
    /// Targets that `package.provided` satisfies.
    pub provided: Vec<Atom>,
    /// REQUIRED_USE of a selected ebuild does not hold; only the user can change that.
    pub required_use_failed: bool,
    /// Nothing is wrong but that the user has to allow changes of the configuration
    /// (`portage: _dynamic_depgraph_config._success_without_autounmask`).
    pub only_config_changes: bool,
    restart: Restart,
}

/// Whether another attempt is called for (`portage: _need_restart` and `_skip_restart`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Restart {
    requested: bool,
    pointless: bool,
}

impl Outcome {
    /// Nothing but the changes of the configuration of earlier attempts.
    pub fn new(use_changes: UseChanges, unmasks: Unmasks) -> Outcome {
        Outcome {
            feedback: Feedback::default(),
            use_changes,
            unmasks,
            problems: Vec::new(),
            is_incomplete: false,
            merge_list: MergeList::default(),
            missing: Vec::new(),
            orphaned: Vec::new(),
            provided: Vec::new(),
            required_use_failed: false,
            only_config_changes: false,
            restart: Restart::default(),
        }
    }

    /// Ask for another attempt.
    pub fn request_restart(&mut self) {
        self.restart.requested = true;
    }

    /// Another attempt could change nothing, whatever asks for one.
    pub fn forbid_restart(&mut self) {
        self.restart.pointless = true;
    }

    /// Whether another attempt is called for.
    pub fn calls_for_restart(&self) -> bool {
        self.restart.requested && !self.restart.pointless
    }

    /// Take in what a selection found out, and give the package.
    pub fn take(&mut self, selected: Selected) -> Option<Id> {
        for (id, change) in selected.use_changes {
            self.propose(id, change);
        }
        self.allow(selected.unmasks);
        if selected.restart {
            self.request_restart();
        }
        selected.package
    }

    /// Changes that one package needs are needed for another one of the same version, which stands in the graph in its
    /// place.
    pub fn carry_changes(&mut self, from: Id, to: Id) {
        if let Some(change) = self.use_changes.get(&from).cloned() {
            self.propose(to, change);
        }
        let unmask = self.unmasks.get(&from).cloned();
        self.allow(unmask.map(|unmask| (to, unmask)));
    }

    fn propose(&mut self, id: Id, change: UseChange) {
        self.use_changes.insert(id, change.clone());
        self.feedback.config = true;
        self.feedback.use_changes.insert(id, change);
    }

    /// Take in what the configuration would have to accept.
    pub fn allow(&mut self, unmasks: impl IntoIterator<Item = (Id, Unmask)>) {
        for (id, unmask) in unmasks {
            self.unmasks.entry(id).or_default().add(&unmask);
            self.feedback.config = true;
            self.feedback.unmasks.entry(id).or_default().add(&unmask);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointless_restart_is_none() {
        let mut outcome = Outcome::new(UseChanges::new(), Unmasks::new());
        assert!(!outcome.calls_for_restart());
        outcome.request_restart();
        assert!(outcome.calls_for_restart());
        outcome.forbid_restart();
        assert!(!outcome.calls_for_restart());
    }

    #[test]
    fn changes_of_use_are_feedback() {
        let mut outcome = Outcome::new(UseChanges::new(), Unmasks::new());
        let id = Id::default();
        let package = outcome.take(Selected {
            package: Some(id),
            use_changes: vec![(id, UseChange::default())],
            unmasks: vec![(id, Unmask::default())],
            restart: true,
        });
        assert_eq!(package, Some(id));
        assert!(outcome.use_changes.contains_key(&id));
        assert!(outcome.feedback.config && outcome.feedback.use_changes.contains_key(&id));
        assert!(outcome.unmasks.contains_key(&id) && outcome.feedback.unmasks.contains_key(&id));
        assert!(outcome.calls_for_restart());
    }
}
