//! Why a text is not an index.

use std::fmt;

/// Why a text is not an index.
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
    /// So many entries that hold so little that they would cost many times their text.
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
                f.write_str("the index has too many entries that hold next to nothing")
            }
        }
    }
}

impl std::error::Error for IndexError {}

/// A value for people: its first characters.
fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}
