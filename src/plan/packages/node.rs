//! What is plain from a package alone: slot, kind, order.

use std::cmp::Ordering;

use crate::plan::packages::package_db::PlanPackage;
use crate::pms::Kind;

impl PlanPackage<'_> {
    /// Whether it is installed.
    pub fn is_installed(&self) -> bool {
        self.package.kind == Kind::Installed
    }

    /// Whether it is to be merged: neither installed nor wanted for its dependencies alone.
    pub fn is_merge(&self) -> bool {
        !self.is_installed() && !self.onlydeps
    }

    /// `category/package:slot`, what only one installed package can occupy.
    pub fn slot_key(&self) -> (&str, &str) {
        (self.package.cpv.cpn.as_str(), self.slot())
    }

    /// The slot; `0` where it is invalid.
    pub fn slot(&self) -> &str {
        self.package.slot.as_ref().map_or("0", |slot| slot.slot())
    }

    /// The sub-slot; `0` where it is invalid.
    pub fn sub_slot(&self) -> &str {
        self.package
            .slot
            .as_ref()
            .map_or("0", |slot| slot.sub_slot())
    }

    /// Order of packages of one name: version, and for two built ones the time of the build.
    pub fn order(&self, other: &PlanPackage<'_>) -> Ordering {
        let versions = self
            .package
            .cpv
            .version
            .cmp_version(&other.package.cpv.version);
        if self.package.is_built() && other.package.is_built() {
            return versions.then(self.package.build_time.cmp(&other.package.build_time));
        }
        versions
    }

    /// Whether the versions are equal.
    pub fn same_version(&self, other: &PlanPackage<'_>) -> bool {
        self.package
            .cpv
            .version
            .cmp_version(&other.package.cpv.version)
            .is_eq()
    }

    /// Whether it is in category `virtual`.
    pub fn is_virtual(&self) -> bool {
        self.package.cpv.cpn.category() == "virtual"
    }
}

impl PartialEq for PlanPackage<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
