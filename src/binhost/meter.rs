//! How much has come from a host so far, for the report and for people who wait: for whom, and how much
//! longer at most.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};

/// Counts received bytes, and moves a progress bar along if there is one.
#[derive(Default)]
pub(crate) struct Meter {
    received: AtomicU64,
    bar: Option<ProgressBar>,
}

impl Meter {
    /// A meter that is shown, for a host that is waited for as long as `limit`.
    pub(crate) fn shown(bars: &MultiProgress, host: &str, limit: Duration) -> Meter {
        let bar = bars.add(ProgressBar::no_length());
        let template =
            "{spinner} waiting for {prefix}: {bytes} of {total_bytes}, {left} more at most";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(with_left(style, limit));
        }
        bar.set_prefix(host.replace(char::is_control, "\u{fffd}"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Meter {
            received: AtomicU64::new(0),
            bar: Some(bar),
        }
    }

    /// How much is to come.
    pub(crate) fn expect(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(bytes);
        }
    }

    /// So many bytes came.
    pub(crate) fn add(&self, bytes: u64) {
        self.received.fetch_add(bytes, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.inc(bytes);
        }
    }

    /// How many came in all.
    pub(crate) fn received(&self) -> u64 {
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

/// A style whose `{left}` is what is left of a time limit.
pub(crate) fn with_left(style: ProgressStyle, limit: Duration) -> ProgressStyle {
    let left = move |state: &ProgressState, out: &mut dyn fmt::Write| {
        // A bar that cannot be drawn is not a problem.
        let _ = write!(out, "{}", left(limit.saturating_sub(state.elapsed())));
    };
    style.with_key("left", left)
}

/// `4 min 20 s`
fn left(time: Duration) -> String {
    match (time.as_secs() / 60, time.as_secs() % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_that_is_left() {
        for (seconds, text) in [(0, "0 s"), (59, "59 s"), (60, "1 min"), (299, "4 min 59 s")] {
            assert_eq!(left(Duration::from_secs(seconds)), text);
        }
    }
}
