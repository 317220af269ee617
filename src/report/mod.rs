//! What is said: the facts, then a writer for people and one for programs.

pub mod check;
pub mod human;
pub mod json;
pub mod layout;
pub mod plan;
pub mod sanitize;
pub mod summary;

use crate::binhost::{Candidate, HostState};
use crate::check::{Judged, Policy};
use crate::exit::Exit;
use crate::local::targets::Target;
use crate::pms::Dep;
use crate::runs::{Fitness, Machine};
use crate::source::Notice;

pub use summary::Summary;

/// All facts of a run that judges instances.
#[derive(Debug)]
pub struct Report<'a> {
    /// What was asked; empty for `--all`.
    pub targets: &'a [Target],
    /// For each atom of each target, in order, what serves it; for `--all`, for each package name.
    pub answers: Vec<Answer<'a>>,
    /// Every instance that was asked for, in order of name, then best first as emerge would try them.
    pub instances: Vec<Judged<'a>>,
    /// For each of the instances whether it runs here; empty where nobody asked.
    pub fitness: Vec<Fitness>,
    /// What it has to run on.
    pub machine: &'a Machine,
    /// What emerge would merge for the targets; `None` under `--all`.
    pub plan: Option<plan::Planned<'a>>,
    /// The plan against what emerge says, with `--check-plan`.
    pub check: Option<check::Checked>,
    /// All hosts, in Portage's order.
    pub hosts: &'a [HostState],
    /// The options as they took effect.
    pub policy: &'a Policy,
    /// When the report was made, in seconds since 1970; ages count from here.
    pub now: i64,
    /// Lines that were skipped.
    pub notices: Vec<Notice>,
}

/// What serves one atom or, under `--all`, one package name.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// What was asked.
    pub ask: Ask<'a>,
    /// Positions in [`Report::instances`], best first.
    pub instances: Vec<usize>,
    /// What emerge does with them.
    pub choice: Choice,
}

/// Which instance emerge would take; the numbers are positions in [`Report::instances`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This one: the first that is accepted, or that lacks nothing but an ebuild where none serves the atom.
    Taken(usize),
    /// None, because an exclude or include list ends the search at this one.
    Ended(usize),
    /// None.
    Nothing,
    /// It cannot be told.
    Unknown,
}

/// What an answer is for.
#[derive(Clone, Copy, Debug)]
pub enum Ask<'a> {
    /// An atom of a target.
    Atom {
        /// Position of the target.
        target: usize,
        /// The atom.
        atom: &'a Dep,
    },
    /// A package name that some index has.
    Name(&'a str),
}

impl Ask<'_> {
    /// The atom or name.
    pub fn as_str(&self) -> &str {
        match self {
            Ask::Atom { atom, .. } => atom.as_str(),
            Ask::Name(name) => name,
        }
    }
}

impl Answer<'_> {
    /// The instance that emerge would take.
    pub fn chosen<'r, 'a>(&self, report: &'r Report<'a>) -> Option<&'r Judged<'a>> {
        match self.choice {
            Choice::Taken(position) => report.instances.get(position),
            _ => None,
        }
    }

    /// Whether there is a usable instance, if that can be told.
    pub fn is_usable(&self) -> Option<bool> {
        match self.choice {
            Choice::Taken(_) => Some(true),
            Choice::Ended(_) | Choice::Nothing => Some(false),
            Choice::Unknown => None,
        }
    }

    /// Its instances, best first.
    pub fn judged<'r, 'a>(&self, report: &'r Report<'a>) -> impl Iterator<Item = &'r Judged<'a>> {
        self.instances
            .iter()
            .filter_map(|position| report.instances.get(*position))
    }
}

impl<'a> Report<'a> {
    /// Whether the instance at a position runs here, if anybody looked.
    pub fn fitness(&self, position: usize) -> Option<&Fitness> {
        let fitness = self.fitness.get(position);
        fitness.filter(|fitness| fitness.runs.is_some())
    }

    /// The same for an instance of this report.
    pub fn fitness_of(&self, judged: &Judged<'a>) -> Option<&Fitness> {
        self.fitness(self.instances.element_offset(judged)?)
    }

    /// How the run ends. A check against emerge decides alone. Else every target that is no set must have
    /// a usable binary package, sets are answered by the plan where there is one, and emerge must be able
    /// to carry the plan out; the worst of these counts.
    pub fn exit(&self) -> Exit {
        if let Some(checked) = &self.check {
            return checked.exit();
        }
        let has_sets = self.targets.iter().any(Target::is_set);
        let planned = self.plan.as_ref().map(|planned| match has_sets {
            true => planned.exit(),
            false => planned.feasibility(),
        });
        let named = self.shown_answers().map(|answer| match answer.is_usable() {
            Some(true) => Exit::AllUsable,
            Some(false) => Exit::SomeMissing,
            None => Exit::Unknown,
        });
        named.chain(planned).fold(Exit::AllUsable, Exit::or_worse)
    }

    /// Whether a person is shown the instances that serve an answer: not where the plan answers for
    /// a set.
    fn is_shown(&self, answer: &Answer<'_>) -> bool {
        match answer.ask {
            Ask::Atom { target, .. } if self.plan.is_some() => self
                .targets
                .get(target)
                .is_none_or(|target| !target.is_set()),
            _ => true,
        }
    }

    /// Answers that a person is shown: all, or with a plan those for targets that are no sets.
    pub fn shown_answers(&self) -> impl Iterator<Item = &Answer<'a>> {
        self.answers.iter().filter(|answer| self.is_shown(answer))
    }

    /// Instances of the answers that a person is shown, in order.
    pub fn shown_instances(&self) -> Vec<&Judged<'a>> {
        if self.plan.is_none() {
            return self.instances.iter().collect();
        }
        let positions = self.shown_answers().flat_map(|answer| &answer.instances);
        let positions: std::collections::BTreeSet<usize> = positions.copied().collect();
        let instances = positions
            .into_iter()
            .map(|position| self.instances.get(position));
        instances.flatten().collect()
    }

    /// Whether some target is no set.
    pub fn asks_for_packages(&self) -> bool {
        self.shown_answers().next().is_some()
    }

    /// Portage's name of an instance's host: the section, the MD5 of the URI, or `local` for PKGDIR.
    pub fn host_name(&self, candidate: &Candidate) -> &'a str {
        let host = candidate.host.map(|position| self.hosts.get(position));
        match host {
            None => "local",
            Some(host) => host.map_or("", |host| host.repo.name.as_str()),
        }
    }
}

#[cfg(test)]
pub(crate) mod fixture;
