//! `/etc/portage/package.env` and the files below `/etc/portage/env`
//! (`portage: config.py:config._grab_pkg_env`).

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use super::Base;
use super::atom_map::{AtomMap, Entry, UseDeps, Word, dictionary};
use super::files;
use super::getconfig::{self, Assignment, Mode};
use super::vars::{Layer, is_incremental};
use crate::pms::{Subject, Syntax};
use crate::source::Notices;

/// Names that mean the package itself and cannot be set for it.
const METADATA: [&str; 19] = [
    "BDEPEND",
    "CATEGORY",
    "DEFINED_PHASES",
    "DEPEND",
    "EAPI",
    "IDEPEND",
    "INHERITED",
    "IUSE",
    "KEYWORDS",
    "LICENSE",
    "PDEPEND",
    "PF",
    "PKGUSE",
    "PORTAGE_REPO_NAME",
    "PROPERTIES",
    "RDEPEND",
    "REQUIRED_USE",
    "RESTRICT",
    "SLOT",
];

/// Assignments by atom; `*/*` entries are in make.conf's layer already ([`super::vars`]).
#[derive(Clone, Debug, Default)]
pub struct PackageEnv {
    entries: AtomMap<Vec<Assignment>>,
}

impl PackageEnv {
    /// Read package.env and the files that it names.
    ///
    /// # Errors
    /// A syntax error in one of those files.
    pub fn load(base: &Base, notices: &Notices) -> anyhow::Result<PackageEnv> {
        let path = base.roots.user_config.join("package.env");
        let lines = files::lines(&base.chroot, &path, notices);
        let mut reader = Reader {
            base,
            notices,
            read: HashMap::new(),
        };
        let mut entries = AtomMap::default();
        for Entry { atom, words, .. } in dictionary(lines, Syntax::USER, UseDeps::Ignored, notices) {
            if atom.as_str() != "*/*" {
                entries.push(atom, reader.assignments(&words)?);
            }
        }
        Ok(PackageEnv { entries })
    }

    /// What a package gets, weakest first.
    pub fn of(&self, subject: &Subject<'_>) -> Vec<&Assignment> {
        self.entries
            .by_specificity(subject)
            .into_iter()
            .flat_map(|(_, assignments)| assignments)
            .collect()
    }

    /// All entries; each has at most one assignment of a name.
    pub(super) fn entries(&self) -> &AtomMap<Vec<Assignment>> {
        &self.entries
    }
}
