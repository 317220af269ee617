//! What was read of logs before, in bincheck's cache: the merges, and how far each log was read.
//!
//! A line of JSON about the file comes first, then one per log, the last used first. What does not agree with the
//! checksum counts as absent. A log that is another file by now, is shorter than what was read of it, or has other
//! text where reading ended, is read from its beginning.

use std::fs::File;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::Crc;
use serde::{Deserialize, Serialize};

use super::history::History;
use crate::binhost::body::read_bounded;
use crate::cache::{CacheDir, Durability};

/// Raised when the file means something else, so that an old one is not believed.
const FORMAT: u32 = 1;

/// The name of the file.
const FILE: &str = "emerge-log.json";

/// The largest file that is read or written.
const MAX_SIZE: usize = 32 << 20;

/// How many logs are remembered: those that were used last.
const MAX_LOGS: usize = 8;

/// How many bytes before the end of what was read tell whether they are still the same.
const SEAL: u64 = 4096;

/// The first line.
#[derive(Serialize, Deserialize)]
struct LogHead {
    format: u32,
    crc: u32,
}

/// What tells whether a file has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FileState {
    device: u64,
    inode: u64,
    /// In bytes.
    pub(super) size: u64,
    /// Seconds and nanoseconds since 1970.
    modified: (i64, i64),
}

impl FileState {
    pub(super) fn of(file: &File) -> io::Result<FileState> {
        let facts = file.metadata()?;
        Ok(FileState {
            device: facts.dev(),
            inode: facts.ino(),
            size: facts.size(),
            modified: (facts.mtime(), facts.mtime_nsec()),
        })
    }

    fn is_same_file(&self, other: &FileState) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }
}

/// What is known of one log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LogEntry {
    /// Where it lies on the running machine.
    path: String,
    /// The file when it was read.
    pub(super) file: FileState,
    /// How far it was read.
    pub(super) offset: u64,
    /// Checksum of the bytes before that.
    pub(super) seal: u32,
    /// What was read.
    pub(super) history: History,
}

/// All logs that are known.
#[derive(Debug, Default)]
pub(super) struct LogIndex {
    entries: Vec<LogEntry>,
}

impl LogIndex {
    /// Read it; one that does not exist is empty.
    ///
    /// # Errors
    /// It cannot be read, or is damaged.
    pub(super) fn load(cache: &CacheDir) -> Result<LogIndex> {
        let read = || {
            let file = cache.open(FILE, MAX_SIZE as u64)?;
            file.map_or(Ok(Vec::new()), |file| {
                parse(&read_bounded(file, MAX_SIZE as u64)?)
            })
        };
        let entries = read().with_context(|| describe("ignoring the cache", cache))?;
        Ok(LogIndex { entries })
    }

    /// What is known of a log, if that still holds; else an entry to begin with.
    ///
    /// # Errors
    /// The log cannot be read.
    pub(super) fn continued(
        &self,
        label: &Path,
        file: &File,
        state: &FileState,
    ) -> io::Result<LogEntry> {
        let path = label.display().to_string();
        let known = self.entries.iter().find(|entry| entry.path == path);
        if let Some(entry) = known
            && entry.file.is_same_file(state)
            && entry.offset <= state.size
            && (entry.file == *state || seal(file, entry.offset)? == entry.seal)
        {
            return Ok(entry.clone());
        }
        Ok(LogEntry {
            path,
            ..LogEntry::default()
        })
    }

    /// Remember a log, and write it all.
    ///
    /// # Errors
    /// The directory or the file cannot be written.
    pub(super) fn store(&self, entry: &LogEntry, cache: &CacheDir) -> Result<()> {
        let others = self.entries.iter().filter(|known| known.path != entry.path);
        let mut body = Vec::new();
        for entry in [entry].into_iter().chain(others).take(MAX_LOGS) {
            let line = serde_json::to_vec(entry)?;
            if body.len() + line.len() >= MAX_SIZE - 256 {
                break;
            }
            body.extend(line);
            body.push(b'\n');
        }
        let head = LogHead {
            format: FORMAT,
            crc: checksum(&body),
        };
        let head = serde_json::to_vec(&head)?;
        let parts = [&head, &b"\n"[..], &body];
        let done = cache.replace(FILE, &parts, 0o600, Durability::Lazy);
        done.with_context(|| describe("cannot write the cache", cache))
    }
}

/// Checksum of the last bytes before a place.
///
/// # Errors
/// The log cannot be read.
pub(super) fn seal(file: &File, offset: u64) -> io::Result<u32> {
    let start = offset.saturating_sub(SEAL);
    let mut bytes = vec![0; usize::try_from(offset - start).unwrap_or(0)];
    match file.read_exact_at(&mut bytes, start) {
        // It became shorter in between: no text that anybody has read.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
        done => done.map(|()| checksum(&bytes)),
    }
}

fn parse(bytes: &[u8]) -> Result<Vec<LogEntry>> {
    let end = memchr::memchr(b'\n', bytes).context("it is cut short")?;
    let (head, body) = (&bytes[..end], &bytes[end + 1..]);
    let head: LogHead = serde_json::from_slice(head)?;
    ensure!(head.format == FORMAT, "it is of another version");
    ensure!(head.crc == checksum(body), "its checksum is wrong");
    let entries = serde_json::Deserializer::from_slice(body).into_iter::<LogEntry>();
    Ok(entries.collect::<Result<_, _>>()?)
}

fn describe(what: &str, cache: &CacheDir) -> String {
    let path = cache.path().map(|path| path.join(FILE)).unwrap_or_default();
    format!("{what} {}", path.display())
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}
