//! A built package against configuration and ebuild: repository, slot, USE, dependencies.

use crate::check::r#use as use_rule;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::select::scan::{Scan, ScanStep};
use crate::plan::select::selector::Selector;

impl<'a> Selector<'_, 'a> {
    /// Compare a built package with the configuration and its ebuild.
    pub(in crate::plan) fn compare(&self, package: &PlanPackage<'a>, scan: &Scan<'a>) -> ScanStep {
        let policy = self.packages.policy;
        let installed = package.is_installed();
        let exempt = !package.is_built() || self.is_old_package(package);
        let stays = installed && (scan.accepted.is_empty() || self.is_excluded(package));
        if exempt || stays {
            return ScanStep::Accept;
        }
        let other_repository = scan
            .best_ebuild
            .as_ref()
            .is_some_and(|ebuild| ebuild.package.repository != package.package.repository);
        if self.options.reinstall.new_repo && other_repository {
            return ScanStep::Stop;
        }
        if self.options.reinstall.changed_slot && self.has_changed_slot(package) {
            return if installed {
                ScanStep::Stop
            } else {
                ScanStep::Skip
            };
        }
        let reinstall_use = policy.compare.newuse || policy.compare.changed_use;
        if (reinstall_use || !installed && policy.compare.respect_use.is_on())
            && self.differs_in_use(package, scan)
        {
            if installed {
                return ScanStep::Stop;
            }
            self.memo.note_ignored_binary(package.id);
            return ScanStep::Skip;
        }
        if installed {
            let changed =
                self.options.reinstall.changed_deps && self.packages.has_changed_deps(package);
            return if changed {
                ScanStep::Stop
            } else {
                ScanStep::Accept
            };
        }
        if policy.compare.changed_deps.is_on() && self.packages.has_changed_deps(package) {
            self.memo.note_ignored_binary(package.id);
            return ScanStep::Skip;
        }
        ScanStep::Accept
    }

    fn differs_in_use(&self, package: &PlanPackage<'a>, scan: &Scan<'a>) -> bool {
        match &scan.best_ebuild {
            Some(ebuild) => {
                self.use_differs(package, ebuild, self.packages.policy.sources.usepkgonly)
            }
            None => {
                let facts = self.packages.facts(package);
                let configured = |flag: &str| facts.flags.enabled(flag);
                let policy = self.packages.policy;
                self.packages
                    .use_differs((package.id, package.id, true), || {
                        !use_rule::differing(policy, facts, facts, &configured, true).is_empty()
                    })
            }
        }
    }

    /// Whether the USE of a built package differs from what is wanted of a reference; with `own_iuse` the
    /// package's own IUSE stands for the reference's.
    pub(in crate::plan) fn use_differs(
        &self,
        built: &PlanPackage<'a>,
        reference: &PlanPackage<'a>,
        own_iuse: bool,
    ) -> bool {
        let compare = || {
            let facts = |package| self.packages.facts(package);
            let enabled = |flag: &str| self.enabled(reference, flag);
            let (built, reference) = (facts(built), facts(reference));
            let policy = self.packages.policy;
            !use_rule::differing(policy, built, reference, &enabled, own_iuse).is_empty()
        };
        if self.use_changes.contains_key(&reference.id) {
            compare()
        } else {
            self.packages
                .use_differs((built.id, reference.id, own_iuse), compare)
        }
    }

    /// Whether the ebuild of the same version has another slot or sub-slot.
    pub fn has_changed_slot(&self, package: &PlanPackage<'a>) -> bool {
        let ebuild = self.packages.own_ebuild(package);
        ebuild.is_some_and(|ebuild| {
            ebuild.slot() != package.slot() || ebuild.sub_slot() != package.sub_slot()
        })
    }
}
