//! A built package against configuration and ebuild: repository, slot, USE, dependencies.

use crate::check::r#use as use_rule;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::package_db::PlanPackage;
use crate::plan::select::scan::{Scan, Step};

impl<'a> Depgraph<'_, 'a> {
    /// Compare a built package with the configuration and its ebuild.
    pub(in crate::plan) fn compare(&mut self, choice: &PlanPackage<'a>, scan: &Scan<'a>) -> Step {
        let policy = self.packages.policy;
        let installed = choice.is_installed();
        let exempt = !choice.package.is_built() || self.is_old_package(choice);
        let stays = installed && (scan.accepted.is_empty() || self.is_excluded(choice));
        if exempt || stays {
            return Step::Accept;
        }
        let other_repository = scan
            .best_ebuild
            .as_ref()
            .is_some_and(|ebuild| ebuild.package.repository != choice.package.repository);
        if self.options.newrepo && other_repository {
            return Step::Stop;
        }
        if self.options.changed_slot && self.has_changed_slot(choice) {
            return if installed { Step::Stop } else { Step::Skip };
        }
        let reinstall_use = policy.newuse || policy.changed_use;
        if (reinstall_use || !installed && policy.respect_use.is_on())
            && self.differs_in_use(choice, scan)
        {
            if installed {
                return Step::Stop;
            }
            self.ignored_binaries.insert(choice.id);
            return Step::Skip;
        }
        if installed {
            let changed = self.options.changed_deps && self.packages.has_changed_deps(choice);
            return if changed { Step::Stop } else { Step::Accept };
        }
        if policy.changed_deps.is_on() && self.packages.has_changed_deps(choice) {
            self.ignored_binaries.insert(choice.id);
            return Step::Skip;
        }
        Step::Accept
    }

    fn differs_in_use(&self, choice: &PlanPackage<'a>, scan: &Scan<'a>) -> bool {
        let facts = self.packages.facts(choice);
        let policy = self.packages.policy;
        match &scan.best_ebuild {
            Some(ebuild) => {
                let wanted = |flag: &str| self.enabled(ebuild, flag);
                let reference = self.packages.facts(ebuild);
                !use_rule::differing(policy, facts, reference, &wanted, policy.usepkgonly)
                    .is_empty()
            }
            None => {
                let wanted = |flag: &str| facts.flags.enabled(flag);
                !use_rule::differing(policy, facts, facts, &wanted, true).is_empty()
            }
        }
    }

    /// Whether the ebuild of the same version has another slot or sub-slot.
    fn has_changed_slot(&self, choice: &PlanPackage<'a>) -> bool {
        let ebuild = self.packages.own_ebuild(choice);
        ebuild.is_some_and(|ebuild| {
            ebuild.slot() != choice.slot() || ebuild.sub_slot() != choice.sub_slot()
        })
    }
}
