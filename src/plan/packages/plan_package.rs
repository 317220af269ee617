//! A package that a plan may take, and what is plain from it alone: slot, kind, order.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::sync::Arc;

use crate::check::Record;
use crate::packages::PackageId;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::reduced_cache::ReducedCache;
use crate::plan::packages::root::Root;
use crate::plan::packages::slot_key::SlotKey;
use crate::pms::soname::sonames;
use crate::pms::{Cpn, Cpv, Key, Kind, Package, Subject};

/// A package of the plan, by its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::plan) struct Id(pub(super) u32);

/// A package that a plan may take.
#[derive(Debug)]
pub(in crate::plan) struct PlanPackage<'a> {
    /// Its place.
    pub id: Id,
    /// Its place in the store of its root.
    pub source: PackageId,
    /// The package; an installed one has the dependencies that its ebuild has now.
    pub package: &'a Package,
    /// Only its dependencies are wanted (a target under `--onlydeps`).
    pub onlydeps: bool,
    pub(super) slot_key: SlotKey,
    pub(super) slot_atom: OnceCell<Atom>,
    /// Its dependencies with USE as it is configured.
    pub(in crate::plan) reduced_deps: ReducedCache,
    pub(super) record: Arc<Record<'a>>,
}

impl<'a> PlanPackage<'a> {
    /// A package without a place.
    pub(super) fn new(
        root: Root,
        source: PackageId,
        onlydeps: bool,
        record: Arc<Record<'a>>,
    ) -> PlanPackage<'a> {
        let package = record.package;
        let slot = package.slot.as_ref().map_or("0", |slot| slot.slot());
        PlanPackage {
            id: Id(0),
            source,
            package,
            onlydeps,
            slot_key: SlotKey {
                cpn: package.cpv.cpn.clone(),
                slot: slot.into(),
                root,
            },
            slot_atom: OnceCell::new(),
            reduced_deps: ReducedCache::default(),
            record,
        }
    }
}

impl PlanPackage<'_> {
    /// Whether it is installed.
    pub fn is_installed(&self) -> bool {
        self.package.kind == Kind::Installed
    }

    /// Whether it is to be merged: neither installed nor there for its dependencies alone.
    pub fn is_merge(&self) -> bool {
        !self.is_installed() && !self.onlydeps
    }

    /// The root that it is or would be installed in.
    pub fn root(&self) -> Root {
        self.slot_key.root
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
        self.root() == other.root() && self.has_slot_of(other)
    }

    /// Whether name and slot are the same, in whatever roots.
    pub fn has_slot_of(&self, other: &PlanPackage<'_>) -> bool {
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

    /// Portage's `>=`, which asks for the version alone: builds of one version are each at least the other
    /// (`portage: Package.py:Package.__ge__` returns before it compares times).
    pub fn is_at_least(&self, other: &PlanPackage<'_>) -> bool {
        self.cmp_version(other).is_ge()
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
