//! The `Packages` file (`portage: getbinpkg.py:PackageIndex`).
//!
//! Blocks of `KEY: value` lines, separated by empty lines: a header, then one block an entry. The
//! text is kept whole, and entries are spans of it: 50,000 entries cost one pass and no copies.

mod bounds;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::number;
use crate::pms::metadata::Spans;
use crate::pms::{Key, Metadata};
use bounds::Bounds;

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

/// Why a text is no index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexError {
    /// `VERSION` is missing or not an integer of at most 0.
    Version(Option<String>),
    /// 4 GiB or more.
    TooLarge,
    /// More entries than this.
    ManyEntries(usize),
    /// The values of this entry (from 1) are longer than any real ones.
    LongEntry(usize),
    /// The header is longer than any real one.
    LongHeader,
    /// So many entries that say so little that they would cost many times their text.
    Hollow,
}

impl fmt::Display for IndexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IndexError::Version(None) => f.write_str("the index names no VERSION"),
            IndexError::Version(Some(version)) => {
                write!(f, "index VERSION {:?} is not supported", shorten(version))
            }
            IndexError::TooLarge => f.write_str("the index is larger than 4 GiB"),
            IndexError::ManyEntries(most) => {
                write!(
                    f,
                    "the index has more than {most} entries, which is the most that is read"
                )
            }
            IndexError::LongEntry(number) => {
                write!(f, "entry {number} of the index is longer than any real one")
            }
            IndexError::LongHeader => {
                f.write_str("the header of the index is longer than any real one")
            }
            IndexError::Hollow => {
                f.write_str("the index has too many entries that say next to nothing")
            }
        }
    }
}

impl std::error::Error for IndexError {}

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
        let (entries, blocks) = read_entries(text, &mut lines, &header, bounds)?;
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

/// A value for people: its first characters.
fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The `KEY: value` lines of a text.
struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    /// The next line of this block as key and value, with where the value starts. Lines without a
    /// colon are passed over; `None` at the empty line or the end that closes the block.
    fn next_pair(&mut self) -> Option<(&'a str, u32, u32)> {
        loop {
            let start = self.at;
            let rest = self.text.as_bytes().get(start..)?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.at = start + length + 1;
            if length == 0 {
                return None;
            }
            let Some(colon) = memchr::memchr(b':', &rest[..length]) else {
                continue;
            };
            let value = after_one_char(self.text, start + colon + 1, start + length);
            let key = self.text.get(start..start + colon)?;
            return Some((key, offset(value), offset(start + length)));
        }
    }
}

/// One character after the colon is dropped, whatever it is.
fn after_one_char(text: &str, start: usize, end: usize) -> usize {
    match text.as_bytes().get(start) {
        Some(b' ') if start < end => start + 1,
        Some(_) if start < end => {
            let first = text.get(start..end).and_then(|value| value.chars().next());
            start + first.map_or(0, char::len_utf8)
        }
        _ => end,
    }
}

/// An offset in a text whose length was checked to fit.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The first block.
struct Header<'a> {
    text: &'a str,
    pairs: Vec<(&'a str, u32, u32)>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Header<'a> {
    fn read(lines: &mut Lines<'a>) -> Result<Header<'a>, IndexError> {
        let mut header = Header {
            text: lines.text,
            pairs: Vec::new(),
            places: HashMap::new(),
        };
        while let Some((key, start, end)) = lines.next_pair() {
            let key = translate(key);
            let pairs = &mut header.pairs;
            let place = *header.places.entry(key).or_insert_with(|| {
                pairs.push((key, 0, 0));
                pairs.len() - 1
            });
            header.pairs[place] = (key, start, end);
            bounds::check_header(lines.at, header.pairs.len())?;
        }
        Ok(header)
    }

    fn span(&self, key: &str) -> Option<(u32, u32)> {
        let (_, start, end) = self.pairs[*self.places.get(key)?];
        Some((start, end))
    }

    fn get(&self, key: &str) -> Option<&'a str> {
        let (start, end) = self.span(key)?;
        self.text.get(start as usize..end as usize)
    }

    /// What entries without the key inherit: a value that is not empty.
    fn inherited(&self, key: Key) -> Option<(u32, u32)> {
        self.span(key.name()).filter(|(start, end)| start < end)
    }

    fn check_version(&self) -> Result<(), IndexError> {
        let version = self.get("VERSION");
        match version.and_then(number::integer) {
            Some(..=0) => Ok(()),
            _ => Err(IndexError::Version(version.map(str::to_owned))),
        }
    }

    fn into_pairs(self) -> Vec<(String, String)> {
        let value = |start, end| self.text.get(start as usize..end as usize).unwrap_or("");
        self.pairs
            .iter()
            .map(|&(key, start, end)| (key.to_owned(), value(start, end).to_owned()))
            .collect()
    }
}

/// An index in parts: entries, and the block that each was read from.
type Entries = (Vec<Metadata>, Vec<(u32, u32)>);

/// All blocks after the header, up to one that yields no key.
fn read_entries(
    text: &Arc<String>,
    lines: &mut Lines<'_>,
    header: &Header<'_>,
    mut bounds: Bounds,
) -> Result<Entries, IndexError> {
    let inherited = [Key::Chost, Key::Repository].map(|key| (key, header.inherited(key)));
    let (mut entries, mut blocks) = (Vec::new(), Vec::new());
    let mut spans: Spans = [None; Key::COUNT];
    let mut start = lines.at;
    while read_block(lines, &mut spans) {
        let end = lines.at.min(text.len());
        let named = spans[Key::Cpv as usize].is_some_and(|(start, end)| start < end);
        if named {
            let own = length(&spans);
            for (key, span) in inherited {
                spans[key as usize] = spans[key as usize].or(span);
            }
            bounds.add(own, length(&spans).saturating_sub(own))?;
            entries.push(Metadata::of_spans(Arc::clone(text), &spans));
            blocks.push((offset(start), offset(end)));
        }
        start = end;
    }
    entries.shrink_to_fit();
    blocks.shrink_to_fit();
    Ok((entries, blocks))
}

/// Bytes of all values.
fn length(spans: &Spans) -> usize {
    let lengths = spans.iter().flatten();
    lengths.map(|(start, end)| (end - start) as usize).sum()
}

/// The head of an index, without its entries.
pub(super) struct Head {
    /// `TIMESTAMP`, seconds since 1970; `None` where absent or not a number.
    pub(super) timestamp: Option<i64>,
    /// Whether it has a TIMESTAMP at all.
    pub(super) is_dated: bool,
    /// `TTL` in seconds.
    pub(super) ttl: Option<i64>,
}

impl Head {
    /// Read the header of an index.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub(super) fn of(text: &str) -> Result<Head, IndexError> {
        if u32::try_from(text.len()).is_err() {
            return Err(IndexError::TooLarge);
        }
        let header = Header::read(&mut Lines { text, at: 0 })?;
        header.check_version()?;
        Ok(Head {
            timestamp: header.get("TIMESTAMP").and_then(number::integer),
            is_dated: header.get("TIMESTAMP").is_some_and(|text| !text.is_empty()),
            ttl: header.get("TTL").and_then(number::seconds),
        })
    }
}

/// Read one block into `spans`; false if it has no key that an entry may have.
fn read_block(lines: &mut Lines<'_>, spans: &mut Spans) -> bool {
    *spans = [None; Key::COUNT];
    let mut any = false;
    while let Some((key, start, end)) = lines.next_pair() {
        match EntryKey::parse(key) {
            EntryKey::Kept(key) => {
                spans[key as usize] = Some((start, end));
                any = true;
            }
            EntryKey::Extra(key) => spans[key as usize] = Some((start, end)),
            EntryKey::Ignored => any = true,
            EntryKey::Unknown => {}
        }
    }
    any
}

/// The name under which Portage keeps a key.
fn translate(key: &str) -> &str {
    match key {
        "DESC" => "DESCRIPTION",
        "MTIME" => "_mtime_",
        "REPO" => "repository",
        _ => key,
    }
}

/// What a key of an entry means.
enum EntryKey {
    /// Read by some rule.
    Kept(Key),
    /// One that Portage drops, so that a block of nothing else ends the index, and that is read here.
    Extra(Key),
    /// One that Portage knows and no rule reads; it only shows that the block is an entry.
    Ignored,
    /// Dropped as if the line were not there.
    Unknown,
}

impl EntryKey {
    fn parse(key: &str) -> EntryKey {
        match translate(key) {
            "DESCRIPTION" | "BASE_URI" | "PKGINDEX_URI" | "FETCHCOMMAND" | "RESUMECOMMAND" => {
                EntryKey::Ignored
            }
            "CFLAGS" => EntryKey::Extra(Key::Cflags),
            "CXXFLAGS" => EntryKey::Extra(Key::Cxxflags),
            // Keys of ebuild caches, which an index cannot set.
            "_eclasses_" | "_md5_" | "REQUIRED_USE" => EntryKey::Unknown,
            name => Key::parse(name).map_or(EntryKey::Unknown, EntryKey::Kept),
        }
    }
}

#[cfg(test)]
mod tests;
