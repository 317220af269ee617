//! Which files are inspected: each once, however many entries name it, and no more of a host than is
//! reasonable.

use std::collections::HashMap;

use super::Inspection;
use super::location::{self, Location};
use crate::binhost::package_file::Format;
use crate::binhost::{Candidate, HostId, HostState};
use crate::local::Base;

/// A candidate among those that are to be inspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CandidateId(usize);

impl CandidateId {
    /// Those of a list, in its order.
    pub(super) fn all(candidates: &[&Candidate]) -> impl Iterator<Item = CandidateId> + use<> {
        (0..candidates.len()).map(CandidateId)
    }

    /// What belongs to it in a list that has an item for each candidate.
    pub(super) fn of<T>(self, list: &[T]) -> &T {
        &list[self.0]
    }

    /// The same, to be changed.
    pub(super) fn of_mut<T>(self, list: &mut [T]) -> &mut T {
        &mut list[self.0]
    }
}

/// One file, and the candidates that it is for.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) place: Location,
    pub(super) format: Format,
    /// The host whose index names it; `None` for PKGDIR.
    pub(super) host: Option<HostId>,
    /// The candidates.
    pub(super) members: Vec<CandidateId>,
    /// The size that all of their entries name; `None` where there is none, or another for each.
    pub(super) size: Option<u64>,
}

/// The files to inspect, and what is known of candidates without.
pub(super) struct Jobs {
    pub(super) list: Vec<Job>,
    pub(super) without_request: Vec<(CandidateId, Inspection)>,
}

/// Groups candidates by their files.
pub(super) struct Planner<'a> {
    pub(super) base: &'a Base,
    pub(super) hosts: &'a [HostState],
    /// Whether commands of other configurations than this machine's are run.
    pub(super) allow_commands: bool,
    /// Whether hosts may be contacted.
    pub(super) with_network: bool,
    /// How many files of one host are requested at most.
    pub(super) most: usize,
}

impl Planner<'_> {
    /// The jobs for these candidates, hosts taking turns, so that a slow one does not keep
    /// the others waiting.
    pub(super) fn plan(&self, open: &[CandidateId], candidates: &[&Candidate]) -> Jobs {
        let mut jobs: Vec<Job> = Vec::new();
        let mut without_request = Vec::new();
        let mut known: HashMap<(Option<HostId>, Location), usize> = HashMap::new();
        let mut requests: HashMap<Option<HostId>, usize> = HashMap::new();
        let mut turns = Vec::new();
        for &id in open {
            let candidate = id.of(candidates);
            let (place, format) = match self.place(candidate) {
                Ok(found) => found,
                Err(inspection) => {
                    without_request.push((id, *inspection));
                    continue;
                }
            };
            let size = size(candidate);
            let key = (candidate.host, place);
            if let Some(job) = known.get(&key).and_then(|&job| jobs.get_mut(job)) {
                job.members.push(id);
                job.size = job.size.filter(|_| job.size == size);
                continue;
            }
            let count = requests.entry(candidate.host).or_default();
            if key.1.is_remote() && *count >= self.most {
                without_request.push((id, too_many(self.most)));
                continue;
            }
            turns.push(*count);
            *count += 1;
            known.insert(key.clone(), jobs.len());
            jobs.push(Job {
                place: key.1,
                format,
                host: candidate.host,
                members: vec![id],
                size,
            });
        }
        let mut list: Vec<(usize, Job)> = turns.into_iter().zip(jobs).collect();
        list.sort_by_key(|(turn, _)| *turn);
        Jobs {
            list: list.into_iter().map(|(_, job)| job).collect(),
            without_request,
        }
    }

    /// The file of a candidate, or why none is looked at.
    fn place(&self, candidate: &Candidate) -> Result<(Location, Format), Box<Inspection>> {
        let place = location::of(candidate, self.hosts, self.base, self.allow_commands);
        let place = place.map_err(|error| unreadable(&format!("{error:#}")))?;
        let name = candidate.path().rsplit('/').next().unwrap_or_default();
        let Some(format) = Format::of(name) else {
            let text = "PATH does not end as a package does";
            return Err(unreadable(text));
        };
        if place.is_remote() {
            let host = candidate.host.and_then(|host| host.of(self.hosts));
            if !self.with_network {
                return Err(Box::new(Inspection::No));
            }
            if host.is_some_and(|host| host.is_unresponsive) {
                let text = "the host did not answer in time and gets no more requests";
                return Err(unreadable(text));
            }
        }
        Ok((place, format))
    }
}

fn too_many(most: usize) -> Inspection {
    Inspection::Unreadable(format!(
        "{most} packages of this host were inspected, and no more are"
    ))
}

/// The size that the entry names.
pub(super) fn size(candidate: &Candidate) -> Option<u64> {
    candidate.size.and_then(|size| u64::try_from(size).ok())
}

fn unreadable(text: &str) -> Box<Inspection> {
    Box::new(Inspection::Unreadable(text.to_owned()))
}
