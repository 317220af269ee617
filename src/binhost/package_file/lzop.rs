//! lzop files: blocks of LZO1X (the format as in Linux, `Documentation/staging/lzo.rst`). The crates that
//! read it trust what they read, so this is written here.

use std::io::{self, Read};

/// The largest block: lzop makes them of 256 KiB.
const MAX_BLOCK: usize = 8 << 20;

const MAGIC: &[u8] = b"\x89LZO\0\r\n\x1a\n";

/// Flags of the header.
const ADLER32_OF_PLAIN: u32 = 0x1;
const ADLER32_OF_PACKED: u32 = 0x2;
const EXTRA_FIELD: u32 = 0x40;
const CRC32_OF_PLAIN: u32 = 0x100;
const CRC32_OF_PACKED: u32 = 0x200;
const FILTER: u32 = 0x800;

/// Unpacks one block after the other.
pub(crate) struct Lzop<'a> {
    input: Input<'a>,
    flags: u32,
    block: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<'a> Lzop<'a> {
    /// Read the header.
    pub(crate) fn new(bytes: &'a [u8]) -> io::Result<Lzop<'a>> {
        let mut input = Input(bytes);
        let flags = header(&mut input).ok_or_else(|| damaged("no lzop header"))?;
        Ok(Lzop {
            input,
            flags,
            block: Vec::new(),
            at: 0,
            ended: false,
        })
    }

    fn next_block(&mut self) -> Option<()> {
        let plain = usize::try_from(self.input.u32()?).ok()?;
        self.block.clear();
        self.at = 0;
        if plain == 0 {
            self.ended = true;
            return Some(());
        }
        let packed = usize::try_from(self.input.u32()?).ok()?;
        if plain > MAX_BLOCK || packed > plain {
            return None;
        }
        let checksums =
            |flags: [u32; 2]| flags.iter().filter(|flag| self.flags & **flag != 0).count();
        let mut skipped = checksums([ADLER32_OF_PLAIN, CRC32_OF_PLAIN]);
        if packed < plain {
            skipped += checksums([ADLER32_OF_PACKED, CRC32_OF_PACKED]);
        }
        self.input.take(4 * skipped)?;
        let bytes = self.input.take(packed)?;
        if packed == plain {
            self.block.extend_from_slice(bytes)
        } else {
            unpack(bytes, plain, &mut self.block)?
        }
        (self.block.len() == plain).then_some(())
    }
}

impl Read for Lzop<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.block.len() && !self.ended {
            self.next_block()
                .ok_or_else(|| damaged("a damaged lzop block"))?;
        }
        let rest = &self.block[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

fn damaged(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// The flags; `None` if this is not an lzop file.
fn header(input: &mut Input<'_>) -> Option<u32> {
    (input.take(MAGIC.len())? == MAGIC).then_some(())?;
    let is_new = input.u16()? >= 0x0940;
    // Versions of the library and of what is needed; method, level.
    input.take(if is_new { 2 + 2 + 1 + 1 } else { 2 + 1 })?;
    let flags = input.u32()?;
    if flags & FILTER != 0 {
        input.take(4)?;
    }
    // Mode, time.
    input.take(if is_new { 12 } else { 8 })?;
    let name = usize::from(input.u8()?);
    input.take(name + 4)?;
    if flags & EXTRA_FIELD != 0 {
        let length = usize::try_from(input.u32()?).ok()?;
        input.take(length.checked_add(4)?)?;
    }
    Some(flags)
}

/// Bytes that are yet to be read; numbers are big-endian.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1).map(|bytes| bytes[0])
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(*self.take(2)?.first_chunk()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(*self.take(4)?.first_chunk()?))
    }

    /// A length that goes on: 255 for each zero byte, and the byte that ends them.
    fn long(&mut self) -> Option<usize> {
        let mut length = 0;
        loop {
            match self.u8()? {
                0 => length += 255,
                last => return Some(length + usize::from(last)),
            }
        }
    }

    /// The two bytes behind some instructions: a distance and how many literals follow.
    fn distance(&mut self) -> Option<(usize, usize)> {
        let number = usize::from(self.u16()?.swap_bytes());
        Some((number >> 2, number & 3))
    }
}

/// Unpack LZO1X into at most `limit` bytes; `None` for a damaged block.
fn unpack(bytes: &[u8], limit: usize, output: &mut Vec<u8>) -> Option<()> {
    let mut input = Input(bytes);
    let literals = |input: &mut Input<'_>, output: &mut Vec<u8>, count: usize| {
        output.extend_from_slice(input.take(count)?);
        (output.len() <= limit).then_some(())
    };
    // How many literals were copied last; 4 stands for more than 3.
    let mut state = 0;
    if let Some(first @ 18..) = bytes.first().copied() {
        let count = usize::from(first) - 17;
        input.take(1)?;
        literals(&mut input, output, count)?;
        state = count.min(4);
    }
    loop {
        let byte = usize::from(input.u8()?);
        let (length, distance, next) = match (byte, state) {
            (64.., _) => {
                let high = usize::from(input.u8()?) << 3;
                ((byte >> 5) + 1, high + ((byte >> 2) & 7) + 1, byte & 3)
            }
            (32..64, _) => {
                let length = long_or(byte & 31, 31, &mut input)?;
                let (distance, next) = input.distance()?;
                (length + 2, distance + 1, next)
            }
            (16..32, _) => {
                let length = long_or(byte & 7, 7, &mut input)?;
                let (distance, next) = input.distance()?;
                let distance = distance + ((byte & 8) << 11);
                if distance == 0 {
                    return Some(());
                }
                (length + 2, distance + 16384, next)
            }
            (_, 0) => {
                let length = long_or(byte, 15, &mut input)?;
                literals(&mut input, output, length + 3)?;
                state = 4;
                continue;
            }
            (_, 4) => (
                3,
                (usize::from(input.u8()?) << 2) + (byte >> 2) + 2049,
                byte & 3,
            ),
            (_, _) => (
                2,
                (usize::from(input.u8()?) << 2) + (byte >> 2) + 1,
                byte & 3,
            ),
        };
        repeat(output, distance, length, limit)?;
        literals(&mut input, output, next)?;
        state = next;
    }
}

/// A length of an instruction; 0 says that it goes on behind it.
fn long_or(short: usize, base: usize, input: &mut Input<'_>) -> Option<usize> {
    match short {
        0 => Some(base + input.long()?),
        short => Some(short),
    }
}

/// Copy from what was unpacked before; source and target may overlap.
fn repeat(output: &mut Vec<u8>, distance: usize, length: usize, limit: usize) -> Option<()> {
    let start = output.len().checked_sub(distance)?;
    if output.len() + length > limit {
        return None;
    }
    for at in start..start + length {
        output.push(output[at]);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut output = Vec::new();
        Lzop::new(bytes)?.read_to_end(&mut output)?;
        Ok(output)
    }

    #[test]
    fn what_lzop_made() {
        let packed = include_bytes!("../../../testdata/packages/metadata.tar.lzo");
        let plain = read(packed).unwrap();
        assert_eq!(plain.len() % 512, 0);
        assert!(plain.starts_with(b"metadata/"));
        assert!(read(&packed[..packed.len() - 9]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end_well(noise in proptest::collection::vec(proptest::num::u8::ANY, 0..80), at in 0_usize..4000) {
            let mut packed = include_bytes!("../../../testdata/packages/metadata.tar.lzo").to_vec();
            let end = packed.len();
            let at = at.min(end);
            packed.splice(at..(at + noise.len()).min(end), noise.iter().copied());
            let _ = read(&packed);
            let mut output = Vec::new();
            let _ = unpack(&noise, 1000, &mut output);
            proptest::prop_assert!(output.len() <= 1300);
        }
    }
}
