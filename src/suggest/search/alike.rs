//! Suggestions that say the same of several packages, as one.

use super::SuggestionSearch;
use crate::suggest::{Edit, Suggestion, SuggestionNote};

impl SuggestionSearch<'_> {
    /// Lines that set the same for several packages are one suggestion.
    pub(super) fn join_alike(&mut self) {
        let mut all = std::mem::take(&mut self.suggestions);
        while !all.is_empty() {
            let first = all.remove(0);
            let (alike, others) = all.into_iter().partition(|other| other.is_alike(&first));
            all = others;
            let parts: Vec<Suggestion> = std::iter::once(first).chain(alike).collect();
            match self.joined(&parts) {
                Some(one) => self.suggestions.push(one),
                None => self.suggestions.extend(parts),
            }
        }
    }

    fn joined(&mut self, parts: &[Suggestion]) -> Option<Suggestion> {
        if parts.len() < 2 || !self.laboratory.has_time() {
            return None;
        }
        let edits: Vec<Edit> = parts.iter().flat_map(|one| one.edits.clone()).collect();
        let outcome = self.try_out(&edits)?;
        let gain = self.base.gain(&outcome)?;
        let mut reached = parts.iter().flat_map(|one| one.gain.reached());
        if !reached.all(|goal| gain.reaches(goal)) {
            return None;
        }
        let mut notes: Vec<SuggestionNote> =
            parts.iter().flat_map(|one| one.notes.clone()).collect();
        notes.sort();
        notes.dedup();
        Some(Suggestion { edits, gain, notes })
    }
}
