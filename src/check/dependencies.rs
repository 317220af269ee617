//! The dependency variables of a package.

use std::sync::Arc;

use crate::pms::{Dep, DepSpec, Key, Kind, Package};

/// All dependency variables, in Portage's order.
pub(crate) const KEYS: [Key; 5] = [
    Key::Bdepend,
    Key::Depend,
    Key::Idepend,
    Key::Pdepend,
    Key::Rdepend,
];

/// One dependency variable, or why it cannot be read. Builds of one version share what reads the same.
pub(crate) type DepString = Result<Arc<[DepSpec<Dep>]>, String>;

/// Read one dependency variable of a package by the rules of its EAPI; what is installed is read
/// without, as Portage does.
pub(crate) fn read(package: &Package, key: Key) -> DepString {
    let eapi = package.eapi.filter(|_| package.kind != Kind::Installed);
    let text = package.metadata.text(key);
    let specs = DepSpec::parse_dependencies(text, eapi);
    specs.map(Into::into).map_err(|error| error.reason)
}
