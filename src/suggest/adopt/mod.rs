//! `--adopt`: the configuration that makes this machine want what a host built.
//!
//! What the host built is judged by this machine's rules ([`Standing`]); what speaks against it becomes lines. First comes
//! the host's profile, then lines of make.conf that stand for many of package.use, then lines for packages, for as long as
//! they bring anything. Each step is tried, and taken only if it is better ([`Standing::cost`]).

mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub use standing::{Standing, newest_of_slots};

use super::Edit;
use crate::binhost::InstanceId;

/// How often lines for packages are added: what lifts a mask may show what stands behind it.
const MOST_ROUNDS: usize = 4;

/// A change of the configuration as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigChange {
    /// The directory of the profile to select, if it is another one.
    pub profile: Option<PathBuf>,
    /// Lines.
    pub edits: Vec<Edit>,
}

impl ConfigChange {
    fn and(&self, edits: impl IntoIterator<Item = Edit>) -> ConfigChange {
        let mut all = self.clone();
        for edit in edits {
            if !all.edits.contains(&edit) {
                all.edits.push(edit);
            }
        }
        all
    }
}

/// How changes are tried.
pub trait AdoptionTrial {
    /// How what the host built stands then; `None` where the configuration cannot be read.
    fn standing(&mut self, change: &ConfigChange) -> Option<Standing>;
    /// Whether emerge would still carry out the request, if it does now.
    fn is_sound(&mut self, change: &ConfigChange) -> bool;
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// What to change.
    pub change: ConfigChange,
    /// How what the host built stands now.
    pub before: Standing,
    /// How it stands with the change.
    pub after: Standing,
    /// Lines that would help too, but keep emerge from carrying out the request.
    pub refused: Vec<Edit>,
}

/// Find what to change. `profile` is the directory of the host's profile, if this machine follows another one and has it.
pub fn adopt(
    before: Standing,
    profile: Option<PathBuf>,
    trial: &mut dyn AdoptionTrial,
) -> Adoption {
    let mut search = AdoptionSearch {
        trial,
        change: ConfigChange::default(),
        now: before.clone(),
        refused: Vec::new(),
    };
    if profile.is_some() {
        search.take_if_better(ConfigChange {
            profile,
            edits: Vec::new(),
        });
    }
    for line in search.now.common.clone() {
        let change = search.change.and([line]);
        search.take_if_better(change);
    }
    search.add_lines();
    Adoption {
        before,
        after: search.now,
        change: search.change,
        refused: search.refused,
    }
}

struct AdoptionSearch<'t> {
    trial: &'t mut dyn AdoptionTrial,
    change: ConfigChange,
    now: Standing,
    refused: Vec<Edit>,
}

impl AdoptionSearch<'_> {
    fn take_if_better(&mut self, change: ConfigChange) {
        let Some(standing) = self.trial.standing(&change) else {
            return;
        };
        let cost = |standing: &Standing, change: &ConfigChange| {
            let (left, lines) = standing.cost();
            (left, lines + change.edits.len())
        };
        if cost(&standing, &change) < cost(&self.now, &self.change) && self.trial.is_sound(&change)
        {
            self.now = standing;
            self.change = change;
        }
    }

    /// Lines for packages, without those that bring nothing.
    fn add_lines(&mut self) {
        let start = self.change.clone();
        let mut requested: BTreeMap<Edit, BTreeSet<InstanceId>> = BTreeMap::new();
        let mut change = start.clone();
        let mut now = self.now.clone();
        for _ in 0..MOST_ROUNDS {
            let before = change.edits.len();
            for (id, edits) in &now.fixable {
                for edit in edits {
                    requested.entry(edit.clone()).or_default().insert(*id);
                }
                change = change.and(edits.iter().cloned());
            }
            if change.edits.len() == before {
                break;
            }
            match self.trial.standing(&change) {
                Some(standing) => now = standing,
                None => return,
            }
        }
        let helps = |edit: &&Edit| {
            let by = requested.get(*edit).into_iter().flatten();
            let is_new = !start.edits.contains(edit);
            is_new && by.into_iter().any(|id| now.accepted.contains(id))
        };
        let helping: Vec<Edit> = change.edits.iter().filter(helps).cloned().collect();
        let change = self.sound_part(start, &helping);
        if let Some(standing) = self.trial.standing(&change)
            && standing.accepted.len() > self.now.accepted.len()
        {
            self.now = standing;
            self.change = change;
        }
    }

    /// A change with as many of these lines as leave the request possible.
    fn sound_part(&mut self, base: ConfigChange, edits: &[Edit]) -> ConfigChange {
        let whole = base.and(edits.iter().cloned());
        if edits.is_empty() || self.trial.is_sound(&whole) {
            return whole;
        }
        if let [edit] = edits {
            self.refused.push(edit.clone());
            return base;
        }
        let (first, second) = edits.split_at(edits.len() / 2);
        let base = self.sound_part(base, first);
        self.sound_part(base, second)
    }
}

#[cfg(test)]
mod tests;
