//! Changes that are tried together, and without those that are not needed.

use super::{MOST_ROUNDS, MOST_TOGETHER, SuggestionSearch};
use crate::suggest::{Gain, Proposal, SlotName};

impl SuggestionSearch<'_> {
    /// Changes for which there is no time alone, as one. Those that do not help are removed; where that cannot be told
    /// apart, each half is tried without the other.
    pub(super) fn many(&mut self, parts: Vec<Proposal>) {
        let mut open = vec![parts];
        while let Some(mut parts) = open.pop() {
            parts.retain(|part| self.is_open(part));
            if parts.is_empty() {
                continue;
            }
            if !self.laboratory.has_time() {
                self.untried += parts.len();
                continue;
            }
            let whole = Proposal::join(&parts);
            let Some(outcome) = self.try_out(&whole.edits) else {
                continue;
            };
            let gain = self.gain_of(&whole.edits, &outcome);
            let missed = |part: &Proposal| {
                let is_missed = |goal: &SlotName| match &gain {
                    Some(gain) => !gain.reaches(goal),
                    None => {
                        let merge = outcome.slots.get(goal);
                        merge.is_some_and(|merge| !merge.is_usable())
                    }
                };
                part.goals.iter().any(is_missed)
            };
            let (others, helped): (Vec<Proposal>, Vec<Proposal>) =
                parts.iter().cloned().partition(missed);
            if !others.is_empty() && !helped.is_empty() {
                open.push(helped);
                continue;
            }
            let is_whole = others.is_empty();
            match gain.filter(|gain| is_whole && self.laboratory.is_usable(gain)) {
                Some(gain) => self.accept(whole, gain),
                None if parts.len() > 1 => {
                    let half = parts.split_off(parts.len() / 2);
                    open.extend([half, parts]);
                }
                None => {}
            }
        }
    }

    /// Changes that may need each other, as one; what is not helped, or not needed for it, is removed.
    pub(super) fn together(&mut self, mut parts: Vec<Proposal>) {
        if parts.len() > MOST_TOGETHER {
            return;
        }
        for _ in 0..MOST_ROUNDS {
            if parts.len() < 2 || !self.laboratory.has_time() {
                return;
            }
            let whole = Proposal::join(&parts);
            if let Some(gain) = self.gain(&whole) {
                return self.accept_least(parts, gain);
            }
            let Some(outcome) = self.try_out(&whole.edits) else {
                return;
            };
            let is_compiled = |goal: &SlotName| {
                let merge = outcome.slots.get(goal);
                merge.is_some_and(|merge| !merge.is_usable())
            };
            let before = parts.len();
            parts.retain(|part| !part.goals.iter().any(is_compiled));
            if parts.len() == before {
                return;
            }
        }
    }

    /// Remove, one after the other, what the rest does without.
    fn accept_least(&mut self, mut parts: Vec<Proposal>, mut gain: Gain) {
        let mut place = 0;
        while parts.len() > 2 && place < parts.len() && self.laboratory.has_time() {
            let mut fewer = parts.clone();
            fewer.remove(place);
            match self.gain(&Proposal::join(&fewer)) {
                Some(less) => (parts, gain) = (fewer, less),
                None => place += 1,
            }
        }
        self.accept(Proposal::join(&parts), gain);
    }
}
