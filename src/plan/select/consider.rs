//! Every check of a candidate before it is compared with configuration and ebuild
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).

use std::rc::Rc;

use crate::check::{excluded, patches};
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::select::query::{Purpose, Query};
use crate::plan::select::scan::{Scan, ScanStep};
use crate::plan::select::selector::Selector;
use crate::pms::Kind;

impl<'a> Selector<'_, 'a> {
    /// Every check before a candidate is compared with configuration and ebuild.
    pub(in crate::plan) fn consider(
        &self,
        query: &Query<'_>,
        package: &Rc<PlanPackage<'a>>,
        scan: &mut Scan<'a>,
    ) -> ScanStep {
        // backtracking masks what was in the graph, which for such a target is another node
        let id = match query.purpose {
            Purpose::Dependencies => self.packages.for_dependencies(package),
            Purpose::Merge | Purpose::Unselected => package.id,
        };
        if self.parameters.masked.contains_key(&id) {
            return ScanStep::Skip;
        }
        if self.is_to_come_anew(package) {
            return ScanStep::Skip;
        }
        let excluded = self.is_excluded(package);
        if package.is_installed() {
            if self.options.selection.empty && !excluded {
                return ScanStep::Skip;
            }
        } else if excluded {
            return ScanStep::Skip;
        }
        if package.kind() == Kind::Binary {
            match self.consider_binary(package) {
                ScanStep::Accept => {}
                step => return step,
            }
        }
        if self.is_below_adjustable(package, scan) || !self.passes_visibility(query, package, scan)
        {
            return ScanStep::Skip;
        }
        self.note_arguments(query, package, scan);
        self.consider_use(query, package, scan)
    }

    /// Whether something that a package was built with is built anew, so that it does not do as it is.
    fn is_to_come_anew(&self, package: &PlanPackage<'a>) -> bool {
        let (compiled, merged) = (
            &self.parameters.compiled_again,
            &self.parameters.merged_again,
        );
        if compiled.is_empty() && merged.is_empty() {
            return false;
        }
        let slot = package.slot_key();
        package.is_built() && compiled.contains(slot)
            || package.is_installed() && merged.contains(slot)
    }

    fn consider_binary(&self, package: &PlanPackage<'a>) -> ScanStep {
        let facts = self.packages.facts(package);
        let policy = self.packages.policy;
        if excluded::by_usepkg_lists(policy, &facts.subject()) {
            return ScanStep::Stop;
        }
        if policy.compare.user_patches && patches::differ(facts) {
            return ScanStep::Skip;
        }
        if policy.lists.exclude_live && self.packages.has_property(package, "live") {
            return ScanStep::Skip;
        }
        ScanStep::Accept
    }

    /// Whether a higher ebuild is only ruled out by USE that the user could change.
    fn is_below_adjustable(&self, package: &PlanPackage<'a>, scan: &Scan<'a>) -> bool {
        let applies = !(package.is_built() && self.is_old_package(package))
            && (!package.is_installed() || self.options.selection.update);
        applies
            && scan.adjustable.iter().any(|rejected| {
                rejected.order(package).is_gt()
                    || rejected.same_version(package)
                        && self.priority_of(rejected) > self.priority_of(package)
            })
    }

    fn priority_of(&self, package: &PlanPackage<'a>) -> Option<usize> {
        let name = package.package.repository.as_deref()?;
        let local = self.packages.local(package.root());
        let repositories = &local.base.repositories.list;
        repositories
            .iter()
            .position(|repository| &*repository.name == name)
    }

    fn passes_visibility(
        &self,
        query: &Query<'_>,
        package: &PlanPackage<'a>,
        scan: &mut Scan<'a>,
    ) -> bool {
        if package.is_installed() {
            let stays = query
                .parent
                .is_some_and(|parent| !self.should_update(&self.get(parent), package));
            if stays || scan.accepted.is_empty() || !self.options.selection.update {
                return true;
            }
        }
        if !self.sees(package, scan) {
            return false;
        }
        let policy = self.packages.policy;
        let identical = package.is_installed()
            && policy.sources.usepkg
            && scan.accepted.iter().any(|other| {
                other.kind() == Kind::Binary
                    && other.cpv() == package.cpv()
                    && other.package.build_time == package.package.build_time
            });
        let requested = policy.compare.use_ebuild_visibility || !scan.accepted.is_empty();
        if identical || !package.is_built() || !requested {
            return true;
        }
        if !policy.compare.use_ebuild_visibility
            && (policy.sources.usepkgonly || self.is_old_package(package))
        {
            return !(package.is_installed() && self.packages.is_masked(package));
        }
        self.sees_ebuild(package, scan) && !self.wants_compiling(scan)
    }

    fn note_arguments(&self, query: &Query<'_>, package: &PlanPackage<'a>, scan: &mut Scan<'a>) {
        let parent = query.parent.or(query.alternatives_of);
        if parent.is_some_and(|parent| self.replaced_child(parent, query.atom).is_some()) {
            return;
        }
        let arguments = self.arguments_for(package);
        scan.reinstall |= self.forces_reinstall(&arguments);
        scan.found_argument |= !package.is_installed() && !arguments.is_empty();
    }

    fn consider_use(
        &self,
        query: &Query<'_>,
        package: &Rc<PlanPackage<'a>>,
        scan: &mut Scan<'a>,
    ) -> ScanStep {
        let atom = query.atom;
        if atom.unevaluated().use_deps().next().is_none() {
            return ScanStep::Accept;
        }
        let mut required = atom.unevaluated().required_flags();
        if !required.all(|flag| self.has_flag(package, flag)) {
            return ScanStep::Skip;
        }
        if !package.is_built() {
            self.propose_use(query, package, scan);
        }
        let current = self.during(scan);
        if current.use_matches(atom, package) {
            return ScanStep::Accept;
        }
        if current.is_adjustable(atom, package) {
            scan.adjustable.push(Rc::clone(package));
        }
        ScanStep::Skip
    }

    /// Change the USE of an ebuild so that the atom matches, where the scan may.
    fn propose_use(&self, query: &Query<'_>, package: &PlanPackage<'a>, scan: &mut Scan<'a>) {
        if scan.proposed.use_changes.is_none() {
            return;
        }
        let Some(change) = self.during(scan).change_for(query.atom, package) else {
            return;
        };
        scan.proposed.restart |=
            self.graph.has(package.id) && self.changes_graph(package, &change.flags);
        scan.proposed.changed.push(package.id);
        if let Some(changes) = &mut scan.proposed.use_changes {
            Rc::make_mut(changes).insert(package.id, change);
        }
    }
}
