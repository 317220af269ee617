//! What makes emerge end in an error, as far as the last attempt shows it.

use crate::plan::depgraph::backtrack::Ending;
use crate::plan::depgraph::outcome::Problem;
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::result::collect::PlanCollector;
use crate::plan::result::plan::Obstacle;
use crate::plan::result::rejection;

impl PlanCollector<'_, '_, '_> {
    pub(super) fn obstacles(&self, ending: Ending) -> Vec<Obstacle> {
        let mut obstacles: Vec<Obstacle> = Vec::new();
        if ending == Ending::Failed {
            for problem in &self.depgraph.outcome.problems {
                let obstacle = self.obstacle(problem);
                let known = |other: &Obstacle| other.is_same(&obstacle);
                if !obstacles.iter().any(known) {
                    obstacles.push(obstacle);
                }
            }
        }
        obstacles.extend(self.needed_use_changes());
        obstacles.extend(self.needed_unmasks());
        let tolerant = self.depgraph.accepts_conflicts();
        if !tolerant {
            obstacles.extend(self.open_conflicts());
        }
        let unsolved = self.depgraph.outcome.merge_list.unsolved();
        let unsolved = unsolved.filter(|block| self.depgraph.is_obstacle(block));
        let unsolved = unsolved.flat_map(|block| self.blocked(block, true));
        obstacles.extend(unsolved.map(Obstacle::Blocked));
        obstacles
    }

    fn obstacle(&self, problem: &Problem) -> Obstacle {
        match problem {
            Problem::Unsatisfied { atom, parent } => Obstacle::Unsatisfied {
                why: rejection::unsatisfied(&self.select, atom).1,
                atom: atom.to_string(),
                parent: self.required_by(*parent),
            },
            Problem::RequiredUse { package, parent } => Obstacle::RequiredUse {
                package: self.select.get(*package).cpv().clone(),
                parent: self.required_by(*parent),
            },
            Problem::NeedsMerge { package, parent } => Obstacle::NeedsMerge {
                package: self.select.get(*package).cpv().clone(),
                parent: self.required_by(*parent),
            },
            Problem::Circular { packages } => Obstacle::Circular {
                packages: packages
                    .iter()
                    .map(|id| self.select.get(*id).cpv().clone())
                    .collect(),
            },
        }
    }

    fn needed_use_changes(&self) -> Vec<Obstacle> {
        let changed = self.select.graph.packages().iter().filter_map(|id| {
            let change = self.select.use_changes.get(id)?;
            let flags = change
                .flags
                .iter()
                .map(|(flag, state)| (flag.clone(), *state));
            Some(Obstacle::UseChange {
                package: self.select.get(*id).cpv().clone(),
                flags: flags.collect(),
                parents: self.parents_of(*id),
            })
        });
        changed.collect()
    }

    fn needed_unmasks(&self) -> Vec<Obstacle> {
        let changed = self.select.graph.packages().iter().filter_map(|id| {
            let unmask = self.select.unmasks.get(id)?;
            Some(Obstacle::Unmask {
                package: self.select.get(*id).cpv().clone(),
                keyword: unmask.keyword.clone(),
                masked: unmask.masked,
                licenses: unmask.licenses.iter().cloned().collect(),
                parents: self.parents_of(*id),
            })
        });
        changed.collect()
    }

    fn open_conflicts(&self) -> Vec<Obstacle> {
        let conflicts = self.depgraph.slot_conflicts();
        let one = |conflict: &SlotConflict| {
            let slot = self.depgraph.slot_of(conflict.packages[0]);
            let packages = conflict.packages.iter();
            Obstacle::SlotConflict {
                slot: slot.to_string(),
                packages: packages
                    .map(|id| (self.select.get(*id).cpv().clone(), self.parents_of(*id)))
                    .collect(),
            }
        };
        conflicts.iter().map(one).collect()
    }
}
