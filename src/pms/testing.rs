//! Packages for tests of rules about them.

#![allow(clippy::unwrap_used)]

use super::{Cpv, Eapi, Key, Kind, Metadata, Package, Slot};

/// An installed package of slot 0 with some metadata.
pub(crate) fn installed(cpv: &str, metadata: &[(Key, &str)]) -> Package {
    Package {
        kind: Kind::Installed,
        cpv: Cpv::parse(cpv).unwrap(),
        slot: Slot::parse("0", Some(Eapi::ZERO)),
        eapi: Eapi::parse("8"),
        repository: None,
        build_id: None,
        build_time: 0,
        metadata: Metadata::from_pairs(metadata.iter().copied()),
    }
}
