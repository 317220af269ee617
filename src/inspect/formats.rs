//! Where metadata lies in a package file, and reading no more than that.

use anyhow::{Context, anyhow};
use tar::Archive;

use super::members::{self, Members};
use super::range_reader::{RangeReader, ReadError};
use crate::binhost::package_file::gpkg::metadata_ending;
use crate::binhost::package_file::{Format, xpak};
use crate::compat::Built;
use crate::openpgp::{FileSignature, Keyring};

/// How much is read of the front of a gpkg file at first. The metadata of all but a few packages end within it:
/// waiting for another answer takes longer than that many bytes.
const FRONT: u64 = 64 << 10;

/// How much is read of the end of an xpak file at first, for the same reason: a saved environment takes some 10 KiB,
/// the list of files more.
const TAIL: u64 = 64 << 10;

/// The largest metadata, as Portage reads them over HTTP.
const MAX_METADATA: u64 = 10_000_000;

/// The metadata member is one of the first two; a container has six in all.
const MAX_HOPS: usize = 8;

/// What is read behind the metadata, for the member that follows: filling, headers of up to three blocks (`tar`: a
/// long name takes two more), and a signature by a key of usual size.
const NEXT_MEMBER: u64 = 8 * 512;

/// The largest signature, as Portage reads them over HTTP.
const MAX_SIGNATURE: u64 = 10_240;

/// Read what a package says about how it was built.
pub(super) fn read(
    reader: &mut dyn RangeReader,
    format: Format,
    keyring: &Keyring,
) -> Result<Built, ReadError> {
    match format {
        Format::Gpkg => gpkg(reader, keyring),
        Format::Xpak => xpak(reader),
    }
}

/// Bytes of a file, and where they begin in it.
type Window = (u64, Vec<u8>);

/// A member of a container.
struct TarMember {
    name: String,
    /// Where its content begins, in the file.
    start: u64,
    size: u64,
}

/// Go from header to header until the metadata member, which is at the front in all that Portage writes.
fn gpkg(reader: &mut dyn RangeReader, keyring: &Keyring) -> Result<Built, ReadError> {
    let (mut at, mut window) = (0, (0, Vec::new()));
    for _ in 0..MAX_HOPS {
        let member = match member(&window, at) {
            Some(member) => member,
            None => {
                window = (at, reader.at(at, FRONT)?);
                member(&window, at).context("it is not a gpkg file: no metadata come first")?
            }
        };
        let Some(ending) = metadata_ending(&member.name) else {
            let blocks = member.size.div_ceil(512);
            let end = blocks
                .checked_mul(512)
                .and_then(|size| member.start.checked_add(size));
            at = end.context("it is not a gpkg file: the size of a member is absurd")?;
            continue;
        };
        if member.size > MAX_METADATA {
            return Err(anyhow!(
                "its metadata is larger than {} MB",
                MAX_METADATA / 1_000_000
            )
            .into());
        }
        let (bytes, behind) = content(reader, &window, &member)?;
        return Ok(Built {
            signature: signature(reader, &behind, &bytes, keyring)?,
            ..members::of_archive(ending, &bytes)?
        });
    }
    Err(anyhow!("it is not a gpkg file: it has no metadata").into())
}

/// The member whose header begins at a place, if the window holds it whole.
fn member((start, bytes): &Window, at: u64) -> Option<TarMember> {
    let from = usize::try_from(at.checked_sub(*start)?).ok()?;
    let mut archive = Archive::new(bytes.get(from..)?);
    let entry = archive.entries().ok()?.next()?.ok()?;
    Some(TarMember {
        name: String::from_utf8_lossy(&entry.path_bytes()).into_owned(),
        start: at + entry.raw_file_position(),
        size: entry.size(),
    })
}

/// The signature of the metadata, which follows them in all that Portage signs
/// (`portage: gpkg.py:gpkg._add_signature`). The bytes begin where the metadata end.
fn signature(
    reader: &mut dyn RangeReader,
    behind: &Window,
    metadata: &[u8],
    keyring: &Keyring,
) -> Result<Option<FileSignature>, ReadError> {
    let Some(next) = member(behind, behind.0.next_multiple_of(512)) else {
        return Ok(None);
    };
    if !next.name.ends_with(".sig") {
        return Ok(Some(FileSignature::Missing));
    }
    if next.size > MAX_SIGNATURE {
        return Ok(Some(FileSignature::Unread));
    }
    let (text, _) = content(reader, behind, &next)?;
    Ok(Some(FileSignature::of(&text, metadata, keyring)))
}

/// The content of a member, what the window has of it and the rest; and some of what follows it, with its place.
fn content(
    reader: &mut dyn RangeReader,
    (start, bytes): &Window,
    member: &TarMember,
) -> Result<(Vec<u8>, Window), ReadError> {
    let from = usize::try_from(member.start - start).unwrap_or(usize::MAX);
    let size = usize::try_from(member.size).unwrap_or(usize::MAX);
    let mut content = bytes.get(from..).unwrap_or_default().to_vec();
    if content.len() < size {
        let have = content.len() as u64;
        let left = member.size - have + NEXT_MEMBER;
        content.extend(reader.at(member.start + have, left)?);
    }
    if content.len() < size {
        return Err(anyhow!("it is cut short").into());
    }
    let behind = content.split_off(size);
    Ok((content, (member.start + member.size, behind)))
}

fn xpak(reader: &mut dyn RangeReader) -> Result<Built, ReadError> {
    let (mut tail, total) = reader.tail(TAIL)?;
    let length = xpak::trailer_length(&tail).context("it has no xpak trailer")?;
    if length > MAX_METADATA {
        return Err(anyhow!(
            "its xpak trailer is larger than {} MB",
            MAX_METADATA / 1_000_000
        )
        .into());
    }
    let have = tail.len() as u64;
    if length > have {
        let start = total.checked_sub(length);
        let start = start.context("its xpak trailer is longer than the file")?;
        let mut front = reader.at(start, length - have)?;
        front.truncate(usize::try_from(length - have).unwrap_or(usize::MAX));
        front.append(&mut tail);
        tail = front;
    }
    let from = (tail.len() as u64).saturating_sub(length);
    let trailer = usize::try_from(from).ok().and_then(|from| tail.get(from..));
    let entries = trailer.and_then(xpak::entries);
    let mut members = Members::default();
    for (name, value) in entries.context("its xpak trailer is damaged")? {
        members.keep(&String::from_utf8_lossy(name), value);
    }
    Ok(members.built())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tar::{Builder, Header};

    use super::*;

    /// A file in memory, and what was requested.
    struct Memory {
        bytes: Vec<u8>,
        requests: Vec<(u64, u64)>,
    }

    impl RangeReader for Memory {
        fn at(&mut self, start: u64, length: u64) -> Result<Vec<u8>, ReadError> {
            self.requests.push((start, length));
            let bytes = self.bytes.iter().skip(usize::try_from(start).unwrap());
            let length = usize::try_from(length).unwrap();
            Ok(bytes.take(length).copied().collect())
        }

        fn tail(&mut self, length: u64) -> Result<(Vec<u8>, u64), ReadError> {
            let total = self.bytes.len() as u64;
            Ok((self.at(total.saturating_sub(length), length)?, total))
        }
    }

    fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = Builder::new(Vec::new());
        for (name, content) in members {
            let mut header = Header::new_gnu();
            header.set_size(content.len() as u64);
            archive.append_data(&mut header, name, *content).unwrap();
        }
        archive.into_inner().unwrap()
    }

    /// What it takes to read a package with so many bytes of metadata.
    fn requests(metadata: usize) -> Vec<(u64, u64)> {
        let padding = vec![b'x'; metadata];
        let inner = archive(&[("metadata/CHOST", b"x"), ("metadata/DESCRIPTION", &padding)]);
        let image = vec![0; 100 << 10];
        let bytes = archive(&[
            ("a-1/gpkg-1", b""),
            ("a-1/metadata.tar", &inner),
            ("a-1/image.tar", &image),
        ]);
        let mut file = Memory {
            bytes,
            requests: Vec::new(),
        };
        read(&mut file, Format::Gpkg, &Keyring::default()).unwrap();
        file.requests
    }

    #[test]
    fn one_request_reads_the_front() {
        assert_eq!(requests(40 << 10), [(0, FRONT)]);
        assert_eq!(requests(90 << 10).len(), 2, "the rest of large metadata");
    }
}
