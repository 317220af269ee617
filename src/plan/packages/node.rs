//! What is plain from a package alone: slot, kind, order.

use std::cmp::Ordering;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PlanPackage;
use crate::plan::packages::slot_key::SlotKey;
use crate::pms::soname::sonames;
use crate::pms::{Cpn, Cpv, Key, Kind, Subject};

impl PlanPackage<'_> {
    /// Whether it is installed.
    pub fn is_installed(&self) -> bool {
        self.package.kind == Kind::Installed
    }

    /// Whether it is to be merged: neither installed nor there for its dependencies alone.
    pub fn is_merge(&self) -> bool {
        !self.is_installed() && !self.onlydeps
    }

    /// `category/package:slot`, what only one installed package can occupy.
    pub fn slot_key(&self) -> &SlotKey {
        &self.slot_key
    }

    /// The atom that any package of its slot matches.
    pub fn slot_atom(&self) -> &Atom {
        self.slot_atom.get_or_init(|| self.slot_key.atom())
    }

    /// Whether both would occupy the same slot of the same name.
    pub fn shares_slot(&self, other: &PlanPackage<'_>) -> bool {
        self.cpn() == other.cpn() && self.slot() == other.slot()
    }

    /// Whether slot and sub-slot are the same.
    pub fn same_sub_slot(&self, other: &PlanPackage<'_>) -> bool {
        self.slot() == other.slot() && self.sub_slot() == other.sub_slot()
    }

    /// Name and version.
    pub fn cpv(&self) -> &Cpv {
        &self.package.cpv
    }

    /// The qualified name.
    pub fn cpn(&self) -> &Cpn {
        &self.package.cpv.cpn
    }

    /// The qualified name as text.
    pub fn name(&self) -> &str {
        self.package.cpv.cpn.as_str()
    }

    /// Ebuild, binary or installed.
    pub fn kind(&self) -> Kind {
        self.package.kind
    }

    /// Whether it was built: a binary or installed package.
    pub fn is_built(&self) -> bool {
        self.package.is_built()
    }

    /// What an atom is held against.
    pub fn subject(&self) -> Subject<'_> {
        self.package.subject()
    }

    /// A variable of the metadata; empty where it is not set.
    pub fn text(&self, key: Key) -> &str {
        self.package.metadata.text(key)
    }

    /// The slot; `0` where it is invalid.
    pub fn slot(&self) -> &str {
        self.package.slot.as_ref().map_or("0", |slot| slot.slot())
    }

    /// Whether it has a valid slot and that slot, as an atom for it asks.
    pub fn stands_in(&self, slot: &str) -> bool {
        let own = self.package.slot.as_ref();
        own.is_some_and(|own| own.slot() == slot)
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
        let versions = self.cmp_version(other);
        if self.package.is_built() && other.package.is_built() {
            return versions.then(self.package.build_time.cmp(&other.package.build_time));
        }
        versions
    }

    /// Order by version alone.
    pub fn cmp_version(&self, other: &PlanPackage<'_>) -> Ordering {
        let (one, other) = (&self.package.cpv.version, &other.package.cpv.version);
        one.cmp_version(other)
    }

    /// Whether the versions are equal.
    pub fn same_version(&self, other: &PlanPackage<'_>) -> bool {
        self.cmp_version(other).is_eq()
    }

    /// Whether it has a shared library.
    pub fn has_soname(&self, soname: &str) -> bool {
        sonames(self.text(Key::Provides)).any(|known| known == soname)
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
