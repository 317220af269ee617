//! What ends the search for a plan although an attempt came to its end: changes of the configuration that only the user can make.

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::outcome::Problem;

impl Depgraph<'_, '_> {
    /// Whether the configuration would have to be changed for some package of the graph.
    pub fn has_config_changes(&self) -> bool {
        let outcome = &self.outcome;
        let mut changed = outcome.use_changes.keys().chain(outcome.unmasks.keys());
        changed.any(|id| self.graph.has(*id))
    }

    /// Whether the user has to change something before another attempt makes sense.
    pub fn needs_config_change(&self) -> bool {
        self.outcome.only_config_changes
            || self.outcome.required_use_failed
            || self.may_retry()
                && !self.options.backtrack.after_proposals
                && self.has_config_changes()
    }

    /// Whether changes of USE would solve the slot conflicts. emerge asks that once an attempt, and ends
    /// with it.
    pub(super) fn is_conflict_of_use(&self) -> bool {
        !self.accepts_conflicts() && self.conflicts_hang_on_use()
    }

    /// Whether the attempt shows the user something that another one without backtracking would hide
    /// (`portage: depgraph.py:depgraph.need_display_problems`).
    pub(super) fn has_problems_to_show(&self) -> bool {
        let mut problems = self.outcome.problems.iter();
        let waiting = problems.any(|problem| matches!(problem, Problem::Circular { .. }));
        self.needs_config_change() || waiting && self.memo.virtual_cycle().is_empty()
    }

    /// Whether a package would satisfy an atom that nothing satisfies, were it not for the changes of USE
    /// (`portage: depgraph.py:depgraph.autounmask_breakage_detected`).
    pub(super) fn is_broken_by_use_changes(&self) -> bool {
        let select = self.selector();
        self.outcome.problems.iter().any(|problem| match problem {
            Problem::Unsatisfied { atom, .. } => self.outcome.use_changes.keys().any(|id| {
                let package = self.get(*id);
                let facts = self.packages.facts(&package);
                let before = |flag: &str| {
                    let has_flag = select.has_flag(&package, flag);
                    has_flag.then(|| facts.enabled(flag))
                };
                atom.dep.matches(&package.subject())
                    && !select.use_matches(atom, &package)
                    && atom.dep.use_matches(before)
            }),
            _ => false,
        })
    }

    /// With USE changes, an ignored binary may fit after all.
    pub(super) fn has_useless_ignored_binaries(&self) -> bool {
        if !self.may_retry() || self.outcome.use_changes.is_empty() {
            return false;
        }
        self.memo
            .ignored_binaries()
            .into_iter()
            .map(|id| self.get(id))
            .any(|binary| {
                let changed = self
                    .outcome
                    .use_changes
                    .keys()
                    .map(|id| self.get(*id))
                    .find(|package| self.graph.has(package.id) && package.shares_slot(&binary));
                changed.is_some_and(|changed| {
                    !changed.order(&binary).is_gt()
                        && changed.package.iuse().all(|flag| {
                            self.selector().enabled(&changed, flag.flag)
                                == self.packages.facts(&binary).flags.built_with(flag.flag)
                        })
                })
            })
    }
}
