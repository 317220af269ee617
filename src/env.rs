//! The process environment, read once.

use std::collections::{BTreeMap, BTreeSet};

/// Environment variables; text that is not UTF-8 has its bad bytes replaced, as Portage does.
#[derive(Clone, Debug, Default)]
pub struct Env {
    all: BTreeMap<String, String>,
    /// Names of those that the command line gave.
    given: BTreeSet<String>,
}

impl Env {
    /// The environment of this process.
    pub fn read() -> Self {
        let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        Env {
            all: std::env::vars_os()
                .map(|(name, value)| (lossy(name), lossy(value)))
                .collect(),
            given: BTreeSet::new(),
        }
    }

    /// One variable; an empty value is a value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all.get(name).map(String::as_str)
    }

    /// Set a variable, as emerge does for `--root` and its like before configuration is read.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.all.insert(name.to_owned(), value.into());
        self.given.insert(name.to_owned());
        self
    }

    /// Only what the command line gave: all that counts for a system that is not the running one. What
    /// the person who judges has set, and what secrets are in their environment, is not that system's.
    #[must_use]
    pub fn given(&self) -> Env {
        let is_given = |(name, _): &(&String, &String)| self.given.contains(*name);
        let all = self.all.iter().filter(is_given);
        Env {
            all: all
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            given: self.given.clone(),
        }
    }

    /// The same without all other variables than these.
    #[must_use]
    pub fn only(mut self, names: &[&str]) -> Env {
        self.all.retain(|name, _| names.contains(&name.as_str()));
        self
    }

    /// All variables in order of name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.all
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Env {
    /// All of them count as given.
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let all: BTreeMap<String, String> = pairs
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let given = all.keys().cloned().collect();
        Env { all, given }
    }
}
