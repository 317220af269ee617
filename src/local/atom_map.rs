//! Values by atom, found by package, least specific first
//! (`portage: helper.py:ordered_by_atom_specificity`).

use crate::pms::{Dep, Subject};

/// Entries in file order; look-ups touch only those of the package's name and the wildcards.
#[derive(Clone, Debug)]
pub struct AtomMap<V> {
    entries: Vec<(Dep, V)>,
    // index by name, positions of wildcards
}

impl<V> Default for AtomMap<V> {
    fn default() -> Self {
        AtomMap {
            entries: Vec::new(),
        }
    }
}

impl<V> AtomMap<V> {
    /// Add an entry after those that are there.
    pub fn push(&mut self, atom: Dep, value: V) {
        self.entries.push((atom, value));
    }

    /// All entries whose atom matches, in file order.
    pub fn matching(&self, _subject: &Subject<'_>) -> Vec<&(Dep, V)> {
        todo!()
    }

    /// All entries whose atom matches, least specific first; among equals the entry listed first
    /// comes last and so wins (semantics section "Specificity of atoms").
    pub fn by_specificity(&self, _subject: &Subject<'_>) -> Vec<&(Dep, V)> {
        todo!()
    }
}
