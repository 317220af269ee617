//! From received bytes to text: bounded reading, gzip, UTF-8.

use std::io::{self, Read};

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;

/// The largest index, received or unpacked: 1 GiB. The largest public ones have some 100 MiB.
pub(super) const MAX_SIZE: u64 = 1 << 30;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How many layers of gzip are taken off: a server may compress what is compressed already.
const MAX_LAYERS: usize = 2;

/// Read to the end.
///
/// # Errors
/// As the reader, and [`io::ErrorKind::FileTooLarge`] beyond `limit` bytes.
pub(super) fn read_bounded(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("larger than {} MiB", limit >> 20),
        ));
    }
    Ok(bytes)
}

/// The text of an index. What is compressed shows by its first bytes; `must_be_gzip` is for
/// `Packages.gz`, which Portage unpacks whatever it holds.
///
/// # Errors
/// It is not, or not whole, gzip; or too large.
pub(super) fn decode(bytes: Vec<u8>, must_be_gzip: bool, limit: u64) -> Result<String> {
    ensure!(
        bytes.starts_with(&GZIP_MAGIC) || !must_be_gzip,
        "not a gzip file"
    );
    let mut bytes = bytes;
    for _ in 0..MAX_LAYERS {
        if !bytes.starts_with(&GZIP_MAGIC) {
            break;
        }
        bytes = read_bounded(MultiGzDecoder::new(&*bytes), limit).context("corrupt gzip file")?;
    }
    Ok(into_text(bytes))
}

/// UTF-8, bad bytes replaced; without a copy where there are none.
pub(super) fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
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
        ];
        for (bytes, text) in table {
            let error = format!("{:#}", decode(bytes, true, 1 << 20).unwrap_err());
            assert!(error.contains(text), "{error}");
        }
    }

    #[test]
    fn reading_stops_at_the_limit() {
        assert_eq!(read_bounded(&b"1234"[..], 4).unwrap(), b"1234");
        let error = read_bounded(io::repeat(0), 4).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
