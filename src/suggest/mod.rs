//! `--suggest`: the smallest changes of configuration that turn compiled packages into binary ones.
//!
//! A change is data: lines of files, or an option. Each is tried before it is printed: the judged machine is read anew
//! as if the lines stood in its files (in the `Chroot`), everything is judged and resolved again, and the
//! outcome is held against that without the change ([`TrialOutcome::gain`]). Only what makes compiled packages binary and
//! nothing worse is a suggestion, and what else follows from it is reported with it.
//!
//! [`propose::proposals`] reads from a plan what could help, [`search::search`] tries it. Neither reads files: how
//! a change is tried is a function that [`crate::command`] hands in.

pub mod adopt;
mod edit;
mod forbidden;
mod note;
mod outcome;
pub mod propose;
mod related;
pub mod search;
mod slot_name;

pub use edit::{Edit, SuggestionKind};
pub use note::SuggestionNote;
pub use outcome::{Gain, SlotMerge, TrialOutcome};
pub use slot_name::SlotName;

/// A change that may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is to be changed, together.
    pub edits: Vec<Edit>,
    /// What it is to make binary, or to keep as it is.
    pub goals: Vec<SlotName>,
    /// What should be known of it.
    pub notes: Vec<SuggestionNote>,
}

impl Proposal {
    /// Several as one, without repetitions.
    fn join<'p>(parts: impl IntoIterator<Item = &'p Proposal>) -> Proposal {
        let mut joined = Proposal {
            edits: Vec::new(),
            goals: Vec::new(),
            notes: Vec::new(),
        };
        for part in parts {
            for edit in &part.edits {
                if !joined.edits.contains(edit) {
                    joined.edits.push(edit.clone());
                }
            }
            joined.goals.extend(part.goals.iter().cloned());
            joined.notes.extend(part.notes.iter().cloned());
        }
        joined.notes.sort();
        joined.notes.dedup();
        joined
    }
}

/// A change that was tried.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// What is to be changed.
    pub edits: Vec<Edit>,
    /// What follows from it alone.
    pub gain: Gain,
    /// What should be known of it.
    pub notes: Vec<SuggestionNote>,
}

impl Suggestion {
    /// Whether its lines set the same for other packages.
    fn is_alike(&self, other: &Suggestion) -> bool {
        self.sets().is_some() && self.sets() == other.sets()
    }

    /// What all its lines set, if that is the same.
    fn sets(&self) -> Option<(SuggestionKind, &str)> {
        let first = self.edits.first()?;
        let (kind, (_, words)) = (first.kind(), first.of_package()?);
        let is_same = |edit: &Edit| {
            let same = edit.of_package().filter(|(_, other)| *other == words);
            edit.kind() == kind && same.is_some()
        };
        (kind != SuggestionKind::Mask && self.edits.iter().all(is_same)).then_some((kind, words))
    }

    /// The kinds of its changes, each once.
    pub fn kinds(&self) -> Vec<SuggestionKind> {
        let mut kinds: Vec<SuggestionKind> = self.edits.iter().map(Edit::kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}
