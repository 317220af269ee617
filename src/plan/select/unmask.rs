//! Packages that the configuration hides, and the changes that would let them be taken
//! (`portage: depgraph.py:depgraph._autounmask_levels`, `._pkg_visibility_check`).
//!
//! emerge tries the least changes first, proposes what it found, and stops.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::check::Code;
use crate::plan::options::Autounmask;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::scan::Scan;
use crate::plan::select::selector::Selector;
use crate::pms::Key;

/// Which changes are allowed while a package is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct UnmaskLevel {
    /// USE of ebuilds.
    pub use_flags: bool,
    licenses: bool,
    unstable: bool,
    missing_keywords: bool,
    masks: bool,
}

impl UnmaskLevel {
    /// What is allowed, from the least on.
    pub fn all(allowed: Autounmask) -> Vec<UnmaskLevel> {
        let mut levels = Vec::new();
        let mut level = UnmaskLevel::default();
        if allowed.use_flags {
            level.use_flags = true;
            levels.push(level);
        }
        if allowed.licenses {
            level.licenses = true;
            levels.push(level);
        }
        if allowed.keywords {
            level.unstable = true;
            levels.push(level);
        }
        let both = allowed.keywords && allowed.masks;
        if both {
            level.missing_keywords = true;
            levels.push(level);
        }
        if allowed.masks {
            (level.unstable, level.missing_keywords) = (false, false);
            level.masks = true;
            levels.push(level);
        }
        if both {
            level.unstable = true;
            levels.push(level);
            level.missing_keywords = true;
            levels.push(level);
        }
        levels
    }
}

/// What the configuration would have to accept of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct Unmask {
    /// A keyword, `**` where it has none for this architecture.
    pub keyword: Option<String>,
    /// Whether package.mask hides it.
    pub masked: bool,
    /// Licenses.
    pub licenses: BTreeSet<String>,
}

/// What would have to be accepted of each package that needs it.
pub(in crate::plan) type Unmasks = BTreeMap<Id, Unmask>;

impl Unmask {
    fn is_nothing(&self) -> bool {
        *self == Unmask::default()
    }

    fn is_allowed(&self, level: UnmaskLevel) -> bool {
        let keyword = match self.keyword.as_deref() {
            None => true,
            Some("**") => level.unstable && level.missing_keywords,
            Some(_) => level.unstable,
        };
        keyword && (!self.masked || level.masks) && (self.licenses.is_empty() || level.licenses)
    }

    /// Leave out what another one allows.
    fn subtract(&mut self, known: &Unmask) {
        if known.keyword.is_some() {
            self.keyword = None;
        }
        self.masked &= !known.masked;
        self.licenses
            .retain(|license| !known.licenses.contains(license));
    }

    /// Allow what another one allows too.
    pub fn add(&mut self, other: &Unmask) {
        if other.keyword.is_some() {
            self.keyword.clone_from(&other.keyword);
        }
        self.masked |= other.masked;
        self.licenses.extend(other.licenses.iter().cloned());
    }
}

impl<'a> PackageDb<'a> {
    /// What would have to be accepted for a package to be visible; `None` where something hides it that
    /// emerge does not propose to change.
    fn unmask_of(&self, package: &PlanPackage<'a>) -> Option<Unmask> {
        let mut needed = Unmask::default();
        for mask in self.facts(package).masks() {
            match mask.code {
                Code::Keywords => needed.keyword = Some(self.keyword_of(package)?),
                Code::Mask => needed.masked = true,
                Code::License => {
                    let words = mask.detail.split_whitespace();
                    needed.licenses = words.map(str::to_owned).collect();
                }
                _ => return None,
            }
        }
        Some(needed)
    }

    /// The keyword to accept (`portage: getmaskingstatus.py:_getmaskingstatus`); none for a package that
    /// is known not to work on this architecture.
    fn keyword_of(&self, package: &PlanPackage<'a>) -> Option<String> {
        let vars = &self.local(package.root()).base.vars;
        let arch = vars.get("ARCH").unwrap_or("");
        let accepted = &self.facts(package).keywords.accepted;
        let stable = accepted.iter().any(|(word, _)| word == arch);
        let keywords = package.text(Key::Keywords);
        let of_arch = |word: &&str| word.get(1..) == Some(arch) && word.starts_with(['~', '-']);
        let found = keywords.split_whitespace().find(of_arch);
        match found.filter(|_| stable) {
            Some(word) if word.starts_with('-') => None,
            Some(word) => Some(word.to_owned()),
            None => Some("**".to_owned()),
        }
    }
}

impl<'a> Selector<'_, 'a> {
    /// Whether a package may be selected, if the changes that a scan allows may be proposed; notes those
    /// that it needs.
    pub(in crate::plan) fn sees(&self, package: &PlanPackage<'a>, scan: &mut Scan<'a>) -> bool {
        if self.is_visible(package) {
            return true;
        }
        let Some(level) = scan.level else {
            return false;
        };
        let Some(mut needed) = self.packages.unmask_of(package) else {
            return false;
        };
        for unmasks in [self.unmasks, &scan.proposed.unmasks] {
            if let Some(known) = unmasks.get(&package.id) {
                needed.subtract(known);
            }
        }
        if needed.is_nothing() {
            return true;
        }
        if !needed.is_allowed(level) {
            return false;
        }
        scan.proposed
            .unmasks
            .entry(package.id)
            .or_default()
            .add(&needed);
        true
    }

    /// Whether an ebuild of the same version is visible, or would be
    /// (`portage: depgraph.py:depgraph._equiv_ebuild_visible`).
    pub(in crate::plan) fn sees_ebuild(
        &self,
        package: &PlanPackage<'a>,
        scan: &mut Scan<'a>,
    ) -> bool {
        if scan.level.is_none() {
            return self.packages.has_visible_ebuild(package);
        }
        let candidates: Vec<Rc<PlanPackage<'a>>> = match self.packages.own_ebuild(package) {
            Some(ebuild) => vec![ebuild],
            None => self.packages.ebuilds_at(package),
        };
        candidates.iter().any(|ebuild| self.sees(ebuild, scan))
    }
}
