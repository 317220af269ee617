//! Packages of binhosts, and how long a host that fails is retried.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::anyhow;

use super::InspectOptions;
use super::formats;
use super::http_reader::HttpReader;
use super::range_reader::{FileReader, ReadError};
use crate::binhost::command::Allowance;
use crate::binhost::http::Http;
use crate::binhost::meter::Meter;
use crate::binhost::package_file::Format;
use crate::binhost::visit::Visit;
use crate::binhost::{HostId, HostState, Uri, package_command};
use crate::compat::Built;
use crate::local::Base;
use crate::openpgp::Keyring;

/// A host that fails so often in a row, or is too slow so often, is left alone.
const MAX_FAILURES: usize = 8;

/// Files up to this size in bytes are fetched by a command unless `--fetch-whole` takes all: for them it costs about
/// what a few requests for parts do.
const SMALL: u64 = 4 << 20;

/// What a command may write where the index names no size, in bytes.
const LARGEST: u64 = 4 << 30;

/// A file of a binhost.
pub(super) struct Wanted<'w> {
    pub(super) way: Way<'w>,
    /// Below the URI of the host's packages.
    pub(super) path: &'w str,
    /// According to the index.
    pub(super) size: Option<u64>,
    pub(super) format: Format,
}

/// How it comes.
#[derive(Clone, Copy)]
pub(super) enum Way<'w> {
    /// Over HTTP from below this URI.
    Http(&'w Uri),
    /// By a command, whole.
    Command,
}

/// What reading a file came to.
pub(super) struct Read {
    pub(super) built: Result<Built, ReadError>,
    /// The size of the file, as far as it was reported.
    pub(super) size: Option<u64>,
}

/// Reads packages of other machines.
pub(super) struct Remote<'a> {
    base: &'a Base,
    states: &'a [HostState],
    options: &'a InspectOptions,
    keyring: &'a Keyring,
    http: Http,
    meter: Meter,
    hosts: Vec<RemoteHost>,
}

/// One host, and what is known of it by now.
#[derive(Default)]
struct RemoteHost {
    /// When it is left alone.
    until: OnceLock<Instant>,
    /// Failures since it last answered.
    failures: AtomicUsize,
    /// How often it was too slow.
    slow: AtomicUsize,
    /// Where it led from https to http.
    insecure: OnceLock<String>,
}

impl RemoteHost {
    fn is_left_alone(&self) -> bool {
        [&self.failures, &self.slow]
            .iter()
            .any(|count| count.load(Ordering::Relaxed) >= MAX_FAILURES)
    }

    /// Take down what came of a file.
    fn count(&self, built: &Result<Built, ReadError>) {
        match built {
            Err(error) if error.is_of_connection() => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                let slow = usize::from(error.is_slowness());
                self.slow.fetch_add(slow, Ordering::Relaxed);
            }
            _ => self.failures.store(0, Ordering::Relaxed),
        }
    }
}

impl<'a> Remote<'a> {
    /// Ready to ask these hosts.
    pub(super) fn new(
        base: &'a Base,
        states: &'a [HostState],
        options: &'a InspectOptions,
        keyring: &'a Keyring,
    ) -> Remote<'a> {
        Remote {
            base,
            states,
            options,
            keyring,
            http: Http::new(base, &options.time),
            meter: Meter::default(),
            hosts: states.iter().map(|_| RemoteHost::default()).collect(),
        }
    }

    /// Bytes that came so far.
    pub(super) fn received(&self) -> u64 {
        self.meter.received()
    }

    /// Hosts that led from https to http, and where.
    pub(super) fn insecure(&self) -> impl Iterator<Item = (HostId, &str)> {
        let hosts = HostId::number(&self.hosts);
        hosts.filter_map(|(id, host)| Some((id, host.insecure.get()?.as_str())))
    }

    /// Read what a package of a host says about how it was built.
    pub(super) fn read(&self, host: Option<HostId>, wanted: &Wanted<'_>) -> Read {
        let Some((state, host)) =
            host.and_then(|host| Some((host.of(self.states)?, host.of(&self.hosts)?)))
        else {
            return failed(anyhow!("there is no such host"));
        };
        if host.is_left_alone() {
            return failed(anyhow!("the host failed too often and was left alone"));
        }
        let time = &self.options.time;
        let until = *host.until.get_or_init(|| Instant::now() + time.packages);
        if Instant::now() >= until {
            let minutes = time.packages.as_secs().div_ceil(60);
            return failed(anyhow!(
                "the host took {minutes} minutes and was left alone"
            ));
        }
        let visit = Visit::new(until, &self.meter);
        let read = match wanted.way {
            Way::Http(uri) => self.over_http(uri, wanted, &visit),
            Way::Command => self.by_command(state, wanted, &visit),
        };
        host.count(&read.built);
        if let Some(url) = visit.insecure() {
            host.insecure.get_or_init(|| url.to_owned());
        }
        read
    }

    fn over_http(&self, uri: &Uri, wanted: &Wanted<'_>, visit: &Visit<'_>) -> Read {
        if let Err(error) = self.http.client() {
            return failed(error);
        }
        let mut reader = HttpReader::new(&self.http, uri, wanted.path, wanted.size, visit);
        reader.whole = self.options.whole;
        let built = formats::read(&mut reader, wanted.format, self.keyring);
        let size = reader.total;
        Read { built, size }
    }

    fn by_command(&self, state: &HostState, wanted: &Wanted<'_>, visit: &Visit<'_>) -> Read {
        match self.fetched(state, wanted, visit) {
            Ok(mut reader) => Read {
                size: Some(reader.size()),
                built: formats::read(&mut reader, wanted.format, self.keyring),
            },
            Err(error) => Read {
                built: Err(error),
                size: None,
            },
        }
    }

    /// The whole file, as the command of the host brings it.
    fn fetched(
        &self,
        state: &HostState,
        wanted: &Wanted<'_>,
        visit: &Visit<'_>,
    ) -> Result<FileReader, ReadError> {
        let is_small = wanted.size.is_some_and(|size| size <= SMALL);
        if !is_small && !self.options.whole {
            return Err(ReadError::WholeOnly);
        }
        let allowance = Allowance {
            limits: &self.options.time,
            visit,
            cache: &self.options.cache,
            room: wanted.size.unwrap_or(LARGEST),
        };
        let allowed = self.options.allow_commands;
        let file = package_command::fetch(self.base, state, wanted.path, allowed, &allowance);
        FileReader::of(file.map_err(ReadError::connection)?, wanted.size)
    }
}

fn failed(error: anyhow::Error) -> Read {
    Read {
        built: Err(error.into()),
        size: None,
    }
}
