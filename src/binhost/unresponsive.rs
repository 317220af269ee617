//! Hosts that were waited for in vain, remembered in bincheck's cache so that the next run does not wait
//! again. `--refresh` forgets them.

use std::io::Read;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::Uri;
use super::cache::now;
use crate::cache::{CacheDir, Durability};
use crate::hash;

/// The longest note that is read.
const MAX_SIZE: u64 = 4 << 10;

/// What is remembered of one host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failure {
    /// When it failed, in seconds since 1970.
    at: i64,
    /// How, in words.
    cause: String,
}

impl Failure {
    /// For the warning: how long ago it failed, and how.
    pub(super) fn describe(&self) -> String {
        let seconds = now().saturating_sub(self.at).max(0);
        let ago = match seconds / 60 {
            0 => format!("{seconds} seconds"),
            1 => "a minute".to_owned(),
            minutes => format!("{minutes} minutes"),
        };
        format!(
            "not contacted, because it failed {ago} ago ({}); --refresh asks again",
            self.cause
        )
    }
}

/// The note about one host.
#[derive(Debug)]
pub(super) struct Note<'c> {
    cache: &'c CacheDir,
    file: String,
    rest: Duration,
}

impl<'c> Note<'c> {
    /// Where the failure of a host is noted, and how long that counts.
    pub(super) fn of(cache: &'c CacheDir, uri: &Uri, rest: Duration) -> Note<'c> {
        let name = hash::sha256([uri.secret().as_bytes()]);
        Note {
            cache,
            file: format!("unresponsive/{name}"),
            rest,
        }
    }

    /// The failure, if there was one a short time ago. What cannot be read counts as none.
    pub(super) fn load(&self) -> Option<Failure> {
        let failure = self.read()?;
        let rest = i64::try_from(self.rest.as_secs()).unwrap_or(i64::MAX);
        let age = now().checked_sub(failure.at)?;
        (0..=rest).contains(&age).then_some(failure)
    }

    fn read(&self) -> Option<Failure> {
        let mut file = self.cache.open(&self.file, MAX_SIZE).ok()??;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Remember that it failed just now.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub(super) fn store(&self, cause: &str) -> Result<()> {
        self.write(&Failure {
            at: now(),
            cause: cause.chars().take(200).collect(),
        })
    }

    /// Forget it.
    ///
    /// # Errors
    /// The cache cannot be written.
    pub(super) fn forget(&self) -> Result<()> {
        match self.read() {
            None => Ok(()),
            // A note of long ago counts as none.
            Some(failure) => self.write(&Failure { at: 0, ..failure }),
        }
    }

    fn write(&self, failure: &Failure) -> Result<()> {
        let bytes = serde_json::to_vec(failure)?;
        let written = self
            .cache
            .replace(&self.file, &[&bytes], 0o600, Durability::Lazy);
        written.context("cannot remember in the cache which host was too slow")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_failure_counts_for_a_while() {
        let directory = tempfile::tempdir().unwrap();
        let cache = CacheDir::at(directory.path().join("cache"));
        let note = |uri: &str| Note::of(&cache, &Uri::new(uri), Duration::from_secs(60));
        let here = note("http://h/a");
        assert_eq!(here.load(), None);
        here.forget().unwrap();
        here.store("no answer").unwrap();
        let text = here.load().unwrap().describe();
        assert!(text.contains("seconds ago (no answer)"), "{text}");
        assert_eq!(note("http://h/b").load(), None);
        for (at, counts) in [
            (now() - 50, true),
            (now() - 70, false),
            (now() + 70, false),
            (i64::MIN, false),
        ] {
            let cause = "x".to_owned();
            here.write(&Failure { at, cause }).unwrap();
            assert_eq!(here.load().is_some(), counts, "{at}");
        }
        here.store("no answer").unwrap();
        here.forget().unwrap();
        assert_eq!(here.load(), None);
    }
}
