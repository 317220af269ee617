//! `Content-Range` (RFC 9110, section 14.4).

use std::str::FromStr;

use anyhow::{Context, Error, Result, ensure};

/// Which bytes of a file an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentRange {
    /// `bytes 0-499/1234`, `bytes 0-499/*`
    Part(Part),
    /// `bytes */1234`: none of those that were requested.
    None {
        /// Size of the file.
        total: u64,
    },
}

/// A part of a file; it ends within the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The first byte.
    pub(crate) start: u64,
    /// One more than the last byte.
    pub(crate) end: u64,
    /// Size of the file, if that is reported.
    pub(crate) total: Option<u64>,
}

impl Part {
    /// How many bytes it has: at least one.
    pub(crate) fn length(&self) -> u64 {
        self.end - self.start
    }

    /// Whether the file ends with it, as far as that is reported.
    pub(crate) fn is_last(&self) -> bool {
        self.total == Some(self.end)
    }
}

impl FromStr for ContentRange {
    type Err = Error;

    fn from_str(text: &str) -> Result<ContentRange> {
        let text = text.trim();
        let range = text
            .split_once(' ')
            .filter(|(unit, _)| unit.eq_ignore_ascii_case("bytes"));
        let (_, range) = range.context("it does not count in bytes")?;
        let (range, total) = range.trim().split_once('/').context("it has no size")?;
        if range == "*" {
            let total = number(total)?;
            return Ok(ContentRange::None { total });
        }
        let (first, last) = range.split_once('-').context("it has no end")?;
        let (start, last) = (number(first)?, number(last)?);
        let total = match total {
            "*" => None,
            total => Some(number(total)?),
        };
        let end = last.checked_add(1).context("its end is absurd")?;
        let fits = start < end && total.is_none_or(|total| end <= total);
        ensure!(fits, "its ends do not fit");
        Ok(ContentRange::Part(Part { start, end, total }))
    }
}

/// Digits and nothing else: no sign, which `parse` would take.
fn number(text: &str) -> Result<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    ensure!(is_number, "{text:?} is not a number");
    Ok(text.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let part = |start, end, total| Some(ContentRange::Part(Part { start, end, total }));
        for (text, range) in [
            ("bytes 0-499/1234", part(0, 500, Some(1234))),
            (" Bytes 7-7/8 ", part(7, 8, Some(8))),
            ("bytes 0-1/*", part(0, 2, None)),
            ("bytes */7", Some(ContentRange::None { total: 7 })),
            ("bytes 5-4/9", None),
            ("bytes 0-9/9", None),
            ("bytes 0-18446744073709551615/*", None),
            ("bytes 18446744073709551615-18446744073709551615/*", None),
            (
                "bytes 0-18446744073709551614/18446744073709551615",
                part(0, u64::MAX, Some(u64::MAX)),
            ),
            ("bytes 0-18446744073709551614/*", part(0, u64::MAX, None)),
            ("bytes 0-99999999999999999999/*", None),
            ("bytes +0-+1/*", None),
            ("bytes -5/9", None),
            ("bytes */*", None),
            ("bytes 0-1", None),
            ("lines 0-1/2", None),
            ("bytes", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), range, "{text}");
        }
    }
}
