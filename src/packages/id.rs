//! Packages of the store by their place in it.

use crate::binhost::InstanceId;

/// An ebuild with valid metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EbuildId(pub(super) u32);

/// An installed package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstalledId(pub(super) u32);

/// A package of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PackageId {
    /// An ebuild.
    Ebuild(EbuildId),
    /// A binary package of some host or of PKGDIR.
    Binary(InstanceId),
    /// An installed package.
    Installed(InstalledId),
}

impl PackageId {
    /// The instance, if it is a binary package.
    pub fn instance(self) -> Option<InstanceId> {
        match self {
            PackageId::Binary(id) => Some(id),
            PackageId::Ebuild(_) | PackageId::Installed(_) => None,
        }
    }
}
