//! One candidate before the rules: its own facts, the ebuilds of its version, the options.

use std::cell::OnceCell;

use super::{Answer, Facts, Policy, Rule, visibility};
use crate::binhost::Candidate;
use crate::local::Local;
use crate::local::trees::{Ebuild, Ebuilds};
use crate::pms::{Cpv, Package};

/// An ebuild of the candidate's version.
#[derive(Debug)]
pub struct OwnEbuild<'a> {
    local: &'a Local,
    /// The ebuild.
    pub package: &'a Package,
    facts: OnceCell<Facts<'a>>,
    hidden: OnceCell<Option<(&'static str, Answer)>>,
}

impl<'a> OwnEbuild<'a> {
    /// What the configuration makes of it.
    pub fn facts(&self) -> &Facts<'a> {
        self.facts.get_or_init(|| {
            Facts::of(
                self.local,
                self.package,
                self.local.base.vars.get("CHOST").unwrap_or(""),
            )
        })
    }

    /// The first visibility rule that hides it, with its answer.
    pub fn hidden(&self) -> Option<&(&'static str, Answer)> {
        let find = || visibility::hidden(self.facts());
        self.hidden.get_or_init(find).as_ref()
    }
}

/// The ebuilds of one version, the repository of highest priority first.
#[derive(Debug)]
pub struct OwnEbuilds<'a> {
    /// Those with valid metadata.
    pub known: Vec<OwnEbuild<'a>>,
    /// Repositories whose metadata cache has no valid entry for this version.
    pub unknown: Vec<&'a str>,
}

impl<'a> OwnEbuilds<'a> {
    /// Look them up.
    pub fn of(local: &'a Local, ebuilds: &'a Ebuilds, cpv: &'a Cpv) -> OwnEbuilds<'a> {
        let mut own = OwnEbuilds {
            known: Vec::new(),
            unknown: Vec::new(),
        };
        for ebuild in ebuilds.at(cpv) {
            match ebuild {
                Ebuild::Known(package) => own.known.push(OwnEbuild {
                    local,
                    package,
                    facts: OnceCell::new(),
                    hidden: OnceCell::new(),
                }),
                Ebuild::Unknown { repository, .. } => own.unknown.push(repository),
            }
        }
        own
    }

    /// The ebuild of exactly this text and repository
    /// (`portage: depgraph.py:depgraph._pkg` with `myrepo`).
    pub fn in_repository(&self, package: &Package) -> Option<&OwnEbuild<'a>> {
        let repository = package.repository.as_deref()?;
        let same = |ebuild: &&OwnEbuild<'_>| {
            ebuild.package.repository.as_deref() == Some(repository)
                && ebuild.package.cpv == package.cpv
        };
        self.known.iter().find(same)
    }

    /// Those that are visible, best first.
    pub fn visible(&self) -> impl Iterator<Item = &OwnEbuild<'a>> {
        let known = self.known.iter();
        known.filter(|ebuild| ebuild.hidden().is_none())
    }

    /// The one that dependencies are compared with: the candidate's repository first, else any.
    pub fn own(&self, package: &Package) -> Option<&OwnEbuild<'a>> {
        self.in_repository(package).or_else(|| self.known.first())
    }

    /// Whether the candidate's own repository has an ebuild that could not be read, or no known
    /// ebuild is left and some repository has one that could not.
    pub fn doubt(&self, package: &Package) -> Option<&'a str> {
        if self.in_repository(package).is_some() {
            return None;
        }
        let own = self
            .unknown
            .iter()
            .find(|name| Some(**name) == package.repository.as_deref());
        own.or(if self.known.is_empty() {
            self.unknown.first()
        } else {
            None
        })
        .copied()
    }
}

/// One candidate with all that rules may ask.
#[derive(Debug)]
pub struct Case<'a, 'b> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// What the configuration says of it.
    pub facts: Facts<'a>,
    /// The ebuilds of its version.
    pub ebuilds: &'b OwnEbuilds<'a>,
    /// The options.
    pub policy: &'a Policy,
}

impl<'a> Case<'a, '_> {
    /// This machine.
    pub fn local(&self) -> &'a Local {
        self.facts.local
    }

    /// The package.
    pub fn package(&self) -> &'a Package {
        self.facts.package
    }

    /// Whether `--useoldpkg-atoms` names it, which lifts the comparisons with ebuilds.
    pub fn is_old_package(&self) -> bool {
        self.policy
            .useoldpkg
            .iter()
            .any(|atom| atom.matches(&self.facts.subject()))
    }
}

/// For rules that no option switches off.
pub(super) fn always(_: &Policy) -> bool {
    true
}

/// Findings of all rules that count.
pub(super) fn answers(case: &Case<'_, '_>, rules: &[Rule]) -> Vec<super::Finding> {
    let counting = rules.iter().filter(|rule| (rule.counts)(case.policy));
    counting
        .filter_map(|rule| super::Finding::of(rule.code, (rule.judge)(case)))
        .collect()
}
