//! Doors for the fuzz targets in `fuzz/`, to readers that nothing else outside calls. Not part of the
//! library: the feature `fuzzing` opens them.

use std::path::Path;

use super::atom_map::{UseDeps, dictionary as read};
use super::installed::record as installed_record;
use super::lines::Line;
use super::trees::entry;
use crate::pms::{Cpv, Metadata, Package, Syntax};
use crate::source::Notices;

/// Atoms and the words of all their lines.
pub fn dictionary(
    lines: Vec<Line>,
    syntax: Syntax,
    notices: &Notices,
) -> Vec<(String, Vec<String>)> {
    let entries = read(lines, syntax, UseDeps::Rejected, notices);
    let words = |entry: super::atom_map::AtomEntry| {
        let words = entry.words.into_iter().map(|word| word.text.to_string());
        (entry.atom.to_string(), words.collect())
    };
    entries.into_iter().map(words).collect()
}

/// An entry of a metadata cache; `None` where a line is none.
pub fn cache_entry(text: &str) -> Option<Metadata> {
    entry::parse(text.to_owned())
}

/// The EAPI that the head of an ebuild assigns.
pub fn eapi_of_ebuild(text: &str) -> Option<&str> {
    entry::eapi_of_ebuild(text)
}

/// What was recorded of an installed package.
pub fn record(dir: &Path, cpv: &Cpv) -> Package {
    installed_record::read_alone(dir, cpv)
}
