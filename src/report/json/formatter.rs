//! JSON that may be shown on a terminal: characters that could do harm there are written as
//! `\uXXXX`, which means the same to a program.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::sanitize::is_unsafe;

/// Compact, in ASCII where it matters.
pub(super) struct SafeFormatter;

/// A printable character of ASCII, as nearly all are.
fn is_plain(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte)
}

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if fragment.bytes().all(is_plain) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(position) = rest.find(is_unsafe) {
            let (safe, tail) = rest.split_at(position);
            writer.write_all(safe.as_bytes())?;
            let mut chars = tail.chars();
            if let Some(character) = chars.next() {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = chars.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}
