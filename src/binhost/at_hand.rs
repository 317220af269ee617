//! What is at hand of a host's index: the names in it, without a request and without reading entries.
//!
//! An index is read in pieces and never as a whole: making room for all of it takes longer than looking through it.

use std::io::{self, Read};

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;

use super::cache::CopyLocation;
use super::limits::Share;
use super::transport::Transport;
use super::{BinRepo, index_file};
use crate::cache::CacheDir;
use crate::local::Base;

/// Of how many bytes a piece is.
const PIECE: usize = 1 << 18;

/// Call something with the name and version of each entry of an index that is at hand: in a directory of this
/// machine, or the copy in the cache, however old.
///
/// # Errors
/// There is none, or it cannot be read to the end.
pub(crate) fn each_cpv(
    base: &Base,
    repo: &BinRepo,
    cache: &CacheDir,
    share: Share,
    then: impl FnMut(&str),
) -> Result<()> {
    if let Ok(Transport::File(path)) = Transport::of(base, repo, false) {
        let (file, is_packed) = index_file::open(&base.chroot, repo, &path)?;
        let file = file.take(share.text);
        let read = if is_packed {
            scan(MultiGzDecoder::new(file).take(share.text), then)
        } else {
            scan(file, then)
        };
        return Ok(read?);
    }
    let system = base.chroot.label(&base.roots.eroot);
    let copy = CopyLocation::of(cache, &system, &repo.sync_uri).open(share.text)?;
    Ok(scan(copy.context("there is no copy")?, then)?)
}

/// Every value of a line that begins with `CPV: `; the header of an index has no such line.
fn scan(mut index: impl Read, mut then: impl FnMut(&str)) -> io::Result<()> {
    const KEY: &[u8] = b"\nCPV: ";
    let mut look = |lines: &[u8]| {
        for position in memchr::memmem::find_iter(lines, KEY) {
            let value = &lines[position + KEY.len()..];
            let end = memchr::memchr(b'\n', value).unwrap_or(value.len());
            if let Ok(cpv) = std::str::from_utf8(&value[..end]) {
                then(cpv);
            }
        }
    };
    let mut piece = vec![0; PIECE];
    let mut filled = 0;
    loop {
        let read = match index.read(&mut piece[filled..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        filled += read;
        if read == 0 {
            look(&piece[..filled]);
            return Ok(());
        }
        // The last line may go on; it is kept with the line feed before it.
        let whole = memchr::memrchr(b'\n', &piece[..filled]).unwrap_or(0);
        look(&piece[..whole]);
        piece.copy_within(whole..filled, 0);
        filled -= whole;
        if filled == piece.len() {
            // No name is as long as a piece.
            filled = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(index: impl Read) -> Vec<String> {
        let mut names = Vec::new();
        scan(index, |cpv| names.push(cpv.to_owned())).unwrap_or_else(|error| panic!("{error}"));
        names
    }

    #[test]
    fn names_stand_at_starts_of_lines() {
        let text = "CPV: head/er-1\n\nCPV: a/b-1\nDESC: CPV: x/y-1\n\nSLOT: 0\nCPV: c/d-2";
        assert_eq!(names(text.as_bytes()), ["a/b-1", "c/d-2"]);
        assert!(names(io::empty()).is_empty());
    }

    #[test]
    fn lines_across_pieces_and_longer_than_one_are_survived() {
        let mut text = String::from("VERSION: 0\n");
        let expected: Vec<String> = (0..20_000).map(|n| format!("cat/pkg{n}-1")).collect();
        for (number, cpv) in expected.iter().enumerate() {
            if number == 10_000 {
                text.push_str(&format!("\nDESC: {}", "CPV: ".repeat(PIECE)));
            }
            text.push_str(&format!("\nSLOT: 0\nCPV: {cpv}\n"));
        }
        assert_eq!(names(text.as_bytes()), expected);
    }
}
