//! The installed-package database, `EROOT/var/db/pkg` (`portage: vartree.py:vardbapi`).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Base;
use crate::pms::{Cpn, Package};
use crate::source::Notices;

/// All installed packages by name. Names and versions are read at once, metadata of a package
/// when it is asked for the first time.
#[derive(Debug, Default)]
pub struct Installed {
    packages: BTreeMap<Cpn, Vec<Arc<Package>>>,
}

impl Installed {
    /// Read the directory tree. Directories that are no package are notices.
    ///
    /// # Errors
    /// The database exists and cannot be read.
    pub fn load(_base: &Base, _notices: &Notices) -> anyhow::Result<Installed> {
        todo!()
    }

    /// Installed names in order.
    pub fn names(&self) -> impl Iterator<Item = &Cpn> {
        self.packages.keys()
    }

    /// Installed versions of a name, lowest first.
    pub fn of(&self, _cpn: &str) -> &[Arc<Package>] {
        todo!()
    }

    /// Names of the C library packages: what the dependencies of the installed `virtual/libc` name
    /// (`portage: libc.py:find_libc_deps`); empty where it is not installed.
    pub fn libc(&self) -> &[Cpn] {
        todo!()
    }
}
