//! The `Packages` file (`portage: getbinpkg.py:PackageIndex`).

use crate::pms::Metadata;

/// A parsed index: header values and entries, all lying in one text.
#[derive(Clone, Debug)]
pub struct Index {
    /// `TIMESTAMP`, seconds since 1970; `None` where absent or not a number.
    pub timestamp: Option<i64>,
    /// `TTL` in seconds.
    pub ttl: Option<i64>,
    /// `URI`: base of package downloads instead of the host's.
    pub uri: Option<String>,
    /// All header lines.
    pub header: Vec<(String, String)>,
    /// Entries with a CPV, in order; header values are filled in (not the client's CHOST).
    pub entries: Vec<Metadata>,
    /// Size of the text in bytes.
    pub size: usize,
}

/// Why a text is no index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexError {
    /// `VERSION` is missing or not an integer of at most 0.
    Version(Option<String>),
    /// 4 GiB or more.
    TooLarge,
}

impl Index {
    /// Read an index. Junk lines are dropped as Portage drops them; nothing here fails on content
    /// but an unsupported VERSION.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub fn parse(_text: String) -> Result<Index, IndexError> {
        todo!()
    }
}
