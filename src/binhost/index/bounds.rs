//! How much an index may make of its text.
//!
//! Beside the text lie its entries, and later candidates, answers and reports about them. An index whose
//! entries hold next to nothing would make many times its size of that.

use super::error::IndexError;

/// The longest header, and the most lines of it. Real ones have 10 KiB in 30 lines.
const MAX_HEADER: usize = 4 << 20;
const MAX_HEADER_LINES: usize = 10_000;

/// The longest values that rules read, of one entry together. Real ones have 8 KiB, most of it PROVIDES.
const MAX_ENTRY: usize = 512 << 10;

/// What an entry costs at most beside its text, judged and reported on, in bytes.
const ENTRY: u64 = 1000;

/// How many times its text the entries of an index may cost besides. With values that rules read, an entry of
/// a real index has 900 bytes.
const TIMES: u64 = 3;

/// What entries may cost in any case, so that small indexes may be as they like.
const FREE: u64 = 16 << 20;

/// The most entries where no share says less.
pub(super) const MAX_ENTRIES: usize = 500_000;

/// Counts what an index makes of its text.
pub(super) struct Bounds {
    entries: usize,
    most_entries: usize,
    /// Bytes that may be spent yet.
    left: u64,
}

impl Bounds {
    /// For a text of this length.
    pub(super) fn new(text: usize, most_entries: usize) -> Bounds {
        let text = u64::try_from(text).unwrap_or(u64::MAX);
        Bounds {
            entries: 0,
            most_entries,
            left: text.saturating_mul(TIMES).saturating_add(FREE),
        }
    }

    /// One more entry, whose values have `own` bytes besides `inherited` ones.
    pub(super) fn add(&mut self, own: usize, inherited: usize) -> Result<(), IndexError> {
        self.entries += 1;
        if self.entries > self.most_entries {
            return Err(IndexError::ManyEntries(self.most_entries));
        }
        if own.saturating_add(inherited) > MAX_ENTRY {
            return Err(IndexError::LongEntry(self.entries));
        }
        let cost = ENTRY.saturating_add(u64::try_from(inherited).unwrap_or(u64::MAX));
        let left = self.left.checked_sub(cost);
        self.left = left.ok_or(IndexError::Hollow)?;
        Ok(())
    }
}

/// Whether a header of so many bytes and lines is one.
pub(super) fn check_header(bytes: usize, lines: usize) -> Result<(), IndexError> {
    if bytes > MAX_HEADER || lines > MAX_HEADER_LINES {
        Err(IndexError::LongHeader)
    } else {
        Ok(())
    }
}
