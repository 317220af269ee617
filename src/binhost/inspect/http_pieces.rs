//! Parts of a file over HTTP (RFC 9110, section 14).
//!
//! A server that does not know ranges answers with the whole file. Its front is read from that as far
//! as it is needed, and the connection is closed; its end is only read if whole files were asked for.

use std::io::Read;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_RANGE};

use super::super::Uri;
use super::super::http::Http;
use super::super::meter::Meter;
use super::pieces::{Pieces, Trouble};

/// No part takes longer than this, however steadily a server drips.
const MAX_TIME: Duration = Duration::from_secs(60);

/// The most that is kept of a file that comes whole.
const MAX_KEPT: u64 = 16 << 20;

/// One file of a server.
pub(super) struct HttpPieces<'a> {
    pub(super) http: &'a Http,
    pub(super) base: &'a Uri,
    pub(super) path: &'a str,
    /// Size according to the index.
    pub(super) expected: Option<u64>,
    /// Read a file to its end where the server does not know ranges.
    pub(super) whole: bool,
    pub(super) meter: &'a Meter,
    /// The rest of an answer that is the whole file, and what was read of it.
    stream: Option<(Response, Vec<u8>)>,
}

/// Which bytes an answer holds, by its `Content-Range`.
struct Held {
    start: u64,
    length: u64,
    total: Option<u64>,
}

impl<'a> HttpPieces<'a> {
    /// A file below a base URI.
    pub(super) fn new(
        http: &'a Http,
        base: &'a Uri,
        path: &'a str,
        expected: Option<u64>,
        meter: &'a Meter,
    ) -> HttpPieces<'a> {
        HttpPieces {
            http,
            base,
            path,
            expected,
            whole: false,
            meter,
            stream: None,
        }
    }

    fn ask(&self, range: &str) -> Result<Response, Trouble> {
        let response = self.http.get_range(self.base, self.path, range);
        let response = response.map_err(|error| Trouble::Other {
            error,
            connection: true,
        })?;
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Trouble::Gone),
            StatusCode::RANGE_NOT_SATISFIABLE => {
                let total = header(&response, "bytes */").and_then(|text| text.parse().ok());
                self.check_size(total)?;
                return Err(anyhow!("the server refuses the range {range}").into());
            }
            status => {
                return Err(Trouble::Other {
                    error: anyhow!("the server answered {status}"),
                    connection: status.is_server_error() || status.as_u16() == 429,
                });
            }
        }
        if response.headers().contains_key(CONTENT_ENCODING) {
            return Err(anyhow!("the server compresses what it was asked not to").into());
        }
        Ok(response)
    }

    /// Whether the file has the size that the index says.
    fn check_size(&self, total: Option<u64>) -> Result<(), Trouble> {
        match (total, self.expected) {
            (Some(total), Some(expected)) if total != expected => Err(Trouble::Size(total)),
            _ => Ok(()),
        }
    }

    /// The body of an answer with a part, which has to be exactly as long as its head says.
    fn body(&self, response: Response, length: u64) -> Result<Vec<u8>> {
        let bytes = self.read(response.take(length + 1), 0)?;
        let got = bytes.len() as u64;
        ensure!(got == length, "the answer has {got} of {length} bytes");
        Ok(bytes)
    }

    /// Read to the end; what is more than `keep` bytes before that is dropped, unless `keep` is 0.
    fn read(&self, mut reader: impl Read, keep: usize) -> Result<Vec<u8>> {
        let start = Instant::now();
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 16 << 10];
        loop {
            let read = reader.read(&mut buffer);
            let count = read.map_err(|error| self.http.explain_body(&error, bytes.len(), None))?;
            if count == 0 {
                return Ok(bytes);
            }
            self.meter.add(count as u64);
            bytes.extend_from_slice(&buffer[..count]);
            if keep > 0 && bytes.len() > 2 * keep {
                bytes.drain(..bytes.len() - keep);
            }
            ensure!(
                keep > 0 || start.elapsed() < MAX_TIME,
                "the server is too slow"
            );
        }
    }

    /// More of a file that comes whole, until `end` bytes of it are there.
    fn front(&mut self, end: u64) -> Result<(), Trouble> {
        let Some((mut response, mut bytes)) = self.stream.take() else {
            return Ok(());
        };
        if end > MAX_KEPT {
            return Err(Trouble::WholeOnly);
        }
        let missing = end.saturating_sub(bytes.len() as u64);
        bytes.extend(self.read(Read::by_ref(&mut response).take(missing), 0)?);
        self.stream = Some((response, bytes));
        Ok(())
    }
}

impl Pieces for HttpPieces<'_> {
    fn at(&mut self, start: u64, length: u64) -> Result<Vec<u8>, Trouble> {
        let end = start.saturating_add(length);
        if self.stream.is_none() {
            let response = self.ask(&format!("bytes={start}-{}", end.saturating_sub(1)))?;
            if response.status() == StatusCode::PARTIAL_CONTENT {
                let held = held(&response)?;
                self.check_size(held.total)?;
                let whole = Some(held.start + held.length) == held.total;
                if held.start != start || held.length > length || (held.length < length && !whole) {
                    return Err(
                        anyhow!("the server sent another range than it was asked for").into(),
                    );
                }
                return Ok(self.body(response, held.length)?);
            }
            self.check_size(response.content_length())?;
            self.stream = Some((response, Vec::new()));
        }
        self.front(end)?;
        let bytes = self.stream.as_ref().map_or(&[][..], |(_, bytes)| bytes);
        let from = usize::try_from(start).unwrap_or(usize::MAX);
        Ok(bytes.get(from..).unwrap_or_default().to_vec())
    }

    fn tail(&mut self, length: u64) -> Result<(Vec<u8>, u64), Trouble> {
        let response = self.ask(&format!("bytes=-{length}"))?;
        if response.status() != StatusCode::PARTIAL_CONTENT {
            self.check_size(response.content_length())?;
            if !self.whole {
                return Err(Trouble::WholeOnly);
            }
            let keep = usize::try_from(MAX_KEPT).unwrap_or(usize::MAX);
            let limit = self.expected.unwrap_or(u64::MAX - 1);
            let total = self.expected.context("the index does not tell its size")?;
            let mut bytes = self.read(response.take(limit), keep)?;
            bytes.drain(..bytes.len().saturating_sub(keep));
            return Ok((bytes, total));
        }
        let held = held(&response)?;
        self.check_size(held.total)?;
        let total = held
            .total
            .context("the server does not tell the size of the file")?;
        if held.start + held.length != total || held.length > length {
            return Err(anyhow!("the server sent another range than it was asked for").into());
        }
        Ok((self.body(response, held.length)?, total))
    }
}

/// The rest of `Content-Range` after a prefix.
fn header<'r>(response: &'r Response, prefix: &str) -> Option<&'r str> {
    let value = response.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    value.trim().strip_prefix(prefix)
}

/// `bytes 0-499/1234`, `bytes 0-499/*`
fn held(response: &Response) -> Result<Held> {
    let text = header(response, "bytes ").context("a part without Content-Range")?;
    parse_range(text).with_context(|| format!("{text:?} is no range"))
}

fn parse_range(text: &str) -> Result<Held> {
    let (range, total) = text.split_once('/').context("no size")?;
    let (first, last) = range.split_once('-').context("no end")?;
    let (start, last): (u64, u64) = (first.trim().parse()?, last.trim().parse()?);
    let total = match total.trim() {
        "*" => None,
        number => Some(number.parse()?),
    };
    if last < start || total.is_some_and(|total| last >= total) {
        bail!("its ends do not fit");
    }
    Ok(Held {
        start,
        length: last - start + 1,
        total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let read = |text| {
            parse_range(text)
                .ok()
                .map(|held| (held.start, held.length, held.total))
        };
        for (text, held) in [
            ("0-499/1234", Some((0, 500, Some(1234)))),
            ("7-7/8", Some((7, 1, Some(8)))),
            ("0-1/*", Some((0, 2, None))),
            ("5-4/9", None),
            ("0-9/9", None),
            ("0-99999999999999999999/*", None),
            ("-5/9", None),
            ("*/9", None),
            ("", None),
        ] {
            assert_eq!(read(text), held, "{text}");
        }
    }
}
