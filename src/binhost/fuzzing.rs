//! Doors for the fuzz targets in `fuzz/`, to readers that nothing else outside calls. Not part of the
//! library: the feature `fuzzing` opens them.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::Uri;
use super::http::content_range::ContentRange;
use super::package_file::{self, Format, unpack, xpak};
use super::{body, cache, number};
use crate::cache::CacheDir;
use crate::compat::Built;

/// The format that a file name tells.
fn format(path: &Path) -> anyhow::Result<Format> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Format::of(&name).ok_or_else(|| anyhow::anyhow!("no package"))
}

/// Values of a package file, and whether it is signed.
///
/// # Errors
/// It is not a package of the format that its name tells.
pub fn package_file(path: &Path) -> anyhow::Result<(HashMap<String, String>, bool)> {
    let file = package_file::read(crate::chroot::open::regular(path)?.0, format(path)?)?;
    Ok((file.values, file.signed))
}

/// How a package file was built, read in parts.
///
/// # Errors
/// It is not a package of the format that its name tells.
pub fn built(path: &Path) -> anyhow::Result<Built> {
    crate::inspect::fuzzing::built(path, format(path)?)
}

/// Names and values of an xpak trailer.
pub fn xpak_entries(trailer: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    xpak::entries(trailer)
}

/// Unpack what a name with this ending holds, up to a limit.
///
/// # Errors
/// It is damaged, or larger.
pub fn unpack(ending: &str, bytes: &[u8], limit: u64) -> anyhow::Result<Vec<u8>> {
    Ok(body::read_bounded(unpack::reader(ending, bytes)?, limit)?)
}

/// Start, length and total of a `Content-Range`.
pub fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    match text.parse().ok()? {
        ContentRange::Part(part) => Some((part.start, part.length(), part.total)),
        ContentRange::None { .. } => None,
    }
}

/// A number as Python reads it.
pub fn integer(text: &str) -> Option<i64> {
    number::integer(text)
}

/// The text of a received index.
///
/// # Errors
/// It is damaged, or larger than the limit.
pub fn body(bytes: Vec<u8>, limit: u64) -> anyhow::Result<String> {
    body::decode(bytes, false, limit)
}

/// How many packages the cache of facts knows.
///
/// # Errors
/// It is damaged.
pub fn cached_facts(bytes: &[u8]) -> anyhow::Result<usize> {
    crate::inspect::fuzzing::cached_facts(bytes)
}

/// The text of a cached index.
///
/// # Errors
/// It is damaged.
pub fn cached_index(path: &Path) -> anyhow::Result<String> {
    Ok(cache::read(File::open(path)?.take(1 << 30), 1 << 30)?.text)
}

/// Put a text into a cache, and take it out again.
///
/// # Errors
/// The directory cannot be written.
pub fn store_index(directory: &Path, text: &str) -> anyhow::Result<Option<String>> {
    let cache = CacheDir::at(directory);
    let location = cache::CopyLocation::of(&cache, Path::new("/"), &Uri::new("http://host/"));
    location.store(&cache::CopyMetadata::now("Packages", None, None), text)?;
    Ok(location.load(1 << 20)?.map(|copy| copy.text))
}
