//! The `Packages` file (`portage: getbinpkg.py:PackageIndex`).
//!
//! Blocks of `KEY: value` lines, separated by empty lines: a header, then one block an entry. The
//! text is kept whole, and entries are spans of it: 50,000 entries cost one pass and no copies.

mod bounds;
mod entries;
mod error;
mod header;
mod lines;

use std::sync::Arc;

use super::number;
use crate::pms::Metadata;
use bounds::Bounds;
pub use error::IndexError;
pub(crate) use header::Head;
use header::Header;
use lines::{Lines, offset};

/// A parsed index: header values and entries, all lying in one text.
#[derive(Clone, Debug)]
pub struct Index {
    /// `TIMESTAMP`, seconds since 1970; `None` where absent or not a number.
    pub timestamp: Option<i64>,
    /// `TTL` in seconds.
    pub ttl: Option<i64>,
    /// `URI`: base of package downloads instead of the host's.
    pub uri: Option<String>,
    /// All header lines; of a repeated key the last.
    pub header: Vec<(String, String)>,
    /// Entries with a CPV, in order; header values are filled in (not the client's CHOST).
    pub entries: Vec<Metadata>,
    /// Size of the text in bytes.
    pub size: usize,
    text: Arc<String>,
    /// Where the header's block ends.
    header_end: u32,
    /// Where the block of each entry lies.
    blocks: Vec<(u32, u32)>,
}

impl Index {
    /// Read an index. Junk lines are dropped as Portage drops them; nothing here fails on content
    /// but an unsupported VERSION.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub fn parse(text: String) -> Result<Index, IndexError> {
        Index::of(&Arc::new(text))
    }

    /// [`Index::parse`] for a text that is needed elsewhere too.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub fn of(text: &Arc<String>) -> Result<Index, IndexError> {
        Index::within(text, bounds::MAX_ENTRIES)
    }

    /// [`Index::of`] with a bound of its own on the number of entries.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub(super) fn within(text: &Arc<String>, most: usize) -> Result<Index, IndexError> {
        if u32::try_from(text.len()).is_err() {
            return Err(IndexError::TooLarge);
        }
        let mut lines = Lines { text, at: 0 };
        let header = Header::read(&mut lines)?;
        header.check_version()?;
        let header_end = offset(lines.at.min(text.len()));
        let bounds = Bounds::new(text.len(), most);
        let (entries, blocks) = entries::read(text, &mut lines, &header, bounds)?;
        Ok(Index {
            timestamp: header.get("TIMESTAMP").and_then(number::integer),
            ttl: header.get("TTL").and_then(number::seconds),
            uri: header.get("URI").map(str::to_owned),
            header: header.into_pairs(),
            entries,
            size: text.len(),
            text: Arc::clone(text),
            header_end,
            blocks,
        })
    }

    /// Read the index of a local PKGDIR, which Portage opens as a text file: a carriage return ends a
    /// line there too.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub fn parse_local(text: String) -> Result<Index, IndexError> {
        if memchr::memchr(b'\r', text.as_bytes()).is_none() {
            return Index::parse(text);
        }
        Index::parse(text.replace("\r\n", "\n").replace('\r', "\n"))
    }

    /// Leave out entries.
    pub fn retain(&mut self, keep: impl Fn(&Metadata) -> bool) {
        let kept: Vec<bool> = self.entries.iter().map(keep).collect();
        let mut answers = kept.iter();
        self.entries.retain(|_| answers.next() == Some(&true));
        let mut answers = kept.iter();
        self.blocks.retain(|_| answers.next() == Some(&true));
    }

    /// The lines of the header, as they came.
    pub fn header_lines(&self) -> impl Iterator<Item = &str> {
        let block = self.text.get(..self.header_end as usize);
        block.unwrap_or_default().trim_end_matches('\n').split('\n')
    }

    /// The lines of each entry, as they came.
    pub fn blocks(&self) -> impl Iterator<Item = &str> {
        let block = |&(start, end): &(u32, u32)| self.text.get(start as usize..end as usize);
        self.blocks
            .iter()
            .map(move |span| block(span).unwrap_or_default())
    }

    /// A header value.
    pub fn header(&self, key: &str) -> Option<&str> {
        let pair = self.header.iter().find(|(name, _)| name == key);
        pair.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests;
