//! The plan, as the last attempt left it.

use std::collections::HashSet;
use std::rc::Rc;

use crate::binhost::InstanceId;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::blockers::Block;
use crate::plan::depgraph::missed_updates::MissedBecause;
use crate::plan::depgraph::targets::Ending;
use crate::plan::graph::dependency::Parent;
use crate::plan::merge_order::OrderEntry;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::result::build_reason::BuildReason;
use crate::plan::result::plan::{
    Blocked, Change, Merge, Origin, Plan, SkippedBecause, SkippedUpdate, Uninstalled,
};
use crate::plan::result::reinstall::{Reinstall, flag_changes};
use crate::plan::result::rejected_binary::RejectedBinary;
use crate::plan::result::rejection;
use crate::plan::result::required_by::RequiredBy;
use crate::plan::select::parameters::MaskReasons;
use crate::plan::select::selector::Selector;
use crate::pms::{Cpv, Kind};

/// Make the plan from the last attempt.
pub(in crate::plan) fn of<'a>(
    depgraph: &Depgraph<'_, 'a>,
    ending: Ending,
    attempts: u32,
) -> Plan<'a> {
    let outcome = &depgraph.outcome;
    let collector = PlanCollector {
        depgraph,
        select: depgraph.selector(),
    };
    let merges = if outcome.is_incomplete {
        Vec::new()
    } else {
        collector.merges()
    };
    Plan {
        obstacles: collector.obstacles(ending),
        blocks: collector.blocks(),
        uninstalls: collector.uninstalls(),
        skipped: collector.skipped(),
        missing: texts(&outcome.missing),
        orphaned: texts(&outcome.orphaned),
        provided: texts(&outcome.provided),
        attempts,
        unreadable: depgraph.packages.unreadable(),
        left_out: Vec::new(),
        merges,
    }
}

fn texts(atoms: &[Atom]) -> Vec<String> {
    let mut texts: Vec<String> = atoms.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// An attempt that is over.
pub(super) struct PlanCollector<'d, 'u, 'a> {
    pub(super) depgraph: &'d Depgraph<'u, 'a>,
    pub(super) select: Selector<'d, 'a>,
}

impl<'a> PlanCollector<'_, '_, 'a> {
    fn merges(&self) -> Vec<Merge<'a>> {
        let conflicts = self.depgraph.slot_conflicts();
        let disputed: HashSet<Id> = conflicts
            .into_iter()
            .flat_map(|conflict| conflict.packages)
            .collect();
        let order = self.merge_order();
        self.judge_binaries(&order);
        order
            .into_iter()
            .map(|id| self.merge(id, disputed.contains(&id)))
            .collect()
    }

    /// Packages to merge, in order. Where no order exists, those that wait for each other come last.
    fn merge_order(&self) -> Vec<Id> {
        let order = &self.depgraph.outcome.merge_list.order;
        let merges = order.entries.iter().filter_map(|entry| match entry {
            OrderEntry::Merge(id) => Some(*id),
            OrderEntry::Uninstall(_) | OrderEntry::Solved(_) => None,
        });
        merges.chain(order.waiting.iter().copied()).collect()
    }

    /// Have all binary packages of these names judged at once, which is faster than one after the other.
    fn judge_binaries(&self, order: &[Id]) {
        let packages: Vec<_> = order.iter().map(|id| self.select.get(*id)).collect();
        for root in self.select.packages.roots() {
            let store = self.select.packages.store(root);
            let of_root = packages.iter().filter(|package| package.root() == root);
            let instances = of_root.flat_map(|package| store.instances_of(package.name()));
            let instances: Vec<InstanceId> = instances.copied().collect();
            store.judge(&instances);
        }
    }

    fn merge(&self, id: Id, undecided: bool) -> Merge<'a> {
        let package = self.select.get(id);
        let (change, installed) = self.change(&package);
        let flags = self.flags(&package);
        Merge {
            package: package.package,
            root: package.root(),
            origin: self.origin(&package),
            change,
            installed,
            reinstall: self.reinstall(&package, &flags, id),
            flags,
            parents: self.parents_of(id),
            higher: self.higher(&package),
            undecided,
        }
    }

    /// USE: every flag of IUSE in its order, and whether it is enabled.
    fn flags(&self, package: &PlanPackage<'a>) -> Vec<(String, bool)> {
        let flags = package.package.iuse().map(|flag| {
            let enabled = self.select.enabled(package, flag.flag);
            (flag.flag.to_owned(), enabled)
        });
        flags.collect()
    }

    /// What is new about a package whose version is installed in its slot.
    fn reinstall(
        &self,
        package: &PlanPackage<'a>,
        flags: &[(String, bool)],
        id: Id,
    ) -> Option<Reinstall> {
        let old = self.select.packages.installed_in_slot(package);
        let old = old.filter(|old| old.same_version(package))?;
        let atoms = self.select.graph.atoms(id).iter();
        let mut parents = atoms.map(|(parent, _)| self.required_by(*parent));
        Some(Reinstall {
            flags: flag_changes(&self.flags(&old), flags),
            is_rebuild: parents.any(|parent| parent == RequiredBy::Rebuild),
            is_other_build: package.kind() == Kind::Binary
                && package.package.build_time != old.package.build_time,
        })
    }

    fn change(&self, package: &PlanPackage<'a>) -> (Change, Option<Cpv>) {
        let versions = self.select.packages.versions_of(package);
        let installed = versions.of(Kind::Installed);
        let Some(old) = self.select.packages.installed_in_slot(package) else {
            let change = if installed.is_empty() {
                Change::New
            } else {
                Change::NewSlot
            };
            return (change, installed.first().map(|old| old.cpv().clone()));
        };
        let versions = package.cmp_version(&old);
        let change = match versions {
            std::cmp::Ordering::Less => Change::Downgrade,
            std::cmp::Ordering::Equal => Change::Reinstall,
            std::cmp::Ordering::Greater => Change::Upgrade,
        };
        (change, Some(old.cpv().clone()))
    }

    pub(super) fn parents_of(&self, id: Id) -> Vec<(RequiredBy, String)> {
        let atoms = self.select.graph.atoms(id).iter();
        let pairs = atoms.map(|(parent, atom)| (self.required_by(*parent), atom.to_string()));
        let mut known = HashSet::new();
        pairs.filter(|pair| known.insert(pair.clone())).collect()
    }

    pub(super) fn required_by(&self, parent: Parent) -> RequiredBy {
        match parent {
            Parent::Argument(id) => {
                let argument = &self.select.goal.argument(id);
                if argument.is_internal() {
                    RequiredBy::Rebuild
                } else {
                    RequiredBy::Target(argument.name.clone())
                }
            }
            Parent::Package(id) => {
                let package = self.select.get(id).package;
                RequiredBy::Package(package.cpv.clone(), package.kind)
            }
        }
    }

    fn origin(&self, package: &PlanPackage<'a>) -> Origin {
        match package.source.instance() {
            Some(id) => Origin::Binary(id),
            None => {
                let rejected = self.rejected_binaries(package);
                let store = self.select.packages.store(package.root());
                Origin::Source(BuildReason::of(package.cpv(), &rejected, store))
            }
        }
    }

    /// Binary packages of the version of an ebuild that is taken, and what speaks against them.
    fn rejected_binaries(&self, package: &PlanPackage<'a>) -> Vec<(InstanceId, RejectedBinary)> {
        let versions = self.select.packages.versions_of(package);
        let binaries = versions.of(Kind::Binary).iter();
        let same = binaries.filter(|binary| binary.same_version(package));
        let reason = |binary: &Rc<PlanPackage<'a>>| {
            let instance = binary.source.instance()?;
            if let Some(reasons) = self.select.parameters.masked.get(&binary.id) {
                return Some((instance, self.weightiest(binary, reasons)));
            }
            let mut atoms = self.select.graph.atoms(package.id).iter();
            let (_, atom) = atoms.find(|(_, atom)| !self.select.matches(atom, binary))?;
            let (atom, why) = (
                atom.to_string(),
                rejection::mismatch(&self.select, atom, binary),
            );
            Some((instance, RejectedBinary::Atom { atom, why }))
        };
        same.filter_map(reason).collect()
    }

    /// The highest version in the slot, if it is not the one taken, and what speaks against it.
    fn higher(&self, package: &PlanPackage<'a>) -> Option<(Cpv, String)> {
        let versions = self.select.packages.versions_of(package);
        let kinds = [Kind::Ebuild, Kind::Binary];
        let mut best: Option<&Rc<PlanPackage<'a>>> = None;
        for other in kinds.iter().flat_map(|kind| versions.of(*kind)) {
            let known = best.map_or(package, |best| best);
            let versions = other.cmp_version(known);
            if versions.is_gt() && other.slot() == package.slot() {
                best = Some(other);
            }
        }
        let best = best?;
        let codes = self.select.packages.mask_codes(best);
        let reason = if !codes.is_empty() {
            let codes: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            codes.join(", ")
        } else if self.select.is_excluded(best) {
            "--exclude".to_owned()
        } else if let Some(reasons) = self.select.parameters.masked.get(&best.id) {
            self.weightiest(best, reasons).describe()
        } else {
            let mut atoms = self.select.graph.atoms(package.id).iter();
            let (_, atom) = atoms.find(|(_, atom)| !self.select.matches(atom, best))?;
            atom.to_string()
        };
        Some((best.cpv().clone(), reason))
    }

    fn blocks(&self) -> Vec<Blocked> {
        let shown = self.depgraph.outcome.merge_list.shown();
        shown
            .flat_map(|(block, unsolvable)| self.blocked(block, unsolvable))
            .collect()
    }

    /// Of several reasons for a mask the one that explains most: a build against another sub-slot can be had,
    /// a dependency perhaps, and a conflict only at the cost of something else.
    fn weightiest(&self, package: &PlanPackage<'a>, reasons: &MaskReasons) -> RejectedBinary {
        if reasons.slot_operator {
            RejectedBinary::SlotOperator(rejection::moved_slot(&self.select, package))
        } else if let Some(atom) = &reasons.missing_dependency {
            let (_, why) = rejection::unsatisfied(&self.select, atom);
            RejectedBinary::Dependency(Some(why))
        } else {
            let atoms = reasons.slot_conflict.iter().flatten();
            let pulls = atoms.map(|(parent, atom)| (self.required_by(*parent), atom.to_string()));
            RejectedBinary::SlotConflict(pulls.collect())
        }
    }

    /// One for each package that a blocker blocks.
    pub(super) fn blocked(&self, block: &Block, unsolvable: bool) -> impl Iterator<Item = Blocked> {
        let by = self.select.get(block.parent).cpv().clone();
        block.blocked.iter().map(move |id| Blocked {
            by: by.clone(),
            atom: block.atom.to_string(),
            package: self.select.get(*id).cpv().clone(),
            by_parents: self.parents_of(block.parent),
            parents: self.parents_of(*id),
            unsolvable,
        })
    }

    /// Missed updates; what nothing of the plan is about may be missed too.
    fn skipped(&self) -> Vec<SkippedUpdate> {
        let missed = self.depgraph.missed_updates().into_iter();
        let skipped = missed.map(|missed| SkippedUpdate {
            package: self.select.get(missed.package).cpv().clone(),
            selected: self.select.get(missed.selected).cpv().clone(),
            because: match missed.because {
                MissedBecause::Conflict(atoms) => {
                    let atoms = atoms.iter();
                    let pairs =
                        atoms.map(|(parent, atom)| (self.required_by(*parent), atom.to_string()));
                    SkippedBecause::Conflict(pairs.collect())
                }
                MissedBecause::Dependency(atom) => {
                    SkippedBecause::Dependency(rejection::unsatisfied(&self.select, &atom).1)
                }
            },
        });
        skipped.collect()
    }

    fn uninstalls(&self) -> Vec<Uninstalled> {
        let mut after = 0;
        let mut found = Vec::new();
        for entry in &self.depgraph.outcome.merge_list.order.entries {
            match entry {
                OrderEntry::Merge(_) => after += 1,
                OrderEntry::Uninstall(id) => {
                    let package = self.select.get(*id);
                    found.push(Uninstalled {
                        package: package.cpv().clone(),
                        root: package.root(),
                        after,
                    });
                }
                OrderEntry::Solved(_) => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::plan;

    #[test]
    fn letters_of_merges() {
        let lines = [
            "ebuild a/a-2",
            "installed a/a-1",
            "ebuild b/b-1",
            "installed b/b-2",
            "ebuild c/c-1",
            "installed c/c-1",
            "ebuild d/d-1; SLOT=1",
            "installed d/d-0",
            "ebuild e/e-1",
        ];
        let targets = ["a/a", "=b/b-1", "c/c", "d/d:1", "e/e"];
        assert_eq!(
            plan(&lines, &targets, &ResolveOptions::default()),
            "U a/a-2, UD b/b-1, R c/c-1, NS d/d-1, N e/e-1"
        );
    }

    #[test]
    fn obstacles_name_who_requires_what() {
        let lines = ["ebuild a/a-1; RDEPEND=b/b"];
        let text = plan(&lines, &["a/a"], &ResolveOptions::default());
        assert!(text.starts_with("; Unsatisfied { atom: \"b/b\""), "{text}");
    }
}
