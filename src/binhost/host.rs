//! One host: from its settings to its index, or to the reason why there is none.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};

use super::cache::{CopyLocation, CopyMetadata};
use super::cached_index::CachedIndex;
use super::download::{Download, Fetched};
use super::fetch_options::FetchOptions;
use super::host_state::{HostState, IndexOrigin};
use super::http::{Http, Validators};
use super::limits::Share;
use super::meter::Meter;
use super::pace::TooSlow;
use super::shared::WayToHost;
use super::transport::Transport;
use super::unresponsive::Note;
use super::visit::Visit;
use super::{BinRepo, Index, body, index_file, shared, trust};
use crate::local::Base;
use crate::source::Notices;

/// What a cached index of a host that cannot be reached is worth.
const STALE: &str = "its cached index counts here, as for `emerge --pretend`, while emerge itself would do \
                     without this host";

/// What all hosts of a run have in common.
pub(super) struct Session<'a> {
    base: &'a Base,
    options: &'a FetchOptions,
    notices: &'a Notices,
    http: Http,
    /// How large the index of each host may be.
    share: Share,
    /// The judged system, as the cache tells them apart.
    system: PathBuf,
}

/// Why there is no new index.
enum IndexFailure {
    /// The host could not be contacted, or not to the end; a cached copy may take its place.
    Unreachable(anyhow::Error),
    /// What it serves is not an index.
    Unusable(anyhow::Error),
}

impl<'a> Session<'a> {
    /// Ready to ask so many hosts.
    pub(super) fn new(
        base: &'a Base,
        options: &'a FetchOptions,
        hosts: usize,
        notices: &'a Notices,
    ) -> Session<'a> {
        Session {
            base,
            options,
            notices,
            http: Http::new(base, &options.time),
            share: options.memory.share(hosts),
            system: base.chroot.label(&base.roots.eroot),
        }
    }

    /// The same for indexes that several systems have in common.
    pub(super) fn for_several(
        base: &'a Base,
        options: &'a FetchOptions,
        hosts: usize,
        notices: &'a Notices,
    ) -> Session<'a> {
        Session {
            system: shared::system().to_owned(),
            ..Session::new(base, options, hosts, notices)
        }
    }

    /// The way to a host on which the machine that it is read for makes no difference; `None` where a command of
    /// that machine is run, and where the host is not a directory that can be found.
    pub(super) fn way_for_all(&self, repo: &BinRepo) -> Option<WayToHost> {
        match Transport::of(self.base, repo, self.options.allow_commands) {
            Ok(Transport::Http) => Some(WayToHost::over_http(self.base, repo)),
            Ok(Transport::File(path)) => {
                let found = index_file::find(&self.base.chroot, repo, &path).ok()?;
                Some(WayToHost::Directory(found))
            }
            _ => None,
        }
    }

    /// Get the index of one host.
    pub(super) fn host(&self, repo: &BinRepo, meter: &Meter) -> HostState {
        let visit = Visit::new(Instant::now() + self.options.time.index, meter);
        let transport = Transport::of(self.base, repo, self.options.allow_commands);
        if let (Ok(Transport::Http), Some(_)) = (&transport, &repo.fetch_command) {
            let text = format!(
                "{} is contacted without its fetchcommand, {}",
                repo.sync_uri,
                trust::why_not(self.base)
            );
            self.notices.at(&repo.source, text);
        }
        let outcome = match transport {
            Ok(Transport::File(path)) => self.local(repo, &path),
            transport => self.remote(repo, transport, &visit),
        };
        HostState {
            repo: repo.clone(),
            index: outcome.index,
            origin: outcome.origin,
            error: outcome.error,
            received: meter.received(),
            insecure: visit.insecure().map(str::to_owned),
            is_unresponsive: outcome.is_unresponsive,
        }
    }

    fn local(&self, repo: &BinRepo, path: &Path) -> IndexOutcome {
        let text = index_file::read(&self.base.chroot, repo, path, self.share.text);
        match text.and_then(|text| self.check(&Arc::new(text), false)) {
            Ok(index) => IndexOutcome::of(index, IndexOrigin::Local),
            Err(error) => IndexOutcome::nothing(repo, &error),
        }
    }

    /// A remote index, or its cached copy.
    fn remote(
        &self,
        repo: &BinRepo,
        transport: Result<Transport<'_>>,
        visit: &Visit<'_>,
    ) -> IndexOutcome {
        let location = CopyLocation::of(&self.options.cache, &self.system, &repo.sync_uri);
        let known = match self.known(&location) {
            Some(known)
                if self.options.offline || !self.options.refresh && known.is_fresh(repo.frozen) =>
            {
                return self.cached(repo, known, IndexOrigin::Cached);
            }
            None if self.options.offline => {
                let error = anyhow!("there is no cached copy, and --offline is given");
                return IndexOutcome::nothing(repo, &error);
            }
            known => known,
        };
        let note = Note::of(&self.options.cache, &repo.sync_uri, self.options.time.rest);
        if let Some(failure) = note.load().filter(|_| !self.options.refresh) {
            return IndexOutcome {
                is_unresponsive: true,
                ..self.fall_back(repo, known, &anyhow!("{}", failure.describe()))
            };
        }
        let fetched = transport.and_then(|transport| {
            let download = Download {
                base: self.base,
                options: self.options,
                http: &self.http,
                repo,
                visit,
                room: self.share.text,
            };
            download.run(&transport, known.as_ref())
        });
        let is_unresponsive = fetched.as_ref().is_err_and(TooSlow::is_in);
        let noted = match &fetched {
            Err(error) if is_unresponsive => note.store(&format!("{error:#}")),
            _ => note.forget(),
        };
        noted.unwrap_or_else(|error| self.notices.general(format!("{error:#}")));
        IndexOutcome {
            is_unresponsive,
            ..self.outcome(repo, &location, known, fetched)
        }
    }

    /// What came of asking, with a copy that may take its place.
    fn outcome(
        &self,
        repo: &BinRepo,
        location: &CopyLocation<'_>,
        known: Option<CachedIndex>,
        fetched: Result<Option<Fetched>>,
    ) -> IndexOutcome {
        let result = match fetched {
            Ok(Some(fetched)) => self.take(location, known.as_ref(), fetched),
            Ok(None) => match known {
                Some(known) => return self.cached(repo, known, IndexOrigin::NotModified),
                None => Err(IndexFailure::Unreachable(anyhow!(
                    "server replied 304 to a request without a cached copy"
                ))),
            },
            Err(error) => Err(IndexFailure::Unreachable(error)),
        };
        match result {
            Ok(index) => IndexOutcome::of(index, IndexOrigin::Fetched),
            Err(IndexFailure::Unreachable(error)) => self.fall_back(repo, known, &error),
            Err(IndexFailure::Unusable(error)) => IndexOutcome::nothing(repo, &error),
        }
    }

    /// The cached copy in the place of a host that could not be contacted.
    fn fall_back(
        &self,
        repo: &BinRepo,
        known: Option<CachedIndex>,
        error: &anyhow::Error,
    ) -> IndexOutcome {
        let nothing = IndexOutcome::nothing(repo, error);
        let Some(known) = known else { return nothing };
        let stale = self.cached(repo, known, IndexOrigin::Stale);
        match stale.index {
            None => stale,
            Some(_) => IndexOutcome {
                error: nothing.error.map(|error| format!("{error}; {STALE}")),
                ..stale
            },
        }
    }

    /// A cached copy that counts.
    fn cached(&self, repo: &BinRepo, known: CachedIndex, origin: IndexOrigin) -> IndexOutcome {
        match Index::within(&known.text, self.share.entries) {
            Ok(index) => IndexOutcome::of(index, origin),
            Err(error) => IndexOutcome::nothing(repo, &error.into()),
        }
    }

    /// The cached copy; a damaged one is a notice.
    fn known(&self, location: &CopyLocation<'_>) -> Option<CachedIndex> {
        CachedIndex::load(location, self.share).unwrap_or_else(|error| {
            self.notices.general(format!("{error:#}"));
            None
        })
    }

    /// Read what came, and keep it.
    fn take(
        &self,
        location: &CopyLocation<'_>,
        known: Option<&CachedIndex>,
        fetched: Fetched,
    ) -> Result<Index, IndexFailure> {
        let is_gzip = fetched.file == index_file::NAMES[0];
        let text = body::decode(fetched.bytes, is_gzip, self.share.text);
        let text = Arc::new(text.map_err(IndexFailure::Unreachable)?);
        let dated = fetched.validators.last_modified.is_some();
        let index = self.check(&text, dated).map_err(IndexFailure::Unusable)?;
        let Validators {
            etag,
            last_modified,
        } = fetched.validators;
        let mut metadata = CopyMetadata::now(fetched.file, etag, last_modified);
        if let Some(known) = known.filter(|known| known.text == text) {
            // Portage does not start a new TTL for an index that it has already.
            metadata.fetched = known.metadata.fetched;
        }
        if let Err(error) = location.store(&metadata, &text) {
            self.notices.general(format!("{error:#}"));
        }
        Ok(index)
    }

    /// Read a text as an index; `dated` if the server reported its date.
    fn check(&self, text: &Arc<String>, dated: bool) -> Result<Index> {
        let index = Index::within(text, self.share.entries)?;
        ensure!(
            dated || has_timestamp(&index),
            "the index has no TIMESTAMP, and Portage takes none without"
        );
        Ok(index)
    }
}

/// What there is to judge of a host, and why not more.
struct IndexOutcome {
    index: Option<Index>,
    origin: IndexOrigin,
    error: Option<String>,
    is_unresponsive: bool,
}

impl IndexOutcome {
    fn of(index: Index, origin: IndexOrigin) -> IndexOutcome {
        IndexOutcome {
            index: Some(index),
            origin,
            error: None,
            is_unresponsive: false,
        }
    }

    fn nothing(repo: &BinRepo, error: &anyhow::Error) -> IndexOutcome {
        let error = format!("cannot take the index of {}: {error:#}", repo.sync_uri);
        IndexOutcome {
            index: None,
            origin: IndexOrigin::Nothing,
            error: Some(error),
            is_unresponsive: false,
        }
    }
}

fn has_timestamp(index: &Index) -> bool {
    index
        .header("TIMESTAMP")
        .is_some_and(|text| !text.is_empty())
}
