//! ACCEPT_PROPERTIES and ACCEPT_RESTRICT with their package.* files
//! (`portage: config.py:config._getMissingProperties`, `._getMissingRestrict`).

mod list;
mod unaccepted;

use std::convert::Infallible;

pub use unaccepted::Unaccepted;

pub(super) use list::{AcceptList, PackageAccept, layered, of_layer, split, words_of};

use super::Base;
use super::atom_map::{AtomEntry, AtomMap, UseDeps, dictionary};
use super::files;
use super::vars::Token;
use crate::pms::depspec::reduce;
use crate::pms::{DepSpec, DepSpecError, Reduced, Subject, Syntax};
use crate::source::Notices;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// ACCEPT_PROPERTIES, package.properties
    Properties,
    /// ACCEPT_RESTRICT, package.accept_restrict
    Restrict,
}

impl Which {
    /// Variable, its value where nothing sets it, and file below `/etc/portage`.
    fn names(self) -> (&'static str, Option<&'static str>, &'static str) {
        match self {
            Which::Properties => ("ACCEPT_PROPERTIES", Some("*"), "package.properties"),
            Which::Restrict => ("ACCEPT_RESTRICT", None, "package.accept_restrict"),
        }
    }
}

/// One accept list.
#[derive(Debug)]
pub struct Accept {
    list: AcceptList,
}

impl Accept {
    /// Read the variable and its package.* file.
    ///
    /// # Errors
    /// A file that Portage would abort on.
    pub fn load(base: &Base, which: Which, notices: &Notices) -> anyhow::Result<Accept> {
        let (variable, builtin, file) = which.names();
        let path = base.roots.user_config.join(file);
        let lines = files::lines(&base.chroot, &path, notices)?;
        let entries = dictionary(lines, Syntax::USER, UseDeps::Ignored, notices);
        let (global, entries) = split_global(entries);
        let tokens = layered(&base.vars, variable, builtin, global);
        Ok(Accept {
            list: AcceptList::new(tokens, entries),
        })
    }

    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub fn names_builds(&self) -> bool {
        self.list.names_builds()
    }

    /// What is missing for a package with this string and USE.
    ///
    /// # Errors
    /// The string is malformed (the package is then invalid).
    pub fn missing(
        &self,
        subject: &Subject<'_>,
        text: &str,
        enabled: &dyn Fn(&str) -> bool,
    ) -> Result<Unaccepted, DepSpecError> {
        if text.trim_ascii().is_empty() {
            return Ok(Unaccepted::default());
        }
        let nodes = reduce_words(text, enabled)?;
        let accepted = self.list.of(subject);
        let mut missing = Vec::new();
        collect(&nodes, &accepted, &mut missing);
        Ok(Unaccepted::of(missing, &accepted))
    }
}

/// Read and reduce a string whose leaves are plain words.
pub(super) fn reduce_words(
    text: &str,
    enabled: &dyn Fn(&str) -> bool,
) -> Result<Vec<Reduced<String>>, DepSpecError> {
    let nodes = DepSpec::parse(text, |word| Ok::<_, Infallible>(word.to_owned()))?;
    Ok(reduce(&nodes, None, enabled))
}

/// Entries of a `package.*` file as tokens: those of `*/*`, which join make.conf's, and the others.
pub(super) fn split_global(entries: Vec<AtomEntry>) -> (Vec<Token>, AtomMap<Vec<Token>>) {
    let mut global = Vec::new();
    let mut by_atom = AtomMap::default();
    for AtomEntry { atom, words, .. } in entries {
        let tokens = words.into_iter().map(|word| Token {
            word: word.text,
            source: word.source,
        });
        if atom.as_str() == "*/*" {
            global.extend(tokens);
        } else {
            by_atom.push(atom, tokens.collect());
        }
    }
    (global, by_atom)
}

/// Portage flattens these strings: groups do not matter.
fn collect<'a>(
    nodes: &'a [Reduced<String>],
    accepted: &PackageAccept<'_>,
    missing: &mut Vec<&'a str>,
) {
    for node in nodes {
        match node {
            Reduced::Leaf(word) if accepted.accepts(word) => {}
            Reduced::Leaf(word) => missing.push(word),
            Reduced::AllOf(nodes) | Reduced::AnyOf(nodes) => collect(nodes, accepted, missing),
            Reduced::EmptyAnyOf => {}
        }
    }
}

#[cfg(test)]
mod tests;
