//! The outcome of a walk, taken out of its last attempt.

use crate::binhost::InstanceId;
use crate::plan::depgraph::attempt::{Depgraph, Problem};
use crate::plan::depgraph::backtrack::Ending;
use crate::plan::depgraph::blockers::Block;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::{Id, PlanPackage};
use crate::plan::result::build_reason::BuildReason;
use crate::plan::result::plan::{
    Blocked, Change, Merge, Obstacle, Origin, Plan, RejectedBinary, RequiredBy,
};
use crate::pms::{Cpv, Kind};

/// Take the outcome out of the last attempt.
pub(in crate::plan) fn of<'a>(
    resolve: &mut Depgraph<'_, 'a>,
    ending: Ending,
    attempts: u32,
) -> Plan<'a> {
    let blocks = resolve.blocks();
    let mut plan = Plan {
        obstacles: resolve.obstacles(&blocks, ending),
        blocks: blocks.iter().map(|block| resolve.blocked(block)).collect(),
        missing: texts(&resolve.missing_arguments),
        orphaned: texts(&resolve.orphaned_arguments),
        provided: texts(&resolve.provided_arguments),
        attempts,
        unreadable: resolve.packages.unreadable(),
        merges: Vec::new(),
    };
    let conflicts = resolve.tracker.slot_conflicts(resolve.packages);
    let disputed: Vec<Id> = conflicts
        .into_iter()
        .flat_map(|conflict| conflict.packages)
        .collect();
    if !resolve.incomplete {
        let order = resolve.merge_order();
        resolve.judge_binaries(&order);
        let merge = |id: Id| resolve.merge(id, disputed.contains(&id));
        plan.merges = order.into_iter().map(merge).collect();
    }
    plan
}

fn texts(atoms: &[Atom]) -> Vec<String> {
    let mut texts: Vec<String> = atoms.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

impl<'a> Depgraph<'_, 'a> {
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

    /// Have all binary packages of these names judged at once, which is faster than one after the other.
    fn judge_binaries(&self, order: &[Id]) {
        let store = self.packages.store;
        let of_name = |id: &Id| store.instances_of(self.get(*id).package.cpv.cpn.as_str());
        let instances: Vec<InstanceId> = order.iter().flat_map(of_name).copied().collect();
        store.judge(&instances);
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
            origin: self.origin(&choice),
            change,
            installed,
            flags: flags.collect(),
            parents: self.parents_of(id),
            higher: self.higher(&choice),
            undecided,
        }
    }

    fn change(&self, choice: &PlanPackage<'a>) -> (Change, Option<Cpv>) {
        let family = self.packages.family(choice.package.cpv.cpn.as_str());
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

    fn parents_of(&self, id: Id) -> Vec<(RequiredBy, String)> {
        let atoms = self.graph.atoms(id).iter();
        let mut parents: Vec<(RequiredBy, String)> = Vec::new();
        for (parent, atom) in atoms {
            let pair = (self.wanter(*parent), atom.to_string());
            if !parents.contains(&pair) {
                parents.push(pair);
            }
        }
        parents
    }

    fn wanter(&self, parent: Parent) -> RequiredBy {
        match parent {
            Parent::Argument(position) => {
                let argument = &self.arguments[position];
                match argument.is_rebuild() {
                    true => RequiredBy::Rebuild,
                    false => RequiredBy::Target(argument.name.clone()),
                }
            }
            Parent::Package(id) => {
                let package = self.get(id).package;
                RequiredBy::Package(package.cpv.clone(), package.kind)
            }
        }
    }

    fn origin(&self, choice: &PlanPackage<'a>) -> Origin {
        match choice.source.instance() {
            Some(id) => Origin::Binary(id),
            None => {
                let rejected = self.rejected_binaries(choice);
                let cpv = &choice.package.cpv;
                Origin::Source(BuildReason::of(cpv, &rejected, self.packages.store))
            }
        }
    }

    /// Binary packages of the version of an ebuild that is taken, and what speaks against them.
    fn rejected_binaries(&self, choice: &PlanPackage<'a>) -> Vec<(InstanceId, RejectedBinary)> {
        let family = self.packages.family(choice.package.cpv.cpn.as_str());
        let binaries = family.of(Kind::Binary).iter();
        let same = binaries.filter(|binary| binary.same_version(choice));
        let why = |binary: &std::rc::Rc<PlanPackage<'a>>| {
            let id = binary.source.instance()?;
            if let Some(reasons) = self.parameters.masked.get(&binary.id) {
                return Some((id, reasons.passed_over()));
            }
            let mut atoms = self.graph.atoms(choice.id).iter();
            let (_, atom) = atoms.find(|(_, atom)| !self.matches(atom, binary))?;
            Some((id, RejectedBinary::Atom(atom.to_string())))
        };
        same.filter_map(why).collect()
    }

    /// The highest version in the slot, if it is not the one taken, and what speaks against it.
    fn higher(&self, choice: &PlanPackage<'a>) -> Option<(Cpv, String)> {
        let family = self.packages.family(choice.package.cpv.cpn.as_str());
        let kinds = [Kind::Ebuild, Kind::Binary];
        let mut best: Option<&std::rc::Rc<PlanPackage<'a>>> = None;
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
        let codes = self.packages.mask_codes(best);
        let why = if !codes.is_empty() {
            let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            codes.join(", ")
        } else if self.is_excluded(best) {
            "--exclude".to_owned()
        } else if let Some(reasons) = self.parameters.masked.get(&best.id) {
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
        let conflicts = self.tracker.slot_conflicts(self.packages);
        let one = |conflict: &crate::plan::graph::package_tracker::SlotConflict| {
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
