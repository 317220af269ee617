//! Packages of binhosts, and how long a host that fails is borne with.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::anyhow;

use super::super::http::Http;
use super::super::meter::Meter;
use super::super::package_file::Format;
use super::super::{InspectOptions, Uri};
use super::formats;
use super::http_pieces::HttpPieces;
use super::pieces::Trouble;
use crate::local::Base;
use crate::runs::Built;

/// A host that fails so often in a row is left alone.
const MAX_FAILURES: usize = 8;

/// A file of a binhost.
pub(super) struct Wanted {
    pub(super) uri: Uri,
    /// Below the URI.
    pub(super) path: String,
    /// According to the index.
    pub(super) size: Option<u64>,
    pub(super) format: Format,
}

/// Reads packages over HTTP.
pub(super) struct Remote {
    http: Http,
    meter: Meter,
    whole: bool,
    /// Of each host since it last answered.
    failures: Vec<AtomicUsize>,
}

impl Remote {
    /// Ready to ask so many hosts.
    pub(super) fn new(base: &Base, hosts: usize, options: &InspectOptions) -> Remote {
        Remote {
            http: Http::new(base, options.timeout),
            meter: Meter::default(),
            whole: options.whole,
            failures: (0..hosts).map(|_| AtomicUsize::new(0)).collect(),
        }
    }

    /// Bytes that came so far.
    pub(super) fn received(&self) -> u64 {
        self.meter.received()
    }

    /// Read what a package says of how it was built.
    pub(super) fn read(&self, host: Option<usize>, wanted: &Wanted) -> Result<Built, Trouble> {
        let failures = host.and_then(|host| self.failures.get(host));
        if failures.is_some_and(|count| count.load(Ordering::Relaxed) >= MAX_FAILURES) {
            return Err(anyhow!("the host failed too often and was left alone").into());
        }
        let Wanted {
            uri,
            path,
            size,
            format,
        } = wanted;
        let mut pieces = HttpPieces::new(&self.http, uri, path, *size, &self.meter);
        pieces.whole = self.whole;
        let read = formats::read(&mut pieces, *format);
        let is_failure = matches!(
            &read,
            Err(Trouble::Other {
                connection: true,
                ..
            })
        );
        match failures {
            Some(count) if is_failure => {
                count.fetch_add(1, Ordering::Relaxed);
            }
            Some(count) => count.store(0, Ordering::Relaxed),
            None => {}
        }
        read
    }
}
