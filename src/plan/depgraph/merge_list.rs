//! The list of what is merged and uninstalled, in order, and what becomes of an attempt without one
//! (`portage: depgraph.py:depgraph.altlist`).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::plan::argument::Argument;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::blockers::{Block, Solution};
use crate::plan::depgraph::create_graph::ResolveError;
use crate::plan::depgraph::outcome::Problem;
use crate::plan::graph::dependency::Parent;
use crate::plan::graph::edge::Ignore;
use crate::plan::merge_order::{
    MergeOrder, OrderEntry, OrderInput, OrderNode, OrderTask, Uninstall, serialize,
};
use crate::plan::packages::plan_package::{Id, PlanPackage};

/// The list of merges, with the blockers that it solves or not.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct MergeList {
    pub order: MergeOrder,
    pub blocks: Vec<Block>,
}

impl MergeList {
    /// Blockers that the order leaves unsolved.
    pub fn unsolved(&self) -> impl Iterator<Item = &Block> {
        let is_unsolved = |block: &&Block| self.order.unsolved.contains(&block.number);
        self.blocks.iter().filter(is_unsolved)
    }

    /// Blockers that are worth a line: those that are not solved, and those that are solved by an uninstall or
    /// by what is merged on top of what is blocked.
    pub fn shown(&self) -> impl Iterator<Item = (&Block, bool)> {
        let unsolved = self.unsolved().map(|block| (block, true));
        let solved = self.blocks.iter().filter(|block| {
            let mut entries = self.order.entries.iter();
            entries.any(|entry| *entry == OrderEntry::Solved(block.number))
        });
        unsolved.chain(solved.map(|block| (block, false)))
    }
}

impl<'a> Depgraph<'_, 'a> {
    /// Complete the graph, solve what conflicts can be solved, and bring the tasks in order.
    pub fn make_merge_list(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
        loop {
            if self.may_retry() && !self.goal.must_complete() && !self.slot_conflicts().is_empty() {
                self.goal.require_completion();
            }
            self.outcome.is_incomplete = true;
            self.complete_graph(world)?;
            self.outcome.is_incomplete = false;
            self.process_conflicts();
            let list = self.bring_in_order();
            // What an uninstall would break shows in the whole graph only.
            let order = &list.order;
            let again = order.uninstalls() && order.unsolved.is_empty() && order.waiting.is_empty();
            if again && !self.goal.must_complete() {
                self.goal.require_completion();
                continue;
            }
            self.outcome.merge_list = list;
            return self.check_merge_list();
        }
    }

    fn bring_in_order(&self) -> MergeList {
        if self.options.deps.nodeps {
            let packages = self.graph.packages().iter().copied();
            let merges = packages.filter(|id| self.get(*id).is_merge());
            let order = MergeOrder {
                entries: merges.map(OrderEntry::Merge).collect(),
                ..MergeOrder::default()
            };
            return MergeList {
                order,
                blocks: Vec::new(),
            };
        }
        let blocks = self.blocks();
        let order = serialize(&self.order_input(&blocks), &self.packages.effort);
        MergeList { order, blocks }
    }

    fn check_merge_list(&mut self) -> Result<(), ResolveError> {
        if !self.outcome.merge_list.order.waiting.is_empty() {
            self.note_cycles();
            return Err(ResolveError);
        }
        let mut unsolved = self.outcome.merge_list.unsolved();
        if unsolved.any(|block| self.is_obstacle(block)) {
            return Err(ResolveError);
        }
        Ok(())
    }

    /// Whether an unsolved blocker keeps emerge from the plan.
    pub fn is_obstacle(&self, block: &Block) -> bool {
        self.options.build.buildpkgonly && block.buildtime || !self.accepts_conflicts()
    }

    /// No order exists: note which dependencies the next attempt is to avoid.
    fn note_cycles(&mut self) {
        let MergeOrder {
            waiting, cycles, ..
        } = self.outcome.merge_list.order.clone();
        let mut unsolved = false;
        let mut circular: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for cycle in &cycles {
            for (place, id) in cycle.iter().enumerate() {
                unsolved |= self.parameters.circular.contains_key(id);
                let before = place.checked_sub(1).unwrap_or(cycle.len() - 1);
                circular.entry(*id).or_default().insert(cycle[before]);
            }
        }
        let cycles = if cycles.is_empty() {
            vec![waiting]
        } else {
            cycles
        };
        let problems = cycles.into_iter();
        let problems = problems.map(|packages| Problem::Circular { packages });
        self.outcome.problems.extend(problems);
        if self.may_retry() {
            self.outcome.feedback.config = true;
            self.outcome.feedback.circular = circular;
        }
        // A cycle that was to be avoided already is not avoided by another attempt.
        if unsolved || !self.may_retry() {
            self.outcome.forbid_restart();
        } else {
            self.outcome.request_restart();
        }
    }

    /// Whether some package must be merged before another can be built: with `--buildpkgonly` nothing
    /// is merged.
    pub fn needs_merge_first(&mut self) -> bool {
        let merges = |id: &Id| self.get(*id).is_merge();
        let pair = self.graph.packages().iter().find_map(|id| {
            let parent = Parent::Package(*id);
            let mut children = self.graph.children(parent).iter();
            let child = children.find(|child| {
                let edge = self.graph.edge(parent, **child);
                merges(child) && edge.survives(Ignore::UnsatisfiedRuntime)
            })?;
            merges(id).then_some((*id, *child))
        });
        if let Some((parent, child)) = pair {
            self.outcome.problems.push(Problem::NeedsMerge {
                package: child,
                parent: Parent::Package(parent),
            });
        }
        pair.is_some()
    }

    fn order_input(&self, blocks: &[Block]) -> OrderInput {
        let mut packages: Vec<Id> = self.graph.packages().to_vec();
        let uninstalls = self.uninstalls(blocks);
        packages.extend(uninstalls.iter().map(|(id, _)| *id));
        let ranks = self.ranks(packages);
        let nodes = self.graph.packages().iter();
        let impossible = blocks
            .iter()
            .filter(|block| block.solution == Solution::Impossible);
        OrderInput {
            nodes: nodes.map(|id| self.node(*id, &ranks)).collect(),
            uninstalls: uninstalls
                .into_iter()
                .map(|(id, blocks)| self.uninstall(id, &blocks, &ranks))
                .collect(),
            unsolvable: impossible.map(|block| block.number).collect(),
            early: self.early(),
            portage: self.replaced_portage(),
            implicit_system_deps: self.options.order.implicit_system_deps,
            tree: self.options.order.tree,
        }
    }

    /// The place of each package among all by name, version and time of the build
    /// (`portage: Package.py:Package.__lt__`).
    fn ranks(&self, mut packages: Vec<Id>) -> HashMap<Id, usize> {
        packages.sort_by(|left, right| {
            let (left, right) = (self.get(*left), self.get(*right));
            let names = left.name().cmp(right.name());
            names.then_with(|| left.order(&right))
        });
        let ranks = packages.into_iter().enumerate();
        ranks.map(|(rank, id)| (id, rank)).collect()
    }

    fn node(&self, id: Id, ranks: &HashMap<Id, usize>) -> OrderNode {
        let package = self.get(id);
        let task = match (package.is_installed(), package.onlydeps) {
            (true, _) => OrderTask::Installed(id),
            (false, true) => OrderTask::OnlyDeps(id),
            (false, false) => OrderTask::Merge(id),
        };
        let parent = Parent::Package(id);
        let children = self.graph.children(parent).iter();
        OrderNode {
            task,
            rank: ranks.get(&id).copied().unwrap_or_default(),
            is_system: self.is_system(&package),
            children: children
                .map(|child| (*child, self.graph.edge(parent, *child)))
                .collect(),
        }
    }

    /// Whether @system names a package.
    fn is_system(&self, package: &PlanPackage<'a>) -> bool {
        let system = self.goal.system_atoms(package.name());
        let mut system = system.iter();
        system.any(|atom| self.selector().matches(atom, package))
    }

    /// Installed packages that blockers ask to go, each with those blockers.
    fn uninstalls<'b>(&self, blocks: &'b [Block]) -> Vec<(Id, Vec<&'b Block>)> {
        let mut all: Vec<(Id, Vec<&Block>)> = Vec::new();
        for block in blocks {
            let Solution::Uninstall(pairs) = &block.solution else {
                continue;
            };
            for (id, _) in pairs {
                match all.iter_mut().find(|(known, _)| known == id) {
                    Some((_, blocks)) => blocks.push(block),
                    None => all.push((*id, vec![block])),
                }
            }
        }
        all
    }

    fn uninstall(&self, id: Id, blocks: &[&Block], ranks: &HashMap<Id, usize>) -> Uninstall {
        let package = self.get(id);
        let mut parents: Vec<Id> = Vec::new();
        let mut blockers: Vec<usize> = Vec::new();
        for block in blocks {
            if let Solution::Uninstall(pairs) = &block.solution {
                let after = pairs.iter().filter(|(gone, _)| *gone == id);
                parents.extend(after.map(|(_, merged)| *merged));
            }
            if !blockers.contains(&block.number) {
                blockers.push(block.number);
            }
        }
        let in_slot = self.tracker.in_slot(self.packages, package.slot_key());
        let merges = in_slot.iter().filter(|new| new.is_merge());
        Uninstall {
            package: id,
            rank: ranks.get(&id).copied().unwrap_or_default(),
            parents,
            blockers,
            is_allowed: self.may_uninstall(&package, blocks),
            replacements: merges.map(|new| new.id).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::graph::dependency::Priority;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::database;

    #[test]
    fn the_next_attempt_avoids_a_cycle_once() {
        let packages = database(&["ebuild a/a-1", "ebuild b/b-1"]);
        let [a, b] = ["a/a-1", "b/b-1"].map(|cpv| packages.ebuild(cpv));
        let options = ResolveOptions::default();
        let buildtime = Priority {
            buildtime: true,
            ..Priority::default()
        };
        for (avoided, restarts) in [(false, true), (true, false)] {
            let mut depgraph = packages.attempt(&options);
            depgraph.insert(&a, Some((b.id, "a/a")));
            depgraph.insert(&b, Some((a.id, "b/b")));
            let parent = Parent::Package(a.id);
            depgraph.graph.add_dependency(b.id, parent, buildtime);
            if avoided {
                depgraph.parameters.circular.entry(a.id).or_default();
            }
            assert!(depgraph.make_merge_list(&[]).is_err());
            assert_eq!(depgraph.outcome.calls_for_restart(), restarts);
            assert_eq!(
                depgraph.outcome.feedback.circular[&a.id],
                BTreeSet::from([b.id])
            );
        }
    }
}
