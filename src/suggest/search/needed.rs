//! What a request needs to be carried out at all.

use super::{MOST_LINES, MOST_NEEDED, MOST_OTHERS, MOST_STEPS, SuggestionSearch};
use crate::suggest::propose::Proposals;
use crate::suggest::{Edit, Suggestion, SuggestionNote};

impl SuggestionSearch<'_> {
    /// What the request needs to be carried out at all; everything else is tried on top of it. What lifts one thing may
    /// show the next, as with emerge's own proposals.
    pub(super) fn need(&mut self, proposals: &Proposals) -> Option<Suggestion> {
        let ways = self.base.needed.iter().rev();
        let mut open: Vec<(Vec<Edit>, usize)> = ways.map(|way| (way.clone(), 1)).collect();
        let mut tried = 0;
        while let Some((edits, step)) = open.pop() {
            if tried == MOST_NEEDED || !self.laboratory.has_time() {
                break;
            }
            tried += 1;
            let Some(outcome) = self.try_out(&edits) else {
                continue;
            };
            if self.base.gain(&outcome).is_some() {
                return self.carry_out(edits, Vec::new());
            }
            if step < MOST_STEPS {
                let next = outcome.needed.iter().rev();
                let next = next.filter_map(|more| Edit::joined(&edits, more));
                open.extend(next.map(|all| (all, step + 1)));
            }
        }
        let others = proposals.single.iter().take(MOST_OTHERS);
        others.into_iter().find_map(|other| {
            self.laboratory.has_time().then_some(())?;
            let outcome = self.try_out(&other.edits)?;
            self.base.gain(&outcome)?;
            self.carry_out(other.edits.clone(), other.notes.clone())
        })
    }

    /// Go on from these changes, without those of them that are not needed.
    fn carry_out(
        &mut self,
        mut edits: Vec<Edit>,
        mut notes: Vec<SuggestionNote>,
    ) -> Option<Suggestion> {
        let mut place = 0;
        while (2..=MOST_LINES).contains(&edits.len())
            && place < edits.len()
            && self.laboratory.has_time()
        {
            let mut fewer = edits.clone();
            fewer.remove(place);
            let outcome = self.try_out(&fewer);
            if outcome.is_some_and(|outcome| self.base.gain(&outcome).is_some()) {
                edits = fewer;
            } else {
                place += 1;
            }
        }
        let outcome = self.try_out(&edits)?;
        let gain = self.base.gain(&outcome)?;
        self.prefix.clone_from(&edits);
        self.base = outcome;
        notes.push(SuggestionNote::Needed);
        notes.sort();
        Some(Suggestion { edits, gain, notes })
    }

    /// What could help from here on.
    pub(super) fn further_proposals(&mut self) -> Option<Proposals> {
        let proposals = self.laboratory.proposals(&self.prefix)?;
        // What of it is of no use here is known by now.
        self.base = self.try_out(&[])?;
        Some(proposals)
    }
}
