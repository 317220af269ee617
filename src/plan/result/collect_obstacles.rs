//! What makes emerge end in an error, as far as the last attempt shows it.

use crate::plan::depgraph::outcome::Problem;
use crate::plan::depgraph::targets::Ending;
use crate::plan::graph::dependency::Parent;
use crate::plan::graph::package_tracker::SlotConflict;
use crate::plan::packages::plan_package::Id;
use crate::plan::result::collect::PlanCollector;
use crate::plan::result::plan::Obstacle;
use crate::plan::result::required_by::RequiredBy;
use crate::plan::result::{cycle_breaks, rejection};
use crate::pms::{Key, RequiredUse};

/// How far up parents are named.
const LONGEST_PATH: usize = 50;

impl PlanCollector<'_, '_, '_> {
    pub(super) fn obstacles(&self, ending: Ending) -> Vec<Obstacle> {
        let mut obstacles: Vec<Obstacle> = Vec::new();
        if let [Problem::TooComplex] = self.depgraph.outcome.problems[..] {
            // What the attempt knows so far is not a reason for anything.
            return vec![Obstacle::TooComplex];
        }
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
                path: self.path(*parent),
            },
            Problem::TooComplex => Obstacle::TooComplex,
            Problem::RequiredUse { package, parent } => self.required_use(*package, *parent),
            Problem::NeedsMerge { package, parent } => Obstacle::NeedsMerge {
                package: self.select.get(*package).cpv().clone(),
                parent: self.required_by(*parent),
            },
            Problem::Circular { packages } => Obstacle::Circular {
                packages: packages
                    .iter()
                    .map(|id| self.select.get(*id).cpv().clone())
                    .collect(),
                breaks: cycle_breaks::of(&self.select, packages),
            },
        }
    }

    fn required_use(&self, package: Id, parent: Parent) -> Obstacle {
        let package = self.select.get(package);
        let enabled = |flag: &str| self.select.enabled(&package, flag);
        let eapi = package.package.eapi;
        let unmet = RequiredUse::unmet(package.text(Key::RequiredUse), eapi, &enabled);
        let read = RequiredUse::parse(&unmet.join(" "), eapi);
        let mut flags: Vec<(String, bool)> = Vec::new();
        for flag in read.iter().flat_map(RequiredUse::flags) {
            let flag = (flag.to_owned(), enabled(flag));
            if !flags.contains(&flag) {
                flags.push(flag);
            }
        }
        Obstacle::RequiredUse {
            package: package.cpv().clone(),
            unmet,
            flags,
            parent: self.required_by(parent),
        }
    }

    /// Who requires a parent, and so on, up to a target: the way that emerge shows
    /// (`portage: depgraph.py:depgraph._get_dep_chain`).
    fn path(&self, parent: Parent) -> Vec<RequiredBy> {
        let mut seen = vec![parent];
        let mut last = parent;
        while let Some(id) = last.package().filter(|_| seen.len() < LONGEST_PATH) {
            let all = self.select.graph.parents(id);
            let is_target = |parent: &&Parent| parent.package().is_none();
            let next = all.iter().find(is_target).or_else(|| all.first());
            let Some(next) = next.filter(|next| !seen.contains(next)) else {
                break;
            };
            seen.push(*next);
            last = *next;
        }
        let above = seen.iter().skip(1);
        above.map(|parent| self.required_by(*parent)).collect()
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
