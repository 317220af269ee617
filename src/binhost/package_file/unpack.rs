//! Decompression by the ending of a name, as a stream: nothing grows with what a file claims to hold.

use std::io::{self, Read};

use anyhow::{Result, anyhow, bail};
use ruzstd::decoding::StreamingDecoder;

use super::MAX_METADATA;
use super::lzop::Lzop;

/// lzip itself makes dictionaries of at most 32 MiB, with -9.
const MAX_LZIP_BITS: u8 = 26;

/// A reader of what is compressed; `ending` is what follows `.tar` in the name.
///
/// # Errors
/// An ending that is not known, or a beginning of another format.
pub(crate) fn reader<'a>(ending: &str, bytes: &'a [u8]) -> Result<Box<dyn Read + 'a>> {
    // The limit is for the dictionary that the file asks for.
    let limit_kib = u32::try_from(MAX_METADATA >> 10)?;
    Ok(match ending {
        "" => Box::new(bytes),
        ".gz" => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
        ".bz2" => Box::new(bzip2::read::MultiBzDecoder::new(bytes)),
        ".xz" => Box::new(lzma_rust2::XzReader::new_mem_limit(bytes, true, limit_kib)),
        ".lz4" => Box::new(lz4_flex::frame::FrameDecoder::new(bytes)),
        // The low bits of the sixth byte are the logarithm of its dictionary's size.
        ".lz" if bytes.get(5).is_some_and(|byte| byte & 31 > MAX_LZIP_BITS) => {
            bail!("it needs too large a dictionary")
        }
        ".lz" => Box::new(lzma_rust2::LzipReader::new(bytes)),
        ".lzo" => Box::new(Lzop::new(bytes)?),
        ".zst" => Box::new(Zstd::new(bytes)?),
        _ => bail!("compression {ending:?} is not known here"),
    })
}

/// All frames of a zstd file, one after the other.
struct Zstd<'a> {
    frame: Option<StreamingDecoder<&'a [u8], ruzstd::decoding::FrameDecoder>>,
}

impl<'a> Zstd<'a> {
    fn new(bytes: &'a [u8]) -> Result<Zstd<'a>> {
        let frame = StreamingDecoder::new(bytes).map_err(|error| anyhow!("{error}"))?;
        Ok(Zstd { frame: Some(frame) })
    }
}

impl Read for Zstd<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(frame) = &mut self.frame {
            let count = frame.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let rest = self.frame.take().map(StreamingDecoder::into_inner);
            let rest = rest.filter(|rest| !rest.is_empty());
            let next = rest.map(StreamingDecoder::new).transpose();
            self.frame = next.map_err(|error| io::Error::other(error.to_string()))?;
        }
        Ok(0)
    }
}
