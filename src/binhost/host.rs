//! One host: from its settings to its index, or to the reason why there is none.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::body::{self, MAX_SIZE};
use super::cache::{self, Facts, Place};
use super::fetch::{FetchOptions, HostState, Origin};
use super::http::{Answer, Http, Validators};
use super::http_date::http_date;
use super::meter::Meter;
use super::transport::Transport;
use super::{BinRepo, Index, trust};
use crate::chroot::{Chroot, GrantKind, Refusal};
use crate::local::Base;
use crate::source::{Notices, Source};

/// What a cached index of a host that cannot be reached is worth.
const STALE: &str = "its cached index counts here, as for `emerge --pretend`, while emerge itself would do \
                     without this host";

/// Why a directory that the judged root lacks is not looked for on this machine.
const HOME: &str = "the judged root lacks it, and on this machine it lies in a home directory, which is \
                    never read for another system";

/// The names of an index, in the order in which they are asked for.
pub(super) const FILES: [&str; 2] = ["Packages.gz", "Packages"];

/// Portage asks for an index that is newer than its TIMESTAMP by more than this many seconds.
const TOLERANCE: i64 = 5;

/// What all hosts of a run have in common.
pub(super) struct Session<'a> {
    base: &'a Base,
    options: &'a FetchOptions,
    notices: &'a Notices,
    http: Http,
    /// The judged system, as the cache tells them apart.
    system: PathBuf,
}

/// A cached copy, read.
struct Known {
    facts: Facts,
    text: Arc<String>,
    index: Index,
}

/// An index as it came.
struct Fetched {
    file: &'static str,
    bytes: Vec<u8>,
    validators: Validators,
}

/// Why there is no new index.
enum Failure {
    /// The host could not be asked, or not to the end; a cached copy may stand in.
    Unreachable(anyhow::Error),
    /// What it serves is no index.
    Unusable(anyhow::Error),
}

impl<'a> Session<'a> {
    /// Ready to ask hosts.
    pub(super) fn new(
        base: &'a Base,
        options: &'a FetchOptions,
        notices: &'a Notices,
    ) -> Session<'a> {
        Session {
            base,
            options,
            notices,
            http: Http::new(base, options.timeout),
            system: base.chroot.label(&base.roots.eroot),
        }
    }

    /// Get the index of one host.
    pub(super) fn host(&self, repo: &BinRepo, meter: &Meter) -> HostState {
        let transport = Transport::of(self.base, repo, self.options.allow_commands);
        if let (Ok(Transport::Http), Some(_)) = (&transport, &repo.fetch_command) {
            let text = format!(
                "{} is asked without its fetchcommand, {}",
                repo.sync_uri,
                trust::why_not(self.base)
            );
            self.notices.at(&repo.source, text);
        }
        let (index, origin, trouble) = match transport {
            Ok(Transport::File(path)) => self.local(repo, &path),
            transport => self.remote(repo, transport, meter),
        };
        HostState {
            repo: repo.clone(),
            index,
            origin,
            trouble,
            received: meter.received(),
        }
    }

    /// An index in the file system, which is read afresh each time.
    fn local(&self, repo: &BinRepo, path: &Path) -> Outcome {
        let chroot = &self.base.chroot;
        // A directory that is lacking, or refused, has no index: the error of reading it says so.
        let refused = chroot.grant(path, grant_kind(repo)).err();
        let result = read_local(chroot, path).map_err(|error| match refused {
            Some(Refusal::Home) => error.context(HOME),
            _ => error,
        });
        let result = result.and_then(|text| check(&Arc::new(text), false));
        match result {
            Ok(index) => (Some(index), Origin::Local, None),
            Err(error) => nothing(repo, &error),
        }
    }

    /// An index that comes from elsewhere, or from the cache.
    fn remote(&self, repo: &BinRepo, transport: Result<Transport<'_>>, meter: &Meter) -> Outcome {
        let place = Place::of(&self.options.cache, &self.system, &repo.sync_uri);
        let known = match self.known(&place) {
            Some(known) if self.options.offline || self.is_fresh(repo, &known) => {
                return (Some(known.index), Origin::Cached, None);
            }
            None if self.options.offline => {
                let error = anyhow!("there is no cached copy, and --offline is given");
                return nothing(repo, &error);
            }
            known => known,
        };
        let fetched = transport.and_then(|transport| {
            let download = Download {
                session: self,
                repo,
                meter,
            };
            download.run(&transport, known.as_ref())
        });
        let result = match fetched {
            Ok(Some(fetched)) => self.take(&place, known.as_ref(), fetched),
            Ok(None) => match known {
                Some(known) => return (Some(known.index), Origin::NotModified, None),
                None => Err(Failure::Unreachable(anyhow!(
                    "the server takes us to have a copy"
                ))),
            },
            Err(error) => Err(Failure::Unreachable(error)),
        };
        match (result, known) {
            (Ok(index), _) => (Some(index), Origin::Fetched, None),
            (Err(Failure::Unreachable(error)), Some(known)) => {
                let (_, _, trouble) = nothing(repo, &error);
                let trouble = trouble.map(|trouble| format!("{trouble}; {STALE}"));
                (Some(known.index), Origin::Stale, trouble)
            }
            (Err(Failure::Unreachable(error) | Failure::Unusable(error)), _) => {
                nothing(repo, &error)
            }
        }
    }

    /// The cached copy; a damaged one is a notice.
    fn known(&self, place: &Place) -> Option<Known> {
        let copy = place.load().unwrap_or_else(|error| {
            self.notices.general(format!("{error:#}"));
            None
        })?;
        let text = Arc::new(copy.text);
        let index = Index::of(&text).ok()?;
        Some(Known {
            facts: copy.facts,
            text,
            index,
        })
    }

    /// Whether the host need not be asked.
    fn is_fresh(&self, repo: &BinRepo, known: &Known) -> bool {
        let frozen = repo.frozen && has_timestamp(&known.index);
        let within_ttl = known
            .index
            .ttl
            .is_some_and(|ttl| known.facts.fetched.saturating_add(ttl) > cache::now());
        !self.options.refresh && (frozen || within_ttl)
    }

    /// Read what came, and keep it.
    fn take(
        &self,
        place: &Place,
        known: Option<&Known>,
        fetched: Fetched,
    ) -> Result<Index, Failure> {
        let is_gzip = fetched.file == FILES[0];
        let text = body::decode(fetched.bytes, is_gzip, MAX_SIZE);
        let text = Arc::new(text.map_err(Failure::Unreachable)?);
        let dated = fetched.validators.last_modified.is_some();
        let index = check(&text, dated).map_err(Failure::Unusable)?;
        let Validators {
            etag,
            last_modified,
        } = fetched.validators;
        let mut facts = Facts::now(fetched.file, etag, last_modified);
        if let Some(known) = known.filter(|known| known.text == text) {
            // Portage does not start a new TTL for an index that it has already.
            facts.fetched = known.facts.fetched;
        }
        if let Err(error) = place.store(&facts, &text) {
            self.notices.general(format!("{error:#}"));
        }
        Ok(index)
    }
}

/// Index, origin and trouble of a [`HostState`].
type Outcome = (Option<Index>, Origin, Option<String>);

fn nothing(repo: &BinRepo, error: &anyhow::Error) -> Outcome {
    let trouble = format!("cannot take the index of {}: {error:#}", repo.sync_uri);
    (None, Origin::Nothing, Some(trouble))
}

/// Read a text as an index; `dated` if the server told its date.
fn check(text: &Arc<String>, dated: bool) -> Result<Index> {
    let index = Index::of(text)?;
    ensure!(
        dated || has_timestamp(&index),
        "the index has no TIMESTAMP, and Portage takes none without"
    );
    Ok(index)
}

fn has_timestamp(index: &Index) -> bool {
    index
        .header("TIMESTAMP")
        .is_some_and(|text| !text.is_empty())
}

/// Whoever judges may name any directory with `--binhost`.
fn grant_kind(repo: &BinRepo) -> GrantKind {
    match repo.source {
        Source::Option(_) => GrantKind::TypedBinhost,
        _ => GrantKind::Binhost,
    }
}

fn read_local(chroot: &Chroot, directory: &Path) -> Result<String> {
    let mut result = Err(anyhow!("there is no file"));
    for file in FILES {
        let path = directory.join(file);
        result =
            read_file(chroot, &path).with_context(|| format!("cannot read {}", path.display()));
        if let Ok(bytes) = result {
            let text = body::decode(bytes, file == FILES[0], MAX_SIZE);
            return text.with_context(|| format!("cannot read {}", path.display()));
        }
    }
    result.map(body::into_text)
}

/// A regular file; a pipe would let us wait for ever.
pub(super) fn read_file(chroot: &Chroot, path: &Path) -> Result<Vec<u8>> {
    let (file, _) = chroot.open(path)?;
    Ok(body::read_bounded(file, MAX_SIZE)?)
}

/// Getting one index over the network.
struct Download<'s, 'a> {
    session: &'s Session<'a>,
    repo: &'s BinRepo,
    meter: &'s Meter,
}

impl Download<'_, '_> {
    /// The index; `None` if the cached copy is current.
    fn run(&self, transport: &Transport<'_>, known: Option<&Known>) -> Result<Option<Fetched>> {
        match transport {
            Transport::Http => self.http(known),
            Transport::File(_) => bail!("a file is not fetched"),
            Transport::Command(_) | Transport::Ssh => {
                let silence = self.session.options.timeout;
                let base = self.session.base;
                let (file, bytes) = transport.run(
                    base,
                    self.repo,
                    &self.session.options.cache,
                    silence,
                    self.meter,
                )?;
                Ok(Some(Fetched {
                    file,
                    bytes,
                    validators: Validators::default(),
                }))
            }
        }
    }

    fn http(&self, known: Option<&Known>) -> Result<Option<Fetched>> {
        for file in FILES {
            let validators = self.validators(file, known);
            let uri = &self.repo.sync_uri;
            let answer = self.session.http.get(uri, file, &validators, self.meter);
            match answer.with_context(|| format!("cannot get {file}"))? {
                Answer::NotModified => return Ok(None),
                Answer::NotFound => {}
                Answer::Body(bytes, validators) => {
                    return Ok(Some(Fetched {
                        file,
                        bytes,
                        validators,
                    }));
                }
            }
        }
        bail!("the host has neither {} nor {}", FILES[0], FILES[1])
    }

    /// What the server is told of our copy. Where it gave no validator, TIMESTAMP stands in for a
    /// date, as in Portage.
    fn validators(&self, file: &str, known: Option<&Known>) -> Validators {
        let Some(known) = known.filter(|_| !self.session.options.refresh) else {
            return Validators::default();
        };
        let same_file = known.facts.file == file;
        let etag = known.facts.etag.clone().filter(|_| same_file);
        let by_timestamp = || {
            let seconds = known.index.timestamp?.checked_add(TOLERANCE)?;
            http_date(seconds)
        };
        Validators {
            last_modified: known.facts.last_modified.clone().or_else(by_timestamp),
            etag,
        }
    }
}
