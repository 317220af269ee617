//! Everything that is asked of a candidate before it is compared with configuration and ebuild
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).

use std::rc::Rc;

use super::atom::Atom;
use super::scan::{Scan, Step};
use super::universe::{Choice, Id};
use super::walk::Walk;
use crate::check::{excluded, patches};
use crate::pms::Kind;

impl<'a> Walk<'_, 'a> {
    /// Everything that is asked before a candidate is compared with configuration and ebuild.
    pub(super) fn consider(
        &mut self,
        atom: &Atom,
        parent: Option<Id>,
        change_use: bool,
        choice: &Rc<Choice<'a>>,
        scan: &mut Scan<'a>,
    ) -> Step {
        let id = match self.choosing_target {
            true => self.universe.for_dependencies(choice),
            false => choice.id,
        };
        if self.lessons.masked.contains_key(&id) {
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

    fn consider_binary(&self, choice: &Choice<'a>) -> Step {
        let facts = self.universe.facts(choice);
        let policy = self.universe.policy;
        if excluded::by_usepkg_lists(policy, &facts.subject()) {
            return Step::Stop;
        }
        if policy.user_patches && patches::differ(facts) {
            return Step::Skip;
        }
        if policy.exclude_live && self.universe.has_property(choice, "live") {
            return Step::Skip;
        }
        Step::Accept
    }

    /// Whether a higher ebuild is only kept out by USE that the user could change.
    fn is_below_adjustable(&self, choice: &Choice<'a>, scan: &Scan<'a>) -> bool {
        let applies = !(choice.package.is_built() && self.is_old_package(choice))
            && (!choice.is_installed() || self.options.update);
        applies
            && scan.adjustable.iter().any(|rejected| {
                rejected.order(choice).is_gt()
                    || rejected.same_version(choice)
                        && self.priority_of(rejected) > self.priority_of(choice)
            })
    }

    fn priority_of(&self, choice: &Choice<'a>) -> Option<usize> {
        let name = choice.package.repository.as_deref()?;
        let repositories = &self.universe.local.base.repositories.list;
        repositories
            .iter()
            .position(|repository| &*repository.name == name)
    }

    fn passes_visibility(&self, parent: Option<Id>, choice: &Choice<'a>, scan: &Scan<'a>) -> bool {
        if choice.is_installed() {
            let stays = parent.is_some_and(|parent| !self.wants_update(&self.get(parent), choice));
            if stays || scan.accepted.is_empty() || !self.options.update {
                return true;
            }
        }
        if !self.is_visible(choice) {
            return false;
        }
        let policy = self.universe.policy;
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
            return !(choice.is_installed() && self.universe.is_masked(choice));
        }
        self.universe.has_visible_ebuild(choice)
    }

    fn note_arguments(
        &self,
        atom: &Atom,
        parent: Option<Id>,
        choice: &Choice<'a>,
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
        choice: &Rc<Choice<'a>>,
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
