//! What is said: the facts, then a writer for people and one for programs.

pub mod human;
pub mod json;
pub mod layout;
pub mod sanitize;
pub mod summary;

use crate::binhost::{Candidate, HostState};
use crate::check::{Judged, Policy, Verdict};
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
    /// The instance that emerge would take: the first one accepted.
    pub fn chosen<'r, 'a>(&self, report: &'r Report<'a>) -> Option<&'r Judged<'a>> {
        self.judged(report)
            .find(|judged| judged.verdict == Verdict::Accepted)
    }

    /// Whether it can be told at all: an instance is accepted, or all are rejected.
    pub fn is_certain(&self, report: &Report<'_>) -> bool {
        self.chosen(report).is_some()
            || self
                .judged(report)
                .all(|judged| judged.verdict == Verdict::Rejected)
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

    /// How the run ends: a target that has none for certain outweighs one that cannot be told.
    pub fn exit(&self) -> Exit {
        let mut exit = Exit::AllUsable;
        for answer in &self.answers {
            if answer.chosen(self).is_some() {
                continue;
            }
            if answer.is_certain(self) {
                return Exit::SomeMissing;
            }
            exit = Exit::Unknown;
        }
        exit
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
