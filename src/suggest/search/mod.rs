//! Trying proposals: most compile time first, and no longer than there is time.

mod alike;
mod needed;
#[cfg(test)]
mod tests;
mod together;

use std::collections::BTreeSet;

use super::propose::Proposals;
use super::{Edit, Gain, Proposal, SlotName, Suggestion, TrialOutcome};

/// The largest group of related changes that is tried together.
const MOST_TOGETHER: usize = 8;

/// How many ways to lift what a request stops at are tried.
const MOST_NEEDED: usize = 16;

/// How often what is lifted may lead to the next thing to lift.
const MOST_STEPS: usize = 8;

/// Up to so many lines are tried without each of them.
const MOST_LINES: usize = 8;

/// So many changes are tried where none of those lifts it.
const MOST_OTHERS: usize = 8;

/// How often a change for many packages is tried with fewer of them.
const MOST_ROUNDS: usize = 4;

/// So many changes for one package each stand alone: those that save most. The others are tried and listed together, as
/// nobody reads each of them and a trial takes its time.
const MOST_ALONE: usize = 12;

/// How changes are tried.
pub trait Laboratory {
    /// What the request comes to with these changes; `None` where they cannot be read.
    fn try_out(&mut self, edits: &[Edit]) -> Option<TrialOutcome>;
    /// Whether all that would become binary can be used here.
    fn is_usable(&mut self, gain: &Gain) -> bool;
    /// What could help once these changes are made.
    fn proposals(&mut self, edits: &[Edit]) -> Option<Proposals>;
    /// Whether there is time for more.
    fn has_time(&self) -> bool;
    /// Whether there is time for one change after the other; what is left of it after that is for many at once.
    fn has_time_for_single(&self) -> bool;
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What emerge needs before it does anything.
    pub needed: Option<Suggestion>,
    /// What helps, each on its own (after what is needed), most compile time first.
    pub suggestions: Vec<Suggestion>,
    /// What the request comes to without, and with all of it.
    pub before: TrialOutcome,
    /// With all of them.
    pub after: TrialOutcome,
    /// How many proposals there was no time for.
    pub untried: usize,
}

/// Try what is proposed.
pub fn search(base: TrialOutcome, proposals: Proposals, laboratory: &mut dyn Laboratory) -> Found {
    let mut search = SuggestionSearch {
        laboratory,
        prefix: Vec::new(),
        base: base.clone(),
        reached: BTreeSet::new(),
        suggestions: Vec::new(),
        untried: 0,
    };
    let mut proposals = proposals;
    let mut needed = None;
    if !base.is_sound {
        needed = search.need(&proposals);
        if needed.is_some() {
            proposals = search.further_proposals().unwrap_or_default();
        }
    }
    if search.base.is_sound {
        search.best_of(proposals.defaults);
        for group in proposals.groups {
            search.group(group);
        }
        let (failed, others) = search.singles(proposals.single);
        search.many(others);
        for group in proposals.relations.groups(failed.clone()) {
            search.together(group);
        }
        search.further(failed);
        search.join_alike();
    }
    let after = search.all_together();
    Found {
        needed,
        suggestions: search.suggestions,
        before: base,
        after,
        untried: search.untried,
    }
}

struct SuggestionSearch<'l> {
    laboratory: &'l mut dyn Laboratory,
    /// What is needed comes before everything.
    prefix: Vec<Edit>,
    /// What the request comes to with that.
    base: TrialOutcome,
    /// What some suggestion reaches already.
    reached: BTreeSet<SlotName>,
    suggestions: Vec<Suggestion>,
    untried: usize,
}

impl SuggestionSearch<'_> {
    fn try_out(&mut self, edits: &[Edit]) -> Option<TrialOutcome> {
        let all: Vec<Edit> = self.prefix.iter().chain(edits).cloned().collect();
        self.laboratory.try_out(&all)
    }

    /// What changes gain that come to this. Where what is installed stays, and no more, that may not be for its USE: a flag that
    /// it was built without is one that was asked for since.
    fn gain_of(&self, edits: &[Edit], outcome: &TrialOutcome) -> Option<Gain> {
        let gain = self.base.gain(outcome)?;
        let leads_back = gain.is_only_stay() && edits.iter().any(Edit::is_of_use);
        (!leads_back).then_some(gain)
    }

    /// A change with the gain that it has alone, if it reaches all its goals.
    fn gain(&mut self, proposal: &Proposal) -> Option<Gain> {
        let outcome = self.try_out(&proposal.edits)?;
        let gain = self.gain_of(&proposal.edits, &outcome)?;
        let is_reached = proposal.goals.iter().all(|goal| gain.reaches(goal));
        (is_reached && self.laboratory.is_usable(&gain)).then_some(gain)
    }

    fn accept(&mut self, proposal: Proposal, gain: Gain) {
        self.reached.extend(gain.reached().cloned());
        self.suggestions.push(Suggestion {
            edits: proposal.edits,
            gain,
            notes: proposal.notes,
        });
    }

    /// Of changes that take each other's place the one that makes most binary, and of equal ones the first.
    fn best_of(&mut self, proposals: Vec<Proposal>) {
        let mut best: Option<(Proposal, Gain)> = None;
        for proposal in proposals {
            if !self.laboratory.has_time() {
                break;
            }
            if let Some(gain) = self.gain(&proposal) {
                let most = best.as_ref().map_or(0, |(_, best)| best.binary.len());
                if gain.binary.len() > most {
                    best = Some((proposal, gain));
                }
            }
        }
        if let Some((proposal, gain)) = best {
            self.accept(proposal, gain);
        }
    }

    fn is_open(&self, proposal: &Proposal) -> bool {
        !proposal
            .goals
            .iter()
            .all(|goal| self.reached.contains(goal))
    }

    /// One change for many packages. What does not reach its goal is removed, and the rest is tried again.
    fn group(&mut self, mut group: Proposal) {
        for _ in 0..MOST_ROUNDS {
            if group.goals.len() < 2 || !self.is_open(&group) || !self.laboratory.has_time() {
                return;
            }
            let Some(outcome) = self.try_out(&group.edits) else {
                return;
            };
            let gain = self.gain_of(&group.edits, &outcome);
            let missed = |goal: &SlotName| match &gain {
                Some(gain) => !gain.reaches(goal),
                None => outcome
                    .slots
                    .get(goal)
                    .is_some_and(|merge| !merge.is_usable()),
            };
            let before = group.goals.len();
            group.goals.retain(|goal| !missed(goal));
            if let Some(gain) = gain
                && (group.goals.len() == before || group.edits.len() == 1)
            {
                if self.laboratory.is_usable(&gain) {
                    self.accept(group, gain);
                }
                return;
            }
            if group.goals.len() == before || group.edits.len() == 1 {
                return;
            }
            let goals = group.goals.clone();
            group
                .edits
                .retain(|edit| goals.iter().any(|goal| edit.is_about(goal)));
        }
    }

    /// Each on its own, up to some; gives those that did not help, and those that were not tried, of each package the
    /// smallest change.
    fn singles(&mut self, proposals: Vec<Proposal>) -> (Vec<Proposal>, Vec<Proposal>) {
        let (mut failed, mut others) = (Vec::new(), Vec::new());
        let most = self.suggestions.len() + MOST_ALONE;
        for proposal in proposals {
            if !self.is_open(&proposal) {
                continue;
            }
            if self.suggestions.len() == most || !self.laboratory.has_time_for_single() {
                others.push(proposal);
                continue;
            }
            match self.gain(&proposal) {
                Some(gain) => self.accept(proposal, gain),
                None => failed.push(proposal),
            }
        }
        (self.one_for_each(failed), self.one_for_each(others))
    }

    /// Of each package that is not reached the first change.
    fn one_for_each(&self, mut proposals: Vec<Proposal>) -> Vec<Proposal> {
        let mut seen = BTreeSet::new();
        proposals.retain(|proposal| {
            let mut goals = proposal.goals.iter();
            goals.any(|goal| seen.insert(goal.clone())) && self.is_open(proposal)
        });
        proposals
    }

    /// Those at which emerge would stop, with what it would ask for then.
    fn further(&mut self, proposals: Vec<Proposal>) {
        for proposal in proposals {
            if let Some((further, gain)) = self.with_what_follows(&proposal) {
                self.accept(further, gain);
            }
        }
    }

    fn with_what_follows(&mut self, proposal: &Proposal) -> Option<(Proposal, Gain)> {
        let mut further = proposal.clone();
        for _ in 0..MOST_STEPS {
            if !self.is_open(proposal) || !self.laboratory.has_time() {
                return None;
            }
            let outcome = self.try_out(&further.edits)?;
            if outcome.is_sound {
                let gain = self.gain(&further)?;
                return Some((further, gain));
            }
            further.edits = Edit::joined(&further.edits, outcome.needed.first()?)?;
        }
        None
    }

    /// What comes of all suggestions. One that does not go with those before it is left out, and so is one that
    /// adds nothing to them.
    fn all_together(&mut self) -> TrialOutcome {
        let key = |one: &Suggestion| (one.gain.seconds, one.gain.binary.len());
        self.suggestions
            .sort_by_key(|one| std::cmp::Reverse(key(one)));
        let edits: Vec<Edit> = self
            .suggestions
            .iter()
            .flat_map(|one| one.edits.clone())
            .collect();
        if edits.is_empty() {
            return self.base.clone();
        }
        if let Some(outcome) = self.try_out(&edits)
            && let Some(gain) = self.base.gain(&outcome)
            && self.reached.iter().all(|goal| gain.reaches(goal))
        {
            return outcome;
        }
        self.one_after_the_other()
    }

    fn one_after_the_other(&mut self) -> TrialOutcome {
        let (mut edits, mut last) = (Vec::new(), self.base.clone());
        for suggestion in std::mem::take(&mut self.suggestions) {
            let more: Vec<Edit> = edits.iter().chain(&suggestion.edits).cloned().collect();
            let outcome = self.try_out(&more);
            if let Some(outcome) = outcome
                && last.gain(&outcome).is_some()
            {
                (edits, last) = (more, outcome);
                self.suggestions.push(suggestion);
            }
        }
        last
    }
}
