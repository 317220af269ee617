//! What `--adopt` found, as both writers need it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::packages::Packages;
use crate::report::suggest::add_to_files;
use crate::suggest::TrialOutcome;
use crate::suggest::adopt::{Adoption, Standing};

/// The profile of a model, and what is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdoptedProfile {
    /// It is not known.
    Unknown,
    /// This machine follows it.
    Same(String),
    /// It is another one.
    Other(String),
    /// It is another one, which is to be selected.
    Selected(String, PathBuf),
    /// It is another one, which no repository of this machine has.
    Missing(String),
}

impl AdoptedProfile {
    /// A model's profile against one's own.
    pub fn of(model: Option<&str>, own: Option<&str>) -> AdoptedProfile {
        match model.filter(|name| !name.is_empty()) {
            None => AdoptedProfile::Unknown,
            Some(name) if Some(name) == own => AdoptedProfile::Same(name.to_owned()),
            Some(name) => AdoptedProfile::Other(name.to_owned()),
        }
    }

    /// Whether it is another one.
    pub fn is_other(&self) -> bool {
        matches!(self, AdoptedProfile::Other(_))
    }

    /// With what came of trying it; `is_there` tells whether it could be tried.
    #[must_use]
    pub fn after(self, selected: Option<&Path>, is_there: bool) -> AdoptedProfile {
        match (self, selected) {
            (AdoptedProfile::Other(name), Some(dir)) => {
                AdoptedProfile::Selected(name, dir.to_path_buf())
            }
            (AdoptedProfile::Other(name), None) if !is_there => AdoptedProfile::Missing(name),
            (profile, _) => profile,
        }
    }
}

/// What the request comes to.
#[derive(Clone, Debug)]
pub struct RequestOutcomes {
    /// As it is.
    pub now: TrialOutcome,
    /// With the change.
    pub then: TrialOutcome,
}

/// What was found, and what it speaks of.
#[allow(missing_debug_implementations)]
pub struct AdoptionReport<'a> {
    /// What is adopted from, as it was typed.
    pub name: &'a str,
    /// Whether that is an index, which has not all of a configuration.
    pub is_index: bool,
    /// Its profile.
    pub profile: AdoptedProfile,
    /// What was found.
    pub adoption: &'a Adoption,
    /// What it built, judged as things are.
    pub packages: &'a Packages<'a>,
    /// The request.
    pub request: RequestOutcomes,
    /// What else should be known.
    pub notes: Vec<String>,
}

impl AdoptionReport<'_> {
    /// Whether all that the model built would be taken, and emerge carries out the request if it does now.
    pub fn is_complete(&self) -> bool {
        let after = &self.adoption.after;
        let is_sound = self.request.then.is_sound || !self.request.now.is_sound;
        after.left.is_empty() && after.fixable.is_empty() && is_sound
    }

    /// Files with all lines, by their names below a directory that is laid out like `/etc/portage`.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        add_to_files(&mut files, &self.adoption.change.edits, &[]);
        files
    }

    /// What the model built and is not taken even then, by what speaks against it.
    pub fn left(&self) -> BTreeMap<String, Vec<String>> {
        let after: &Standing = &self.adoption.after;
        let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let name = |id| self.packages.entry(id).0.package.cpv.to_string();
        for (id, codes) in &after.left {
            let mut words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            words.dedup();
            left.entry(words.join(", ")).or_default().push(name(*id));
        }
        for (id, edits) in &after.fixable {
            let kinds = edits.iter().map(|edit| edit.kind().as_str());
            let words: Vec<&str> = kinds.collect();
            left.entry(words.join(", ")).or_default().push(name(*id));
        }
        left
    }

    /// How many of what it built are taken, now and with the change, of how many.
    pub fn taken(&self) -> (usize, usize, usize) {
        let Adoption { before, after, .. } = self.adoption;
        let all = after.accepted.len() + after.fixable.len() + after.left.len();
        (before.accepted.len(), after.accepted.len(), all)
    }

    /// What cannot be known of the model.
    pub fn unknown(&self) -> &'static [&'static str] {
        match self.is_index {
            true => &[
                "an index tells how packages were built, not why: flags that none of its packages has, package.env, \
                 patches and /etc/portage/profile of its host are unknown",
            ],
            false => &[],
        }
    }
}
