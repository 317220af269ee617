//! make.conf and files of its grammar (`portage: util/__init__.py:getconfig`, `varexpand`).
//!
//! A file is a list of shell-like tokens, read as `NAME`, `=`, `VALUE` over and over. There are no
//! lines: an empty right-hand side takes the next word, wherever it stands.

pub(crate) mod expand;
mod lexer;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::files;
use crate::chroot::Chroot;
use crate::source::{Notices, Source};
use lexer::{Lexer, ShellToken};

/// How many bytes all values of one file may come to after expansion; `A=$A$A` doubles.
const MAX_VALUES: usize = 64 << 20;

/// One `NAME=value`, expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The value after expansion.
    pub value: String,
    /// File, and line of the name.
    pub source: Source,
    /// Where parts of the value stand elsewhere: from this byte on, up to the next entry.
    places: Vec<(usize, Source)>,
}

impl Assignment {
    /// An assignment that stands in one place.
    pub fn new(name: impl Into<String>, value: impl Into<String>, source: Source) -> Assignment {
        Assignment {
            name: name.into(),
            value: value.into(),
            source,
            places: Vec::new(),
        }
    }

    /// The words of the value, each with the line that it stands on (or begins on, where an
    /// expansion brought it in).
    pub fn words(&self) -> impl Iterator<Item = (&str, &Source)> {
        let mut places = self.places.iter().peekable();
        let mut source = &self.source;
        self.value.split_whitespace().map(move |word| {
            let offset = word.as_ptr() as usize - self.value.as_ptr() as usize;
            while let Some((_, place)) = places.next_if(|(start, _)| *start <= offset) {
                source = place;
            }
            (word, source)
        })
    }

    /// Put another value of the same variable behind this one, as incremental variables of
    /// package.env are.
    pub fn append(&mut self, other: &Assignment) {
        self.value.push(' ');
        let start = self.value.len();
        self.value.push_str(&other.value);
        self.places.push((start, other.source.clone()));
        let places = other.places.iter().cloned();
        self.places
            .extend(places.map(|(offset, source)| (start + offset, source)));
    }
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    /// `source FILE` is understood.
    pub allow_source: bool,
    /// `$NAME` is expanded.
    pub expand: bool,
}

/// Read one file. `map` is the expansion map; every assignment is added to it. A file that does not
/// exist has no assignments; of a variable that is set twice the last value is given.
///
/// # Errors
/// A syntax error, with file and line; a sourced file that is missing; an unreadable file.
pub fn read(
    chroot: &Chroot,
    path: &Path,
    map: &mut HashMap<String, String>,
    mode: Mode,
    notices: &Notices,
) -> anyhow::Result<Vec<Assignment>> {
    // Files that may hold `source` are those that are read twice.
    let text = if mode.allow_source {
        files::read_text_once(chroot, path)?
    } else {
        files::read_text(chroot, path)?
    };
    let Some(text) = text else {
        return Ok(Vec::new());
    };
    if text.contains('\r') {
        notices.file(path, "has carriage returns; convert it with dos2unix");
    }
    let mut lexer = Lexer::new(chroot, path, text, mode.allow_source);
    let mut reader = Reader::default();
    while let Some((name, value)) = next_pair(&mut lexer, map)? {
        let assignment = assign(name, value, map, mode, notices);
        reader.add(assignment)?;
    }
    Ok(reader.assignments)
}

/// Read files one after the other, as if they were one.
///
/// # Errors
/// As [`read`].
pub fn read_all(
    chroot: &Chroot,
    files: &[PathBuf],
    map: &mut HashMap<String, String>,
    mode: Mode,
    notices: &Notices,
) -> anyhow::Result<Vec<Assignment>> {
    let mut reader = Reader::default();
    for file in files {
        for assignment in read(chroot, file, map, mode, notices)? {
            reader.add(assignment)?;
        }
    }
    Ok(reader.assignments)
}

/// Assignments by name, and how large they are together.
#[derive(Default)]
struct Reader {
    assignments: Vec<Assignment>,
    positions: HashMap<String, usize>,
    size: usize,
}

impl Reader {
    fn add(&mut self, assignment: Assignment) -> anyhow::Result<()> {
        self.size += assignment.value.len();
        if self.size > MAX_VALUES || assignment.value.len() > expand::MAX_VALUE {
            bail!(
                "{}: the value of {} grows too large; do not expand it so often",
                assignment.source,
                assignment.name
            );
        }
        match self.positions.get(&assignment.name) {
            Some(&position) => self.assignments[position] = assignment,
            None => {
                let position = self.assignments.len();
                self.positions.insert(assignment.name.clone(), position);
                self.assignments.push(assignment);
            }
        }
        Ok(())
    }
}

/// The next `NAME = VALUE`; nothing at the end of the file.
fn next_pair(
    lexer: &mut Lexer<'_>,
    map: &HashMap<String, String>,
) -> anyhow::Result<Option<(ShellToken, ShellToken)>> {
    let Some(mut name) = lexer.next(map)? else {
        return Ok(None);
    };
    if name.text == "export" {
        match lexer.next(map)? {
            Some(token) => name = token,
            None => return Ok(None),
        }
    }
    match lexer.next(map)? {
        Some(token) if token.text == "=" => {}
        Some(token) => bail!(
            "{}: '=' expected after {:?}, found {:?}; quote values that have spaces in them",
            token.source(),
            name.text,
            token.text
        ),
        None => bail!("{}: '=' expected after {:?}", name.source(), name.text),
    }
    let Some(value) = lexer.next(map)? else {
        bail!("{}: {} has no value", name.source(), name.text);
    };
    if name.text.starts_with(|c: char| c.is_ascii_digit())
        || !name.text.chars().all(|c| c.is_alphanumeric() || c == '_')
    {
        bail!(
            "{}: {:?} is not a name of a variable",
            name.source(),
            name.text
        );
    }
    Ok(Some((name, value)))
}

fn assign(
    name: ShellToken,
    value: ShellToken,
    map: &mut HashMap<String, String>,
    mode: Mode,
    notices: &Notices,
) -> Assignment {
    let mut assignment = Assignment::new(name.text.as_str(), "", name.source());
    if value.line != name.line || value.file != name.file {
        assignment.places.push((0, value.source()));
    }
    let line = |(offset, line)| (offset, Source::Line(value.file.clone(), line));
    if !mode.expand {
        assignment
            .places
            .extend(value.breaks.iter().copied().map(line));
        assignment.value = value.text;
        return assignment;
    }
    match expand::expand(&value.text, &value.breaks, map) {
        Ok((text, breaks)) => {
            assignment.value = text;
            assignment.places.extend(breaks.into_iter().map(line));
        }
        Err(reason) => notices.at(
            &assignment.source,
            format!("{} is taken as empty: {reason}", assignment.name),
        ),
    }
    map.insert(assignment.name.clone(), assignment.value.clone());
    assignment
}

#[cfg(test)]
mod tests;
