//! What a walk ends with: the merges, what stands in their way, and who wants them.

use super::blockers::Block;
use super::need::Parent;
use super::resolve::Ending;
use super::universe::{Choice, Id};
use super::walk::{Problem, Walk};
use crate::pms::{Cpv, Kind, Package};

/// What emerge would merge, and what keeps it from a plan.
#[derive(Clone, Debug, Default)]
pub struct Plan<'a> {
    /// Everything that would be merged, dependencies before what needs them where that is possible.
    /// Empty, as with emerge, where something that is needed cannot be had at all.
    pub merges: Vec<Merge<'a>>,
    /// Why emerge would end in an error; empty where it would not.
    pub obstacles: Vec<Obstacle>,
    /// Blockers between packages of the plan, or with installed ones.
    pub blocks: Vec<Blocked>,
    /// Atoms of @world or @selected that nothing serves.
    pub missing: Vec<String>,
    /// Atoms of @world or @selected that only something installed serves, whose ebuild is gone.
    pub orphaned: Vec<String>,
    /// Targets that `package.provided` serves.
    pub provided: Vec<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Names that were met with an ebuild that could not be read, so that the plan is uncertain.
    pub unreadable: Vec<String>,
}

/// One package that would be merged.
#[derive(Clone, Debug)]
pub struct Merge<'a> {
    /// The ebuild or binary package.
    pub package: &'a Package,
    /// Position in the pool, for a binary package.
    pub entry: Option<usize>,
    /// What it does to what is installed.
    pub change: Change,
    /// The installed package that it replaces, or for a new slot the highest of the others.
    pub installed: Option<Cpv>,
    /// USE: every flag of IUSE in its order, and whether it is enabled.
    pub flags: Vec<(String, bool)>,
    /// Who wants it, with which atom.
    pub parents: Vec<(Wanter, String)>,
    /// The highest version of the slot, where that is another one, and why it is not taken.
    pub higher: Option<(Cpv, String)>,
    /// Binary packages of this version that could not serve, and why not; those that a rule rejects
    /// are not among them.
    pub passed_over: Vec<(usize, PassedOver)>,
    /// Whether emerge's choice for this slot is not settled: it lies in an unsolved conflict.
    pub undecided: bool,
}

/// What a merge does to what is installed, as emerge marks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// `N`: no version was installed.
    New,
    /// `NS`: other slots are installed.
    NewSlot,
    /// `U`
    Upgrade,
    /// `UD`
    Downgrade,
    /// `R`: the same version once more.
    Reinstall,
}

impl Change {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::NewSlot => "new-slot",
            Change::Upgrade => "upgrade",
            Change::Downgrade => "downgrade",
            Change::Reinstall => "reinstall",
        }
    }

    /// In emerge's letters.
    pub fn letters(self) -> &'static str {
        match self {
            Change::New => "N",
            Change::NewSlot => "NS",
            Change::Upgrade => "U",
            Change::Downgrade => "UD",
            Change::Reinstall => "R",
        }
    }
}

/// Who wants a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanter {
    /// A target, or a set with `@`.
    Target(String),
    /// A package.
    Package(Cpv, Kind),
    /// A rebuild that the walk itself wants.
    Rebuild,
}

/// Why a binary package that every rule accepts does not serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassedOver {
    /// It was built against a slot or sub-slot that will not be there.
    SlotOperator,
    /// Nothing serves one of its dependencies.
    Dependency,
    /// It was given up to solve a slot conflict.
    SlotConflict,
    /// An atom does not match it.
    Atom(String),
}

impl PassedOver {
    /// In words.
    pub fn as_str(&self) -> &str {
        match self {
            PassedOver::SlotOperator => "built against another slot or sub-slot",
            PassedOver::Dependency => "a dependency that nothing serves",
            PassedOver::SlotConflict => "given up in a slot conflict",
            PassedOver::Atom(atom) => atom,
        }
    }
}

/// Something that makes emerge end in an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nothing serves an atom.
    Unsatisfied {
        /// The atom.
        atom: String,
        /// Who wants it.
        parent: Wanter,
    },
    /// REQUIRED_USE of an ebuild does not hold.
    RequiredUse {
        /// The ebuild.
        package: Cpv,
        /// Who wants it.
        parent: Wanter,
    },
    /// Packages that cannot be merged in any order, since they wait for each other.
    Circular {
        /// A cycle.
        packages: Vec<Cpv>,
    },
    /// USE would have to be changed first.
    UseChange {
        /// The ebuild.
        package: Cpv,
        /// Flags with the state that they must have.
        flags: Vec<(String, bool)>,
        /// Who wants that, with which atom.
        parents: Vec<(Wanter, String)>,
    },
    /// Several packages want one slot.
    SlotConflict {
        /// `category/package:slot`
        slot: String,
        /// The packages, each with who wants it and the atom.
        packages: Vec<(Cpv, Vec<(Wanter, String)>)>,
    },
    /// Two packages that exclude each other would both be merged.
    Blocked(Blocked),
}

/// A blocker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// Who blocks.
    pub by: Cpv,
    /// The atom, with its `!`.
    pub atom: String,
    /// What is blocked.
    pub package: Cpv,
    /// Whether neither can give way.
    pub unsolvable: bool,
}

impl Obstacle {
    /// Whether it says the same; a cycle is the same wherever it begins.
    fn is_same(&self, other: &Obstacle) -> bool {
        match (self, other) {
            (Obstacle::Circular { packages: one }, Obstacle::Circular { packages: other }) => {
                one.len() == other.len() && one.iter().all(|cpv| other.contains(cpv))
            }
            _ => self == other,
        }
    }
}

impl Plan<'_> {
    /// Whether emerge would carry it out.
    pub fn is_sound(&self) -> bool {
        self.obstacles.is_empty()
    }

    /// What is needed and has no usable binary package: versions that would be compiled, and atoms
    /// that nothing serves.
    pub fn without_binary(&self) -> Vec<String> {
        let compiled = self
            .from_source()
            .map(|merge| merge.package.cpv.to_string());
        let unserved = self.obstacles.iter().filter_map(|obstacle| match obstacle {
            Obstacle::Unsatisfied { atom, .. } => Some(atom.clone()),
            _ => None,
        });
        compiled
            .chain(unserved)
            .chain(self.missing.clone())
            .collect()
    }

    /// What would be compiled.
    pub fn from_source(&self) -> impl Iterator<Item = &Merge<'_>> {
        self.merges.iter().filter(|merge| merge.entry.is_none())
    }
}

/// Take the outcome out of the last attempt.
pub(super) fn of<'a>(walk: &mut Walk<'_, 'a>, ending: Ending, attempts: u32) -> Plan<'a> {
    let blocks = walk.blocks();
    let mut plan = Plan {
        obstacles: walk.obstacles(&blocks, ending),
        blocks: blocks.iter().map(|block| walk.blocked(block)).collect(),
        missing: texts(&walk.missing_arguments),
        orphaned: texts(&walk.orphaned_arguments),
        provided: texts(&walk.provided_arguments),
        attempts,
        unreadable: walk.universe.unreadable(),
        merges: Vec::new(),
    };
    let conflicts = walk.tracker.slot_conflicts(walk.universe);
    let disputed: Vec<Id> = conflicts
        .into_iter()
        .flat_map(|conflict| conflict.packages)
        .collect();
    for id in walk.merge_order() {
        if walk.incomplete {
            break;
        }
        plan.merges.push(walk.merge(id, disputed.contains(&id)));
    }
    plan
}

fn texts(atoms: &[super::atom::Atom]) -> Vec<String> {
    let mut texts: Vec<String> = atoms.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

impl<'a> Walk<'_, 'a> {
    /// Packages to merge, each after those that it asks for, cycles cut where they are met first.
    fn merge_order(&self) -> Vec<Id> {
        let mut done: std::collections::HashSet<Id> = std::collections::HashSet::new();
        let mut order = Vec::new();
        for start in self.graph.packages() {
            let mut stack: Vec<(Id, usize)> = vec![(*start, 0)];
            if !done.insert(*start) {
                continue;
            }
            while let Some((id, next)) = stack.pop() {
                let children = self.graph.children(Parent::Package(id));
                match children.get(next) {
                    Some(child) => {
                        stack.push((id, next + 1));
                        if done.insert(*child) {
                            stack.push((*child, 0));
                        }
                    }
                    None => order.push(id),
                }
            }
        }
        order.retain(|id| self.get(*id).is_merge());
        order
    }

    fn merge(&self, id: Id, undecided: bool) -> Merge<'a> {
        let choice = self.get(id);
        let (change, installed) = self.change(&choice);
        let flags = choice.package.iuse().map(|flag| {
            let enabled = self.enabled(&choice, flag.flag);
            (flag.flag.to_owned(), enabled)
        });
        Merge {
            package: choice.package,
            entry: choice.entry,
            change,
            installed,
            flags: flags.collect(),
            parents: self.parents_of(id),
            higher: self.higher(&choice),
            passed_over: self.passed_over(&choice),
            undecided,
        }
    }

    fn change(&self, choice: &Choice<'a>) -> (Change, Option<Cpv>) {
        let family = self.universe.family(choice.package.cpv.cpn.as_str());
        let installed = family.of(Kind::Installed);
        let Some(old) = self.installed_in_slot(choice) else {
            let change = match installed.is_empty() {
                true => Change::New,
                false => Change::NewSlot,
            };
            return (change, installed.first().map(|old| old.package.cpv.clone()));
        };
        let versions = choice
            .package
            .cpv
            .version
            .cmp_version(&old.package.cpv.version);
        let change = match versions {
            std::cmp::Ordering::Less => Change::Downgrade,
            std::cmp::Ordering::Equal => Change::Reinstall,
            std::cmp::Ordering::Greater => Change::Upgrade,
        };
        (change, Some(old.package.cpv.clone()))
    }

    fn parents_of(&self, id: Id) -> Vec<(Wanter, String)> {
        let atoms = self.graph.atoms(id).iter();
        let mut parents: Vec<(Wanter, String)> = Vec::new();
        for (parent, atom) in atoms {
            let pair = (self.wanter(*parent), atom.to_string());
            if !parents.contains(&pair) {
                parents.push(pair);
            }
        }
        parents
    }

    fn wanter(&self, parent: Parent) -> Wanter {
        match parent {
            Parent::Argument(position) => {
                let argument = &self.arguments[position];
                match argument.is_rebuild() {
                    true => Wanter::Rebuild,
                    false => Wanter::Target(argument.name.clone()),
                }
            }
            Parent::Package(id) => {
                let package = self.get(id).package;
                Wanter::Package(package.cpv.clone(), package.kind)
            }
        }
    }

    /// Binary packages of the version of an ebuild that is taken, and what speaks against them.
    fn passed_over(&self, choice: &Choice<'a>) -> Vec<(usize, PassedOver)> {
        if choice.package.is_built() {
            return Vec::new();
        }
        let family = self.universe.family(choice.package.cpv.cpn.as_str());
        let binaries = family.of(Kind::Binary).iter();
        let same = binaries.filter(|binary| binary.same_version(choice));
        let why = |binary: &std::rc::Rc<Choice<'a>>| {
            let entry = binary.entry?;
            if let Some(reasons) = self.lessons.masked.get(&binary.id) {
                return Some((entry, reasons.passed_over()));
            }
            let mut atoms = self.graph.atoms(choice.id).iter();
            let (_, atom) = atoms.find(|(_, atom)| !self.matches(atom, binary))?;
            Some((entry, PassedOver::Atom(atom.to_string())))
        };
        same.filter_map(why).collect()
    }

    /// The highest version in the slot, if it is not the one taken, and what speaks against it.
    fn higher(&self, choice: &Choice<'a>) -> Option<(Cpv, String)> {
        let family = self.universe.family(choice.package.cpv.cpn.as_str());
        let kinds = [Kind::Ebuild, Kind::Binary];
        let mut best: Option<&std::rc::Rc<Choice<'a>>> = None;
        for other in kinds.iter().flat_map(|kind| family.of(*kind)) {
            let known = best.map_or(choice, |best| best);
            let versions = other
                .package
                .cpv
                .version
                .cmp_version(&known.package.cpv.version);
            if versions.is_gt() && other.slot() == choice.slot() {
                best = Some(other);
            }
        }
        let best = best?;
        let codes = self.universe.mask_codes(best);
        let why = if !codes.is_empty() {
            codes.join(", ")
        } else if self.is_excluded(best) {
            "--exclude".to_owned()
        } else if let Some(reasons) = self.lessons.masked.get(&best.id) {
            reasons.passed_over().as_str().to_owned()
        } else {
            let mut atoms = self.graph.atoms(choice.id).iter();
            let (_, atom) = atoms.find(|(_, atom)| !self.matches(atom, best))?;
            atom.to_string()
        };
        Some((best.package.cpv.clone(), why))
    }

    fn blocked(&self, block: &Block) -> Blocked {
        Blocked {
            by: self.get(block.parent).package.cpv.clone(),
            atom: block.atom.to_string(),
            package: self.get(block.package).package.cpv.clone(),
            unsolvable: block.unsolvable,
        }
    }

    fn obstacles(&self, blocks: &[Block], ending: Ending) -> Vec<Obstacle> {
        let mut obstacles: Vec<Obstacle> = Vec::new();
        if ending == Ending::Failed {
            for problem in &self.problems {
                let obstacle = self.obstacle(problem);
                let known = |other: &Obstacle| other.is_same(&obstacle);
                if !obstacles.iter().any(known) {
                    obstacles.push(obstacle);
                }
            }
        }
        obstacles.extend(self.needed_use_changes());
        obstacles.extend(self.open_conflicts());
        let unsolvable = blocks.iter().filter(|block| block.unsolvable);
        obstacles.extend(unsolvable.map(|block| Obstacle::Blocked(self.blocked(block))));
        obstacles
    }

    fn obstacle(&self, problem: &Problem) -> Obstacle {
        match problem {
            Problem::Unsatisfied { atom, parent } => Obstacle::Unsatisfied {
                atom: atom.to_string(),
                parent: self.wanter(*parent),
            },
            Problem::RequiredUse { package, parent } => Obstacle::RequiredUse {
                package: self.get(*package).package.cpv.clone(),
                parent: self.wanter(*parent),
            },
            Problem::Circular { packages } => Obstacle::Circular {
                packages: packages
                    .iter()
                    .map(|id| self.get(*id).package.cpv.clone())
                    .collect(),
            },
        }
    }

    fn needed_use_changes(&self) -> Vec<Obstacle> {
        let changed = self.graph.packages().iter().filter_map(|id| {
            let change = self.use_changes.get(id)?;
            let flags = change
                .flags
                .iter()
                .map(|(flag, state)| (flag.clone(), *state));
            Some(Obstacle::UseChange {
                package: self.get(*id).package.cpv.clone(),
                flags: flags.collect(),
                parents: self.parents_of(*id),
            })
        });
        changed.collect()
    }

    fn open_conflicts(&self) -> Vec<Obstacle> {
        let conflicts = self.tracker.slot_conflicts(self.universe);
        let one = |conflict: &super::tracker::SlotConflict| {
            let (name, slot) = self.slot_of(conflict.packages[0]);
            let packages = conflict.packages.iter();
            Obstacle::SlotConflict {
                slot: format!("{name}:{slot}"),
                packages: packages
                    .map(|id| (self.get(*id).package.cpv.clone(), self.parents_of(*id)))
                    .collect(),
            }
        };
        conflicts.iter().map(one).collect()
    }
}
