//! The header of an index.

use std::collections::HashMap;

use super::bounds;
use super::error::IndexError;
use super::lines::Lines;
use crate::binhost::number;
use crate::pms::Key;

/// The first block.
pub(super) struct Header<'a> {
    text: &'a str,
    pairs: Vec<(&'a str, u32, u32)>,
    places: HashMap<&'a str, usize>,
}

impl<'a> Header<'a> {
    pub(super) fn read(lines: &mut Lines<'a>) -> Result<Header<'a>, IndexError> {
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

    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        let (start, end) = self.span(key)?;
        self.text.get(start as usize..end as usize)
    }

    /// What entries without the key inherit: a value that is not empty.
    pub(super) fn inherited(&self, key: Key) -> Option<(u32, u32)> {
        self.span(key.name()).filter(|(start, end)| start < end)
    }

    pub(super) fn check_version(&self) -> Result<(), IndexError> {
        let version = self.get("VERSION");
        match version.and_then(number::integer) {
            Some(..=0) => Ok(()),
            _ => Err(IndexError::Version(version.map(str::to_owned))),
        }
    }

    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        let value = |start, end| self.text.get(start as usize..end as usize).unwrap_or("");
        self.pairs
            .iter()
            .map(|&(key, start, end)| (key.to_owned(), value(start, end).to_owned()))
            .collect()
    }
}

/// The head of an index, without its entries.
pub(crate) struct Head {
    /// `TIMESTAMP`, seconds since 1970; `None` where absent or not a number.
    pub(crate) timestamp: Option<i64>,
    /// Whether it has a TIMESTAMP at all.
    pub(in crate::binhost) is_dated: bool,
    /// `TTL` in seconds.
    pub(in crate::binhost) ttl: Option<i64>,
}

impl Head {
    /// Read the header of an index.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub(crate) fn of(text: &str) -> Result<Head, IndexError> {
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

/// The name under which Portage keeps a key.
pub(super) fn translate(key: &str) -> &str {
    match key {
        "DESC" => "DESCRIPTION",
        "MTIME" => "_mtime_",
        "REPO" => "repository",
        _ => key,
    }
}
