//! Packages of binhosts, and how long a host that fails is retried.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::anyhow;

use super::InspectOptions;
use super::formats;
use super::http_reader::HttpReader;
use super::range_reader::ReadError;
use crate::binhost::http::Http;
use crate::binhost::limits::TimeLimits;
use crate::binhost::meter::Meter;
use crate::binhost::package_file::Format;
use crate::binhost::visit::Visit;
use crate::binhost::{HostId, Uri};
use crate::compat::Built;
use crate::local::Base;

/// A host that fails so often in a row, or is too slow so often, is left alone.
const MAX_FAILURES: usize = 8;

/// A file of a binhost.
pub(super) struct Wanted<'w> {
    pub(super) uri: &'w Uri,
    /// Below the URI.
    pub(super) path: &'w str,
    /// According to the index.
    pub(super) size: Option<u64>,
    pub(super) format: Format,
}

/// What reading a file came to.
pub(super) struct Read {
    pub(super) built: Result<Built, ReadError>,
    /// The size of the file, as far as it was reported.
    pub(super) size: Option<u64>,
}

/// Reads packages over HTTP.
pub(super) struct Remote {
    http: Http,
    meter: Meter,
    whole: bool,
    time: TimeLimits,
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

impl Remote {
    /// Ready to ask so many hosts.
    pub(super) fn new(base: &Base, hosts: usize, options: &InspectOptions) -> Remote {
        Remote {
            http: Http::new(base, &options.time),
            meter: Meter::default(),
            whole: options.whole,
            time: options.time,
            hosts: (0..hosts).map(|_| RemoteHost::default()).collect(),
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

    /// Read what a package of a host says of how it was built.
    pub(super) fn read(&self, host: Option<HostId>, wanted: &Wanted<'_>) -> Read {
        let Some(host) = host.and_then(|host| host.of(&self.hosts)) else {
            return failed(anyhow!("there is no such host"));
        };
        if host.is_left_alone() {
            return failed(anyhow!("the host failed too often and was left alone"));
        }
        if let Err(error) = self.http.client() {
            return failed(error);
        }
        let until = *host
            .until
            .get_or_init(|| Instant::now() + self.time.packages);
        if Instant::now() >= until {
            let minutes = self.time.packages.as_secs().div_ceil(60);
            return failed(anyhow!(
                "the host took {minutes} minutes and was left alone"
            ));
        }
        let visit = Visit::new(until, &self.meter);
        let Wanted {
            uri,
            path,
            size,
            format,
        } = *wanted;
        let mut reader = HttpReader::new(&self.http, uri, path, size, &visit);
        reader.whole = self.whole;
        let built = formats::read(&mut reader, format);
        host.count(&built);
        if let Some(url) = visit.insecure() {
            host.insecure.get_or_init(|| url.to_owned());
        }
        let size = reader.total;
        Read { built, size }
    }
}

fn failed(error: anyhow::Error) -> Read {
    Read {
        built: Err(error.into()),
        size: None,
    }
}
