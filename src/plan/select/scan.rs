//! A scan over all candidates for one atom
//! (`portage: depgraph.py:depgraph._wrapped_select_pkg_highest_available_imp`).
//!
//! Ebuilds, binary packages and installed ones are looked at in this order, each from the highest
//! version down; at most one of each kind is accepted, and the last step picks among them.

use std::rc::Rc;

use crate::check::r#use as use_rule;
use crate::plan::depgraph::attempt::{Depgraph, Picked};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::pms::Kind;

/// What the next candidate of a kind means for the scan.
pub(in crate::plan) enum Step {
    Accept,
    Skip,
    Stop,
}

/// What a scan over all kinds has found so far.
#[derive(Default)]
pub(in crate::plan) struct Scan<'a> {
    pub accepted: Vec<Rc<PlanPackage<'a>>>,
    pub old_packages: Vec<Id>,
    /// Ebuilds that only USE, as the user sets it, speaks against.
    pub adjustable: Vec<Rc<PlanPackage<'a>>>,
    pub best_ebuild: Option<Rc<PlanPackage<'a>>>,
    pub highest: Option<Rc<PlanPackage<'a>>>,
    pub existing: Option<Id>,
    pub reinstall: bool,
    pub found_argument: bool,
}

impl<'a> Depgraph<'_, 'a> {
    /// Look at all candidates; `change_use` lets the USE of ebuilds be changed.
    pub(in crate::plan) fn scan(
        &mut self,
        atom: &Atom,
        parent: Option<Id>,
        change_use: bool,
    ) -> Option<Picked> {
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
        let policy = self.packages.policy;
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
        for choice in self.packages.matching(kind, atom) {
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

    /// Prefer what the graph has in the slot, if it serves the atom too.
    fn find_existing(&self, atom: &Atom, choice: &PlanPackage<'a>, scan: &mut Scan<'a>) {
        let name = choice.package.cpv.cpn.as_str();
        let Some(existing) = self
            .tracker
            .in_slot(self.packages, name, choice.slot())
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

    fn accept(&mut self, atom: &Atom, choice: &Rc<PlanPackage<'a>>, scan: &mut Scan<'a>) {
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
    fn note_reinstall(&mut self, atom: &Atom, choice: &PlanPackage<'a>, scan: &mut Scan<'a>) {
        let installed = self.packages.matching(Kind::Installed, atom);
        let Some(installed) = installed
            .into_iter()
            .find(|old| old.package.cpv == choice.package.cpv && self.use_matches(atom, old))
        else {
            return;
        };
        let policy = self.packages.policy;
        if self.options.newrepo && installed.package.repository != choice.package.repository {
            scan.reinstall = true;
        } else if policy.newuse || policy.changed_use {
            let wanted = |flag: &str| self.enabled(choice, flag);
            let (old, new) = (self.packages.facts(&installed), self.packages.facts(choice));
            if !use_rule::differing(policy, old, new, &wanted, false).is_empty() {
                scan.reinstall = true;
                self.reinstalled.insert(choice.id);
            }
        }
    }
}
