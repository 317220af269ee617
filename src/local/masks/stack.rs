//! Lists of atoms in which a later `-atom` takes back an earlier one
//! (`portage: util/__init__.py:stack_lists`, `grabfile_package`, `append_repo`).

use std::collections::HashMap;

use crate::local::atom_map::{UseDeps, read_atom};
use crate::local::lines::Line;
use crate::pms::{Dep, Syntax};
use crate::source::{Notices, Source};

/// One valid line.
#[derive(Clone, Debug)]
pub(super) struct AtomLine {
    /// The atom.
    pub atom: Dep,
    /// Whether it had a leading `-`.
    pub removes: bool,
    /// Its place.
    pub source: Source,
}

/// Read lines of one atom each; others are notices.
pub(super) fn atom_lines(lines: Vec<Line>, syntax: Syntax, notices: &Notices) -> Vec<AtomLine> {
    let read = |line: Line| {
        let text = line.words.join(" ");
        let (removes, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text.as_str()),
        };
        let atom = read_atom(text, &line.source, syntax, UseDeps::Ignored, notices)?;
        Some(AtomLine {
            atom,
            removes,
            source: line.source,
        })
    };
    lines.into_iter().filter_map(read).collect()
}

/// How far a `-atom` reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Removal {
    /// It takes back the identical atom.
    Identical,
    /// Without `::repository` it takes back `atom::repository` of any repository, too.
    AnyRepository,
}

/// Atoms by text, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct MaskStack {
    atoms: Vec<Option<(Dep, Source)>>,
    positions: HashMap<String, usize>,
}

impl MaskStack {
    /// Add an atom; one that is there keeps its position and takes the new place.
    pub(super) fn add(&mut self, atom: Dep, source: Source) {
        let next = self.atoms.len();
        let position = *self.positions.entry(atom.to_string()).or_insert(next);
        match self.atoms.get_mut(position) {
            Some(known) => *known = Some((atom, source)),
            None => self.atoms.push(Some((atom, source))),
        }
    }

    /// Apply a line; false for a removal that found nothing.
    pub(super) fn apply(&mut self, line: AtomLine, removal: Removal) -> bool {
        if !line.removes {
            self.add(line.atom, line.source);
            return true;
        }
        let text = line.atom.as_str();
        if removal == Removal::AnyRepository && line.atom.repository().is_none() {
            self.remove_where(|atom| without_repository(atom) == text)
        } else {
            self.remove_where(|atom| atom.as_str() == text)
        }
    }

    fn remove_where(&mut self, gone: impl Fn(&Dep) -> bool) -> bool {
        let mut found = false;
        for slot in &mut self.atoms {
            if let Some((atom, _)) = slot.as_ref().filter(|(atom, _)| gone(atom)) {
                self.positions.remove(atom.as_str());
                *slot = None;
                found = true;
            }
        }
        found
    }

    /// What is left, in order.
    pub(super) fn into_atoms(self) -> impl Iterator<Item = (Dep, Source)> {
        self.atoms.into_iter().flatten()
    }
}

/// The text of an atom less `::repository`.
fn without_repository(atom: &Dep) -> String {
    match atom.repository() {
        None => atom.to_string(),
        Some(repository) => atom.as_str().replacen(&format!("::{repository}"), "", 1),
    }
}

/// The same atom for one repository only; an atom that names one already is left alone.
pub(super) fn with_repository(atom: Dep, repository: &str) -> Dep {
    if atom.repository().is_some() {
        return atom;
    }
    let text = atom.as_str();
    let use_deps = text.find('[').unwrap_or(text.len());
    let (front, back) = text.split_at(use_deps);
    Dep::parse(&format!("{front}::{repository}{back}"), Syntax::USER).unwrap_or(atom)
}
