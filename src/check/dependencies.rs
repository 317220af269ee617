//! The dependency variables of a package.

use crate::pms::{Dep, DepSpec, Key, Kind, Package};

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
pub(crate) fn read(package: &Package, key: Key) -> Result<Vec<DepSpec<Dep>>, String> {
    let eapi = package.eapi.filter(|_| package.kind != Kind::Installed);
    let text = package.metadata.text(key);
    DepSpec::parse_dependencies(text, eapi).map_err(|error| error.reason)
}
