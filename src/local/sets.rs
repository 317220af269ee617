//! Package sets: world, system, `/etc/portage/sets`, sets.conf (`portage: _sets/`).

use std::collections::BTreeMap;

use super::Local;
use crate::pms::Dep;
use crate::source::{Notices, Source};

/// An atom of a set and the line that put it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The atom.
    pub atom: Dep,
    /// Its place.
    pub source: Source,
}

/// All sets that the configuration defines, not yet expanded.
#[derive(Debug)]
pub struct Sets {
    names: BTreeMap<String, ()>,
}

impl Sets {
    /// Read sets.conf of Portage, of the repositories and of the user, and the names of user sets.
    ///
    /// # Errors
    /// A sets.conf that Portage aborts on.
    pub fn load(_local: &Local, _notices: &Notices) -> anyhow::Result<Sets> {
        todo!()
    }

    /// Names that exist, without `@`.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// All atoms of a set, nested sets expanded, in order of text, without repetitions.
    ///
    /// # Errors
    /// The set, or one nested in it, does not exist or is of a class that bincheck cannot expand.
    pub fn expand(
        &self,
        _local: &Local,
        _name: &str,
        _notices: &Notices,
    ) -> anyhow::Result<Vec<Member>> {
        todo!()
    }
}
