//! Trying configurations on what a model built, and on the request.

use super::changed_text;
use super::model::Model;
use crate::binhost::InstanceId;
use crate::check::Policy;
use crate::command::suggest::laboratory::Bench;
use crate::packages::{Origins, Packages, Shelf};
use crate::source::Notices;
use crate::suggest::TrialOutcome;
use crate::suggest::adopt::{AdoptionTrial, ConfigChange, Standing};

pub(super) struct Trial<'t> {
    pub(super) bench: Bench<'t, 't>,
    pub(super) model: &'t Model,
    /// By which what the model built is judged.
    pub(super) policy: &'t Policy,
    pub(super) ids: &'t [InstanceId],
    /// What the request comes to without any change.
    pub(super) outcome: Option<TrialOutcome>,
}

impl Trial<'_> {
    fn now(&mut self) -> TrialOutcome {
        let bench = &self.bench;
        let outcome = || {
            bench
                .outcome_of(Default::default(), &[])
                .unwrap_or_default()
        };
        self.outcome.get_or_insert_with(outcome).clone()
    }

    /// What the request comes to now, and with a change.
    pub(super) fn outcomes(&mut self, change: &ConfigChange) -> [TrialOutcome; 2] {
        let added = changed_text(change, self.bench.judging);
        let then = self.bench.outcome_of(added, &change.edits);
        [self.now(), then.unwrap_or_default()]
    }
}

impl AdoptionTrial for Trial<'_> {
    fn standing(&mut self, change: &ConfigChange) -> Option<Standing> {
        let judging = self.bench.judging;
        let notices = Notices::default();
        let added = changed_text(change, judging);
        let local = judging.local.with_added(added, &notices).ok()?;
        let shelf = Shelf::default();
        let origins = Origins {
            local: &local,
            policy: self.policy,
            trees: &judging.trees,
            hosts: &judging.hosts,
            pool: &self.model.pool,
            notices: &notices,
        };
        let packages = Packages::new(&shelf, origins);
        Some(Standing::of(&packages, self.ids, self.model.is_testing()))
    }

    fn is_sound(&mut self, change: &ConfigChange) -> bool {
        let [now, then] = self.outcomes(change);
        then.is_sound || !now.is_sound
    }
}
