//! FEATURES="buildpkg-proactive": what has no suitable binary package yet is compiled, so that there is one
//! (`portage: Package.py:Package.binpkg_wanted`).

use std::rc::Rc;

use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::select::scan::Scan;
use crate::plan::select::selector::Selector;
use crate::pms::Kind;

impl<'a> Selector<'_, 'a> {
    /// Whether the ebuild that a scan accepted is to be compiled for want of a binary package, so that
    /// nothing that is built already will do.
    pub(in crate::plan) fn wants_compiling(&self, scan: &Scan<'a>) -> bool {
        let Some(ebuild) = &scan.best_ebuild else {
            return false;
        };
        self.has_feature("buildpkg-proactive")
            && self.wants_binary(ebuild)
            && !self.has_fitting_binary(ebuild)
    }

    fn has_feature(&self, word: &str) -> bool {
        self.packages.has_feature(word)
    }

    fn wants_binary(&self, ebuild: &PlanPackage<'a>) -> bool {
        let names = |atoms: &[crate::pms::Dep]| {
            let mut atoms = atoms.iter();
            atoms.any(|atom| atom.matches(&ebuild.subject()))
        };
        let of_all = match self.options.build.buildpkg {
            Some(given) => given,
            None => self.has_feature("buildpkg"),
        };
        let of_system = || {
            let mut atoms = self.goal.system().iter();
            self.has_feature("buildsyspkg") && atoms.any(|atom| self.matches(atom, ebuild))
        };
        let is_live = self.packages.has_property(ebuild, "live");
        (!is_live || self.has_feature("buildpkg-live"))
            && !names(&self.options.build.buildpkg_exclude)
            && (of_all || of_system())
    }

    fn has_fitting_binary(&self, ebuild: &Rc<PlanPackage<'a>>) -> bool {
        let policy = self.packages.policy;
        let compares_use = policy.compare.newuse
            || policy.compare.changed_use
            || policy.compare.respect_use.is_on();
        let atom = self.version_atom(ebuild);
        let mut binaries = self.packages.matching(Kind::Binary, &atom);
        binaries.any(|binary| {
            let other_use = compares_use && self.use_differs(&binary, ebuild, false);
            let other_deps =
                policy.compare.changed_deps.is_on() && self.packages.has_changed_deps(&binary);
            !self.packages.is_masked(&binary) && !other_use && !other_deps
        })
    }
}
