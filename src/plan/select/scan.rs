//! A scan over all candidates for one atom
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).
//!
//! Ebuilds, binary packages and installed ones are looked at in this order, each from the highest
//! version down; at most one of each kind is accepted, and the last step picks among them.

use std::rc::Rc;

use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::pick::Selected;
use crate::plan::select::query::Query;
use crate::plan::select::selector::Selector;
use crate::plan::select::unmask::{UnmaskLevel, Unmasks};
use crate::plan::select::use_changes::UseChanges;
use crate::pms::Kind;

/// What the next candidate of a kind means for the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum ScanStep {
    /// Go on with this candidate.
    Accept,
    /// Look at the next one.
    Skip,
    /// Look at no further candidate of the kind.
    Stop,
}

/// The two rounds of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    /// Whether what the graph has in the slot of the best candidate will do.
    InGraph,
    /// The best candidate of each kind.
    Best,
}

/// What a scan over all kinds has found so far.
#[derive(Default)]
pub(in crate::plan) struct Scan<'a> {
    /// The candidates that will do, at most one of each kind.
    pub accepted: Vec<Rc<PlanPackage<'a>>>,
    /// Those of them that `--useoldpkg-atoms` names.
    pub old_packages: Vec<Id>,
    /// Ebuilds that only USE, as the user sets it, speaks against.
    pub adjustable: Vec<Rc<PlanPackage<'a>>>,
    /// The ebuild among the accepted.
    pub best_ebuild: Option<Rc<PlanPackage<'a>>>,
    /// The highest candidate that was considered.
    pub highest: Option<Rc<PlanPackage<'a>>>,
    /// What the graph has already and will do.
    pub existing: Option<Id>,
    /// An installed package of the version is to be replaced.
    pub reinstall: bool,
    /// A target speaks of a candidate.
    pub found_argument: bool,
    /// Which changes of the configuration may be proposed.
    pub level: Option<UnmaskLevel>,
    /// Changes of the configuration that it would take.
    pub proposed: Proposed,
}

/// Changes of the configuration that a scan would have.
#[derive(Default)]
pub(in crate::plan) struct Proposed {
    /// Changes of USE, with those from before the scan, where they may be proposed.
    pub use_changes: Option<Rc<UseChanges>>,
    /// Packages whose USE the scan changes, in order.
    pub changed: Vec<Id>,
    /// What the scan would have the configuration accept.
    pub unmasks: Unmasks,
    /// A change makes the graph wrong as it stands.
    pub restart: bool,
}

impl<'a> Selector<'_, 'a> {
    /// Look at all candidates; `level` tells which changes of the configuration may be proposed.
    pub(in crate::plan) fn scan(&self, query: &Query<'_>, level: Option<UnmaskLevel>) -> Selected {
        let mut scan = Scan {
            level,
            proposed: Proposed {
                use_changes: level
                    .is_some_and(|level| level.use_flags)
                    .then(|| Rc::new(self.use_changes.clone())),
                ..Proposed::default()
            },
            ..Scan::default()
        };
        // The graph comes first, so that a package that is in it is not given up for an equal one.
        for round in [Round::InGraph, Round::Best] {
            if scan.existing.is_some() {
                break;
            }
            for kind in self.kinds() {
                if kind == Kind::Installed && round == Round::Best && self.hides_installed(&scan) {
                    continue;
                }
                self.scan_kind(query, kind, round, &mut scan);
                if scan.existing.is_some() {
                    break;
                }
            }
        }
        let changes = scan.proposed.use_changes.take();
        let changed = std::mem::take(&mut scan.proposed.changed);
        let change = |id: Id| Some((id, changes.as_ref()?.get(&id)?.clone()));
        let package = match scan.existing {
            Some(existing) => Some(existing),
            None => self.with(changes.as_deref()).decide(query, &mut scan),
        };
        Selected {
            restart: scan.proposed.restart,
            use_changes: changed.into_iter().filter_map(change).collect(),
            unmasks: scan.proposed.unmasks.into_iter().collect(),
            package,
        }
    }

    /// The view with the changes of USE that the scan proposes.
    pub(in crate::plan) fn during<'t>(&'t self, scan: &'t Scan<'a>) -> Selector<'t, 'a> {
        self.with(scan.proposed.use_changes.as_deref())
    }

    fn with<'t>(&'t self, use_changes: Option<&'t UseChanges>) -> Selector<'t, 'a> {
        use_changes.map_or(*self, |changes| self.with_use_changes(changes))
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> + use<> {
        let policy = self.packages.policy;
        let ebuilds = policy.sources.ebuilds.then_some(Kind::Ebuild);
        let binaries = policy.sources.usepkg.then_some(Kind::Binary);
        ebuilds.into_iter().chain(binaries).chain([Kind::Installed])
    }

    fn hides_installed(&self, scan: &Scan<'a>) -> bool {
        let reinstall = scan.reinstall
            || self.options.selection.empty
            || scan.found_argument && !self.options.selection.selective;
        reinstall && !scan.accepted.is_empty()
    }

    fn scan_kind(&self, query: &Query<'_>, kind: Kind, round: Round, scan: &mut Scan<'a>) {
        let atom = query.atom;
        for package in self.of_kind(kind, atom) {
            // USE of ebuilds is left aside here, so that no update is missed only for what the user
            // could change.
            if kind == Kind::Binary && !self.use_matches(atom, &package) {
                continue;
            }
            let changes = scan.proposed.use_changes.clone();
            let current = self.with(changes.as_deref());
            match current.consider(query, &package, scan) {
                ScanStep::Skip => continue,
                ScanStep::Stop => break,
                ScanStep::Accept => {}
            }
            if scan
                .highest
                .as_ref()
                .is_none_or(|highest| package.order(highest).is_gt())
            {
                scan.highest = Some(Rc::clone(&package));
            }
            if round == Round::InGraph {
                self.find_existing(query, &package, scan);
                break;
            }
            match self.during(scan).compare(&package, scan) {
                ScanStep::Skip => continue,
                ScanStep::Stop => break,
                ScanStep::Accept => {}
            }
            self.accept(query, &package, scan);
            break;
        }
    }

    /// Prefer what the graph has in the slot, if it satisfies the atom too.
    fn find_existing(&self, query: &Query<'_>, package: &PlanPackage<'a>, scan: &mut Scan<'a>) {
        // of a slot conflict the highest, which `is_conflict_downgrade` relies on
        let mut in_slot = self.tracker.in_slot(self.packages, package.slot_key());
        let Some(existing) = in_slot.pop() else {
            return;
        };
        if !self.during(scan).matches(query.atom, &existing) {
            return;
        }
        let outdone = scan.highest.as_ref().is_some_and(|highest| {
            existing.order(highest).is_lt() && existing.slot() != highest.slot()
        });
        if !outdone {
            scan.existing = Some(existing.id);
        }
    }

    fn accept(&self, query: &Query<'_>, package: &Rc<PlanPackage<'a>>, scan: &mut Scan<'a>) {
        let is_old = self.is_old_package(package);
        scan.reinstall |=
            !package.is_installed() && !is_old && self.must_reinstall(query, package, scan);
        scan.reinstall |= self.is_reinstall_atom(package);
        if !package.is_built() {
            scan.best_ebuild = Some(Rc::clone(package));
        } else if is_old {
            scan.old_packages.push(package.id);
        }
        scan.accepted.push(Rc::clone(package));
    }

    /// Whether the installed package of the same version is to be replaced for its repository or USE.
    fn must_reinstall(
        &self,
        query: &Query<'_>,
        package: &PlanPackage<'a>,
        scan: &Scan<'a>,
    ) -> bool {
        let installed = self.packages.matching(Kind::Installed, query.atom);
        let Some(installed) = installed
            .into_iter()
            .find(|old| old.cpv() == package.cpv() && self.use_matches(query.atom, old))
        else {
            return false;
        };
        let policy = self.packages.policy;
        if self.options.reinstall.new_repo
            && installed.package.repository != package.package.repository
        {
            return true;
        }
        if !(policy.compare.newuse || policy.compare.changed_use) {
            return false;
        }
        let differs = self.during(scan).use_differs(&installed, package, false);
        if differs {
            self.memo.note_reinstalled(package.id);
        }
        differs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::packages::package_db::PackageDb;
    use crate::plan::testing::{atom, database, database_with, options_with};

    /// What is selected for an atom with these packages in the graph.
    fn selected(
        packages: &PackageDb<'static>,
        in_graph: &[&str],
        update: bool,
        text: &str,
    ) -> String {
        let options = options_with(|options| options.selection.update = update);
        let mut depgraph = packages.attempt(&options);
        for cpv in in_graph {
            depgraph.insert(&packages.ebuild(cpv), None);
        }
        let atom = atom(text);
        let selected = depgraph.selector().select(&Query::new(&atom));
        selected.package.map_or_else(String::new, |id| {
            let package = packages.get(id);
            format!("{:?} {}", package.kind(), package.cpv())
        })
    }

    #[test]
    fn the_highest_version_and_of_equal_ones_the_binary() {
        let packages = database(&[
            "ebuild a/a-1",
            "ebuild a/a-2",
            "binary a/a-2",
            "installed a/a-1",
        ]);
        assert_eq!(selected(&packages, &[], true, "a/a"), "Binary a/a-2");
        assert_eq!(selected(&packages, &[], true, "<a/a-2"), "Installed a/a-1");
        assert_eq!(selected(&packages, &[], false, "a/a"), "Installed a/a-1");
        assert_eq!(selected(&packages, &[], true, ">a/a-2"), "");
    }

    #[test]
    fn what_the_graph_has_is_preferred() {
        let packages = database(&["ebuild a/a-1", "ebuild a/a-2", "ebuild a/a-3; SLOT=3"]);
        assert_eq!(
            selected(&packages, &["a/a-1"], true, "a/a:0"),
            "Ebuild a/a-1"
        );
        assert_eq!(
            selected(&packages, &["a/a-1"], true, ">a/a-1:0"),
            "Ebuild a/a-2"
        );
        assert_eq!(selected(&packages, &["a/a-1"], true, "a/a"), "Ebuild a/a-3");
    }

    #[test]
    fn no_lower_version_in_the_place_of_one_whose_use_could_be_changed() {
        let packages = database(&["ebuild a/a-2; IUSE=x", "ebuild a/a-1; IUSE=+x"]);
        assert_eq!(selected(&packages, &[], true, "a/a[x]"), "");
        let packages = database(&["ebuild a/a-2", "ebuild a/a-1; IUSE=+x"]);
        assert_eq!(selected(&packages, &[], true, "a/a[x]"), "Ebuild a/a-1");
    }

    #[test]
    fn a_binary_with_other_use_is_passed_over() {
        let lines = ["ebuild a/a-1; IUSE=+x", "binary a/a-1; IUSE=+x; USE="];
        let packages = database(&lines);
        assert_eq!(selected(&packages, &[], true, "a/a"), "Ebuild a/a-1");
    }

    #[test]
    fn excluded_packages_are_not_selected() {
        let lines = ["ebuild a/a-2", "binary a/a-2", "installed a/a-1"];
        let name = || atom("a/a").dep.clone();
        let packages = database_with(&lines, |policy| policy.lists.exclude = vec![name()]);
        assert_eq!(selected(&packages, &[], true, "a/a"), "Installed a/a-1");
        let packages = database_with(&lines, |policy| policy.lists.usepkg_exclude = vec![name()]);
        assert_eq!(selected(&packages, &[], true, "a/a"), "Ebuild a/a-2");
    }
}
