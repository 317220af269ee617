//! bincheck's own cache of indexes, in the user's cache directory: keyed by the judged system and the
//! whole URI, written atomically, safe for several runs at once.
//!
//! A copy is one file: a line of JSON about it, then the text of the index as it was unpacked. It is
//! renamed into place, so readers see an old copy or a new one. Length and checksum stand in the first
//! line; a file that does not agree with them counts as absent.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Take};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use flate2::Crc;
use serde::{Deserialize, Serialize};

use super::Uri;
use super::body::{into_text, read_bounded};
use crate::cache::{CacheDir, Durability};
use crate::hash;

/// The longest first line.
const MAX_HEAD: u64 = 64 << 10;

/// What is known of a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CopyMetadata {
    /// Which file it was: `Packages.gz` or `Packages`.
    pub(super) file: String,
    /// `ETag`, as the server sent it.
    pub(super) etag: Option<String>,
    /// `Last-Modified`, as the server sent it.
    pub(super) last_modified: Option<String>,
    /// When it was fetched, in seconds since 1970.
    pub(super) fetched: i64,
    /// Length of the text in bytes.
    size: u64,
    /// CRC-32 of the text.
    crc: u32,
}

impl CopyMetadata {
    /// Of something that was fetched just now.
    pub(super) fn now(
        file: &str,
        etag: Option<String>,
        last_modified: Option<String>,
    ) -> CopyMetadata {
        CopyMetadata {
            file: file.to_owned(),
            etag,
            last_modified,
            fetched: now(),
            size: 0,
            crc: 0,
        }
    }
}

/// A copy.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    /// What is known of it.
    pub(super) metadata: CopyMetadata,
    /// The index.
    pub(super) text: String,
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

/// Where the copy of one index lies.
#[derive(Clone, Debug)]
pub(super) struct CopyLocation<'c> {
    cache: &'c CacheDir,
    file: String,
}

impl<'c> CopyLocation<'c> {
    /// The location for a URI. Systems that are judged from outside have copies of their own, as they
    /// have below their own roots with Portage: the same URI may be another host's there.
    pub(super) fn of(cache: &'c CacheDir, system: &Path, uri: &Uri) -> CopyLocation<'c> {
        let system = system.as_os_str().as_encoded_bytes();
        let name = hash::sha256([system, uri.secret().as_bytes()]);
        CopyLocation {
            cache,
            file: format!("indexes/{name}"),
        }
    }

    /// The copy, of at most `largest` bytes of text; `None` if there is none.
    ///
    /// # Errors
    /// There is one, and it is larger, unreadable, damaged, or could be someone else's.
    pub(super) fn load(&self, largest: u64) -> Result<Option<Copy>> {
        let file = self.cache.open(&self.file, MAX_HEAD + largest);
        let Some(file) = file.with_context(|| self.describe("cannot read"))? else {
            return Ok(None);
        };
        let copy = read(file, largest).with_context(|| self.describe("ignoring the damaged"))?;
        Ok(Some(copy))
    }

    /// The copy as it lies there, unchecked, with what is known of it in the first line; `None` if there is none.
    ///
    /// # Errors
    /// It is larger, unreadable, or could be someone else's.
    pub(super) fn open(&self, largest: u64) -> Result<Option<Take<File>>> {
        self.cache.open(&self.file, MAX_HEAD + largest)
    }

    /// Put a copy there in one step.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub(super) fn store(&self, metadata: &CopyMetadata, text: &str) -> Result<()> {
        let metadata = CopyMetadata {
            size: text.len() as u64,
            crc: checksum(text.as_bytes()),
            ..metadata.clone()
        };
        let head = serde_json::to_vec(&metadata)?;
        let parts = [&head, &b"\n"[..], text.as_bytes()];
        let written = self
            .cache
            .replace(&self.file, &parts, 0o600, Durability::Lazy);
        written.with_context(|| self.describe("cannot write"))
    }

    fn describe(&self, what: &str) -> String {
        let directory = self.cache.path().unwrap_or(Path::new(""));
        format!(
            "{what} cached index {}",
            directory.join(&self.file).display()
        )
    }
}

pub(super) fn read(file: Take<File>, largest: u64) -> Result<Copy> {
    let mut reader = BufReader::new(file);
    let mut head = Vec::new();
    reader
        .by_ref()
        .take(MAX_HEAD)
        .read_until(b'\n', &mut head)?;
    let metadata: CopyMetadata = serde_json::from_slice(&head)?;
    let bytes = read_bounded(reader, metadata.size.min(largest))?;
    ensure!(bytes.len() as u64 == metadata.size, "it is cut short");
    ensure!(checksum(&bytes) == metadata.crc, "its checksum is wrong");
    Ok(Copy {
        metadata,
        text: into_text(bytes, largest)?,
    })
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::*;

    fn location<'c>(cache: &'c CacheDir, uri: &str) -> CopyLocation<'c> {
        CopyLocation::of(cache, Path::new("/"), &Uri::new(uri))
    }

    #[test]
    fn copies_come_back() {
        let directory = tempfile::tempdir().unwrap();
        let cache = CacheDir::at(directory.path().join("c"));
        let here = location(&cache, "http://h/a");
        assert!(here.load(1 << 20).unwrap().is_none());
        let metadata = CopyMetadata::now("Packages.gz", Some("\"x\"".to_owned()), None);
        for text in ["VERSION: 0\n\né", ""] {
            here.store(&metadata, text).unwrap();
            let copy = here.load(1 << 20).unwrap().unwrap();
            assert_eq!(copy.text, text);
            assert_eq!(copy.metadata.etag, metadata.etag);
            assert_eq!(copy.metadata.file, "Packages.gz");
        }
        assert_eq!(
            fs::read_dir(directory.path().join("c/indexes"))
                .unwrap()
                .count(),
            1
        );
    }

    #[test]
    fn uris_and_systems_have_their_own_copies() {
        let cache = CacheDir::at("/c");
        let path = |system: &str, uri: &str| {
            CopyLocation::of(&cache, Path::new(system), &Uri::new(uri)).file
        };
        let first = path("/", "http://h/a");
        assert_eq!(first, path("/", "http://h/a/"));
        for (system, uri) in [
            ("/", "http://u:p@h/a"),
            ("/", "http://h:81/a"),
            ("/", "https://h/a"),
            ("/", "http://h/a?q"),
            ("/chroot", "http://h/a"),
        ] {
            assert_ne!(first, path(system, uri), "{system} {uri}");
        }
    }

    #[test]
    fn damage_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let cache = CacheDir::at(directory.path().join("c"));
        let here = location(&cache, "http://h/a");
        here.store(&CopyMetadata::default(), "VERSION: 0\n")
            .unwrap();
        let path = directory.path().join("c").join(&here.file);
        let good = fs::read(&path).unwrap();
        let mut flipped = good.clone();
        *flipped.last_mut().unwrap() ^= 1;
        let longer = [&good[..], b"x"].concat();
        let junk = vec![b'{'; 200_000];
        for bad in [
            &good[..good.len() - 1],
            &flipped,
            &longer,
            &junk,
            b"",
            b"{}\n",
            b"\xff\n",
        ] {
            fs::write(&path, bad).unwrap();
            let error = format!("{:#}", here.load(1 << 20).unwrap_err());
            assert!(
                error.contains("ignoring the damaged cached index"),
                "{error}"
            );
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(here.load(1 << 20).is_err());
    }

    /// What an earlier run with more memory left behind is not read into less.
    #[test]
    fn a_larger_copy_than_there_is_room_for_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let cache = CacheDir::at(directory.path().join("c"));
        let here = location(&cache, "http://h/a");
        here.store(&CopyMetadata::default(), &"x".repeat(3 << 20))
            .unwrap();
        assert!(here.load(3 << 20).unwrap().is_some());
        let error = format!("{:#}", here.load(2 << 20).unwrap_err());
        assert!(error.contains("larger than 2 MiB"), "{error}");
    }

    #[test]
    fn two_runs_may_write_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let cache = CacheDir::at(directory.path().join("c"));
        let here = location(&cache, "http://h/a");
        let texts = ["a", "b"].map(|letter| letter.repeat(300_000));
        std::thread::scope(|scope| {
            for text in &texts {
                let here = &here;
                scope.spawn(move || {
                    (0..30).for_each(|_| here.store(&CopyMetadata::default(), text).unwrap())
                });
            }
            for _ in 0..100 {
                if let Some(copy) = here.load(1 << 20).unwrap() {
                    assert!(texts.contains(&copy.text));
                }
            }
        });
    }
}
