//! Flags outside IUSE, which Portage never compares.

use std::collections::BTreeSet;

use super::{PackageId, Packages};
use crate::binhost::InstanceId;
use crate::check::Verdict;

impl Packages<'_> {
    /// Flags outside IUSE that another accepted build of the version has as configured and this one has not, each with
    /// whether this one was built with it.
    pub fn wrong_outside_iuse(&self, id: InstanceId) -> Vec<(&str, bool)> {
        let package = &self.entry(id).0.package;
        let own: BTreeSet<&str> = package.built_use().collect();
        let mut differing: BTreeSet<&str> = BTreeSet::new();
        for other in self.instances_of(package.cpv.cpn.as_str()) {
            let built = &self.entry(*other).0.package;
            let is_accepted = || self.judged(*other).verdict == Verdict::Accepted;
            if *other != id && built.cpv == package.cpv && is_accepted() {
                let uses = built.built_use().collect();
                differing.extend(own.symmetric_difference(&uses));
            }
        }
        if differing.is_empty() {
            return Vec::new();
        }
        let ebuilds = self.own_ebuilds(&package.cpv);
        let record = self.record(PackageId::Binary(id));
        let flags = &ebuilds.visible().next().unwrap_or(&record).facts().flags;
        let wrong = differing.into_iter().filter_map(|flag| {
            let built = own.contains(flag);
            let is_outside = !package.iuse().any(|iuse| iuse.flag == flag) && flags.is_valid(flag);
            (is_outside && flags.decide(flag).enabled != built).then_some((flag, built))
        });
        wrong.collect()
    }
}
