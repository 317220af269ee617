//! Metadata inside local binary package files (`portage: bintree.py:binarytree._read_metadata`).

pub(crate) mod gpkg;
mod lzop;
pub(crate) mod unpack;
pub(crate) mod xpak;

use std::collections::HashMap;
use std::fs::File;

use anyhow::{Result, bail};

use crate::pms::Key;

/// The largest metadata archive, unpacked, and the largest xpak trailer. It holds the saved
/// environment and a list of files besides the values that are wanted.
const MAX_METADATA: u64 = 64 << 20;

/// What a package file says about itself.
#[derive(Debug)]
pub(crate) struct PackageFile {
    /// Values of the keys that bincheck reads, and of `CATEGORY` and `PF`; white space is made single
    /// blanks.
    pub(crate) values: HashMap<String, String>,
    /// Whether the file carries a signature (which is not verified here).
    pub(crate) signed: bool,
}

/// The two formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `.tbz2`, `.xpak`
    Xpak,
    /// `.gpkg.tar`
    Gpkg,
}

/// Endings of package files, with their formats.
const ENDINGS: [(&str, Format); 3] = [
    (".tbz2", Format::Xpak),
    (".xpak", Format::Xpak),
    (".gpkg.tar", Format::Gpkg),
];

impl Format {
    /// The format that a file name tells; `None` where it is not a package.
    pub(crate) fn of(name: &str) -> Option<Format> {
        let mut endings = ENDINGS.iter();
        let (_, format) = endings.find(|(ending, _)| name.ends_with(ending))?;
        Some(*format)
    }
}

/// Read the metadata of a regular file.
///
/// # Errors
/// It cannot be read, or is not a package of its format.
pub(crate) fn read(file: File, format: Format) -> Result<PackageFile> {
    match format {
        Format::Xpak => xpak::read(file),
        Format::Gpkg => gpkg::read(file),
    }
}

/// Keep a value if its key is wanted.
fn keep(values: &mut HashMap<String, String>, key: &str, value: &[u8]) {
    if key == "CATEGORY" || key == "PF" || Key::parse(key).is_some() {
        let text = String::from_utf8_lossy(value);
        let words: Vec<&str> = text.split_whitespace().collect();
        values.insert(key.to_owned(), words.join(" "));
    }
}

/// A size that is within [`MAX_METADATA`].
fn bounded(size: u64) -> Result<u64> {
    if size > MAX_METADATA {
        bail!("its metadata is larger than {} MiB", MAX_METADATA >> 20);
    }
    Ok(size)
}

#[cfg(test)]
pub(crate) mod tests;
