//! Looking into package files without downloading them: what they were built for, and whether they are
//! there at all.
//!
//! An index that names CFLAGS is believed. Otherwise metadata come from the file, if it is on this
//! machine, from bincheck's cache, or by HTTP: the front of a gpkg file, the end of an xpak file.

mod facts_cache;
mod formats;
mod http_pieces;
mod members;
mod pieces;
mod place;
mod queue;
mod remote;

use std::collections::HashMap;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::package_file::Format;
use super::{Candidate, HostState};
use crate::cache::CacheDir;
use crate::local::Base;
use crate::pms::Key;
use crate::runs::Built;
use crate::source::Notices;
use facts_cache::FactsCache;
use pieces::{FilePieces, Trouble};
use place::Place;
use queue::Queue;
use remote::{Remote, Wanted};

/// Which sources are asked; each step takes in those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
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
    /// Which sources may be asked.
    pub depth: Depth,
    /// Read whole xpak files from servers that cannot deliver their end alone.
    pub whole: bool,
    /// Show progress on stderr (which is a terminal).
    pub progress: bool,
    /// bincheck's cache.
    pub cache: CacheDir,
    /// Time limit for one connection or for silence on it.
    pub timeout: Duration,
}

/// What a look into a package brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nobody looked.
    No,
    /// What it says of how it was built.
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
    notices: &'a Notices,
    remote: Remote,
}

impl<'a> Inspector<'a> {
    /// Ready to look.
    pub fn new(
        base: &'a Base,
        hosts: &'a [HostState],
        options: &'a InspectOptions,
        notices: &'a Notices,
    ) -> Inspector<'a> {
        Inspector {
            base,
            hosts,
            options,
            notices,
            remote: Remote::new(base, hosts.len(), options),
        }
    }

    /// Look into packages, many at once; the result has their order.
    pub fn look(&self, candidates: &[&Candidate]) -> Vec<Look> {
        let cache = self.cache();
        let mut looks: Vec<Look> = candidates
            .iter()
            .map(|one| self.known(one, &cache))
            .collect();
        let open: Vec<usize> = (0..looks.len())
            .filter(|&at| looks[at] == Look::No)
            .collect();
        if self.options.depth < Depth::Files || open.is_empty() {
            return looks;
        }
        let found = self.look_into(&open, candidates);
        let mut facts = HashMap::new();
        for (position, look) in found {
            let candidate = candidates[position];
            if let (Look::Built(built), true) = (&look, self.is_remote(candidate)) {
                facts.extend(facts_cache::key(candidate).map(|key| (key, built.clone())));
            }
            looks[position] = look;
        }
        if !facts.is_empty() {
            let stored = cache.store(facts);
            stored.unwrap_or_else(|error| self.notices.general(format!("{error:#}")));
        }
        looks
    }

    /// Bytes that came over the network.
    pub fn received(&self) -> u64 {
        self.remote.received()
    }

    fn cache(&self) -> FactsCache {
        let directory = &self.options.cache;
        if self.options.depth < Depth::Cache {
            return FactsCache::empty(directory);
        }
        FactsCache::load(directory).unwrap_or_else(|error| {
            self.notices.general(format!("{error:#}"));
            FactsCache::empty(directory)
        })
    }

    /// What is known without looking.
    fn known(&self, candidate: &Candidate, cache: &FactsCache) -> Look {
        let metadata = &candidate.package.metadata;
        let [cflags, cxxflags] = [Key::Cflags, Key::Cxxflags].map(|key| metadata.get(key));
        if let Some(built) = Built::of_index(cflags, cxxflags, &candidate.chost) {
            return Look::Built(built);
        }
        if cache.is_empty() || !self.is_remote(candidate) {
            return Look::No;
        }
        let key = facts_cache::key(candidate);
        let built = key.and_then(|key| cache.get(&key).cloned());
        built.map_or(Look::No, Look::Built)
    }

    /// Whether its file has to be asked for: one that is here is looked at each time.
    fn is_remote(&self, candidate: &Candidate) -> bool {
        let host = candidate.host.and_then(|position| self.hosts.get(position));
        host.is_some_and(|host| {
            let header = host.index.as_ref().and_then(|index| index.uri.as_deref());
            let is_file = |scheme: &str| matches!(scheme, "" | "file");
            !header.map_or_else(
                || is_file(host.repo.sync_uri.scheme()),
                |uri| is_file(super::Uri::new(uri).scheme()),
            )
        })
    }

    fn look_into(&self, open: &[usize], candidates: &[&Candidate]) -> Vec<(usize, Look)> {
        let bar = self.bar(open.len() as u64);
        let queue = Queue::new(open, |position| {
            let look = self.one(candidates[position]);
            bar.inc(1);
            look
        });
        let looks = queue.run();
        bar.finish_and_clear();
        looks
    }

    fn bar(&self, length: u64) -> ProgressBar {
        if !self.options.progress {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(length);
        let style = ProgressStyle::with_template("{spinner} looking into packages: {pos} of {len}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }

    fn one(&self, candidate: &Candidate) -> Look {
        let place = match place::of(candidate, self.hosts, self.base) {
            Ok(place) => place,
            Err(error) => return Look::Unreadable(format!("{error:#}")),
        };
        let name = candidate.path().rsplit('/').next().unwrap_or_default();
        let Some(format) = Format::of(name) else {
            return Look::Unreadable("PATH does not end as a package does".to_owned());
        };
        let size = candidate.size.and_then(|size| u64::try_from(size).ok());
        said(match place {
            Place::Http(..) if self.options.depth < Depth::Network => return Look::No,
            Place::Http(uri, path) => {
                let wanted = Wanted {
                    uri,
                    path,
                    size,
                    format,
                };
                self.remote.read(candidate.host, &wanted)
            }
            Place::File(path) => FilePieces::open(&self.base.chroot, &path, size)
                .and_then(|mut pieces| formats::read(&mut pieces, format)),
        })
    }
}

fn said(read: Result<Built, Trouble>) -> Look {
    match read {
        Ok(built) => Look::Built(built),
        Err(Trouble::Gone) => Look::Gone,
        Err(Trouble::Size(size)) => Look::Size(size),
        Err(Trouble::WholeOnly) => Look::Unreadable(
            "the server delivers whole files only; --fetch-whole reads them".to_owned(),
        ),
        Err(Trouble::Other { error, .. }) => Look::Unreadable(format!("{error:#}")),
    }
}
