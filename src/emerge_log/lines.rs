//! The complete lines of a part of a file, with bounded memory.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// Bytes that are read at once; a longer line is none of emerge's and is passed over.
const BLOCK: usize = 1 << 18;

/// Hand over every complete line of the range, without its line feed; gives the place behind the last one. The
/// range may begin in the middle of a line: what is left of that is of no use.
///
/// # Errors
/// The file cannot be read.
pub(super) fn read(file: &File, range: Range<u64>, then: &mut dyn FnMut(&[u8])) -> io::Result<u64> {
    let mut block = vec![0; BLOCK];
    let (mut kept, mut at, mut done) = (0, range.start, range.start);
    let mut is_too_long = false;
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
        let room = (BLOCK - kept).min(left);
        let count = match file.read_at(&mut block[kept..kept + room], at) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        at += count as u64;
        let filled = kept + count;
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', &block[..filled]) {
            if !is_too_long {
                then(&block[start..end]);
            }
            is_too_long = false;
            start = end + 1;
        }
        if start > 0 {
            done = at - (filled - start) as u64;
        }
        block.copy_within(start..filled, 0);
        kept = filled - start;
        if kept == BLOCK {
            is_too_long = true;
            kept = 0;
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write;

    use super::*;

    fn lines(bytes: &[u8], range: Range<u64>) -> (Vec<String>, u64) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let mut lines = Vec::new();
        let mut keep = |line: &[u8]| lines.push(String::from_utf8_lossy(line).into_owned());
        let end = read(&file, range, &mut keep).unwrap();
        (lines, end)
    }

    #[test]
    fn only_complete_lines_count() {
        let text = b"one\ntwo\nthr";
        let (found, end) = lines(text, 0..11);
        assert_eq!((found.join(" ").as_str(), end), ("one two", 8));
        assert_eq!(lines(text, 8..11), (vec![], 8));
        assert_eq!(lines(text, 0..100).1, 8, "shorter than claimed");
    }

    #[test]
    fn a_line_longer_than_a_block_is_passed_over() {
        let mut text = vec![b'x'; 3 * BLOCK + 7];
        text.extend(b"\nlast\n");
        let size = text.len() as u64;
        let (found, end) = lines(&text, 0..size);
        assert_eq!((found.join(" ").as_str(), end), ("last", size));
    }

    #[test]
    fn lines_may_lie_across_blocks() {
        let text: Vec<u8> = (0..100_000)
            .flat_map(|n| format!("{n}\n").into_bytes())
            .collect();
        let (found, end) = lines(&text, 0..text.len() as u64);
        assert_eq!((found.len(), end), (100_000, text.len() as u64));
        assert!(
            found
                .iter()
                .enumerate()
                .all(|(n, line)| *line == n.to_string())
        );
    }
}
