//! What could take a package's place (`portage: depgraph.py:depgraph._iter_similar_available`).

use std::rc::Rc;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PlanPackage;
use crate::pms::Kind;

impl<'a> Depgraph<'_, 'a> {
    /// Packages of all kinds that an atom matches but for the USE of ebuilds.
    pub fn all_matching(&self, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let policy = self.packages.policy;
        let mut all = Vec::new();
        for kind in [Kind::Ebuild, Kind::Binary, Kind::Installed] {
            let used = match kind {
                Kind::Ebuild => policy.ebuilds,
                Kind::Binary => policy.usepkg,
                Kind::Installed => true,
            };
            if used {
                all.extend(
                    self.packages
                        .matching(kind, atom)
                        .into_iter()
                        .filter(|choice| self.use_matches(atom, choice)),
                );
            }
        }
        all
    }

    /// Packages that could be installed in the place of one of the same name. Binary packages are not
    /// held against the configuration here.
    pub fn similar(&self, of: &PlanPackage<'a>, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let mut all = self.all_matching(atom);
        all.retain(|choice| {
            self.is_available(choice) && choice.package.cpv.cpn == of.package.cpv.cpn
        });
        all
    }

    fn is_available(&self, choice: &PlanPackage<'a>) -> bool {
        if choice.is_installed()
            || self.parameters.masked.contains_key(&choice.id)
            || self.is_excluded(choice)
        {
            return false;
        }
        if choice.package.is_built() {
            if self.packages.is_installed_build(choice) {
                return false;
            }
            let policy = self.packages.policy;
            let exempt =
                !policy.use_ebuild_visibility && (policy.usepkgonly || self.is_old_package(choice));
            if !exempt && !self.packages.has_visible_ebuild(choice) {
                return false;
            }
        }
        self.is_visible(choice)
    }

    /// An atom for the slot of a package.
    pub fn slot_atom(&self, choice: &PlanPackage<'a>) -> Atom {
        let (name, slot) = choice.slot_key();
        Atom::parse(&format!("{name}:{slot}")).unwrap_or_else(|| self.version_atom(choice))
    }

    /// An atom for exactly a package's version.
    pub fn version_atom(&self, choice: &PlanPackage<'a>) -> Atom {
        Atom::parse(&format!("={}", choice.package.cpv)).unwrap_or_else(nothing)
    }

    /// Whether a higher version is to be had in the same slot.
    pub fn has_upgrade(&self, choice: &PlanPackage<'a>) -> bool {
        self.similar(choice, &self.slot_atom(choice))
            .iter()
            .any(|other| other.order(choice).is_gt())
    }

    /// Whether only lower versions are to be had in the same slot, so that a downgrade is wanted.
    pub fn wants_downgrade(&self, choice: &PlanPackage<'a>) -> bool {
        let all = self.similar(choice, &self.slot_atom(choice));
        !all.is_empty() && all.iter().all(|other| other.order(choice).is_lt())
    }

    /// The slot to ask for when an installed package is to be built again
    /// (`portage: depgraph.py:depgraph._replace_installed_atom`).
    pub fn replacement_slot(&self, installed: &PlanPackage<'a>) -> Option<(String, String)> {
        let key = |choice: &PlanPackage<'a>| {
            let (name, slot) = choice.slot_key();
            (name.to_owned(), slot.to_owned())
        };
        let mut built: Vec<Rc<PlanPackage<'a>>> = Vec::new();
        for atom in [self.version_atom(installed), self.slot_atom(installed)] {
            for choice in self.similar(installed, &atom) {
                if !choice.package.is_built() {
                    return Some(key(&choice));
                }
                built.push(choice);
            }
        }
        let mut best: Option<&Rc<PlanPackage<'a>>> = None;
        for choice in &built {
            if best.is_none_or(|best| choice.order(best).is_gt()) {
                best = Some(choice);
            }
        }
        best.map(|choice| key(choice))
    }
}

/// An atom that nothing matches: what Portage writes for an any-of group without alternatives.
pub(in crate::plan) fn nothing() -> Atom {
    static TEXT: &str = "__const__/empty-any-of";
    Atom::parse(TEXT).unwrap_or_else(|| unreachable!("{TEXT} is an atom"))
}
