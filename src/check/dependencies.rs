//! The dependency variables of a package.

use crate::local::Local;
use crate::local::dep_strings::DepString;
use crate::pms::{Key, Kind, Package};

/// All dependency variables, in Portage's order.
pub(crate) const KEYS: [Key; 5] = [
    Key::Bdepend,
    Key::Depend,
    Key::Idepend,
    Key::Pdepend,
    Key::Rdepend,
];

/// Read one dependency variable of a package by the rules of its EAPI; what is installed is read
/// without, as Portage does.
pub(crate) fn read(local: &Local, package: &Package, key: Key) -> DepString {
    let eapi = package.eapi.filter(|_| package.kind != Kind::Installed);
    local.dep_string(package.metadata.text(key), eapi)
}
