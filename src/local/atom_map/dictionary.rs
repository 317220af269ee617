//! Reading `ATOM word…` files (`portage: util/__init__.py:grabdict_package`).

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use crate::local::lines::Line;
use crate::pms::{Dep, Syntax};
use crate::source::{Notices, Source};

/// One word behind an atom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::local) struct Word {
    /// The word.
    pub text: String,
    /// Its line.
    pub source: Source,
    /// Whether it is the first word of its line.
    pub starts_line: bool,
}

/// All lines of one atom, joined.
#[derive(Clone, Debug)]
pub(in crate::local) struct AtomEntry {
    /// The atom.
    pub atom: Dep,
    /// The first line that has it.
    pub source: Source,
    /// The words of all its lines; an atom alone has none.
    pub words: Vec<Word>,
}

/// What becomes of atoms with USE dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::local) enum UseDeps {
    /// The entry is skipped with a notice.
    Rejected,
    /// They are allowed and have no effect.
    Ignored,
}

/// Read entries in order of the first appearance of their atoms; lines of the textually same atom are
/// joined. Lines with an invalid atom are notices.
pub(in crate::local) fn dictionary(
    lines: Vec<Line>,
    syntax: Syntax,
    use_deps: UseDeps,
    notices: &Notices,
) -> Vec<AtomEntry> {
    let mut entries: Vec<AtomEntry> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for line in lines {
        let mut words = line.words.into_iter();
        let Some(text) = words.next() else { continue };
        let position = match positions.entry(text) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(new) => {
                let Some(atom) = read_atom(new.key(), &line.source, syntax, use_deps, notices)
                else {
                    continue;
                };
                entries.push(AtomEntry {
                    atom,
                    source: line.source.clone(),
                    words: Vec::new(),
                });
                *new.insert(entries.len() - 1)
            }
        };
        let of_atom = &mut entries[position].words;
        of_atom.extend(words.enumerate().map(|(index, text)| Word {
            text,
            source: line.source.clone(),
            starts_line: index == 0,
        }));
    }
    entries
}

/// Read one atom of a configuration file; what is wrong with it becomes a notice.
pub(in crate::local) fn read_atom(
    text: &str,
    source: &Source,
    syntax: Syntax,
    use_deps: UseDeps,
    notices: &Notices,
) -> Option<Dep> {
    match Dep::parse(text, syntax) {
        Err(error) => {
            notices.at(source, format!("line skipped, invalid atom: {error}"));
            None
        }
        Ok(atom) if use_deps == UseDeps::Rejected && atom.use_deps().next().is_some() => {
            let text =
                format!("line skipped: {atom} has USE dependencies, which do not count here");
            notices.at(source, text);
            None
        }
        Ok(atom) => Some(atom),
    }
}
