//! The choice among alternatives (`portage: dep/dep_check.py:dep_check`, `dep_zapdeps`).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::alternatives::{Owners, Tree, multiply};
use super::atom::Atom;
use super::need::{Need, Parent, Priority};
use super::universe::{Choice, Id};
use super::walk::{Selection, Walk};
use crate::pms::{Key, Kind, Reduced};

/// Atoms that were chosen from a dependency string.
#[derive(Debug, Default)]
pub(super) struct Selected {
    /// Those of the package itself.
    pub direct: Vec<Rc<Atom>>,
    /// For each version of a virtual that they lead to: how, and what it needs.
    pub virtuals: Vec<(Need, Vec<Rc<Atom>>)>,
}

impl Selected {
    /// All atoms, those of virtuals too.
    pub fn all_atoms(&self) -> impl Iterator<Item = &Atom> {
        let of_virtuals = self.virtuals.iter().flat_map(|(_, atoms)| atoms);
        self.direct.iter().chain(of_virtuals).map(|atom| &**atom)
    }
}

/// Bins of alternatives, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Bin {
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
struct Alternative<'a> {
    atoms: Vec<Rc<Atom>>,
    by_name: BTreeMap<String, Rc<Choice<'a>>>,
    is_available: bool,
    installed_slots: bool,
    in_graph: bool,
    wants_update: bool,
    new_slots: usize,
}

/// What the atoms of an alternative would get.
struct Prospect<'a> {
    by_slot: BTreeMap<(String, String), Rc<Choice<'a>>>,
    by_name: BTreeMap<String, Rc<Choice<'a>>>,
    is_available: bool,
    use_fits: bool,
    use_can_fit: bool,
    downgrades: bool,
}

impl<'a> Walk<'_, 'a> {
    /// Choose the atoms of a dependency string that will be followed
    /// (`portage: depgraph.py:depgraph._select_atoms_highest_available`).
    pub(super) fn select_atoms(
        &mut self,
        parent: Id,
        nodes: Vec<Reduced<Atom>>,
        priority: Priority,
    ) -> Selected {
        let autounmask = std::mem::replace(&mut self.autounmask, false);
        let choosing_for = self.choosing_for.replace(parent);
        let mut owners = Owners::default();
        let chosen = self.check(&nodes, None, 0, &mut owners);
        self.choosing_for = choosing_for;
        self.autounmask = autounmask;
        if owners.atoms.is_empty() {
            return Selected {
                direct: chosen,
                virtuals: Vec::new(),
            };
        }
        self.group(parent, &chosen, &owners, priority)
    }

    /// Distribute the chosen atoms over the package and the virtuals that they lead to.
    fn group(
        &self,
        parent: Id,
        chosen: &[Rc<Atom>],
        owners: &Owners,
        priority: Priority,
    ) -> Selected {
        let is_chosen = |atom: &Rc<Atom>| {
            chosen.iter().any(|other| {
                Rc::ptr_eq(other, atom)
                    || other
                        .original
                        .as_ref()
                        .is_some_and(|original| Rc::ptr_eq(original, atom))
            })
        };
        let depth = match self.depths.get(&parent) {
            Some(depth) => depth.map(|depth| depth + 1),
            None => Some(1),
        };
        let mut selected = Selected::default();
        let mut seen: Vec<Option<Id>> = Vec::new();
        let mut stack: Vec<(Option<Id>, Option<Need>)> = vec![(None, None)];
        while let Some((owner, need)) = stack.pop() {
            seen.push(owner);
            let mut atoms = Vec::new();
            for atom in owners.of(owner).iter().filter(|atom| is_chosen(atom)) {
                atoms.push(Rc::clone(atom));
                let Some(version) = owners.version(atom) else {
                    continue;
                };
                if seen.contains(&Some(version)) || !self.matches(atom, &self.get(version)) {
                    continue;
                }
                let from = owner.unwrap_or(parent);
                let priority = match owner {
                    None => priority,
                    Some(_) => Priority {
                        runtime: true,
                        ..Priority::default()
                    },
                };
                let mut need = Need::new((**atom).clone(), Parent::Package(from), depth, priority);
                need.child = Some(version);
                stack.push((Some(version), Some(need)));
            }
            match need {
                None => selected.direct = atoms,
                Some(need) => selected.virtuals.push((need, atoms)),
            }
        }
        selected
    }

    /// Open virtuals, multiply overlapping groups, and choose.
    pub(super) fn check(
        &mut self,
        nodes: &[Reduced<Atom>],
        owner: Option<Id>,
        depth: usize,
        owners: &mut Owners,
    ) -> Vec<Rc<Atom>> {
        let opened = self.open(nodes, owner, depth, owners);
        let (nodes, multiplied) = multiply(opened);
        self.choose_all(&nodes, multiplied)
    }

    fn choose_all(&mut self, nodes: &[Tree], minimize_slots: bool) -> Vec<Rc<Atom>> {
        let mut chosen = Vec::new();
        for node in nodes {
            match node {
                Tree::Leaf(atom) if self.is_provided(atom) => {}
                Tree::Leaf(atom) => chosen.push(Rc::clone(atom)),
                Tree::AllOf(nodes) => chosen.extend(self.choose_all(nodes, minimize_slots)),
                Tree::AnyOf(alternatives) => {
                    chosen.extend(self.choose_one(alternatives, minimize_slots))
                }
            }
        }
        chosen
    }

    fn is_provided_tree(&self, node: &Tree) -> bool {
        match node {
            Tree::Leaf(atom) => self.is_provided(atom),
            Tree::AllOf(nodes) => nodes.iter().all(|node| self.is_provided_tree(node)),
            Tree::AnyOf(nodes) => nodes.iter().any(|node| self.is_provided_tree(node)),
        }
    }

    fn choose_one(&mut self, alternatives: &[Tree], minimize_slots: bool) -> Vec<Rc<Atom>> {
        if alternatives.is_empty() || alternatives.iter().any(|node| self.is_provided_tree(node)) {
            return Vec::new();
        }
        let mut bins: BTreeMap<Bin, Vec<Alternative<'a>>> = BTreeMap::new();
        for node in alternatives {
            let atoms = match node {
                Tree::Leaf(atom) => vec![Rc::clone(atom)],
                Tree::AllOf(nodes) => self.choose_all(nodes, minimize_slots),
                Tree::AnyOf(nodes) => self.choose_one(nodes, minimize_slots),
            };
            let (bin, alternative) = self.judge(atoms);
            bins.entry(bin).or_default().push(alternative);
        }
        for alternatives in bins.values_mut() {
            if minimize_slots {
                alternatives.sort_by_key(|alternative| alternative.new_slots);
            }
            promote(alternatives);
        }
        let best = bins
            .values()
            .flatten()
            .find(|alternative| alternative.is_available);
        let any = best.or_else(|| bins.values().flatten().next());
        any.map(|alternative| alternative.atoms.clone())
            .unwrap_or_default()
    }

    fn judge(&mut self, atoms: Vec<Rc<Atom>>) -> (Bin, Alternative<'a>) {
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
        atom.is_some_and(|atom| !self.tracker.finally(self.universe, &atom).is_empty())
    }

    fn bin_of_available(
        &mut self,
        prospect: &Prospect<'a>,
        alternative: &mut Alternative<'a>,
    ) -> Bin {
        let wanted = || alternative.atoms.iter().filter(|atom| !atom.is_blocker());
        let installed = |name: &str| {
            name.starts_with("virtual/")
                || !self.universe.family(name).of(Kind::Installed).is_empty()
        };
        let all_installed = wanted().all(|atom| installed(atom.name()));
        let slot_installed = |(name, slot): &(String, String)| {
            let family = self.universe.family(name);
            name.starts_with("virtual/")
                || family
                    .of(Kind::Installed)
                    .iter()
                    .any(|choice| choice.slot() == slot)
        };
        alternative.installed_slots = all_installed && prospect.by_slot.keys().all(slot_installed);
        if prospect.downgrades {
            return Bin::Other;
        }
        alternative.in_graph = wanted().filter(|atom| !atom.is_virtual()).all(|atom| {
            let finally = self.tracker.finally(self.universe, atom);
            finally
                .iter()
                .any(|choice| self.graph.has(choice.id) && self.matches(atom, choice))
        });
        if self.is_circular(&alternative.atoms) {
            return Bin::Other;
        }
        if prospect.use_fits {
            let preferred = alternative.in_graph || all_installed;
            return if preferred {
                Bin::Preferred
            } else {
                Bin::PreferredNotInstalled
            };
        }
        match () {
            () if !prospect.use_can_fit => Bin::Other,
            () if alternative.in_graph => Bin::UseInGraph,
            () if alternative.installed_slots => Bin::UseInstalled,
            () => Bin::UseNotInstalled,
        }
    }

    /// Whether an alternative would wait for what waits for it, with nothing installed that serves.
    fn is_circular(&self, atoms: &[Rc<Atom>]) -> bool {
        let installed = |atom: &Atom| {
            let found = self.universe.matching(Kind::Installed, atom);
            found.iter().any(|choice| self.use_matches(atom, choice))
        };
        let mut wanted = atoms
            .iter()
            .filter(|atom| !atom.is_blocker() && !installed(atom));
        let parent = self.choosing_for.map(|id| self.get(id));
        let asking = [self.choosing_for, self.choosing_in].into_iter().flatten();
        let avoided: Vec<Rc<Choice<'a>>> = asking
            .filter_map(|id| self.lessons.circular.get(&id))
            .flatten()
            .map(|id| self.get(*id))
            .collect();
        let itself = parent.filter(|parent| parent.onlydeps);
        wanted.any(|atom| {
            itself.as_ref().is_some_and(|own| self.matches(atom, own))
                || avoided.iter().any(|choice| self.matches(atom, choice))
        })
    }

    fn bin_of_unavailable(&mut self, alternative: &mut Alternative<'a>) -> Bin {
        let wanted: Vec<&Rc<Atom>> = alternative
            .atoms
            .iter()
            .filter(|atom| !atom.is_blocker())
            .collect();
        let installed = |atom: &Atom| {
            let found = self.universe.matching(Kind::Installed, atom);
            found.iter().any(|choice| self.use_matches(atom, choice))
        };
        let count = wanted.iter().filter(|atom| installed(atom)).count();
        if count == wanted.len() {
            alternative.installed_slots = true;
            return Bin::OtherInstalled;
        }
        if count > 0 {
            return Bin::OtherSomeInstalled;
        }
        let any = wanted.iter().any(|atom| {
            !self
                .universe
                .family(atom.name())
                .of(Kind::Installed)
                .is_empty()
        });
        if any { Bin::OtherAnySlot } else { Bin::Other }
    }

    /// What the atoms of an alternative would get.
    fn prospect(&mut self, atoms: &[Rc<Atom>]) -> Prospect<'a> {
        let mut prospect = Prospect {
            by_slot: BTreeMap::new(),
            by_name: BTreeMap::new(),
            is_available: true,
            use_fits: true,
            use_can_fit: true,
            downgrades: false,
        };
        let mut slot_atoms: BTreeMap<(String, String), Vec<Rc<Atom>>> = BTreeMap::new();
        for atom in atoms.iter().filter(|atom| !atom.is_blocker()) {
            let replacing = self
                .choosing_for
                .and_then(|parent| self.replaced_child(parent, atom));
            let found = self
                .available(&atom.without_use())
                .pop()
                .or_else(|| replacing.clone());
            let Some(mut choice) = found else {
                prospect.is_available = false;
                prospect.use_fits = false;
                break;
            };
            if replacing.is_none() && self.selection == Selection::Highest {
                prospect.downgrades |= self.is_conflict_downgrade(&choice);
            }
            if atom.dep.use_deps().next().is_some() {
                match self.available(atom).pop() {
                    Some(with_use) => choice = with_use,
                    None => {
                        prospect.use_fits = false;
                        prospect.use_can_fit &= self.can_fit_use(atom, &choice);
                    }
                }
            }
            if replacing.is_none() && self.selection == Selection::Highest {
                prospect.downgrades |= self.is_installed_downgrade(&choice);
            }
            let (name, slot) = choice.slot_key();
            let key = (name.to_owned(), slot.to_owned());
            slot_atoms
                .entry(key.clone())
                .or_default()
                .push(Rc::clone(atom));
            prospect.by_slot.insert(key.clone(), Rc::clone(&choice));
            self.note_name(&mut prospect, &slot_atoms[&key], choice);
        }
        prospect
    }

    /// Keep for each name the package that serves most atoms of its slot, else the highest.
    fn note_name(&self, prospect: &mut Prospect<'a>, atoms: &[Rc<Atom>], choice: Rc<Choice<'a>>) {
        let name = choice.package.cpv.cpn.as_str().to_owned();
        let Some(known) = prospect.by_name.get(&name) else {
            prospect.by_name.insert(name, choice);
            return;
        };
        let mut better_fit = false;
        if known.slot() == choice.slot() {
            let fits = |choice: &Choice<'a>| atoms.iter().all(|atom| self.matches(atom, choice));
            let (current, previous) = (fits(&choice), fits(known));
            if previous && !current {
                return;
            }
            better_fit = current && !previous;
        }
        let higher = choice
            .package
            .cpv
            .version
            .cmp_version(&known.package.cpv.version)
            .is_gt();
        if higher || better_fit {
            prospect.by_name.insert(name, choice);
        }
    }

    fn is_conflict_downgrade(&self, choice: &Choice<'a>) -> bool {
        let in_slot = self.tracker.finally(self.universe, &self.slot_atom(choice));
        let lower = in_slot.len() > 1
            && in_slot
                .last()
                .is_some_and(|last| choice.order(last).is_lt());
        lower && !self.wants_downgrade(choice)
    }

    fn is_installed_downgrade(&mut self, choice: &Choice<'a>) -> bool {
        let slot_atom = self.slot_atom(choice);
        let Some(highest) = self.available(&slot_atom).pop() else {
            return false;
        };
        choice.order(&highest).is_lt()
            && (highest.is_installed() || self.graph.has(highest.id))
            && !self.wants_downgrade(choice)
    }

    /// Whether no masked or forced flag stands between a package and the USE dependencies of an atom.
    fn can_fit_use(&self, atom: &Atom, choice: &Choice<'a>) -> bool {
        let flags = &self.universe.facts(choice).flags;
        atom.dep.use_deps().all(|dep| {
            let wanted = dep.kind == crate::pms::UseDepKind::Enabled;
            if !self.has_flag(choice, dep.flag) || self.enabled(choice, dep.flag) == wanted {
                return true;
            }
            if wanted {
                !flags.is_masked(dep.flag)
            } else {
                !flags.is_forced(dep.flag) || flags.is_masked(dep.flag)
            }
        })
    }

    /// A dependency variable of a package, reduced with its USE; `None` where it cannot be read.
    pub(super) fn reduced_deps(&self, choice: &Choice<'a>, key: Key) -> Option<Vec<Reduced<Atom>>> {
        let specs = self.universe.facts(choice).deps(key).as_ref().ok()?;
        let enabled = |flag: &str| self.enabled(choice, flag);
        let reduced = crate::pms::depspec::reduce(specs, choice.package.eapi, &enabled);
        let drop_built = self.options.ignore_built_slot_operators && choice.package.is_built();
        Some(
            reduced
                .iter()
                .map(|node| evaluate(node, &enabled, drop_built))
                .collect(),
        )
    }
}

fn evaluate(
    node: &Reduced<crate::pms::Dep>,
    enabled: &dyn Fn(&str) -> bool,
    drop_built: bool,
) -> Reduced<Atom> {
    let all = |nodes: &[Reduced<crate::pms::Dep>]| {
        nodes
            .iter()
            .map(|node| evaluate(node, enabled, drop_built))
            .collect()
    };
    match node {
        Reduced::Leaf(dep) => {
            let atom = Atom::evaluated(dep, enabled);
            Reduced::Leaf(if drop_built && atom.is_built() {
                atom.without_slot()
            } else {
                atom
            })
        }
        Reduced::AllOf(nodes) => Reduced::AllOf(all(nodes)),
        Reduced::AnyOf(nodes) => Reduced::AnyOf(all(nodes)),
        Reduced::EmptyAnyOf => Reduced::EmptyAnyOf,
    }
}

/// Inside a bin the written order holds, but for alternatives that are plainly better.
fn promote(alternatives: &mut Vec<Alternative<'_>>) {
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
