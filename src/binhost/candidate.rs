//! One entry of an index, typed.

use crate::pms::{Key, Metadata, Package};

/// One instance of a binary package on one host (or in the local PKGDIR).
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The package.
    pub package: Package,
    /// Position of its host in the list of hosts; `None` for the local PKGDIR.
    pub host: Option<usize>,
    /// CHOST of the entry, or of the index, or of this machine.
    pub chost: String,
    /// SIZE in bytes; −1 if it is no number.
    pub size: Option<i64>,
    /// MTIME, likewise.
    pub mtime: Option<i64>,
}

/// What tells two instances apart (`portage: virtual.py:fakedbapi._instance_key_multi_instance`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InstanceKey {
    cpv: String,
    build_id: Option<i64>,
    size: Option<i64>,
    build_time: i64,
    mtime: Option<i64>,
}

/// An entry whose CPV is none (Portage aborts on it).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCpv(pub String);

impl Candidate {
    /// Type an entry.
    ///
    /// # Errors
    /// Its CPV cannot be read.
    pub fn new(
        _metadata: Metadata,
        _host: Option<usize>,
        _own_chost: &str,
    ) -> Result<Candidate, BadCpv> {
        todo!()
    }

    /// Path below the host's base; may be empty.
    pub fn path(&self) -> &str {
        self.package.metadata.text(Key::Path)
    }

    /// What tells it from others.
    pub fn instance_key(&self) -> InstanceKey {
        todo!()
    }
}
