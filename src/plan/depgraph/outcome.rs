//! What one attempt found out.

use crate::plan::depgraph::feedback::Feedback;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::Id;
use crate::plan::select::pick::Selected;
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
}

/// What one attempt found out.
#[derive(Debug)]
pub(in crate::plan) struct Outcome {
    /// What the next attempts can use.
    pub feedback: Feedback,
    /// Changes of USE that are proposed, with those of earlier attempts.
    pub use_changes: UseChanges,
    /// What keeps emerge from a plan.
    pub problems: Vec<Problem>,
    /// The graph could not be completed, so that there is no merge list.
    pub is_incomplete: bool,
    /// Atoms of @world or @selected that nothing satisfies.
    pub missing: Vec<Atom>,
    /// Atoms of @world or @selected that only something installed satisfies, whose ebuild is gone.
    pub orphaned: Vec<Atom>,
    /// Targets that `package.provided` satisfies.
    pub provided: Vec<Atom>,
    /// REQUIRED_USE of a selected ebuild does not hold; only the user can change that.
    pub required_use_failed: bool,
    /// Nothing is wrong but that the user has to allow changes of USE
    /// (`portage: _dynamic_depgraph_config._success_without_autounmask`).
    pub only_use_changes: bool,
    restart: Restart,
}

/// Whether another attempt is called for (`portage: _need_restart` and `_skip_restart`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Restart {
    requested: bool,
    pointless: bool,
}

impl Outcome {
    /// Nothing but the changes of USE of earlier attempts.
    pub fn new(use_changes: UseChanges) -> Outcome {
        Outcome {
            feedback: Feedback::default(),
            use_changes,
            problems: Vec::new(),
            is_incomplete: false,
            missing: Vec::new(),
            orphaned: Vec::new(),
            provided: Vec::new(),
            required_use_failed: false,
            only_use_changes: false,
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
        if selected.restart {
            self.request_restart();
        }
        selected.package
    }

    fn propose(&mut self, id: Id, change: UseChange) {
        self.use_changes.insert(id, change.clone());
        self.feedback.config = true;
        self.feedback.use_changes.insert(id, change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointless_restart_is_none() {
        let mut outcome = Outcome::new(UseChanges::new());
        assert!(!outcome.calls_for_restart());
        outcome.request_restart();
        assert!(outcome.calls_for_restart());
        outcome.forbid_restart();
        assert!(!outcome.calls_for_restart());
    }

    #[test]
    fn changes_of_use_are_feedback() {
        let mut outcome = Outcome::new(UseChanges::new());
        let id = Id::default();
        let package = outcome.take(Selected {
            package: Some(id),
            use_changes: vec![(id, UseChange::default())],
            restart: true,
        });
        assert_eq!(package, Some(id));
        assert!(outcome.use_changes.contains_key(&id));
        assert!(outcome.feedback.config && outcome.feedback.use_changes.contains_key(&id));
        assert!(outcome.calls_for_restart());
    }
}
