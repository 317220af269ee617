//! One host while it is contacted.

use std::sync::OnceLock;
use std::time::Instant;

use super::meter::Meter;

/// Until when a host is contacted, how much came, and what was met on the way.
pub(crate) struct Visit<'m> {
    until: Instant,
    pub(crate) meter: &'m Meter,
    insecure: OnceLock<String>,
}

impl Visit<'_> {
    /// Of a host that is left alone after `until`.
    pub(crate) fn new(until: Instant, meter: &Meter) -> Visit<'_> {
        Visit {
            until,
            meter,
            insecure: OnceLock::new(),
        }
    }

    /// When it is left alone.
    pub(crate) fn until(&self) -> Instant {
        self.until
    }

    /// It led from https to this URL; the first one counts.
    pub(crate) fn note_insecure(&self, shown: impl FnOnce() -> String) {
        self.insecure.get_or_init(shown);
    }

    /// The http URL that it led to from https, without secrets.
    pub(crate) fn insecure(&self) -> Option<&str> {
        self.insecure.get().map(String::as_str)
    }
}
