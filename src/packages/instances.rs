//! Binary packages of all hosts and of PKGDIR, each judged once.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::binhost::{Absent, Candidate, InstanceId, Pool};
use crate::check::{Finding, Record};
use crate::local::Local;
use crate::pms::Cpn;

/// Binary packages by name, with what was found out about them.
pub(super) struct InstanceTable<'a> {
    local: &'a Local,
    pool: &'a Pool,
    /// Best first.
    by_name: HashMap<&'a str, Vec<InstanceId>>,
    rows: Vec<InstanceRow<'a>>,
}

#[derive(Default)]
struct InstanceRow<'a> {
    record: OnceCell<Arc<Record<'a>>>,
    findings: OnceCell<Vec<Finding>>,
}

impl<'a> InstanceTable<'a> {
    pub(super) fn new(local: &'a Local, pool: &'a Pool) -> InstanceTable<'a> {
        let mut by_name: HashMap<&str, Vec<InstanceId>> = HashMap::new();
        for id in pool.ids().rev() {
            let (candidate, _) = &pool.entries[id.index()];
            let name = candidate.package.cpv.cpn.as_str();
            by_name.entry(name).or_default().push(id);
        }
        for same_name in by_name.values_mut() {
            best_first(same_name, pool);
        }
        let mut rows = Vec::new();
        rows.resize_with(pool.entries.len(), InstanceRow::default);
        InstanceTable {
            local,
            pool,
            by_name,
            rows,
        }
    }

    /// The entry and why it never enters Portage's database.
    pub(super) fn entry(&self, id: InstanceId) -> (&'a Candidate, Option<&'a Absent>) {
        let (candidate, absent) = &self.pool.entries[id.index()];
        (candidate, absent.as_ref())
    }

    /// All of a name, best first.
    pub(super) fn of(&self, name: &str) -> &[InstanceId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// All of them by name, those of one name best first.
    pub(super) fn all(&self) -> impl Iterator<Item = InstanceId> {
        let name = |ids: &Vec<InstanceId>| -> Option<&'a Cpn> {
            Some(&self.entry(*ids.first()?).0.package.cpv.cpn)
        };
        let mut by_name: Vec<&Vec<InstanceId>> = self.by_name.values().collect();
        by_name.sort_unstable_by_key(|ids| name(ids));
        by_name.into_iter().flatten().copied()
    }

    /// What is worked out about it, kept.
    pub(super) fn record(&self, id: InstanceId) -> Arc<Record<'a>> {
        let (candidate, _) = self.entry(id);
        let make = || {
            Arc::new(Record::new(
                self.local,
                &candidate.package,
                &candidate.chost,
            ))
        };
        Arc::clone(self.rows[id.index()].record.get_or_init(make))
    }

    /// The same, if somebody requested it before.
    pub(super) fn known_record(&self, id: InstanceId) -> Option<Arc<Record<'a>>> {
        self.rows[id.index()].record.get().map(Arc::clone)
    }

    /// What the rules found, if they ran.
    pub(super) fn findings(&self, id: InstanceId) -> Option<&[Finding]> {
        self.rows[id.index()].findings.get().map(Vec::as_slice)
    }

    /// Keep what the rules found; the first answer counts.
    pub(super) fn keep(&self, id: InstanceId, findings: Vec<Finding>) -> &[Finding] {
        self.rows[id.index()].findings.get_or_init(|| findings)
    }
}

/// Put instances of one name, last inserted first, into the order in which emerge tries them: highest version,
/// newest build, and of equals the last inserted (`portage: dbapi/__init__.py:dbapi._cmp_cpv`).
fn best_first(ids: &mut [InstanceId], pool: &Pool) {
    let package = |id: &InstanceId| &pool.entries[id.index()].0.package;
    ids.sort_by(|left, right| {
        let (left, right) = (package(left), package(right));
        let versions = right.cpv.version.cmp_version(&left.cpv.version);
        versions.then_with(|| Reverse(left.build_time).cmp(&Reverse(right.build_time)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{candidate, workstation};
    use crate::source::Notices;

    #[test]
    fn the_order_in_which_emerge_tries() {
        let mut pool = Pool::default();
        for (cpv, id, time) in [
            ("a/b-1", 1, 100),
            ("a/b-1", 2, 200),
            ("a/b-1", 3, 100),
            ("a/b-1.0", 4, 50),
            ("a/b-10", 5, 1),
            ("a/a-1", 6, 1),
            ("a/b-1_rc1", 7, 900),
        ] {
            let mut made = candidate(cpv, None, Some(id));
            made.package.build_time = time;
            pool.entries.push((made, None));
        }
        let local = workstation(&Notices::default());
        let table = InstanceTable::new(&local, &pool);
        let ids: Vec<i64> = table
            .all()
            .filter_map(|id| table.entry(id).0.package.build_id)
            .collect();
        assert_eq!(ids, [6, 5, 4, 2, 3, 1, 7]);
    }
}
