//! Accepted licenses (`portage: LicenseManager.py:LicenseManager`).

mod groups;

use std::collections::HashMap;

use groups::Groups;

use super::Base;
use super::accept::{
    AcceptList, PackageAccept, Unaccepted, layered, reduce_words, split, split_global,
};
use super::atom_map::{AtomEntry, AtomMap, UseDeps, dictionary};
use super::files;
use super::vars::Token;
use crate::pms::{DepSpecError, Reduced, Subject, Syntax};
use crate::source::{Notices, Source};

/// What counts where ACCEPT_LICENSE is empty.
const DEFAULT: &str = "* -@EULA";

/// What an any-of group without alternatives is called in Portage's messages.
const EMPTY_ANY_OF: &str = "__const__/empty-any-of";

/// ACCEPT_LICENSE, license groups and package.license.
#[derive(Debug)]
pub struct Licenses {
    list: AcceptList,
}

impl Licenses {
    /// Read license_groups, ACCEPT_LICENSE and package.license.
    ///
    /// # Errors
    /// A directory where a profile may have none.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<Licenses> {
        let groups = Groups::load(base, notices)?;
        let (global, entries) = split_global(read_entries(base, notices)?);
        let mut tokens = layered(&base.vars, "ACCEPT_LICENSE", Some(DEFAULT), global);
        if tokens.is_empty() {
            tokens.extend(split(DEFAULT, &Source::BuiltIn));
        }
        Ok(Licenses::new(&groups, tokens, entries, notices))
    }

    fn new(
        groups: &Groups,
        tokens: Vec<Token>,
        entries: AtomMap<Vec<Token>>,
        notices: &Notices,
    ) -> Licenses {
        let entries = entries
            .iter()
            .map(|(atom, tokens)| (atom.clone(), groups.expand(tokens.clone(), notices)))
            .collect();
        Licenses {
            list: AcceptList::new(groups.expand(tokens, notices), entries),
        }
    }

    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub fn names_builds(&self) -> bool {
        self.list.names_builds()
    }

    /// What is missing for a package with this LICENSE and USE.
    ///
    /// # Errors
    /// The string is malformed (the package is then invalid).
    pub fn missing(
        &self,
        subject: &Subject<'_>,
        license: &str,
        enabled: &dyn Fn(&str) -> bool,
    ) -> Result<Unaccepted, DepSpecError> {
        let nodes = reduce_words(license, enabled)?;
        let accepted = self.list.of(subject);
        let mut missing = Vec::new();
        for node in &nodes {
            refused(node, &accepted, &mut missing);
        }
        Ok(Unaccepted::of(missing, &accepted))
    }
}

/// package.license of profiles that may have one, then the user's. An atom that comes again in a later
/// file replaces its words and keeps its place.
fn read_entries(base: &Base, notices: &Notices) -> anyhow::Result<Vec<AtomEntry>> {
    let syntax = Syntax {
        build_id: false,
        ..Syntax::USER
    };
    let profiles = base
        .profile
        .nodes
        .iter()
        .filter(|node| node.formats.license);
    let dirs = profiles
        .map(|node| node.dir.as_path())
        .chain([base.roots.user_config.as_path()]);
    let mut entries: Vec<AtomEntry> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    for dir in dirs {
        let lines = files::lines(&base.chroot, &dir.join("package.license"), notices)?;
        for entry in dictionary(lines, syntax, UseDeps::Ignored, notices) {
            let next = entries.len();
            let position = *positions.entry(entry.atom.to_string()).or_insert(next);
            if position == next {
                entries.push(entry);
            } else {
                entries[position] = entry;
            }
        }
    }
    Ok(entries)
}

/// Add the licenses of a node that are not accepted; an any-of group adds all of its alternatives or,
/// if one of them is accepted, nothing.
fn refused<'a>(
    node: &'a Reduced<String>,
    accepted: &PackageAccept<'_>,
    missing: &mut Vec<&'a str>,
) {
    match node {
        Reduced::Leaf(license) if accepted.accepts(license) => {}
        Reduced::Leaf(license) => missing.push(license),
        Reduced::EmptyAnyOf => missing.push(EMPTY_ANY_OF),
        Reduced::AllOf(nodes) => {
            for node in nodes {
                refused(node, accepted, missing);
            }
        }
        Reduced::AnyOf(nodes) => {
            let before = missing.len();
            for node in nodes {
                let so_far = missing.len();
                refused(node, accepted, missing);
                if missing.len() == so_far {
                    missing.truncate(before);
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
