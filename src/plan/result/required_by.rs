//! Who requires what is merged.

use crate::pms::{Cpv, Kind};

/// Who requires a package.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RequiredBy {
    /// A target, or a set with `@`.
    Target(String),
    /// A package.
    Package(Cpv, Kind),
    /// A rebuild that the resolver found necessary.
    Rebuild,
}
