//! One host: from its settings to its index, or to the reason why there is none.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::cache::{self, Facts, Place};
use super::command::Allowance;
use super::fetch::{FetchOptions, HostState, Origin};
use super::http::{Answer, Http, Validators};
use super::index::Head;
use super::limits::Share;
use super::meter::Meter;
use super::pace::TooSlow;
use super::transport::Transport;
use super::unresponsive::Note;
use super::visit::Visit;
use super::{BinRepo, Index, body, trust};
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
    /// How large the index of each host may be.
    share: Share,
    /// The judged system, as the cache tells them apart.
    system: PathBuf,
}

/// A cached copy. Its entries are read where it counts in the end.
struct Known {
    facts: Facts,
    text: Arc<String>,
    head: Head,
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

    /// Get the index of one host.
    pub(super) fn host(&self, repo: &BinRepo, meter: &Meter) -> HostState {
        let visit = Visit::new(Instant::now() + self.options.time.index, meter);
        let transport = Transport::of(self.base, repo, self.options.allow_commands);
        if let (Ok(Transport::Http), Some(_)) = (&transport, &repo.fetch_command) {
            let text = format!(
                "{} is asked without its fetchcommand, {}",
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
            trouble: outcome.trouble,
            received: meter.received(),
            insecure: visit.insecure().map(str::to_owned),
            is_unresponsive: outcome.is_unresponsive,
        }
    }

    /// An index in the file system, which is read afresh each time.
    fn local(&self, repo: &BinRepo, path: &Path) -> Outcome {
        let chroot = &self.base.chroot;
        // A directory that is lacking, or refused, has no index: the error of reading it says so.
        let refused = chroot.grant(path, grant_kind(repo)).err();
        let text = read_local(chroot, path, self.share.text).map_err(|error| match refused {
            Some(Refusal::Home) => error.context(HOME),
            _ => error,
        });
        match text.and_then(|text| self.check(&Arc::new(text), false)) {
            Ok(index) => Outcome::of(index, Origin::Local),
            Err(error) => Outcome::nothing(repo, &error),
        }
    }

    /// An index that comes from elsewhere, or from the cache.
    fn remote(
        &self,
        repo: &BinRepo,
        transport: Result<Transport<'_>>,
        visit: &Visit<'_>,
    ) -> Outcome {
        let place = Place::of(&self.options.cache, &self.system, &repo.sync_uri);
        let known = match self.known(&place) {
            Some(known) if self.options.offline || self.is_fresh(repo, &known) => {
                return self.cached(repo, known, Origin::Cached);
            }
            None if self.options.offline => {
                let error = anyhow!("there is no cached copy, and --offline is given");
                return Outcome::nothing(repo, &error);
            }
            known => known,
        };
        let note = Note::of(&self.options.cache, &repo.sync_uri, self.options.time.rest);
        if let Some(failure) = note.load().filter(|_| !self.options.refresh) {
            return Outcome {
                is_unresponsive: true,
                ..self.fall_back(repo, known, &anyhow!("{}", failure.describe()))
            };
        }
        let fetched = transport.and_then(|transport| {
            let download = Download {
                session: self,
                repo,
                visit,
            };
            download.run(&transport, known.as_ref())
        });
        let is_unresponsive = fetched.as_ref().is_err_and(TooSlow::is_in);
        let noted = match &fetched {
            Err(error) if is_unresponsive => note.store(&format!("{error:#}")),
            _ => note.forget(),
        };
        noted.unwrap_or_else(|error| self.notices.general(format!("{error:#}")));
        Outcome {
            is_unresponsive,
            ..self.outcome(repo, &place, known, fetched)
        }
    }

    /// What came of asking, with a copy that may stand in.
    fn outcome(
        &self,
        repo: &BinRepo,
        place: &Place<'_>,
        known: Option<Known>,
        fetched: Result<Option<Fetched>>,
    ) -> Outcome {
        let result = match fetched {
            Ok(Some(fetched)) => self.take(place, known.as_ref(), fetched),
            Ok(None) => match known {
                Some(known) => return self.cached(repo, known, Origin::NotModified),
                None => Err(Failure::Unreachable(anyhow!(
                    "the server takes us to have a copy"
                ))),
            },
            Err(error) => Err(Failure::Unreachable(error)),
        };
        match result {
            Ok(index) => Outcome::of(index, Origin::Fetched),
            Err(Failure::Unreachable(error)) => self.fall_back(repo, known, &error),
            Err(Failure::Unusable(error)) => Outcome::nothing(repo, &error),
        }
    }

    /// The cached copy stands in for a host that could not be asked.
    fn fall_back(&self, repo: &BinRepo, known: Option<Known>, error: &anyhow::Error) -> Outcome {
        let nothing = Outcome::nothing(repo, error);
        let Some(known) = known else { return nothing };
        let stale = self.cached(repo, known, Origin::Stale);
        match stale.index {
            None => stale,
            Some(_) => Outcome {
                trouble: nothing.trouble.map(|trouble| format!("{trouble}; {STALE}")),
                ..stale
            },
        }
    }

    /// A cached copy that counts.
    fn cached(&self, repo: &BinRepo, known: Known, origin: Origin) -> Outcome {
        match Index::within(&known.text, self.share.entries) {
            Ok(index) => Outcome::of(index, origin),
            Err(error) => Outcome::nothing(repo, &error.into()),
        }
    }

    /// The cached copy; a damaged one is a notice.
    fn known(&self, place: &Place) -> Option<Known> {
        let copy = place.load(self.share.text).unwrap_or_else(|error| {
            self.notices.general(format!("{error:#}"));
            None
        })?;
        let head = Head::of(&copy.text).ok()?;
        Some(Known {
            facts: copy.facts,
            text: Arc::new(copy.text),
            head,
        })
    }

    /// Whether the host need not be asked.
    fn is_fresh(&self, repo: &BinRepo, known: &Known) -> bool {
        let frozen = repo.frozen && known.head.is_dated;
        let within_ttl = known
            .head
            .ttl
            .is_some_and(|ttl| known.facts.fetched.saturating_add(ttl) > cache::now());
        !self.options.refresh && (frozen || within_ttl)
    }

    /// Read what came, and keep it.
    fn take(
        &self,
        place: &Place<'_>,
        known: Option<&Known>,
        fetched: Fetched,
    ) -> Result<Index, Failure> {
        let is_gzip = fetched.file == FILES[0];
        let text = body::decode(fetched.bytes, is_gzip, self.share.text);
        let text = Arc::new(text.map_err(Failure::Unreachable)?);
        let dated = fetched.validators.last_modified.is_some();
        let index = self.check(&text, dated).map_err(Failure::Unusable)?;
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

    /// Read a text as an index; `dated` if the server told its date.
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
struct Outcome {
    index: Option<Index>,
    origin: Origin,
    trouble: Option<String>,
    is_unresponsive: bool,
}

impl Outcome {
    fn of(index: Index, origin: Origin) -> Outcome {
        Outcome {
            index: Some(index),
            origin,
            trouble: None,
            is_unresponsive: false,
        }
    }

    fn nothing(repo: &BinRepo, error: &anyhow::Error) -> Outcome {
        let trouble = format!("cannot take the index of {}: {error:#}", repo.sync_uri);
        Outcome {
            index: None,
            origin: Origin::Nothing,
            trouble: Some(trouble),
            is_unresponsive: false,
        }
    }
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

fn read_local(chroot: &Chroot, directory: &Path, limit: u64) -> Result<String> {
    let mut result = Err(anyhow!("there is no file"));
    for file in FILES {
        let path = directory.join(file);
        let describe = || format!("cannot read {}", path.display());
        match read_file(chroot, &path, limit) {
            Ok(bytes) => {
                return body::decode(bytes, file == FILES[0], limit).with_context(describe);
            }
            Err(error) => result = Err(error).with_context(describe),
        }
    }
    result
}

/// A regular file of at most `limit` bytes; a pipe would let us wait for ever.
pub(super) fn read_file(chroot: &Chroot, path: &Path, limit: u64) -> Result<Vec<u8>> {
    let (file, _) = chroot.open(path)?;
    Ok(body::read_bounded(file, limit)?)
}

/// Getting one index over the network.
struct Download<'s, 'a> {
    session: &'s Session<'a>,
    repo: &'s BinRepo,
    visit: &'s Visit<'s>,
}

impl Download<'_, '_> {
    /// The index; `None` if the cached copy is current.
    fn run(&self, transport: &Transport<'_>, known: Option<&Known>) -> Result<Option<Fetched>> {
        match transport {
            Transport::Http => self.http(known),
            Transport::File(_) => bail!("a file is not fetched"),
            Transport::Command(_) | Transport::Ssh => {
                let allowance = Allowance {
                    limits: &self.session.options.time,
                    visit: self.visit,
                    cache: &self.session.options.cache,
                    room: self.session.share.text,
                };
                let (file, bytes) = transport.run(self.session.base, self.repo, &allowance)?;
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
            let Session { http, share, .. } = self.session;
            let answer = http.get(self.visit, uri, file, &validators, share.text);
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
            let seconds = known.head.timestamp?.checked_add(TOLERANCE)?;
            http_date(seconds)
        };
        Validators {
            last_modified: known.facts.last_modified.clone().or_else(by_timestamp),
            etag,
        }
    }
}

/// The last second of the year 9999, which is as far as four digits go.
const LAST_DATE: u64 = 253_402_300_799;

/// Seconds since 1970 as `Sun, 06 Nov 1994 08:49:37 GMT`; `None` outside the years 1970 to 9999.
fn http_date(seconds: i64) -> Option<String> {
    let seconds = u64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds <= LAST_DATE)?;
    let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?;
    Some(httpdate::fmt_http_date(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_can_be_written() {
        for (seconds, date) in [
            (0, Some("Thu, 01 Jan 1970 00:00:00 GMT")),
            (784_111_777, Some("Sun, 06 Nov 1994 08:49:37 GMT")),
            (253_402_300_799, Some("Fri, 31 Dec 9999 23:59:59 GMT")),
            (253_402_300_800, None),
            (i64::MAX, None),
            (-1, None),
        ] {
            assert_eq!(http_date(seconds).as_deref(), date, "{seconds}");
        }
    }
}
