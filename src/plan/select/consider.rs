//! Everything that is asked of a candidate before it is compared with configuration and ebuild
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).

use std::rc::Rc;

use crate::check::{excluded, patches};
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::plan::select::scan::{Scan, Step};
use crate::pms::Kind;

impl<'a> Depgraph<'_, 'a> {
    /// Everything that is asked before a candidate is compared with configuration and ebuild.
    pub(in crate::plan) fn consider(
        &mut self,
        atom: &Atom,
        parent: Option<Id>,
        change_use: bool,
        choice: &Rc<PlanPackage<'a>>,
        scan: &mut Scan<'a>,
    ) -> Step {
        let id = match self.choosing_target {
            true => self.packages.for_dependencies(choice),
            false => choice.id,
        };
        if self.parameters.masked.contains_key(&id) {
            return Step::Skip;
        }
        let excluded = self.is_excluded(choice);
        if choice.is_installed() {
            if self.options.empty && !excluded {
                return Step::Skip;
            }
        } else if excluded {
            return Step::Skip;
        }
        if choice.package.kind == Kind::Binary {
            match self.consider_binary(choice) {
                Step::Accept => {}
                step => return step,
            }
        }
        if self.is_below_adjustable(choice, scan) || !self.passes_visibility(parent, choice, scan) {
            return Step::Skip;
        }
        self.note_arguments(atom, parent, choice, scan);
        self.consider_use(atom, change_use, choice, scan)
    }

    fn consider_binary(&self, choice: &PlanPackage<'a>) -> Step {
        let facts = self.packages.facts(choice);
        let policy = self.packages.policy;
        if excluded::by_usepkg_lists(policy, &facts.subject()) {
            return Step::Stop;
        }
        if policy.user_patches && patches::differ(facts) {
            return Step::Skip;
        }
        if policy.exclude_live && self.packages.has_property(choice, "live") {
            return Step::Skip;
        }
        Step::Accept
    }

    /// Whether a higher ebuild is only kept out by USE that the user could change.
    fn is_below_adjustable(&self, choice: &PlanPackage<'a>, scan: &Scan<'a>) -> bool {
        let applies = !(choice.package.is_built() && self.is_old_package(choice))
            && (!choice.is_installed() || self.options.update);
        applies
            && scan.adjustable.iter().any(|rejected| {
                rejected.order(choice).is_gt()
                    || rejected.same_version(choice)
                        && self.priority_of(rejected) > self.priority_of(choice)
            })
    }

    fn priority_of(&self, choice: &PlanPackage<'a>) -> Option<usize> {
        let name = choice.package.repository.as_deref()?;
        let repositories = &self.packages.local.base.repositories.list;
        repositories
            .iter()
            .position(|repository| &*repository.name == name)
    }

    fn passes_visibility(
        &self,
        parent: Option<Id>,
        choice: &PlanPackage<'a>,
        scan: &Scan<'a>,
    ) -> bool {
        if choice.is_installed() {
            let stays = parent.is_some_and(|parent| !self.wants_update(&self.get(parent), choice));
            if stays || scan.accepted.is_empty() || !self.options.update {
                return true;
            }
        }
        if !self.is_visible(choice) {
            return false;
        }
        let policy = self.packages.policy;
        let identical = choice.is_installed()
            && policy.usepkg
            && scan.accepted.iter().any(|other| {
                other.package.kind == Kind::Binary
                    && other.package.cpv == choice.package.cpv
                    && other.package.build_time == choice.package.build_time
            });
        let asked = policy.use_ebuild_visibility || !scan.accepted.is_empty();
        if identical || !choice.package.is_built() || !asked {
            return true;
        }
        if !policy.use_ebuild_visibility && (policy.usepkgonly || self.is_old_package(choice)) {
            return !(choice.is_installed() && self.packages.is_masked(choice));
        }
        self.packages.has_visible_ebuild(choice)
    }

    fn note_arguments(
        &self,
        atom: &Atom,
        parent: Option<Id>,
        choice: &PlanPackage<'a>,
        scan: &mut Scan<'a>,
    ) {
        let asking = parent.or(self.choosing_for);
        if asking.is_some_and(|parent| self.replaced_child(parent, atom).is_some()) {
            return;
        }
        let arguments = self.arguments_for(choice);
        scan.reinstall |= arguments
            .iter()
            .any(|(position, _)| self.arguments[*position].force_reinstall);
        scan.found_argument |= !choice.is_installed() && !arguments.is_empty();
    }

    fn consider_use(
        &mut self,
        atom: &Atom,
        change_use: bool,
        choice: &Rc<PlanPackage<'a>>,
        scan: &mut Scan<'a>,
    ) -> Step {
        if atom.unevaluated.use_deps().next().is_none() {
            return Step::Accept;
        }
        if !atom
            .unevaluated
            .required_flags()
            .all(|flag| self.has_flag(choice, flag))
        {
            return Step::Skip;
        }
        if change_use && !choice.package.is_built() {
            self.change_use(atom, choice);
        }
        if self.use_matches(atom, choice) {
            return Step::Accept;
        }
        if self.is_adjustable(atom, choice) {
            scan.adjustable.push(Rc::clone(choice));
        }
        Step::Skip
    }
}
