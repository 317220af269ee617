//! Whether an answer comes fast enough.

use std::fmt;
use std::time::{Duration, Instant};

use super::limits::TimeLimits;

/// A host was waited for in vain: what others of its answers will fare like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TooSlow(pub(super) String);

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TooSlow {}

impl TooSlow {
    /// Nothing came for so long.
    pub(crate) fn silent(silence: Duration) -> TooSlow {
        TooSlow(format!(
            "the server sent nothing for {} seconds",
            silence.as_secs_f32()
        ))
    }

    /// Whether this is why something failed.
    pub(crate) fn is_in(error: &anyhow::Error) -> bool {
        error.downcast_ref::<TooSlow>().is_some()
    }
}

/// Watches what comes of one answer.
#[derive(Debug)]
pub(crate) struct Pace {
    limits: TimeLimits,
    until: Instant,
    /// When the span that is watched began, and how much came since.
    span: (Instant, u64),
}

impl Pace {
    /// For an answer that has to be here by `until`.
    pub(crate) fn new(limits: &TimeLimits, until: Instant, now: Instant) -> Pace {
        Pace {
            limits: *limits,
            until,
            span: (now, 0),
        }
    }

    /// So many bytes came.
    ///
    /// # Errors
    /// There is no time left, or less came than has to.
    pub(crate) fn add(&mut self, bytes: u64, now: Instant) -> Result<(), TooSlow> {
        if now >= self.until {
            return Err(TooSlow("it takes longer than a host is given".to_owned()));
        }
        self.span.1 = self.span.1.saturating_add(bytes);
        let elapsed = now.saturating_duration_since(self.span.0);
        if elapsed < self.limits.grace {
            return Ok(());
        }
        // The time of whole milliseconds is at least `grace`, so small limits of tests count too.
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let wanted = self.limits.min_rate.saturating_mul(millis) / 1000;
        if self.span.1 < wanted {
            let rate = self.limits.min_rate;
            return Err(TooSlow(format!(
                "the server sends less than {rate} bytes a second"
            )));
        }
        self.span = (now, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Bytes in each second, and after how many seconds it is given up.
    fn given_up(per_second: u64, first: u64) -> Option<u32> {
        let start = Instant::now();
        let limits = TimeLimits::DEFAULT;
        let mut pace = Pace::new(&limits, start + limits.index, start);
        (1..=1000).find(|second| {
            let bytes = if *second == 1 { first } else { per_second };
            pace.add(bytes, start + SECOND * *second).is_err()
        })
    }

    #[test]
    fn slow_answers_are_given_up() {
        for (rate, first, second) in [
            (60, 60, Some(10)),
            (1024, 1024, Some(10)),
            (4095, 4095, Some(10)),
            // A good start lasts for one span.
            (60, 1 << 20, Some(20)),
            (4096, 4096, Some(300)),
            (1 << 20, 0, Some(300)),
        ] {
            assert_eq!(given_up(rate, first), second, "{rate} {first}");
        }
    }

    #[test]
    fn it_shows_behind_other_causes() {
        let error = anyhow::Error::new(TooSlow::silent(SECOND)).context("cannot get Packages");
        assert!(TooSlow::is_in(&error));
        assert!(!TooSlow::is_in(&anyhow::anyhow!("refused")));
    }
}
