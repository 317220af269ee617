//! What could replace a package (`portage: depgraph.py:depgraph._iter_similar_available`).

use std::rc::Rc;

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::slot_key::SlotKey;
use crate::plan::select::scan::Scan;
use crate::plan::select::selector::Selector;
use crate::plan::select::unmask::{Unmask, UnmaskLevel};
use crate::pms::{Dep, Kind};

impl<'a> Selector<'_, 'a> {
    /// Installed packages that satisfy an atom, highest first. An installed package may stand in another
    /// slot than its ebuild says now; building it again would not change that where the slot depends on
    /// what is installed, so it satisfies an atom for the ebuild's slot too
    /// (`portage: depgraph.py:depgraph._iter_match_pkgs_atom`).
    pub fn installed_for(&self, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let found = self.packages.matching(Kind::Installed, atom);
        let found = found.filter(|package| self.use_matches(atom, package));
        let found: Vec<_> = found.collect();
        if !found.is_empty() || atom.dep.slot().is_none() || atom.is_built() {
            return found;
        }
        let anywhere = Atom::plain(atom.dep.without_slot(), atom.root);
        let mut installed = self.packages.matching(Kind::Installed, &anywhere);
        let moved = installed.find(|package| {
            self.has_slot_elsewhere(package, atom) && self.use_matches(&anywhere, package)
        });
        moved.into_iter().collect()
    }

    /// Whether an ebuild or binary package of an installed version stands in the slot of an atom.
    fn has_slot_elsewhere(&self, installed: &PlanPackage<'a>, atom: &Atom) -> bool {
        let versions = self.packages.versions(atom.root, atom.name());
        self.kinds().any(|kind| {
            let mut same = versions.of(kind).iter();
            same.find(|other| other.cpv() == installed.cpv())
                .is_some_and(|other| is_in_slot(atom, other))
        })
    }

    /// Packages of all kinds that an atom matches but for the USE of ebuilds.
    pub fn all_matching(&self, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let mut all = Vec::new();
        for kind in self.kinds() {
            all.extend(self.of_kind(kind, atom));
        }
        all.retain(|package| package.is_installed() || self.use_matches(atom, package));
        all
    }

    /// Packages of one kind that an atom matches, highest first, the USE of what is not installed left aside.
    pub fn of_kind<'q>(
        &self,
        kind: Kind,
        atom: &'q Atom,
    ) -> impl Iterator<Item = Rc<PlanPackage<'a>>> + use<'a, 'q> {
        let is_installed = kind == Kind::Installed;
        let installed = is_installed.then(|| self.installed_for(atom));
        let others = (!is_installed).then(|| self.packages.matching(kind, atom));
        let installed = installed.into_iter().flatten();
        installed.chain(others.into_iter().flatten())
    }

    /// Packages that could be installed instead of one of the same name. Binary packages are not
    /// held against the configuration here.
    pub fn similar(&self, of: &PlanPackage<'a>, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let mut all = self.all_matching(atom);
        all.retain(|package| self.is_available(package) && package.cpn() == of.cpn());
        all
    }

    /// What could be installed in the slot of a package, and with a level also what changes of the configuration
    /// would let be taken, with those changes.
    pub fn similar_in_slot_at(
        &self,
        of: &PlanPackage<'a>,
        level: Option<UnmaskLevel>,
    ) -> (Vec<Rc<PlanPackage<'a>>>, Vec<(Id, Unmask)>) {
        let mut scan = Scan {
            level,
            ..Scan::default()
        };
        let mut found = self.in_slot_of(of);
        found.retain(|package| {
            self.is_available(package)
                || level.is_some() && self.could_be_available(package, &mut scan)
        });
        (found, scan.proposed.unmasks.into_iter().collect())
    }

    /// Whether a package could be installed instead of another one that has a property besides the name.
    pub fn any_available(
        &self,
        of: &PlanPackage<'a>,
        has: impl Fn(&PlanPackage<'a>) -> bool,
    ) -> bool {
        let versions = self.packages.versions_of(of);
        self.kinds().any(|kind| {
            let mut all = versions.of(kind).iter();
            all.any(|package| has(package) && self.is_available(package))
        })
    }

    /// Packages of all kinds in the slot of one; what an atom for the slot would match.
    fn in_slot_of(&self, of: &PlanPackage<'a>) -> Vec<Rc<PlanPackage<'a>>> {
        let versions = self.packages.versions_of(of);
        let all = self.kinds().flat_map(|kind| versions.of(kind));
        all.filter(|package| package.stands_in(of.slot()))
            .cloned()
            .collect()
    }

    fn could_be_available(&self, package: &PlanPackage<'a>, scan: &mut Scan<'a>) -> bool {
        if self.is_out_of_question(package) {
            return false;
        }
        if package.is_built() {
            let policy = self.packages.policy;
            let exempt = !policy.compare.use_ebuild_visibility
                && (policy.sources.usepkgonly || self.is_old_package(package));
            if !exempt && !self.sees_ebuild(package, scan) {
                return false;
            }
        }
        self.sees(package, scan)
    }

    fn is_out_of_question(&self, package: &PlanPackage<'a>) -> bool {
        package.is_installed()
            || self.parameters.masked.contains_key(&package.id)
            || self.is_excluded(package)
            || package.is_built() && self.packages.is_installed_build(package)
    }

    fn is_available(&self, package: &PlanPackage<'a>) -> bool {
        if self.is_out_of_question(package) {
            return false;
        }
        if package.is_built() {
            let policy = self.packages.policy;
            let exempt = !policy.compare.use_ebuild_visibility
                && (policy.sources.usepkgonly || self.is_old_package(package));
            if !exempt && !self.packages.has_visible_ebuild(package) {
                return false;
            }
        }
        self.is_visible(package)
    }

    /// An atom for exactly a package's version.
    pub fn version_atom(&self, package: &PlanPackage<'a>) -> Atom {
        Atom::plain(Dep::of_version(package.cpv()), package.root())
    }

    /// Whether a higher version is to be had in the same slot.
    pub fn has_upgrade(&self, package: &PlanPackage<'a>) -> bool {
        self.any_available(package, |other| {
            other.stands_in(package.slot()) && other.order(package).is_gt()
        })
    }

    /// Whether only lower versions are to be had in the same slot, so that a downgrade is due.
    pub fn should_downgrade(&self, package: &PlanPackage<'a>) -> bool {
        let is_there = |at_least: bool| {
            self.any_available(package, |other| {
                other.stands_in(package.slot()) && other.is_at_least(package) == at_least
            })
        };
        !is_there(true) && is_there(false)
    }

    /// The slot to ask for when an installed package is to be built again
    /// (`portage: depgraph.py:depgraph._replace_installed_atom`).
    pub fn replacement_slot(&self, installed: &PlanPackage<'a>) -> Option<SlotKey> {
        let mut built: Vec<Rc<PlanPackage<'a>>> = Vec::new();
        let version_atom = self.version_atom(installed);
        for atom in [&version_atom, installed.slot_atom()] {
            for package in self.similar(installed, atom) {
                if !package.is_built() {
                    return Some(package.slot_key().clone());
                }
                built.push(package);
            }
        }
        let mut best: Option<&Rc<PlanPackage<'a>>> = None;
        for package in &built {
            if best.is_none_or(|best| package.order(best).is_gt()) {
                best = Some(package);
            }
        }
        best.map(|package| package.slot_key().clone())
    }
}

/// Whether an atom names the slot in which a package stands, and the sub-slot if it names one. An atom without a slot
/// names none (`portage: dep/__init__.py:_match_slot`).
pub(in crate::plan) fn is_in_slot(atom: &Atom, package: &PlanPackage<'_>) -> bool {
    let (slot, sub_slot) = (atom.dep.slot(), atom.dep.sub_slot());
    slot == Some(package.slot()) && sub_slot.is_none_or(|sub_slot| sub_slot == package.sub_slot())
}

#[cfg(test)]
mod tests {
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::{atom, database};

    #[test]
    fn what_could_take_the_place_of_an_installed_package() {
        let packages = database(&[
            "installed a/a-2",
            "ebuild a/a-1",
            "ebuild a/a-3; SLOT=3",
            "ebuild a/a-9; KEYWORDS=",
            "installed b/b-1",
            "ebuild b/b-2",
        ]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        let select = depgraph.selector();
        let (a, b) = (packages.installed("a/a-2"), packages.installed("b/b-1"));
        assert_eq!(
            select.similar(&a, &atom("a/a:0")),
            [packages.ebuild("a/a-1")]
        );
        assert!(!select.has_upgrade(&a) && select.should_downgrade(&a));
        assert!(select.has_upgrade(&b) && !select.should_downgrade(&b));
        assert_eq!(select.replacement_slot(&a), Some(a.slot_key().clone()));
    }

    #[test]
    fn an_atom_without_a_slot_names_none() {
        let packages = database(&["installed a/a-1; SLOT=2/3"]);
        let package = packages.installed("a/a-1");
        let names = |text| super::is_in_slot(&atom(text), &package);
        assert!(names("a/a:2") && names("a/a:2/3="));
        assert!(!names("a/a") && !names("a/a:3") && !names("a/a:2/4"));
    }

    #[test]
    fn an_older_build_is_no_downgrade() {
        let packages = database(&[
            "installed a/a-1; BUILD_TIME=2",
            "binary a/a-1; BUILD_TIME=1",
            "binary a/a-0; BUILD_TIME=3",
        ]);
        let options = ResolveOptions::default();
        let depgraph = packages.attempt(&options);
        assert!(
            !depgraph
                .selector()
                .should_downgrade(&packages.installed("a/a-1"))
        );
    }

    #[test]
    fn a_masked_package_is_not_similar() {
        let packages = database(&["installed a/a-1", "ebuild a/a-2"]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let ebuild = packages.ebuild("a/a-2").id;
        depgraph.parameters.masked.entry(ebuild).or_default();
        let installed = packages.installed("a/a-1");
        assert!(
            depgraph
                .selector()
                .similar(&installed, &atom("a/a"))
                .is_empty()
        );
        assert_eq!(depgraph.selector().replacement_slot(&installed), None);
    }
}
