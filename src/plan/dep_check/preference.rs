//! How good an alternative is: what of it is available, installed or in the graph already
//! (`portage: dep/dep_check.py:dep_zapdeps`).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::plan::dep_check::candidates::Prospect;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PlanPackage;
use crate::pms::Kind;

/// Bins of alternatives, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) enum PreferenceClass {
    Preferred,
    PreferredNotInstalled,
    UseInGraph,
    UseInstalled,
    UseNotInstalled,
    OtherInstalled,
    OtherSomeInstalled,
    OtherAnySlot,
    Other,
}

/// One alternative, judged.
pub(in crate::plan) struct Alternative<'a> {
    pub atoms: Vec<Rc<Atom>>,
    pub by_name: BTreeMap<String, Rc<PlanPackage<'a>>>,
    pub is_available: bool,
    pub installed_slots: bool,
    pub in_graph: bool,
    pub wants_update: bool,
    pub new_slots: usize,
}

impl<'a> Depgraph<'_, 'a> {
    pub(in crate::plan) fn judge(
        &mut self,
        atoms: Vec<Rc<Atom>>,
    ) -> (PreferenceClass, Alternative<'a>) {
        let parent = self.choosing_for.map(|id| self.get(id));
        let prospect = self.prospect(&atoms);
        let mut alternative = Alternative {
            by_name: prospect.by_name.clone(),
            is_available: prospect.is_available,
            installed_slots: false,
            in_graph: false,
            wants_update: false,
            new_slots: 0,
            atoms,
        };
        for ((name, slot), choice) in &prospect.by_slot {
            alternative.wants_update |= parent
                .as_ref()
                .is_some_and(|parent| self.wants_update(parent, choice));
            alternative.new_slots +=
                usize::from(!name.starts_with("virtual/") && !self.fills_slot(name, slot));
        }
        let bin = if prospect.is_available {
            self.bin_of_available(&prospect, &mut alternative)
        } else {
            self.bin_of_unavailable(&mut alternative)
        };
        (bin, alternative)
    }

    fn fills_slot(&self, name: &str, slot: &str) -> bool {
        let atom = Atom::parse(&format!("{name}:{slot}"));
        atom.is_some_and(|atom| !self.tracker.finally(self.packages, &atom).is_empty())
    }

    fn bin_of_available(
        &mut self,
        prospect: &Prospect<'a>,
        alternative: &mut Alternative<'a>,
    ) -> PreferenceClass {
        let wanted = || alternative.atoms.iter().filter(|atom| !atom.is_blocker());
        let installed = |name: &str| {
            name.starts_with("virtual/")
                || !self.packages.family(name).of(Kind::Installed).is_empty()
        };
        let all_installed = wanted().all(|atom| installed(atom.name()));
        let slot_installed = |(name, slot): &(String, String)| {
            let family = self.packages.family(name);
            name.starts_with("virtual/")
                || family
                    .of(Kind::Installed)
                    .iter()
                    .any(|choice| choice.slot() == slot)
        };
        alternative.installed_slots = all_installed && prospect.by_slot.keys().all(slot_installed);
        if prospect.downgrades {
            return PreferenceClass::Other;
        }
        alternative.in_graph = wanted().filter(|atom| !atom.is_virtual()).all(|atom| {
            let finally = self.tracker.finally(self.packages, atom);
            finally
                .iter()
                .any(|choice| self.graph.has(choice.id) && self.matches(atom, choice))
        });
        if self.is_circular(&alternative.atoms) {
            return PreferenceClass::Other;
        }
        if prospect.use_fits {
            let preferred = alternative.in_graph || all_installed;
            return if preferred {
                PreferenceClass::Preferred
            } else {
                PreferenceClass::PreferredNotInstalled
            };
        }
        match () {
            () if !prospect.use_can_fit => PreferenceClass::Other,
            () if alternative.in_graph => PreferenceClass::UseInGraph,
            () if alternative.installed_slots => PreferenceClass::UseInstalled,
            () => PreferenceClass::UseNotInstalled,
        }
    }

    /// Whether an alternative would wait for what waits for it, with nothing installed that serves.
    fn is_circular(&self, atoms: &[Rc<Atom>]) -> bool {
        let installed = |atom: &Atom| {
            let found = self.packages.matching(Kind::Installed, atom);
            found.iter().any(|choice| self.use_matches(atom, choice))
        };
        let mut wanted = atoms
            .iter()
            .filter(|atom| !atom.is_blocker() && !installed(atom));
        let parent = self.choosing_for.map(|id| self.get(id));
        let asking = [self.choosing_for, self.choosing_in].into_iter().flatten();
        let avoided: Vec<Rc<PlanPackage<'a>>> = asking
            .filter_map(|id| self.parameters.circular.get(&id))
            .flatten()
            .map(|id| self.get(*id))
            .collect();
        let itself = parent.filter(|parent| parent.onlydeps);
        wanted.any(|atom| {
            itself.as_ref().is_some_and(|own| self.matches(atom, own))
                || avoided.iter().any(|choice| self.matches(atom, choice))
        })
    }

    fn bin_of_unavailable(&mut self, alternative: &mut Alternative<'a>) -> PreferenceClass {
        let wanted: Vec<&Rc<Atom>> = alternative
            .atoms
            .iter()
            .filter(|atom| !atom.is_blocker())
            .collect();
        let installed = |atom: &Atom| {
            let found = self.packages.matching(Kind::Installed, atom);
            found.iter().any(|choice| self.use_matches(atom, choice))
        };
        let count = wanted.iter().filter(|atom| installed(atom)).count();
        if count == wanted.len() {
            alternative.installed_slots = true;
            return PreferenceClass::OtherInstalled;
        }
        if count > 0 {
            return PreferenceClass::OtherSomeInstalled;
        }
        let any = wanted.iter().any(|atom| {
            !self
                .packages
                .family(atom.name())
                .of(Kind::Installed)
                .is_empty()
        });
        if any {
            PreferenceClass::OtherAnySlot
        } else {
            PreferenceClass::Other
        }
    }
}

/// Inside a bin the written order holds, but for alternatives that are plainly better.
pub(in crate::plan) fn rank(alternatives: &mut Vec<Alternative<'_>>) {
    let count = alternatives.len();
    let mut order: Vec<usize> = (0..count).collect();
    for candidate in 1..count {
        let place = order
            .iter()
            .position(|known| *known == candidate)
            .unwrap_or(candidate);
        let before = order[..place]
            .iter()
            .position(|other| goes_before(&alternatives[candidate], &alternatives[*other]));
        if let Some(target) = before {
            order.remove(place);
            order.insert(target, candidate);
        }
    }
    let mut taken: Vec<Option<Alternative<'_>>> =
        std::mem::take(alternatives).into_iter().map(Some).collect();
    alternatives.extend(order.into_iter().filter_map(|place| taken[place].take()));
}

fn goes_before(one: &Alternative<'_>, other: &Alternative<'_>) -> bool {
    if one.installed_slots && !other.installed_slots && !other.wants_update {
        return true;
    }
    let (mut upgrades, mut downgrades) = (false, false);
    for (name, choice) in &one.by_name {
        if let Some(against) = other.by_name.get(name) {
            let order = choice
                .package
                .cpv
                .version
                .cmp_version(&against.package.cpv.version);
            upgrades |= order.is_gt();
            downgrades |= order.is_lt();
        }
    }
    let only_downgrades = downgrades && !upgrades;
    upgrades && !downgrades || one.in_graph && !other.in_graph && !only_downgrades
}
