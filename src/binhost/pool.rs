//! All candidates of all hosts and of the local PKGDIR, as Portage's database would hold them
//! (`portage: bintree.py:binarytree._populate_local`, `._populate_remote_repo`).

use super::{Candidate, HostState};
use crate::local::Base;
use crate::pms::Dep;
use crate::source::Notices;

/// Options that decide what enters.
#[derive(Clone, Debug, Default)]
pub struct PoolOptions {
    /// Remote instances count (`--getbinpkg`).
    pub getbinpkg: bool,
    /// `--getbinpkg-exclude`
    pub exclude: Vec<Dep>,
    /// `--getbinpkg-include`
    pub include: Vec<Dep>,
}

/// Why an entry never becomes a candidate for emerge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absent {
    /// `getbinpkg-exclude` or `-include`; which list and atom, for people.
    Excluded(String),
    /// The same instance was taken from this host (`None`: the local PKGDIR).
    Shadowed(Option<usize>),
    /// Signatures are required and the file cannot carry one.
    Signature(String),
}

/// All entries of all indexes: those that count, in the order of Portage's database, and the others.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    /// Every entry; `None` for one that counts.
    pub entries: Vec<(Candidate, Option<Absent>)>,
}

impl Pool {
    /// Collect local instances first (unless there is no PKGDIR), then hosts in order.
    ///
    /// An entry with an unreadable CPV is a notice that names host and entry.
    pub fn collect(
        _base: &Base,
        _hosts: &[HostState],
        _options: &PoolOptions,
        _notices: &Notices,
    ) -> Pool {
        todo!()
    }
}
