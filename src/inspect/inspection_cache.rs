//! What is known of packages that were inspected before, by host and by what its index says about their content:
//! size, hashes and time. One file in bincheck's own cache, renamed into place.
//!
//! A line of JSON about the file comes first, then one per package. What does not agree with the checksum
//! counts as absent. Two runs that write at once may lose what one of them found, never mix them.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use flate2::Crc;
use serde::{Deserialize, Serialize};

use crate::binhost::body::read_bounded;
use crate::binhost::cache::now;
use crate::binhost::{Candidate, HostState};
use crate::cache::{CacheDir, Durability};
use crate::compat::Built;
use crate::pms::Key;

/// Raised when facts mean something else, so that old ones are not believed.
const FORMAT: u32 = 7;

/// How many packages are remembered: those that were needed last.
const MAX_FACTS: usize = 50_000;

/// The name of the file.
const FILE: &str = "packages.json";

/// The largest file that is read.
const MAX_SIZE: u64 = 128 << 20;

/// The first line.
#[derive(Serialize, Deserialize)]
struct CacheHead {
    format: u32,
    crc: u32,
}

/// A line about one package.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CacheLine {
    key: String,
    /// When it was needed last, in seconds since 1970; only to the day.
    used: i64,
    built: Built,
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct InspectionCache {
    cache: CacheDir,
    lines: HashMap<String, CacheLine>,
}

/// What tells the content of a package file from that of others; `None` where the index names no hash.
/// It holds the host, since a hash is what an index claims: one host cannot speak for the files of another.
pub(super) fn key(candidate: &Candidate, host: &HostState) -> Option<String> {
    let metadata = &candidate.package.metadata;
    let size = candidate.size.filter(|size| *size > 0)?;
    let hash = [Key::Md5, Key::Sha1].map(|key| metadata.text(key));
    if hash.iter().all(|hash| hash.is_empty()) {
        return None;
    }
    let mtime = candidate.mtime.unwrap_or(-1);
    Some(format!(
        "{} {size} {mtime} {} {}",
        host.packages(),
        hash[0],
        hash[1]
    ))
}

impl InspectionCache {
    /// Read it; one that does not exist is empty.
    ///
    /// # Errors
    /// It cannot be read, or is damaged.
    pub(super) fn load(cache: &CacheDir) -> Result<InspectionCache> {
        let read = || {
            let file = cache.open(FILE, MAX_SIZE)?;
            file.map_or(Ok(HashMap::new()), |file| {
                parse(&read_bounded(file, MAX_SIZE)?)
            })
        };
        Ok(InspectionCache {
            lines: read().with_context(|| describe("ignoring the cache", cache))?,
            cache: cache.clone(),
        })
    }

    /// One that is empty, and will replace whatever there is.
    pub(super) fn empty(cache: &CacheDir) -> InspectionCache {
        InspectionCache {
            cache: cache.clone(),
            lines: HashMap::new(),
        }
    }

    /// Whether nothing is remembered.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What is known of a package.
    pub(super) fn get(&self, key: &str) -> Option<&Built> {
        self.lines.get(key).map(|line| &line.built)
    }

    /// Remember more, and write it all.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub(super) fn store(mut self, found: impl IntoIterator<Item = (String, Built)>) -> Result<()> {
        let used = now() / 86_400 * 86_400;
        for (key, built) in found {
            let line = CacheLine {
                key: key.clone(),
                used,
                built,
            };
            self.lines.insert(key, line);
        }
        self.write()
            .with_context(|| describe("cannot write the cache", &self.cache))
    }

    fn write(&self) -> Result<()> {
        let mut lines: Vec<&CacheLine> = self.lines.values().collect();
        lines.sort_by(|a, b| b.used.cmp(&a.used).then_with(|| a.key.cmp(&b.key)));
        lines.truncate(MAX_FACTS);
        let mut body = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut body, line)?;
            body.push(b'\n');
        }
        let head = CacheHead {
            format: FORMAT,
            crc: checksum(&body),
        };
        let head = serde_json::to_vec(&head)?;
        let parts = [&head, &b"\n"[..], &body];
        self.cache.replace(FILE, &parts, 0o600, Durability::Lazy)
    }
}

fn describe(what: &str, cache: &CacheDir) -> String {
    let path = cache.path().map(|path| path.join(FILE)).unwrap_or_default();
    format!("{what} {}", path.display())
}

pub(super) fn parse(bytes: &[u8]) -> Result<HashMap<String, CacheLine>> {
    let end = memchr::memchr(b'\n', bytes).context("it is cut short")?;
    let (head, body) = (&bytes[..end], &bytes[end + 1..]);
    let head: CacheHead = serde_json::from_slice(head)?;
    // That of another release is not damaged.
    if head.format != FORMAT {
        return Ok(HashMap::new());
    }
    ensure!(head.crc == checksum(body), "its checksum is wrong");
    let lines = serde_json::Deserializer::from_slice(body).into_iter::<CacheLine>();
    let keyed = lines.map(|line| line.map(|line| (line.key.clone(), line)));
    Ok(keyed.collect::<Result<_, _>>()?)
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
