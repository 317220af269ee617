//! From received bytes to text: bounded reading, gzip, UTF-8.

use std::io::{self, Read};

use super::web_page;
use anyhow::{Context, Result, bail, ensure};
use flate2::read::MultiGzDecoder;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How many layers of gzip are taken off: a server may compress what is compressed already.
const MAX_LAYERS: usize = 2;

/// How many times its size a compressed index may have. Real ones have 5 to 30 times.
const MAX_RATIO: u64 = 150;

/// So much may come of a few bytes whatever the ratio.
const FREE: u64 = 8 << 20;

/// Read to the end.
///
/// # Errors
/// As the reader, and [`io::ErrorKind::FileTooLarge`] beyond `limit` bytes.
pub(crate) fn read_bounded(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

fn too_large(limit: u64) -> io::Error {
    let text = match limit >> 20 {
        0 => format!("larger than {limit} bytes"),
        mebibytes => format!("larger than {mebibytes} MiB"),
    };
    io::Error::new(io::ErrorKind::FileTooLarge, text)
}

/// The text of an index, of at most `limit` bytes. What is compressed shows by its first bytes;
/// `must_be_gzip` is for `Packages.gz`, which Portage unpacks whatever it holds.
///
/// # Errors
/// It is not, or not whole, gzip; or too large.
pub(crate) fn decode(bytes: Vec<u8>, must_be_gzip: bool, limit: u64) -> Result<String> {
    if let Some(page) = web_page::describe(&bytes) {
        bail!("it is {page} and not an index");
    }
    ensure!(
        bytes.starts_with(&GZIP_MAGIC) || !must_be_gzip,
        "not a gzip file"
    );
    let received = bytes.len() as u64;
    let mut bytes = bytes;
    for _ in 0..MAX_LAYERS {
        if !bytes.starts_with(&GZIP_MAGIC) {
            break;
        }
        bytes = unpack(&bytes, received, limit).context("corrupt gzip file")?;
    }
    if let Some(page) = web_page::describe(&bytes) {
        bail!("it is {page} and not an index");
    }
    Ok(into_text(bytes, limit)?)
}

/// Take off one layer of what came as `received` bytes.
fn unpack(bytes: &[u8], received: u64, limit: u64) -> io::Result<Vec<u8>> {
    let by_ratio = FREE.max(received.saturating_mul(MAX_RATIO));
    read_bounded(MultiGzDecoder::new(bytes), limit.min(by_ratio)).map_err(|error| {
        let is_bomb = error.kind() == io::ErrorKind::FileTooLarge && by_ratio < limit;
        let text = || format!("it unpacks to more than {MAX_RATIO} times its size");
        if is_bomb {
            io::Error::new(io::ErrorKind::FileTooLarge, text())
        } else {
            error
        }
    })
}

/// UTF-8, bad bytes replaced; without a copy where there are none.
///
/// # Errors
/// It has more than `limit` bytes, which may come of the replacing.
pub(crate) fn into_text(bytes: Vec<u8>, limit: u64) -> io::Result<String> {
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => replace_bad(error.as_bytes(), limit)?,
    };
    text.shrink_to_fit();
    if text.len() as u64 > limit {
        Err(too_large(limit))
    } else {
        Ok(text)
    }
}

/// One replacement character takes the place of each bad sequence, as in Python.
fn replace_bad(bytes: &[u8], limit: u64) -> io::Result<String> {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.try_reserve(chunk.valid().len() + char::REPLACEMENT_CHARACTER.len_utf8())?;
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        if text.len() as u64 > limit {
            return Err(too_large(limit));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        with_level(bytes, Compression::fast())
    }

    fn with_level(bytes: &[u8], level: Compression) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), level);
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn gzip_is_recognised() {
        let twice = gzip(&gzip(b"text"));
        let members = [gzip(b"te"), gzip(b"xt")].concat();
        for bytes in [b"text".to_vec(), gzip(b"text"), twice, members] {
            assert_eq!(decode(bytes, false, 100).unwrap(), "text");
        }
        assert_eq!(decode(gzip(b"a\xffb"), true, 100).unwrap(), "a\u{fffd}b");
        assert_eq!(decode(Vec::new(), false, 100).unwrap(), "");
    }

    #[test]
    fn broken_and_oversized_gzip_is_refused() {
        let whole = gzip(&[b'x'; 10_000]);
        let table = [
            (whole[..whole.len() - 3].to_vec(), "corrupt"),
            (whole[..12].to_vec(), "corrupt"),
            (b"text".to_vec(), "not a gzip file"),
            (Vec::new(), "not a gzip file"),
            (gzip(&vec![0; 2 << 20]), "larger than 1 MiB"),
            (gzip(&gzip(&vec![0; 2 << 20])), "larger than 1 MiB"),
        ];
        for (bytes, text) in table {
            let error = format!("{:#}", decode(bytes, true, 1 << 20).unwrap_err());
            assert!(error.contains(text), "{error}");
        }
    }

    #[test]
    fn bombs_are_told_by_their_ratio() {
        // Members of a gzip file may follow each other.
        let bomb = with_level(&[0; 1 << 16], Compression::best()).repeat(200);
        for bomb in [gzip(&bomb), bomb] {
            let error = decode(bomb, true, 1 << 30).err();
            let error = error.map_or(String::new(), |error| format!("{error:#}"));
            assert!(error.contains("more than 150 times"), "{error}");
        }
    }

    #[test]
    fn replacing_bad_bytes_is_bounded_too() {
        assert_eq!(
            into_text(b"a\xff\xc3(b\xe2\x82".to_vec(), 100).unwrap(),
            "a\u{fffd}\u{fffd}(b\u{fffd}"
        );
        let error = into_text(vec![0xff; 1000], 2000).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn reading_stops_at_the_limit() {
        assert_eq!(read_bounded(&b"1234"[..], 4).unwrap(), b"1234");
        let error = read_bounded(io::repeat(0), 4).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
