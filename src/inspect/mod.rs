//! Looking into package files without downloading them: what they were built for, and whether they are
//! there at all.
//!
//! An index that names CFLAGS is believed. Otherwise metadata come from the file, if it is on this
//! machine, from bincheck's cache, or by HTTP: the front of a gpkg file, the end of an xpak file.

mod failed_files;
mod formats;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzing;
mod http_reader;
mod inspection_cache;
mod jobs;
mod location;
mod members;
mod range_reader;
mod remote;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::binhost::limits::{self, TimeLimits};
use crate::binhost::{Candidate, HostState, SignaturePolicy, meter};
use crate::cache::CacheDir;
use crate::compat::Built;
use crate::local::Base;
use crate::openpgp::{FileSignature, Keyring, SignatureOutcome};
use crate::parallel::{self, Workers};
use crate::pms::Key;
use crate::source::Notices;
pub use failed_files::FailedFiles;
use inspection_cache::InspectionCache;
use jobs::{CandidateId, Job, Planner};
use location::Location;
use range_reader::{FileReader, ReadError};
use remote::{Remote, Wanted, Way};

/// The most packages that are inspected at once.
const MOST: usize = 24;

/// How many are inspected at once to begin with. Small servers queue few connections, and what does not fit
/// into the queue is only tried again after a second; so a burst would cost more than it gains.
const FIRST: usize = 4;

/// Which sources are queried; each step takes in those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InspectDepth {
    /// The index.
    Index,
    /// What was found out before.
    Cache,
    /// Files on this machine.
    Files,
    /// Binhosts.
    Network,
}

/// How far to look.
#[derive(Clone, Debug)]
pub struct InspectOptions {
    /// Which sources may be queried.
    pub depth: InspectDepth,
    /// Read whole files where no part of them can be had alone: xpak files of servers that cannot deliver their end,
    /// and larger packages that come by a command.
    pub whole: bool,
    /// Run fetch commands of other configurations than this machine's.
    pub allow_commands: bool,
    /// Show progress on stderr (which is a terminal).
    pub progress: bool,
    /// bincheck's cache.
    pub cache: CacheDir,
    /// How long hosts are waited for.
    pub time: TimeLimits,
    /// How many files of one host are requested at most.
    pub most: usize,
    /// Files that could not be read for another of several machines.
    pub failed: Option<Arc<FailedFiles>>,
}

impl InspectOptions {
    /// How many files of one host are requested at most. Large systems have 3000 packages.
    pub const MOST: usize = 5000;

    /// The same where all packages of a host are requested: twice as many as any public host has.
    pub const MOST_OF_ALL: usize = 100_000;
}

/// What inspecting a package brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// It was not inspected.
    No,
    /// What it says about how it was built.
    Built(Built),
    /// The index names a file that is not there.
    Gone,
    /// The file has this many bytes, which is not what the index says.
    Size(u64),
    /// It cannot be read; why.
    Unreadable(String),
}

/// Looks into packages.
pub struct Inspector<'a> {
    base: &'a Base,
    hosts: &'a [HostState],
    options: &'a InspectOptions,
    keyring: &'a Keyring,
    notices: &'a Notices,
    remote: Remote<'a>,
}

impl<'a> Inspector<'a> {
    /// Ready to inspect.
    pub fn new(
        base: &'a Base,
        hosts: &'a [HostState],
        options: &'a InspectOptions,
        keyring: &'a Keyring,
        notices: &'a Notices,
    ) -> Inspector<'a> {
        Inspector {
            base,
            hosts,
            options,
            keyring,
            notices,
            remote: Remote::new(base, hosts, options, keyring),
        }
    }

    /// Inspect packages, many at once; the result has their order.
    pub fn inspect(&self, candidates: &[&Candidate]) -> Vec<Inspection> {
        let cache = self.cache();
        let known = |one: &&Candidate| self.known(one, &cache);
        let mut inspections: Vec<Inspection> = candidates.iter().map(known).collect();
        let is_open = |id: &CandidateId| {
            let candidate: &&Candidate = id.of(candidates);
            self.is_open(candidate, id.of(&inspections))
        };
        let open: Vec<CandidateId> = CandidateId::all(candidates).filter(is_open).collect();
        if self.options.depth < InspectDepth::Files || open.is_empty() {
            return inspections;
        }
        let planner = Planner {
            base: self.base,
            hosts: self.hosts,
            allow_commands: self.options.allow_commands,
            with_network: self.options.depth >= InspectDepth::Network,
            most: self.options.most,
        };
        let jobs = planner.plan(&open, candidates);
        for (id, inspection) in jobs.without_request {
            let known = id.of_mut(&mut inspections);
            if *known == Inspection::No {
                *known = inspection;
            }
        }
        let mut remembered = HashMap::new();
        let found = self.inspect_files(&jobs.list);
        for (job, found) in jobs.list.iter().zip(found) {
            for id in &job.members {
                let candidate = id.of(candidates);
                let inspection = found.of(candidate);
                // A file that is here is looked at each time.
                if let (Inspection::Built(built), true) = (&inspection, job.place.is_remote()) {
                    remembered.extend(self.key(candidate).map(|key| (key, built.clone())));
                }
                *id.of_mut(&mut inspections) = inspection;
            }
        }
        self.tell_insecure();
        if !remembered.is_empty() {
            let stored = cache.store(remembered);
            stored.unwrap_or_else(|error| self.notices.general(format!("{error:#}")));
        }
        inspections
    }

    /// Report where packages came over http although https was requested.
    fn tell_insecure(&self) {
        for (host, url) in self.remote.insecure() {
            if let Some(host) = host.of(self.hosts) {
                let uri = host.packages();
                self.notices.general(format!(
                    "packages of {uri}: the server leads from https to {url}, which others can read and change on the way"
                ));
            }
        }
    }

    /// Bytes that came over the network.
    pub fn received(&self) -> u64 {
        self.remote.received()
    }

    fn cache(&self) -> InspectionCache {
        let directory = &self.options.cache;
        if self.options.depth < InspectDepth::Cache {
            return InspectionCache::empty(directory);
        }
        InspectionCache::load(directory).unwrap_or_else(|error| {
            self.notices.general(format!("{error:#}"));
            InspectionCache::empty(directory)
        })
    }

    /// Whether the file is worth inspecting after what is known without: nothing, or not whether it is signed although it
    /// has to be.
    fn is_open(&self, candidate: &Candidate, known: &Inspection) -> bool {
        let Inspection::Built(built) = known else {
            return true;
        };
        let repo = self.host_of(candidate).map(|host| &host.repo);
        let policy = SignaturePolicy::of(repo, &self.base.vars);
        match &built.signature {
            None => policy.required,
            // Its key may have come into the keyring since.
            Some(FileSignature::Read(facts)) => {
                let is_verified = facts.outcome != SignatureOutcome::Unverified;
                policy.verified && !is_verified && self.keyring.has(&facts.issuer)
            }
            Some(FileSignature::Missing | FileSignature::Unread) => false,
        }
    }

    /// What is known without inspecting the file.
    fn known(&self, candidate: &Candidate, cache: &InspectionCache) -> Inspection {
        let metadata = &candidate.package.metadata;
        let [cflags, cxxflags] = [Key::Cflags, Key::Cxxflags].map(|key| metadata.get(key));
        let named = Built::of_index(cflags, cxxflags, &candidate.chost);
        let key = if cache.is_empty() || !self.is_remote(candidate) {
            None
        } else {
            self.key(candidate)
        };
        let seen = key.and_then(|key| cache.get(&key).cloned());
        let built = match (named, seen) {
            (Some(named), Some(seen)) => Some(Built {
                signature: seen.signature,
                ..named
            }),
            (named, seen) => named.or(seen),
        };
        built.map_or(Inspection::No, Inspection::Built)
    }

    /// What the cache knows it by.
    fn key(&self, candidate: &Candidate) -> Option<String> {
        inspection_cache::key(candidate, self.host_of(candidate)?)
    }

    /// Where it comes from; `None` for PKGDIR.
    fn host_of(&self, candidate: &Candidate) -> Option<&HostState> {
        candidate.host.and_then(|host| host.of(self.hosts))
    }

    /// Whether its file has to be requested.
    fn is_remote(&self, candidate: &Candidate) -> bool {
        self.host_of(candidate)
            .is_some_and(|host| !matches!(host.packages().scheme(), "" | "file"))
    }

    /// What each file turns out to be.
    fn inspect_files(&self, jobs: &[Job]) -> Vec<InspectedFile> {
        let bar = self.bar(jobs.len() as u64);
        let workers = Workers {
            first: FIRST,
            most: limits::threads(MOST),
        };
        let found = parallel::each(jobs, workers, |job| {
            bar.set_message(self.whom(job));
            let found = self.one(job);
            bar.inc(1);
            found
        });
        bar.finish_and_clear();
        found
    }

    /// Who serves a file, for people who wait.
    fn whom(&self, job: &Job) -> String {
        let host = job.host.and_then(|host| host.of(self.hosts));
        let name = host.map_or("PKGDIR".to_owned(), |host| host.repo.label());
        name.replace(char::is_control, "\u{fffd}")
    }

    fn bar(&self, length: u64) -> ProgressBar {
        if !self.options.progress {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(length);
        let template = "{spinner} inspecting packages of {msg}: {pos} of {len}, {left} more for a host at most";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(meter::with_left(style, self.options.time.packages));
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    fn one(&self, job: &Job) -> InspectedFile {
        let format = job.format;
        match &job.place {
            Location::Http(uri, path) => {
                let read = || self.remote(job, Way::Http(uri), path);
                match &self.options.failed {
                    Some(failed) => failed.or_read((uri.clone(), path.clone(), job.size), read),
                    None => read(),
                }
            }
            Location::Command(path) => self.remote(job, Way::Command, path),
            Location::File(path) => match FileReader::open(&self.base.chroot, path, job.size) {
                Ok(mut reader) => InspectedFile {
                    size: Some(reader.size()),
                    inspection: inspection_of(formats::read(&mut reader, format, self.keyring)),
                },
                Err(error) => InspectedFile {
                    inspection: inspection_of(Err(error)),
                    size: None,
                },
            },
        }
    }

    fn remote(&self, job: &Job, way: Way<'_>, path: &str) -> InspectedFile {
        let wanted = Wanted {
            way,
            path,
            size: job.size,
            format: job.format,
        };
        let read = self.remote.read(job.host, &wanted);
        InspectedFile {
            inspection: inspection_of(read.built),
            size: read.size,
        }
    }
}

/// What a file turned out to be.
#[derive(Clone, Debug)]
struct InspectedFile {
    inspection: Inspection,
    /// Its size, as far as that was reported.
    size: Option<u64>,
}

impl InspectedFile {
    /// What that is to one of the entries that name the file.
    fn of(&self, candidate: &Candidate) -> Inspection {
        match (&self.inspection, jobs::size(candidate), self.size) {
            (Inspection::Built(_), Some(named), Some(size)) if named != size => {
                Inspection::Size(size)
            }
            _ => self.inspection.clone(),
        }
    }
}

fn inspection_of(read: Result<Built, ReadError>) -> Inspection {
    match read {
        Ok(built) => Inspection::Built(built),
        Err(ReadError::Gone) => Inspection::Gone,
        Err(ReadError::Size(size)) => Inspection::Size(size),
        Err(ReadError::WholeOnly) => Inspection::Unreadable(
            "the host delivers whole files only; --fetch-whole reads them".to_owned(),
        ),
        Err(ReadError::Other { error, .. }) => Inspection::Unreadable(format!("{error:#}")),
    }
}
