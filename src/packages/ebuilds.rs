//! Ebuilds, read when their name is first requested.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use typed_arena::Arena;

use super::EbuildId;
use crate::check::{OwnEbuilds, Record};
use crate::local::trees::{Ebuild, Ebuilds};
use crate::local::{Local, Trees};
use crate::pms::{Cpn, Cpv};
use crate::source::Notices;

/// Ebuilds by name.
pub(super) struct EbuildTable<'a> {
    local: &'a Local,
    trees: &'a Trees,
    notices: &'a Notices,
    arena: &'a Arena<Ebuilds>,
    by_name: RefCell<HashMap<String, Rc<SameName<'a>>>>,
    records: RefCell<Vec<Arc<Record<'a>>>>,
}

/// The ebuilds of one name.
pub(super) struct SameName<'a> {
    /// Lowest version first, the repository of highest priority last.
    read: &'a [Ebuild],
    /// For each of them its place; `None` where the metadata could not be read.
    ids: OnceCell<Vec<Option<EbuildId>>>,
}

impl<'a> EbuildTable<'a> {
    pub(super) fn new(
        local: &'a Local,
        trees: &'a Trees,
        notices: &'a Notices,
        arena: &'a Arena<Ebuilds>,
    ) -> EbuildTable<'a> {
        EbuildTable {
            local,
            trees,
            notices,
            arena,
            by_name: RefCell::default(),
            records: RefCell::default(),
        }
    }

    /// Read the ebuilds of all these names that were not read yet.
    pub(super) fn read<'n>(&self, names: impl IntoIterator<Item = &'n Cpn>) {
        let mut by_name = self.by_name.borrow_mut();
        let is_new = |cpn: &&Cpn| !by_name.contains_key(cpn.as_str());
        let new: BTreeSet<&Cpn> = names.into_iter().filter(is_new).collect();
        if new.is_empty() {
            return;
        }
        let read = self.trees.load(new.iter().copied(), self.notices);
        let read = self.arena.alloc(read);
        let read: &'a Ebuilds = read;
        for cpn in new {
            let same = SameName {
                read: read.of(cpn.as_str()),
                ids: OnceCell::new(),
            };
            by_name.insert(cpn.as_str().to_owned(), Rc::new(same));
        }
    }

    /// The names that were read so far.
    pub(super) fn names_read(&self) -> Vec<Cpn> {
        let by_name = self.by_name.borrow();
        by_name.keys().filter_map(|name| Cpn::parse(name)).collect()
    }

    fn same_name(&self, cpn: &Cpn) -> Rc<SameName<'a>> {
        if !self.by_name.borrow().contains_key(cpn.as_str()) {
            self.read([cpn]);
        }
        let by_name = self.by_name.borrow();
        let none = || {
            Rc::new(SameName {
                read: &[],
                ids: OnceCell::new(),
            })
        };
        by_name.get(cpn.as_str()).map_or_else(none, Rc::clone)
    }

    fn ids<'s>(&self, same: &'s SameName<'a>) -> &'s [Option<EbuildId>] {
        same.ids.get_or_init(|| {
            let id = |ebuild: &'a Ebuild| self.add(ebuild.package()?);
            same.read.iter().map(id).collect()
        })
    }

    fn add(&self, package: &'a crate::pms::Package) -> Option<EbuildId> {
        let mut records = self.records.borrow_mut();
        let id = EbuildId(u32::try_from(records.len()).ok()?);
        records.push(Arc::new(Record::of_ebuild(self.local, package)));
        Some(id)
    }

    pub(super) fn record(&self, id: EbuildId) -> Arc<Record<'a>> {
        Arc::clone(&self.records.borrow()[id.0 as usize])
    }

    /// Ebuilds with valid metadata, highest version first, of equal versions the repository of highest priority.
    pub(super) fn of(&self, cpn: &Cpn) -> Vec<EbuildId> {
        let same = self.same_name(cpn);
        self.ids(&same).iter().rev().flatten().copied().collect()
    }

    /// All ebuilds of a name, lowest version first, also those that could not be read.
    pub(super) fn all(&self, cpn: &Cpn) -> &'a [Ebuild] {
        self.same_name(cpn).read
    }

    /// The ebuilds of one version; what is worked out about them is kept.
    pub(super) fn own(&self, cpv: &Cpv) -> OwnEbuilds<'a> {
        let same = self.same_name(&cpv.cpn);
        let ids = self.ids(&same);
        let mut own = OwnEbuilds::default();
        for place in equal(same.read, cpv).rev() {
            match (&same.read[place], ids[place]) {
                (Ebuild::Unknown { repository, .. }, _) => own.unknown.push(repository),
                (Ebuild::Known(_), id) => own.known.extend(id.map(|id| self.record(id))),
            }
        }
        own
    }

    /// The ebuilds of one version as they were read, that of lowest priority first.
    pub(super) fn at(&self, cpv: &Cpv) -> &'a [Ebuild] {
        let read = self.all(&cpv.cpn);
        &read[equal(read, cpv)]
    }
}

/// Places of the ebuilds that are equal as versions.
fn equal(ebuilds: &[Ebuild], cpv: &Cpv) -> Range<usize> {
    let order = |ebuild: &Ebuild| ebuild.cpv().version.cmp_version(&cpv.version);
    let start = ebuilds.partition_point(|ebuild| order(ebuild).is_lt());
    let length = ebuilds[start..].partition_point(|ebuild| order(ebuild).is_eq());
    start..start + length
}
