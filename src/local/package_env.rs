//! `/etc/portage/package.env` and the files below `/etc/portage/env`
//! (`portage: config.py:config._grab_pkg_env`).

use super::Base;
use super::atom_map::AtomMap;
use super::getconfig::Assignment;
use crate::pms::Subject;
use crate::source::Notices;

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
    pub fn load(_base: &Base, _notices: &Notices) -> anyhow::Result<PackageEnv> {
        todo!()
    }

    /// What a package gets, weakest first.
    pub fn of(&self, subject: &Subject<'_>) -> Vec<&Assignment> {
        self.entries
            .by_specificity(subject)
            .into_iter()
            .flat_map(|(_, assignments)| assignments)
            .collect()
    }
}
