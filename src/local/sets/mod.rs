//! Package sets: world, system, `/etc/portage/sets`, sets.conf (`portage: _sets/`).

mod class;
mod contents;
mod definitions;
mod items;
mod profile;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;

use self::class::Class;
use self::contents::Contents;
use super::installed::Installed;
use super::{Base, Local};
use crate::pms::Dep;
use crate::source::{Notices, Source};

/// An atom of a set and the line that put it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The atom.
    pub atom: Dep,
    /// Its place.
    pub source: Source,
}

/// All sets that the configuration defines, not yet expanded.
#[derive(Debug)]
pub struct Sets {
    names: BTreeMap<String, Definition>,
}

/// Where a set comes from and how its members are found.
#[derive(Debug)]
struct Definition {
    class: Class,
    source: Source,
    /// What it holds, read when first requested.
    contents: OnceCell<Contents>,
}

impl Definition {
    fn new(class: Class, source: Source) -> Definition {
        Definition {
            class,
            source,
            contents: OnceCell::new(),
        }
    }

    /// What the set holds.
    fn contents(
        &self,
        base: &Base,
        installed: &Installed,
        name: &str,
        notices: &Notices,
    ) -> anyhow::Result<&Contents> {
        if let Some(contents) = self.contents.get() {
            return Ok(contents);
        }
        let contents = contents::read(base, installed, name, self, notices)?;
        Ok(self.contents.get_or_init(|| contents))
    }
}

impl Sets {
    /// Read sets.conf of Portage, of the repositories and of the user, and the names of user sets.
    ///
    /// # Errors
    /// A sets.conf that Portage aborts on.
    pub fn load(local: &Local, notices: &Notices) -> anyhow::Result<Sets> {
        Sets::read(&local.base, notices)
    }

    fn read(base: &Base, notices: &Notices) -> anyhow::Result<Sets> {
        let names = definitions::read(base, notices)?;
        Ok(Sets { names })
    }

    /// Names of all sets of a system, without `@`.
    ///
    /// # Errors
    /// As [`Sets::load`].
    pub(crate) fn names_of(base: &Base, notices: &Notices) -> anyhow::Result<Vec<String>> {
        Ok(definitions::read(base, notices)?.into_keys().collect())
    }

    /// Names that exist, without `@`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// All atoms of a set, nested sets expanded, in order of text, without repetitions.
    ///
    /// # Errors
    /// The set, or one nested in it, does not exist or is of a class that bincheck cannot expand.
    pub fn expand(
        &self,
        local: &Local,
        name: &str,
        notices: &Notices,
    ) -> anyhow::Result<Vec<Member>> {
        self.members(&local.base, &local.installed, name, notices)
    }

    /// A set and those nested in it, each with its own atoms only, in the order in which emerge
    /// takes them (`portage: depgraph.py:depgraph._expand_set_args`).
    ///
    /// # Errors
    /// As [`Sets::expand`].
    pub fn open(
        &self,
        local: &Local,
        name: &str,
        notices: &Notices,
    ) -> anyhow::Result<Vec<(String, Vec<Member>)>> {
        let mut all: Vec<(String, Vec<Member>)> = Vec::new();
        let mut open: Vec<(String, Option<Source>)> = vec![(name.to_owned(), None)];
        while let Some((name, origin)) = open.pop() {
            if all.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let definition = self.definition(&name, origin.as_ref())?;
            let contents = definition.contents(&local.base, &local.installed, &name, notices)?;
            let mut sets: Vec<&(String, Source)> = contents.sets.iter().collect();
            sets.sort_by(|(left, _), (right, _)| left.cmp(right));
            all.push((name, contents.atoms.clone()));
            let nested = |(name, source): &(String, Source)| (name.clone(), Some(source.clone()));
            open.extend(sets.into_iter().map(nested));
        }
        Ok(all)
    }

    fn members(
        &self,
        base: &Base,
        installed: &Installed,
        name: &str,
        notices: &Notices,
    ) -> anyhow::Result<Vec<Member>> {
        let mut all: BTreeMap<String, Member> = BTreeMap::new();
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut open: Vec<(String, Option<Source>)> = vec![(name.to_owned(), None)];
        while let Some((name, origin)) = open.pop() {
            let definition = self.definition(&name, origin.as_ref())?;
            let contents = definition.contents(base, installed, &name, notices)?;
            for member in &contents.atoms {
                let text = member.atom.as_str().to_owned();
                all.entry(text).or_insert_with(|| member.clone());
            }
            for (nested, source) in &contents.sets {
                if seen.insert(nested.clone()) {
                    open.push((nested.clone(), Some(source.clone())));
                }
            }
        }
        Ok(all.into_values().collect())
    }

    fn definition(&self, name: &str, origin: Option<&Source>) -> anyhow::Result<&Definition> {
        if let Some(definition) = self.names.get(name) {
            return Ok(definition);
        }
        match origin {
            Some(origin) => bail!(
                "{origin}: there is no set named \"{name}\"; take the line out, or list its \
                 packages in /etc/portage/sets/{name}"
            ),
            None => bail!(
                "there is no set named \"{name}\"; the sets of this machine are: {}",
                self.names().collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

#[cfg(test)]
mod tests;
