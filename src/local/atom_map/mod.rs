//! Values by atom, found by package, least specific first
//! (`portage: helper.py:ordered_by_atom_specificity`, `dep/__init__.py:ExtendedAtomDict`).

mod dictionary;
mod names;
mod repository_files;
mod specificity;

pub(super) use dictionary::{AtomEntry, UseDeps, Word, dictionary, read_atom};
pub(super) use names::NameMap;
pub(super) use repository_files::{
    allows_directories, repository_lines, repository_syntax, strict_repository_lines,
};

use crate::pms::{Dep, Subject};

/// Entries in file order; look-ups touch only those of the package's name and the wildcards.
#[derive(Clone, Debug)]
pub struct AtomMap<V> {
    entries: Vec<(Dep, V)>,
    by_name: NameMap<Vec<usize>>,
    /// Positions of entries whose name has a `*`: one group a name, as Portage keeps them.
    wildcards: Vec<Vec<usize>>,
    wildcard_groups: NameMap<usize>,
    names_builds: bool,
}

impl<V> Default for AtomMap<V> {
    fn default() -> Self {
        AtomMap {
            entries: Vec::new(),
            by_name: NameMap::default(),
            wildcards: Vec::new(),
            wildcard_groups: NameMap::default(),
            names_builds: false,
        }
    }
}

impl<V> FromIterator<(Dep, V)> for AtomMap<V> {
    fn from_iter<I: IntoIterator<Item = (Dep, V)>>(pairs: I) -> Self {
        let mut map = AtomMap::default();
        for (atom, value) in pairs {
            map.push(atom, value);
        }
        map
    }
}

impl<V> AtomMap<V> {
    /// Add an entry after those that are there.
    pub fn push(&mut self, atom: Dep, value: V) {
        let position = self.entries.len();
        let name: Box<str> = atom.name().into();
        if name.contains('*') {
            let next = self.wildcards.len();
            let group = *self.wildcard_groups.entry(name).or_insert(next);
            if group == next {
                self.wildcards.push(Vec::new());
            }
            self.wildcards[group].push(position);
        } else {
            self.by_name.entry(name).or_default().push(position);
        }
        self.names_builds |= atom.build_id().is_some();
        self.entries.push((atom, value));
    }

    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub fn names_builds(&self) -> bool {
        self.names_builds
    }

    /// Every entry, in file order.
    pub fn iter(&self) -> impl Iterator<Item = &(Dep, V)> {
        self.entries.iter()
    }

    /// All entries whose atom matches: those of the package's name in file order, then wildcards in
    /// order of the first appearance of their names, which is the order that Portage sees.
    pub fn matching(&self, subject: &Subject<'_>) -> Vec<&(Dep, V)> {
        let exact = self.by_name.get(subject.cpn.as_str());
        exact
            .into_iter()
            .chain(&self.wildcards)
            .flatten()
            .filter_map(|&position| self.entries.get(position))
            .filter(|(atom, _)| atom.matches(subject))
            .collect()
    }

    /// All entries whose atom matches, least specific first; among equals the entry listed first
    /// comes last and so wins (`portage: _config/helper.py:ordered_by_atom_specificity`).
    pub fn by_specificity(&self, subject: &Subject<'_>) -> Vec<&(Dep, V)> {
        let mut matches = self.matching(subject);
        specificity::sort(&mut matches, subject.version);
        matches
    }

    /// The same where the map holds several files that count one after the other: files in ascending
    /// order of `file`, and by specificity only within each.
    pub(super) fn by_file<K: Ord>(
        &self,
        subject: &Subject<'_>,
        file: impl Fn(&V) -> K,
    ) -> Vec<&(Dep, V)> {
        let mut matches = self.matching(subject);
        matches.sort_by_key(|(_, value)| file(value));
        for of_one_file in matches.chunk_by_mut(|(_, a), (_, b)| file(a) == file(b)) {
            specificity::sort(of_one_file, subject.version);
        }
        matches
    }
}

#[cfg(test)]
mod tests;
