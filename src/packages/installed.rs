//! Installed packages as they were recorded when they were built.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::InstalledId;
use crate::check::Record;
use crate::local::Local;

/// Installed packages by name.
pub(super) struct InstalledTable<'a> {
    local: &'a Local,
    by_name: RefCell<HashMap<String, Rc<[InstalledId]>>>,
    records: RefCell<Vec<Arc<Record<'a>>>>,
}

impl<'a> InstalledTable<'a> {
    pub(super) fn new(local: &'a Local) -> InstalledTable<'a> {
        InstalledTable {
            local,
            by_name: RefCell::default(),
            records: RefCell::default(),
        }
    }

    /// Those of a name, highest version first.
    pub(super) fn of(&self, name: &str) -> Rc<[InstalledId]> {
        let mut by_name = self.by_name.borrow_mut();
        if let Some(known) = by_name.get(name) {
            return Rc::clone(known);
        }
        let packages = self.local.installed.of(name).iter().rev();
        let ids: Rc<[InstalledId]> = packages.filter_map(|package| self.add(package)).collect();
        by_name.insert(name.to_owned(), Rc::clone(&ids));
        ids
    }

    fn add(&self, package: &'a crate::pms::Package) -> Option<InstalledId> {
        let mut records = self.records.borrow_mut();
        let id = InstalledId(u32::try_from(records.len()).ok()?);
        records.push(Arc::new(Record::new(self.local, package, "")));
        Some(id)
    }

    pub(super) fn record(&self, id: InstalledId) -> Arc<Record<'a>> {
        Arc::clone(&self.records.borrow()[id.0 as usize])
    }
}
