//! A cached copy of an index, and which validators of it a server gets.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::cache::{self, CopyLocation, CopyMetadata};
use super::http::Validators;
use super::index::Head;
use super::limits::Share;
use anyhow::Result;

/// Portage asks for an index that is newer than its TIMESTAMP by more than this many seconds.
const TOLERANCE: i64 = 5;

/// A cached copy. Its entries are read where it counts in the end.
pub(super) struct CachedIndex {
    pub(super) metadata: CopyMetadata,
    pub(super) text: Arc<String>,
    head: Head,
}

impl CachedIndex {
    /// The copy at a location; `None` where there is none that can be used.
    ///
    /// # Errors
    /// It is damaged, or cannot be read.
    pub(super) fn load(location: &CopyLocation<'_>, share: Share) -> Result<Option<CachedIndex>> {
        let Some(copy) = location.load(share.text)? else {
            return Ok(None);
        };
        let Ok(head) = Head::of(&copy.text) else {
            return Ok(None);
        };
        Ok(Some(CachedIndex {
            metadata: copy.metadata,
            text: Arc::new(copy.text),
            head,
        }))
    }

    /// Whether it counts without a request: for ever where the host is `frozen`, else while its TTL lasts.
    pub(super) fn is_fresh(&self, frozen: bool) -> bool {
        let lasts = |ttl| self.metadata.fetched.saturating_add(ttl) > cache::now();
        frozen && self.head.is_dated || self.head.ttl.is_some_and(lasts)
    }

    /// What the server gets of it when a file is requested. Where it gave no validator, TIMESTAMP takes
    /// the place of a date, as in Portage.
    pub(super) fn validators(&self, file: &str) -> Validators {
        let by_timestamp = || {
            let seconds = self.head.timestamp?.checked_add(TOLERANCE)?;
            http_date(seconds)
        };
        let etag = self.metadata.etag.clone();
        Validators {
            last_modified: self.metadata.last_modified.clone().or_else(by_timestamp),
            etag: etag.filter(|_| self.metadata.file == file),
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

    fn cached(header: &str, fetched: i64) -> CachedIndex {
        let text = format!("VERSION: 0\n{header}\n\n");
        let mut metadata = CopyMetadata::now("Packages", Some("\"x\"".to_owned()), None);
        metadata.fetched = fetched;
        CachedIndex {
            metadata,
            head: Head::of(&text).unwrap_or_else(|error| panic!("{error}")),
            text: Arc::new(text),
        }
    }

    #[test]
    fn a_copy_counts_while_its_ttl_lasts_and_for_ever_where_the_host_is_frozen() {
        let now = cache::now();
        for (header, fetched, frozen, fresh) in [
            ("TTL: 3600", now, false, true),
            ("TTL: 3600", now - 7200, false, false),
            ("TIMESTAMP: 5", now, false, false),
            ("TIMESTAMP: 5", 0, true, true),
            ("ARCH: amd64", now, true, false),
        ] {
            let cached = cached(header, fetched);
            assert_eq!(cached.is_fresh(frozen), fresh, "{header} {frozen}");
        }
    }

    #[test]
    fn a_validator_is_for_the_file_that_it_came_with() {
        let cached = cached("TIMESTAMP: 784111772", 0);
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT".to_owned());
        for (file, etag) in [
            ("Packages", Some("\"x\"".to_owned())),
            ("Packages.gz", None),
        ] {
            let validators = cached.validators(file);
            assert_eq!(
                (validators.etag, &validators.last_modified),
                (etag, &date),
                "{file}"
            );
        }
    }

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
