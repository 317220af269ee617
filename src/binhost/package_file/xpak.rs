//! The trailer of xpak files (`xpak(5)`): after the image, an index and the values that it points at.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use anyhow::{Context, Result, ensure};

use super::{PackageFile, bounded, keep};

/// `XPAKSTOP`, a length, `STOP`.
const END: usize = 16;

/// `XPAKPACK`, length of the index, length of the values.
const HEAD: usize = 16;

/// Read the trailer.
pub(crate) fn read(mut file: File) -> Result<PackageFile> {
    let size = file.seek(SeekFrom::End(0))?;
    ensure!(size >= (HEAD + END) as u64, "it has no xpak trailer");
    let mut end = [0; END];
    file.seek(SeekFrom::End(-(END as i64)))?;
    file.read_exact(&mut end)?;
    let length = trailer_length(&end).context("it has no xpak trailer")?;
    ensure!(length <= size, "its xpak trailer is longer than the file");
    file.seek(SeekFrom::Start(size - length))?;
    let mut trailer = vec![0; usize::try_from(bounded(length)?)?];
    file.read_exact(&mut trailer)?;
    let values = parse(&trailer).context("its xpak trailer is damaged")?;
    Ok(PackageFile {
        values,
        signed: false,
    })
}

/// The values of a trailer; `None` if some length leads out of it.
fn parse(trailer: &[u8]) -> Option<HashMap<String, String>> {
    let mut values = HashMap::new();
    for (name, value) in entries(trailer)? {
        keep(&mut values, &String::from_utf8_lossy(name), value);
    }
    Some(values)
}

/// Names and values of a trailer, which begins with `XPAKPACK`; `None` if some length leads out of it.
pub(crate) fn entries(trailer: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let rest = trailer.strip_prefix(b"XPAKPACK")?;
    let index_length = usize::try_from(number(rest, 0)?).ok()?;
    let data_length = usize::try_from(number(rest, 4)?).ok()?;
    let (mut index, rest) = rest.get(8..)?.split_at_checked(index_length)?;
    let data = rest.get(..data_length)?;
    let mut entries = Vec::new();
    while !index.is_empty() {
        let name_length = usize::try_from(number(index, 0)?).ok()?;
        let (name, rest) = index.get(4..)?.split_at_checked(name_length)?;
        let start = usize::try_from(number(rest, 0)?).ok()?;
        let length = usize::try_from(number(rest, 4)?).ok()?;
        entries.push((name, data.get(start..)?.get(..length)?));
        index = rest.get(8..)?;
    }
    Some(entries)
}

/// How many bytes at the end of a file its trailer takes, recognised by its last [`END`] bytes.
pub(crate) fn trailer_length(end: &[u8]) -> Option<u64> {
    let end = end.last_chunk::<END>()?;
    let is_end = end.starts_with(b"XPAKSTOP") && end.ends_with(b"STOP");
    // The length counts everything but itself and the last word.
    is_end.then(|| Some(u64::from(number(end, 8)?) + 8))?
}

/// A big-endian number at a place.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}
