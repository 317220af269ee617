//! The pick among what a scan accepted: at most one ebuild, one binary package and one installed
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).

use std::rc::Rc;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::query::Query;
use crate::plan::select::scan::Scan;
use crate::plan::select::selector::Selector;
use crate::pms::Kind;

impl<'a> Selector<'_, 'a> {
    /// Among the accepted: at most one ebuild, one binary and one installed package.
    pub(in crate::plan) fn decide(&self, query: &Query<'_>, scan: &mut Scan<'a>) -> Option<Id> {
        let mut accepted = std::mem::take(&mut scan.accepted);
        if accepted.len() < 2 {
            return accepted.pop().map(|package| package.id);
        }
        let parent = query.parent.map(|id| self.get(id));
        if let Some(parent) = &parent {
            self.drop_installed_for_rebuild(query.atom, parent, &mut accepted);
        }
        if let Some(rebuilt) = self.rebuilt_binary(&accepted) {
            return Some(rebuilt);
        }
        let installed = accepted
            .iter()
            .find(|package| package.is_installed())
            .cloned();
        accepted.retain(|package| !(package.is_installed() && self.packages.is_invalid(package)));
        if let (Some(installed), Some(parent)) = (&installed, &parent)
            && !self.should_update(parent, installed)
        {
            return Some(installed.id);
        }
        if !self.options.selection.update
            && let Some(installed) = accepted
                .iter()
                .find(|package| package.is_installed() && self.sees(package, scan))
        {
            return Some(installed.id);
        }
        self.best_of(&accepted, scan)
    }

    fn best_of(&self, accepted: &[Rc<PlanPackage<'a>>], scan: &mut Scan<'a>) -> Option<Id> {
        let mut visible: Vec<_> = accepted.iter().collect();
        visible
            .retain(|package| scan.old_packages.contains(&package.id) && self.sees(package, scan));
        if visible.is_empty() {
            visible = accepted.iter().collect();
            visible.retain(|package| self.sees(package, scan));
        }
        let pool = if visible.is_empty() {
            accepted.iter().collect()
        } else {
            visible
        };
        let version = |package: &Rc<PlanPackage<'a>>| package.cpv().version.clone();
        let best = pool
            .into_iter()
            .map(version)
            .max_by(|left, right| left.cmp_version(right))?;
        let equal =
            |package: &&Rc<PlanPackage<'a>>| package.cpv().version.cmp_version(&best).is_eq();
        accepted.iter().rfind(equal).map(|package| package.id)
    }

    /// Where the parent is rebuilt for a slot operator, an update of the child must not be missed.
    fn drop_installed_for_rebuild(
        &self,
        atom: &Atom,
        parent: &PlanPackage<'a>,
        accepted: &mut Vec<Rc<PlanPackage<'a>>>,
    ) {
        let rebuilt = self.parameters.replaced.contains(parent.slot_key());
        if !rebuilt || !atom.has_slot_operator() || atom.dep.sub_slot().is_some() {
            return;
        }
        let Some(installed) = accepted
            .iter()
            .find(|package| package.is_installed())
            .cloned()
        else {
            return;
        };
        if !self.should_update(parent, &installed) {
            return;
        }
        let newer = |package: &&Rc<PlanPackage<'a>>| {
            let order = package.cmp_version(&installed);
            !package.is_installed() && order.is_gt()
        };
        let newer: Vec<_> = accepted.iter().filter(newer).cloned().collect();
        if !newer.is_empty() {
            *accepted = newer;
        }
    }

    /// `--rebuilt-binaries`: a binary that was built at another time than what is installed.
    fn rebuilt_binary(&self, accepted: &[Rc<PlanPackage<'a>>]) -> Option<Id> {
        if !self.options.reinstall.rebuilt_binaries {
            return None;
        }
        let of = |kind: Kind| accepted.iter().rfind(|package| package.kind() == kind);
        let (binary, installed) = (of(Kind::Binary)?, of(Kind::Installed)?);
        if of(Kind::Ebuild).is_some_and(|ebuild| ebuild.order(binary).is_gt()) {
            return None;
        }
        let (built, old) = (binary.package.build_time, installed.package.build_time);
        let is_due = match self.options.reinstall.rebuilt_binaries_timestamp {
            Some(minimum) => built != 0 && built > old && built >= minimum,
            None => built != 0 && built != old,
        };
        is_due.then_some(binary.id)
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{atom, database, options_with};
    use crate::pms::Kind;

    #[test]
    fn rebuilt_binaries_by_time() {
        let packages = database(&[
            "binary a/a-1; BUILD_TIME=20",
            "ebuild a/a-1",
            "installed a/a-1; BUILD_TIME=30",
        ]);
        for (rebuilt_binaries, timestamp, kind) in [
            (false, None, Kind::Installed),
            (true, None, Kind::Binary),
            (true, Some(0), Kind::Installed),
        ] {
            let options = options_with(|options| {
                options.selection.update = true;
                options.reinstall.rebuilt_binaries = rebuilt_binaries;
                options.reinstall.rebuilt_binaries_timestamp = timestamp;
            });
            let depgraph = packages.attempt(&options);
            let picked = depgraph.selector().pick(&atom("a/a"));
            let picked = picked.map(|id| packages.get(id).kind());
            assert_eq!(picked, Some(kind), "{timestamp:?}");
        }
    }
}
