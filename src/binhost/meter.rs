//! How much has come from a host so far, for the report and for people who wait.

use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::ProgressBar;

/// Counts received bytes, and moves a progress bar along if there is one.
#[derive(Default)]
pub(super) struct Meter {
    received: AtomicU64,
    bar: Option<ProgressBar>,
}

impl Meter {
    /// A meter that is shown.
    pub(super) fn shown(bar: ProgressBar) -> Meter {
        Meter {
            received: AtomicU64::new(0),
            bar: Some(bar),
        }
    }

    /// How much is to come.
    pub(super) fn expect(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(bytes);
        }
    }

    /// So many bytes came.
    pub(super) fn add(&self, bytes: u64) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.inc(bytes);
        }
    }

    /// How many came in all.
    pub(super) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
