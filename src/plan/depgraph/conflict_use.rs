//! Slot conflicts that other USE would solve (`_emerge/resolver/slot_collision.py:slot_conflict_handler`).
//!
//! emerge looks for a choice of one package a conflict, and for flags of these packages and of those that
//! ask for them, with which every atom would hold. If there is one, it shows that and gives up, rather
//! than look for a plan with other packages.

use std::collections::BTreeMap;

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::Parent;
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::pms::{Key, RequiredUse, UseDepKind};

/// With more conflicts only the first choice of packages is looked at.
const MAX_CONFLICTS: usize = 4;

/// So many settings of the open flags are tried for one choice of packages.
const MAX_SETTINGS: usize = 1024;

/// What the atoms of a conflict ask of a flag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Fixed(bool),
    /// It hangs on the USE of who asks.
    Open,
}

/// What a flag has to be, or that it has to be two things.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FlagNeed {
    To(bool),
    Impossible,
}

type Wishes = BTreeMap<String, Wish>;
type Changes = BTreeMap<Id, BTreeMap<String, FlagNeed>>;

impl<'a> Depgraph<'_, 'a> {
    /// Whether changes of USE would solve all slot conflicts.
    pub fn conflicts_hang_on_use(&self) -> bool {
        let conflicts = self.slot_conflicts();
        if conflicts.is_empty() {
            return false;
        }
        let atoms: Vec<Vec<(Parent, Atom)>> = conflicts
            .iter()
            .map(|conflict| {
                let mut atoms = self.graph.atoms_of_all(&conflict.packages);
                atoms.retain(|(_, atom)| atom.soname.is_none());
                atoms
            })
            .collect();
        let mut choices = Choices::new(self, &conflicts);
        loop {
            if self.is_solved_by_use(&choices.packages(), &conflicts, &atoms) {
                return true;
            }
            if conflicts.len() > MAX_CONFLICTS || !choices.next() {
                return false;
            }
        }
    }

    /// Whether one choice of packages can be made to fit.
    fn is_solved_by_use(
        &self,
        config: &[Id],
        conflicts: &[SlotConflict],
        atoms: &[Vec<(Parent, Atom)>],
    ) -> bool {
        let pending = config.iter().zip(conflicts).any(|(id, conflict)| {
            let package = self.get(*id);
            let mut others = conflict.packages.iter().filter(|other| *other != id);
            package.is_installed() && others.any(|other| self.differs(&package, &self.get(*other)))
        });
        if pending {
            return false; // the ebuild would be pulled in again
        }
        let disputed = |id: &Id| conflicts.iter().any(|one| one.packages.contains(id));
        let mut wishes: Vec<Wishes> = Vec::new();
        for (id, atoms) in config.iter().zip(atoms) {
            let counts = |parent: &Parent| {
                let package = parent.package();
                package.is_none_or(|id| !disputed(&id) || config.contains(&id))
            };
            let atoms = atoms.iter().filter(|(parent, _)| counts(parent));
            match self.wishes(&self.get(*id), atoms) {
                Some(found) => wishes.push(found),
                None => return false,
            }
        }
        settings(&wishes).any(|setting| self.holds_with(config, &setting, atoms))
    }

    /// Whether two packages have other flags, or other states of them.
    fn differs(&self, one: &PlanPackage<'a>, other: &PlanPackage<'a>) -> bool {
        let flags = |package: &PlanPackage<'a>| -> BTreeMap<String, bool> {
            let state = |flag: &str| self.selector().enabled(package, flag);
            let iuse = package.package.iuse();
            iuse.map(|flag| (flag.flag.to_owned(), state(flag.flag)))
                .collect()
        };
        flags(one) != flags(other)
    }

    /// What atoms that a package does not satisfy ask of its flags; `None` if no USE could satisfy them.
    fn wishes<'p>(
        &self,
        package: &PlanPackage<'a>,
        atoms: impl Iterator<Item = &'p (Parent, Atom)>,
    ) -> Option<Wishes> {
        let mut wishes = Wishes::new();
        for (parent, atom) in atoms {
            if self.selector().matches(atom, package) {
                continue;
            }
            let written = atom.unevaluated();
            let fits = atom.dep.matches(&package.subject());
            if !fits
                || !written
                    .required_flags()
                    .all(|flag| self.selector().has_flag(package, flag))
            {
                return None;
            }
            for (flag, wish) in self.violated(*parent, atom, package) {
                if package.is_installed() && wish != Wish::Open {
                    return None; // USE of something installed does not change
                }
                match (wishes.get(&flag), wish) {
                    (Some(Wish::Fixed(before)), Wish::Fixed(now)) if *before != now => return None,
                    (Some(_), Wish::Open) => {}
                    _ => {
                        wishes.insert(flag, wish);
                    }
                }
            }
        }
        if package.is_installed() {
            for (flag, wish) in &mut wishes {
                *wish = Wish::Fixed(self.selector().enabled(package, flag));
            }
        }
        Some(wishes)
    }

    /// Flags without a default for which an atom does not hold, and what it asks of them.
    fn violated(
        &self,
        parent: Parent,
        atom: &Atom,
        package: &PlanPackage<'a>,
    ) -> Vec<(String, Wish)> {
        let asking = parent.package().map(|id| self.get(id));
        let asking = asking.filter(|parent| !parent.is_installed());
        let dep = if asking.is_some() {
            atom.unevaluated()
        } else {
            &atom.dep
        };
        let enabled = |flag: &str| {
            asking
                .as_ref()
                .is_some_and(|parent| self.selector().enabled(parent, flag))
        };
        let mut found = Vec::new();
        for dep in dep.use_deps().filter(|dep| dep.default.is_none()) {
            let state = self.selector().enabled(package, dep.flag);
            let wanted = dep.evaluate(enabled);
            if wanted.is_some_and(|wanted| !wanted.is_met(Some(state))) {
                let wish = if dep.is_conditional() {
                    Wish::Open
                } else {
                    Wish::Fixed(!state)
                };
                found.push((dep.flag.to_owned(), wish));
            }
        }
        found
    }

    /// Whether all atoms hold with some setting of the flags that they turn on.
    fn holds_with(
        &self,
        config: &[Id],
        setting: &[BTreeMap<String, bool>],
        atoms: &[Vec<(Parent, Atom)>],
    ) -> bool {
        let mut changes = Changes::new();
        for ((id, flags), atoms) in config.iter().zip(setting).zip(atoms) {
            let package = self.get(*id);
            for (flag, state) in flags {
                if !package.is_installed() && self.selector().has_flag(&package, flag) {
                    self.force(&mut changes, *id, flag, *state);
                }
            }
            for (parent, atom) in atoms {
                if let Some(parent) = parent.package() {
                    self.force_parent(&mut changes, parent, atom, flags);
                }
            }
        }
        let mut states = changes.values().flat_map(BTreeMap::values);
        if changes.is_empty() || states.any(|change| *change == FlagNeed::Impossible) {
            return false;
        }
        let fits = |(id, atoms): (&Id, &Vec<(Parent, Atom)>)| {
            let of_packages = atoms
                .iter()
                .filter_map(|(parent, atom)| Some((parent.package()?, atom)));
            of_packages
                .into_iter()
                .all(|(parent, atom)| self.fits_with(&changes, parent, atom, &self.get(*id)))
        };
        config.iter().zip(atoms).all(fits) && self.keeps_required_use(&changes)
    }

    /// Note what the parent of an atom must have for a flag of the child to have a state. (For `!flag?`
    /// Portage turns the parent's flag off too.)
    fn force_parent(
        &self,
        changes: &mut Changes,
        parent: Id,
        atom: &Atom,
        flags: &BTreeMap<String, bool>,
    ) {
        for dep in atom.unevaluated().use_deps() {
            let Some(state) = flags.get(dep.flag).filter(|_| dep.default.is_none()) else {
                continue;
            };
            let wanted = match (dep.kind, *state) {
                (UseDepKind::IfEnabled, false) | (UseDepKind::IfDisabled, true) => false,
                (UseDepKind::Same, state) => state,
                (UseDepKind::Opposite, state) => !state,
                _ => continue,
            };
            self.force(changes, parent, dep.flag, wanted);
        }
    }

    /// Note that a flag must have a state. Portage takes a flag that is to be off and is off already for
    /// one that cannot be had.
    fn force(&self, changes: &mut Changes, id: Id, flag: &str, state: bool) {
        let flags = changes.entry(id).or_default();
        let known = flags.get(flag).copied();
        let change = match (state, known) {
            (true, Some(FlagNeed::To(false))) | (false, Some(FlagNeed::To(true))) => {
                FlagNeed::Impossible
            }
            (true, _) => FlagNeed::To(true),
            (false, _) if self.selector().enabled(&self.get(id), flag) => FlagNeed::To(false),
            (false, known) => known.unwrap_or(FlagNeed::Impossible),
        };
        flags.insert(flag.to_owned(), change);
    }

    fn state_with(&self, changes: &Changes, package: &PlanPackage<'a>, flag: &str) -> bool {
        let changed = changes.get(&package.id).and_then(|flags| flags.get(flag));
        match changed {
            Some(FlagNeed::To(state)) => *state,
            _ => self.selector().enabled(package, flag),
        }
    }

    fn fits_with(
        &self,
        changes: &Changes,
        parent: Id,
        atom: &Atom,
        package: &PlanPackage<'a>,
    ) -> bool {
        let parent = self.get(parent);
        let enabled = |flag: &str| self.state_with(changes, &parent, flag);
        let evaluated = Atom::evaluated(atom.unevaluated(), atom.root, &enabled);
        let state = |flag: &str| {
            self.selector()
                .has_flag(package, flag)
                .then(|| self.state_with(changes, package, flag))
        };
        evaluated.dep.matches(&package.subject()) && evaluated.dep.use_matches(state)
    }

    fn keeps_required_use(&self, changes: &Changes) -> bool {
        changes.keys().all(|id| {
            let package = self.get(*id);
            let text = package.text(Key::RequiredUse);
            let enabled = |flag: &str| self.state_with(changes, &package, flag);
            text.is_empty()
                || RequiredUse::parse(text, package.package.eapi)
                    .is_ok_and(|required| required.is_met(&enabled))
        })
    }
}

/// All settings of the flags, those that hang on the parent's USE first off, then on.
fn settings(wishes: &[Wishes]) -> impl Iterator<Item = Vec<BTreeMap<String, bool>>> + '_ {
    let all = || wishes.iter().flat_map(BTreeMap::values);
    let open = all().filter(|wish| **wish == Wish::Open).count();
    let count = match u32::try_from(open) {
        Ok(open) if open < MAX_SETTINGS.ilog2() => 1 << open,
        _ => MAX_SETTINGS,
    };
    (0..count).map(move |number| {
        let mut seen = 0;
        let mut state = |wish: &Wish| match wish {
            Wish::Fixed(state) => *state,
            Wish::Open => {
                seen += 1; // the last one changes most often
                number >> (open - seen).min(usize::BITS as usize - 1) & 1 == 1
            }
        };
        let mut of = |wishes: &Wishes| -> BTreeMap<String, bool> {
            wishes
                .iter()
                .map(|(flag, wish)| (flag.clone(), state(wish)))
                .collect()
        };
        wishes.iter().map(&mut of).collect()
    })
}

/// One package of each conflict, ebuilds and binary packages first.
struct Choices {
    packages: Vec<Vec<Id>>,
    positions: Vec<usize>,
}

impl Choices {
    fn new(graph: &Depgraph<'_, '_>, conflicts: &[SlotConflict]) -> Choices {
        let installed_last = |conflict: &SlotConflict| {
            let mut packages = conflict.packages.clone();
            packages.sort_by_key(|id| graph.get(*id).is_installed());
            packages
        };
        Choices {
            packages: conflicts.iter().map(installed_last).collect(),
            positions: vec![0; conflicts.len()],
        }
    }

    fn packages(&self) -> Vec<Id> {
        let all = self.packages.iter().zip(&self.positions);
        all.map(|(packages, position)| packages[*position])
            .collect()
    }

    /// Go to the next choice, if there is one.
    fn next(&mut self) -> bool {
        for (position, packages) in self.positions.iter_mut().zip(&self.packages).rev() {
            *position += 1;
            if *position < packages.len() {
                return true;
            }
            *position = 0;
        }
        false
    }
}
