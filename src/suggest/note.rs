//! What should be known before a change is made.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use crate::source::Source;

/// One thing that should be known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuggestionNote {
    /// emerge stops without it.
    Needed,
    /// The user has set what would no longer hold.
    OverridesUser(Source),
    /// The profile sets what would no longer hold.
    OverridesProfile(Source),
    /// So many installed packages were built otherwise than with this flag.
    BuiltOtherwise(String, usize),
    /// The main repository is newer than the newest index.
    TreeIsNewer {
        /// By so many seconds.
        seconds: i64,
        /// When the repository was made, in seconds since 1970.
        synced: i64,
        /// The host of the index.
        host: String,
    },
    /// Options that are left out, and where EMERGE_DEFAULT_OPTS has them.
    WithoutDefaults(Vec<String>, Source),
    /// A host will have newer versions some day.
    WaitFor(String),
}

impl fmt::Display for SuggestionNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SuggestionNote::Needed => f.write_str("without it emerge stops"),
            SuggestionNote::OverridesUser(source) => {
                write!(f, "overrides what you set in {source}")
            }
            SuggestionNote::OverridesProfile(source) => {
                let place = source.to_string();
                let place = place
                    .rsplit_once("/profiles/")
                    .map_or(&*place, |(_, rest)| rest);
                write!(f, "overrides what the profile sets in {place}")
            }
            SuggestionNote::BuiltOtherwise(flag, 1) => {
                write!(
                    f,
                    "one installed package is built otherwise than with {flag}"
                )
            }
            SuggestionNote::BuiltOtherwise(flag, count) => {
                write!(
                    f,
                    "{count} installed packages are built otherwise than with {flag}"
                )
            }
            SuggestionNote::TreeIsNewer {
                seconds,
                synced,
                host,
            } => write!(
                f,
                "the repository is {} newer than the index of {host}: keep the lines until {host} has built what is \
                 of {}, or wait for that instead",
                Days(*seconds),
                date(*synced)
            ),
            SuggestionNote::WithoutDefaults(options, source) => write!(
                f,
                "leaves out {}, which EMERGE_DEFAULT_OPTS has in {source}",
                options.join(" and ")
            ),
            SuggestionNote::WaitFor(host) => write!(
                f,
                "keep the lines until {host} has newer versions, or wait for these instead"
            ),
        }
    }
}

/// `20 Nov 2025`
fn date(seconds: i64) -> String {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    let Some(time) = UNIX_EPOCH
        .checked_add(since)
        .filter(|_| seconds < YEAR_9999)
    else {
        return seconds.to_string();
    };
    let text = httpdate::fmt_http_date(time);
    text.split(' ')
        .skip(1)
        .take(3)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Later dates cannot be written.
const YEAR_9999: i64 = 253_370_764_800;

/// Seconds in days, or hours where that is less than two days.
struct Days(i64);

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            seconds if seconds >= 2 * 86_400 => write!(f, "{} days", seconds / 86_400),
            seconds if seconds >= 7200 => write!(f, "{} hours", seconds / 3600),
            _ => f.write_str("a little"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written() {
        for (seconds, text) in [
            (1_763_640_001, "20 Nov 2025"),
            (0, "1 Jan 1970"),
            (i64::MAX, "9223372036854775807"),
        ] {
            assert_eq!(date(seconds).trim_start_matches('0'), text);
        }
    }
}
