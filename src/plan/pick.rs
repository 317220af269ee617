//! The best package for one atom
//! (`portage: depgraph.py:depgraph._select_pkg_highest_available`, `._wrapped_select_pkg_highest_available_imp`).
//!
//! Ebuilds, binary packages and installed ones are looked at in this order, each from the highest
//! version down; at most one of each kind is accepted, and the last step picks among them.

use std::rc::Rc;

use super::atom::Atom;
use super::universe::{Choice, Id};
use super::walk::{Picked, Selection, Walk};
use crate::check::{excluded, patches, r#use as use_rule};
use crate::pms::Kind;

/// What the next candidate of a kind means for the scan.
enum Step {
    Accept,
    Skip,
    Stop,
}

/// What a scan over all kinds has found so far.
#[derive(Default)]
struct Scan<'a> {
    accepted: Vec<Rc<Choice<'a>>>,
    old_packages: Vec<Id>,
    /// Ebuilds that only USE, as the user sets it, speaks against.
    adjustable: Vec<Rc<Choice<'a>>>,
    best_ebuild: Option<Rc<Choice<'a>>>,
    highest: Option<Rc<Choice<'a>>>,
    existing: Option<Id>,
    reinstall: bool,
    found_argument: bool,
}

impl<'a> Walk<'_, 'a> {
    /// Pick a package as the mode of the walk wants.
    pub fn pick(&mut self, atom: &Atom, parent: Option<Id>) -> Option<Picked> {
        match self.selection {
            Selection::Highest => self.pick_highest(atom, parent),
            Selection::FromGraph => self.pick_from_graph(atom),
        }
    }

    fn pick_highest(&mut self, atom: &Atom, parent: Option<Id>) -> Option<Picked> {
        let key = (atom.clone(), self.autounmask);
        if let Some(known) = self.highest.borrow().get(&key) {
            return *known;
        }
        let picked = self.pick_with_autounmask(atom, parent);
        self.highest.borrow_mut().insert(key, picked);
        if let Some(picked) = picked {
            let choice = self.get(picked.id);
            let forgiven = choice.is_installed() && self.universe.is_masked(&choice);
            if self.is_visible(&choice) && !forgiven {
                let seen = self
                    .seen
                    .entry(choice.package.cpv.cpn.as_str().to_owned())
                    .or_default();
                if !seen.contains(&picked.id) {
                    seen.push(picked.id);
                }
            }
        }
        picked
    }

    fn pick_with_autounmask(&mut self, atom: &Atom, parent: Option<Id>) -> Option<Picked> {
        let default = self.scan(atom, parent, false);
        let unwanted = |walk: &Self, picked: Picked| {
            let choice = walk.get(picked.id);
            choice.is_installed() && !walk.wants_installed(&choice)
        };
        if !self.autounmask || default.is_some_and(|picked| !unwanted(self, picked)) {
            return default;
        }
        let earlier = std::mem::replace(&mut self.restart, false);
        let changed = self
            .scan(atom, parent, true)
            .filter(|picked| !unwanted(self, *picked));
        let restart = std::mem::replace(&mut self.restart, earlier);
        if restart {
            self.restart = true;
            return None;
        }
        changed.or(default)
    }

    /// Look at all candidates; `change_use` lets the USE of ebuilds be changed.
    fn scan(&mut self, atom: &Atom, parent: Option<Id>, change_use: bool) -> Option<Picked> {
        let mut scan = Scan::default();
        for find_existing in [true, false] {
            if scan.existing.is_some() {
                break;
            }
            for kind in self.kinds() {
                if kind == Kind::Installed && !find_existing && self.hides_installed(&scan) {
                    continue;
                }
                self.scan_kind(atom, parent, change_use, kind, find_existing, &mut scan);
                if scan.existing.is_some() {
                    break;
                }
            }
        }
        if let Some(id) = scan.existing {
            return Some(Picked { id, existing: true });
        }
        self.decide(atom, parent, scan).map(|id| Picked {
            id,
            existing: false,
        })
    }

    fn kinds(&self) -> Vec<Kind> {
        let policy = self.universe.policy;
        let ebuilds = policy.ebuilds.then_some(Kind::Ebuild);
        let binaries = policy.usepkg.then_some(Kind::Binary);
        ebuilds
            .into_iter()
            .chain(binaries)
            .chain([Kind::Installed])
            .collect()
    }

    fn hides_installed(&self, scan: &Scan<'a>) -> bool {
        let reinstall =
            scan.reinstall || self.options.empty || scan.found_argument && !self.options.selective;
        reinstall && !scan.accepted.is_empty()
    }

    fn scan_kind(
        &mut self,
        atom: &Atom,
        parent: Option<Id>,
        change_use: bool,
        kind: Kind,
        find_existing: bool,
        scan: &mut Scan<'a>,
    ) {
        for choice in self.universe.matching(kind, atom) {
            if kind != Kind::Ebuild && !self.use_matches(atom, &choice) {
                continue;
            }
            match self.consider(atom, parent, change_use, &choice, scan) {
                Step::Skip => continue,
                Step::Stop => break,
                Step::Accept => {}
            }
            if scan
                .highest
                .as_ref()
                .is_none_or(|highest| choice.order(highest).is_gt())
            {
                scan.highest = Some(Rc::clone(&choice));
            }
            if find_existing {
                self.find_existing(atom, &choice, scan);
                break;
            }
            match self.compare(&choice, scan) {
                Step::Skip => continue,
                Step::Stop => break,
                Step::Accept => {}
            }
            self.accept(atom, &choice, scan);
            break;
        }
    }

    /// Everything that is asked before a candidate is compared with configuration and ebuild.
    fn consider(
        &mut self,
        atom: &Atom,
        parent: Option<Id>,
        change_use: bool,
        choice: &Rc<Choice<'a>>,
        scan: &mut Scan<'a>,
    ) -> Step {
        if self.lessons.masked.contains_key(&choice.id) {
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
        if excluded::by_usepkg_lists(policy, facts) {
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

    /// Prefer what the graph has in the slot, if it serves the atom too.
    fn find_existing(&self, atom: &Atom, choice: &Choice<'a>, scan: &mut Scan<'a>) {
        let name = choice.package.cpv.cpn.as_str();
        let Some(existing) = self
            .tracker
            .in_slot(self.universe, name, choice.slot())
            .pop()
        else {
            return;
        };
        if !self.matches(atom, &existing) {
            return;
        }
        let outdone = scan.highest.as_ref().is_some_and(|highest| {
            existing.order(highest).is_lt() && existing.slot() != highest.slot()
        });
        if !outdone {
            scan.existing = Some(existing.id);
        }
    }

    /// Compare a built package with the configuration and its ebuild.
    fn compare(&mut self, choice: &Choice<'a>, scan: &Scan<'a>) -> Step {
        let policy = self.universe.policy;
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
            let changed = self.options.changed_deps && self.universe.has_changed_deps(choice);
            return if changed { Step::Stop } else { Step::Accept };
        }
        if policy.changed_deps.is_on() && self.universe.has_changed_deps(choice) {
            self.ignored_binaries.insert(choice.id);
            return Step::Skip;
        }
        Step::Accept
    }

    fn differs_in_use(&self, choice: &Choice<'a>, scan: &Scan<'a>) -> bool {
        let facts = self.universe.facts(choice);
        let policy = self.universe.policy;
        match &scan.best_ebuild {
            Some(ebuild) => {
                let wanted = |flag: &str| self.enabled(ebuild, flag);
                let reference = self.universe.facts(ebuild);
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
    fn has_changed_slot(&self, choice: &Choice<'a>) -> bool {
        let ebuild = self.universe.own_ebuild(choice);
        ebuild.is_some_and(|ebuild| {
            ebuild.slot() != choice.slot() || ebuild.sub_slot() != choice.sub_slot()
        })
    }

    fn accept(&mut self, atom: &Atom, choice: &Rc<Choice<'a>>, scan: &mut Scan<'a>) {
        if !choice.is_installed() && !self.is_old_package(choice) {
            self.note_reinstall(atom, choice, scan);
        }
        scan.reinstall |= self.is_reinstall_atom(choice);
        if !choice.package.is_built() {
            scan.best_ebuild = Some(Rc::clone(choice));
        } else if self.is_old_package(choice) {
            scan.old_packages.push(choice.id);
        }
        scan.accepted.push(Rc::clone(choice));
    }

    /// Whether the installed package of the same version is to be replaced for its repository or USE.
    fn note_reinstall(&mut self, atom: &Atom, choice: &Choice<'a>, scan: &mut Scan<'a>) {
        let installed = self.universe.matching(Kind::Installed, atom);
        let Some(installed) = installed
            .into_iter()
            .find(|old| old.package.cpv == choice.package.cpv && self.use_matches(atom, old))
        else {
            return;
        };
        let policy = self.universe.policy;
        if self.options.newrepo && installed.package.repository != choice.package.repository {
            scan.reinstall = true;
        } else if policy.newuse || policy.changed_use {
            let wanted = |flag: &str| self.enabled(choice, flag);
            let (old, new) = (self.universe.facts(&installed), self.universe.facts(choice));
            if !use_rule::differing(policy, old, new, &wanted, false).is_empty() {
                scan.reinstall = true;
                self.reinstalled.insert(choice.id);
            }
        }
    }

    /// Among the accepted: at most one ebuild, one binary and one installed package.
    fn decide(&self, atom: &Atom, parent: Option<Id>, scan: Scan<'a>) -> Option<Id> {
        let mut accepted = scan.accepted;
        if accepted.len() < 2 {
            return accepted.pop().map(|choice| choice.id);
        }
        let parent = parent.map(|id| self.get(id));
        if let Some(parent) = &parent {
            self.drop_installed_for_rebuild(atom, parent, &mut accepted);
        }
        if let Some(rebuilt) = self.rebuilt_binary(&accepted) {
            return Some(rebuilt);
        }
        let installed = accepted
            .iter()
            .find(|choice| choice.is_installed())
            .cloned();
        accepted.retain(|choice| !(choice.is_installed() && self.universe.is_invalid(choice)));
        if let (Some(installed), Some(parent)) = (&installed, &parent)
            && !self.wants_update(parent, installed)
        {
            return Some(installed.id);
        }
        if !self.options.update
            && let Some(installed) = accepted
                .iter()
                .find(|choice| choice.is_installed() && self.is_visible(choice))
        {
            return Some(installed.id);
        }
        self.best_of(accepted, &scan.old_packages)
    }

    fn best_of(&self, accepted: Vec<Rc<Choice<'a>>>, old_packages: &[Id]) -> Option<Id> {
        let visible_old: Vec<_> = accepted
            .iter()
            .filter(|choice| old_packages.contains(&choice.id) && self.is_visible(choice))
            .collect();
        let visible: Vec<_> = if visible_old.is_empty() {
            accepted
                .iter()
                .filter(|choice| self.is_visible(choice))
                .collect()
        } else {
            visible_old
        };
        let pool = if visible.is_empty() {
            accepted.iter().collect()
        } else {
            visible
        };
        let version = |choice: &Rc<Choice<'a>>| choice.package.cpv.version.clone();
        let best = pool
            .into_iter()
            .map(version)
            .max_by(|left, right| left.cmp_version(right))?;
        let equal =
            |choice: &&Rc<Choice<'a>>| choice.package.cpv.version.cmp_version(&best).is_eq();
        accepted.iter().rfind(equal).map(|choice| choice.id)
    }

    /// Where the parent is rebuilt for a slot operator, an update of the child must not be missed.
    fn drop_installed_for_rebuild(
        &self,
        atom: &Atom,
        parent: &Choice<'a>,
        accepted: &mut Vec<Rc<Choice<'a>>>,
    ) {
        let (name, slot) = parent.slot_key();
        let rebuilt = self
            .lessons
            .replaced
            .contains(&(name.to_owned(), slot.to_owned()));
        if !rebuilt || !atom.has_slot_operator() || atom.dep.sub_slot().is_some() {
            return;
        }
        let Some(installed) = accepted
            .iter()
            .find(|choice| choice.is_installed())
            .cloned()
        else {
            return;
        };
        if !self.wants_update(parent, &installed) {
            return;
        }
        let newer = |choice: &&Rc<Choice<'a>>| {
            let order = choice
                .package
                .cpv
                .version
                .cmp_version(&installed.package.cpv.version);
            !choice.is_installed() && order.is_gt()
        };
        let newer: Vec<_> = accepted.iter().filter(newer).cloned().collect();
        if !newer.is_empty() {
            *accepted = newer;
        }
    }

    /// `--rebuilt-binaries`: a binary that was built at another time than what is installed.
    fn rebuilt_binary(&self, accepted: &[Rc<Choice<'a>>]) -> Option<Id> {
        if !self.options.rebuilt_binaries {
            return None;
        }
        let of = |kind: Kind| accepted.iter().rfind(|choice| choice.package.kind == kind);
        let (binary, installed) = (of(Kind::Binary)?, of(Kind::Installed)?);
        if of(Kind::Ebuild).is_some_and(|ebuild| ebuild.order(binary).is_gt()) {
            return None;
        }
        let (built, old) = (binary.package.build_time, installed.package.build_time);
        let wanted = match self.options.rebuilt_binaries_timestamp {
            Some(minimum) => built != 0 && built > old && built >= minimum,
            None => built != 0 && built != old,
        };
        wanted.then_some(binary.id)
    }

    /// The installed package that a parent would replace, if the atom matches it
    /// (`portage: depgraph.py:depgraph._will_replace_child`).
    pub fn replaced_child(&self, parent: Id, atom: &Atom) -> Option<Rc<Choice<'a>>> {
        let parent = self.get(parent);
        if parent.package.cpv.cpn.as_str() != atom.name() {
            return None;
        }
        let installed = self.universe.matching(Kind::Installed, atom);
        installed
            .into_iter()
            .find(|choice| choice.slot() == parent.slot() && self.use_matches(atom, choice))
    }

    /// What the graph has, else what is installed
    /// (`portage: depgraph.py:depgraph._select_pkg_from_graph`).
    fn pick_from_graph(&self, atom: &Atom) -> Option<Picked> {
        let finally = self.tracker.finally(self.universe, atom);
        let mut matches: Vec<_> = finally
            .into_iter()
            .filter(|choice| self.matches(atom, choice))
            .collect();
        matches.reverse();
        if matches.is_empty() {
            return None;
        }
        if let Some(choice) = matches.iter().find(|choice| self.graph.has(choice.id)) {
            return Some(Picked {
                id: choice.id,
                existing: true,
            });
        }
        self.pick_installed(atom).map(|id| Picked {
            id,
            existing: false,
        })
    }

    /// The installed package that serves an atom
    /// (`portage: depgraph.py:depgraph._select_pkg_from_installed`).
    pub fn pick_installed(&self, atom: &Atom) -> Option<Id> {
        let mut matches = self.universe.matching(Kind::Installed, atom);
        matches.retain(|choice| self.use_matches(atom, choice));
        let better = |filter: &dyn Fn(&Rc<Choice<'a>>) -> bool, all: Vec<Rc<Choice<'a>>>| {
            let kept: Vec<_> = all
                .iter()
                .filter(|choice| filter(choice))
                .cloned()
                .collect();
            if kept.is_empty() || all.len() < 2 {
                all
            } else {
                kept
            }
        };
        matches = better(&|choice| self.is_visible(choice), matches);
        matches = better(&|choice| !self.universe.is_masked(choice), matches);
        matches = better(&|choice| self.universe.has_visible_ebuild(choice), matches);
        matches.first().map(|choice| choice.id)
    }
}
