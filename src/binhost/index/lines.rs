//! The `KEY: value` lines of an index, and where their values lie.

/// The `KEY: value` lines of a text.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Lines<'a> {
    /// The next line of this block as key and value, with where the value starts. Lines without a
    /// colon are skipped; `None` at the empty line or the end that closes the block.
    pub(super) fn next_pair(&mut self) -> Option<(&'a str, u32, u32)> {
        loop {
            let start = self.at;
            let rest = self.text.as_bytes().get(start..)?;
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.at = start + length + 1;
            if length == 0 {
                return None;
            }
            let Some(colon) = memchr::memchr(b':', &rest[..length]) else {
                continue;
            };
            let value = after_one_char(self.text, start + colon + 1, start + length);
            let key = self.text.get(start..start + colon)?;
            return Some((key, offset(value), offset(start + length)));
        }
    }
}

/// One character after the colon is dropped, whatever it is.
fn after_one_char(text: &str, start: usize, end: usize) -> usize {
    match text.as_bytes().get(start) {
        Some(b' ') if start < end => start + 1,
        Some(_) if start < end => {
            let first = text.get(start..end).and_then(|value| value.chars().next());
            start + first.map_or(0, char::len_utf8)
        }
        _ => end,
    }
}

/// An offset in a text whose length was checked to fit.
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
