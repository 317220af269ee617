//! What will be in which slot: packages of the graph, and installed ones that none of them replaces
//! (`_emerge/resolver/package_tracker.py:PackageTracker`).

use std::rc::Rc;

use foldhash::HashMap;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::{ByRoot, Root};
use crate::plan::packages::slot_key::SlotKey;
use crate::pms::Kind;

/// Packages that were added to the graph, by name, in order of their coming.
///
/// What is selected depends on them, so the tracker counts what comes and what goes.
#[derive(Debug, Default)]
pub(in crate::plan) struct PackageTracker {
    by_name: ByRoot<HashMap<Box<str>, Tracked>>,
    /// Names with more than one package in a root, in order of their coming.
    multi_slot: Vec<(Root, String)>,
    additions: u64,
    removals: u64,
}

/// The packages of one name.
#[derive(Debug, Default)]
struct Tracked {
    packages: Vec<Id>,
    additions: u64,
}

/// Packages for the same slot, in order of their coming.
#[derive(Clone, Debug)]
pub(in crate::plan) struct SlotConflict {
    /// All of them, at least two.
    pub packages: Vec<Id>,
}

impl PackageTracker {
    /// Add a package.
    pub fn add(&mut self, package: &PlanPackage<'_>) {
        let (root, name) = (package.root(), package.name());
        let tracked = self.by_name[root].entry(name.into()).or_default();
        if tracked.packages.contains(&package.id) {
            return;
        }
        tracked.packages.push(package.id);
        tracked.additions += 1;
        self.additions += 1;
        if tracked.packages.len() == 2 {
            self.multi_slot.push((root, name.to_owned()));
        }
    }

    /// Remove a package, if it is there.
    pub fn remove(&mut self, package: &PlanPackage<'_>) {
        self.removals += 1;
        let (root, name) = (package.root(), package.name());
        let Some(tracked) = self.by_name[root].get_mut(name) else {
            return;
        };
        tracked.packages.retain(|id| *id != package.id);
        if tracked.packages.len() < 2 {
            self.multi_slot
                .retain(|(of, multi_slot)| *of != root || multi_slot != name);
        }
    }

    /// Count a package that came for a name that it has besides its own, such as that of a shared
    /// library.
    pub fn touch(&mut self, root: Root, name: &str) {
        let tracked = self.by_name[root].entry(name.into()).or_default();
        tracked.additions += 1;
        self.additions += 1;
    }

    /// How many packages came.
    pub fn additions(&self) -> u64 {
        self.additions
    }

    /// How many packages of a name came in a root.
    pub fn additions_of(&self, root: Root, name: &str) -> u64 {
        self.by_name[root]
            .get(name)
            .map_or(0, |tracked| tracked.additions)
    }

    /// How many packages went.
    pub fn removals(&self) -> u64 {
        self.removals
    }

    /// Whether a package was added.
    pub fn has(&self, package: &PlanPackage<'_>) -> bool {
        self.by_name[package.root()]
            .get(package.name())
            .is_some_and(|tracked| tracked.packages.contains(&package.id))
    }

    /// Packages of the graph in a slot, lowest first.
    pub fn in_slot<'a>(
        &self,
        packages: &PackageDb<'a>,
        slot: &SlotKey,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let all = self.of_name(packages, slot.root, slot.cpn.as_str());
        let in_slot = all.filter(|package| package.slot() == &*slot.slot);
        let mut found: Vec<_> = in_slot.collect();
        sort(&mut found);
        found
    }

    /// All packages of a name in the graph and a root, in order of their coming.
    pub fn named<'a>(
        &self,
        packages: &PackageDb<'a>,
        root: Root,
        name: &str,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        self.of_name(packages, root, name).collect()
    }

    fn of_name<'a>(
        &self,
        packages: &PackageDb<'a>,
        root: Root,
        name: &str,
    ) -> impl Iterator<Item = Rc<PlanPackage<'a>>> {
        let ids = self.by_name[root]
            .get(name)
            .map(|tracked| &*tracked.packages);
        ids.unwrap_or_default().iter().map(|id| packages.get(*id))
    }

    /// Whether a package came into a slot that another one of the graph had already.
    pub fn is_late<'a>(&self, packages: &PackageDb<'a>, package: &PlanPackage<'a>) -> bool {
        let mut all = self.of_name(packages, package.root(), package.name());
        let first = all.find(|other| other.slot() == package.slot());
        first.is_some_and(|first| first.id != package.id) && self.has(package)
    }

    /// Packages that will be there in the end and that an atom matches but for USE, lowest first.
    pub fn finally<'a>(&self, packages: &PackageDb<'a>, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        if let Some(soname) = &atom.soname {
            return self.providers(packages, atom.root, soname);
        }
        let mut all = self.finally_named(packages, atom.root, atom.name());
        all.retain(|package| atom.dep.matches(&package.subject()));
        sort(&mut all);
        all
    }

    /// Packages that will be there in the end in a slot, lowest first.
    pub fn finally_in_slot<'a>(
        &self,
        packages: &PackageDb<'a>,
        slot: &SlotKey,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let mut all = self.finally_named(packages, slot.root, slot.cpn.as_str());
        all.retain(|package| package.stands_in(&slot.slot));
        sort(&mut all);
        all
    }

    /// Packages of the graph that have a shared library, lowest version first. What is only installed is
    /// not known for its libraries.
    fn providers<'a>(
        &self,
        packages: &PackageDb<'a>,
        root: Root,
        soname: &str,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let all = self.by_name[root].values();
        let all = all.flat_map(|tracked| &tracked.packages);
        let all = all.map(|id| packages.get(*id));
        let mut found: Vec<_> = all.filter(|package| package.has_soname(soname)).collect();
        found.sort_by(|left, right| left.cpn().cmp(right.cpn()));
        sort(&mut found);
        found
    }

    /// Packages of a name that will be there in a root in the end, those of the graph first.
    pub fn finally_named<'a>(
        &self,
        packages: &PackageDb<'a>,
        root: Root,
        name: &str,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let mut all = self.named(packages, root, name);
        let added = all.len();
        let versions = packages.versions(root, name);
        for installed in versions.of(Kind::Installed) {
            let mut added = all.iter().take(added);
            let replaced =
                added.any(|new| new.slot() == installed.slot() || new.cpv() == installed.cpv());
            if !replaced {
                all.push(Rc::clone(installed));
            }
        }
        all
    }

    /// Slots for which the graph has more than one package.
    pub fn slot_conflicts(&self, packages: &PackageDb<'_>) -> Vec<SlotConflict> {
        let mut conflicts = Vec::new();
        for (root, name) in &self.multi_slot {
            let packages = self.named(packages, *root, name);
            let mut done: Vec<&str> = Vec::new();
            for package in &packages {
                let slot = package.slot();
                if done.contains(&slot) {
                    continue;
                }
                done.push(slot);
                let same: Vec<Id> = packages
                    .iter()
                    .filter(|other| other.slot() == slot)
                    .map(|other| other.id)
                    .collect();
                if same.len() > 1 {
                    conflicts.push(SlotConflict { packages: same });
                }
            }
        }
        conflicts
    }
}

fn sort(packages: &mut [Rc<PlanPackage<'_>>]) {
    packages.sort_by(|left, right| left.cmp_version(right));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::{atom, database};

    fn names(packages: &[Rc<PlanPackage<'_>>]) -> String {
        let names: Vec<String> = packages
            .iter()
            .map(|package| package.cpv().to_string())
            .collect();
        names.join(" ")
    }

    #[test]
    fn what_the_graph_has_replaces_what_is_installed() {
        let packages = database(&[
            "ebuild a/a-2",
            "ebuild a/a-3; SLOT=3",
            "installed a/a-1",
            "installed a/a-0; SLOT=old",
        ]);
        let mut tracker = PackageTracker::default();
        let finally = |tracker: &PackageTracker| names(&tracker.finally(&packages, &atom("a/a")));
        assert_eq!(finally(&tracker), "a/a-0 a/a-1");
        tracker.add(&packages.ebuild("a/a-3"));
        tracker.add(&packages.ebuild("a/a-2"));
        assert_eq!(finally(&tracker), "a/a-0 a/a-2 a/a-3");
        tracker.remove(&packages.ebuild("a/a-2"));
        assert_eq!(finally(&tracker), "a/a-0 a/a-1 a/a-3");
    }

    #[test]
    fn packages_of_one_slot_conflict() {
        let packages = database(&["ebuild a/a-1", "ebuild a/a-2", "ebuild a/a-3; SLOT=3"]);
        let mut tracker = PackageTracker::default();
        for cpv in ["a/a-3", "a/a-2"] {
            tracker.add(&packages.ebuild(cpv));
        }
        assert!(tracker.slot_conflicts(&packages).is_empty());
        tracker.add(&packages.ebuild("a/a-1"));
        let conflicts = tracker.slot_conflicts(&packages);
        let ids = ["a/a-2", "a/a-1"].map(|cpv| packages.ebuild(cpv).id);
        assert_eq!(conflicts.len(), 1);
        assert_eq!(conflicts[0].packages, ids);
        assert_eq!(
            names(&tracker.in_slot(&packages, packages.ebuild("a/a-1").slot_key())),
            "a/a-1 a/a-2"
        );
        tracker.remove(&packages.ebuild("a/a-2"));
        assert!(tracker.slot_conflicts(&packages).is_empty());
    }

    #[test]
    fn what_comes_and_goes_is_counted() {
        let packages = database(&["ebuild a/a-1", "ebuild b/b-1"]);
        let mut tracker = PackageTracker::default();
        let a = packages.ebuild("a/a-1");
        tracker.add(&a);
        tracker.add(&a);
        tracker.add(&packages.ebuild("b/b-1"));
        tracker.remove(&a);
        assert_eq!((tracker.additions(), tracker.removals()), (2, 1));
        assert_eq!(
            (
                tracker.additions_of(Root::Target, "a/a"),
                tracker.additions_of(Root::Target, "c/c")
            ),
            (1, 0)
        );
    }
}
