//! Parts of a file over HTTP (RFC 9110, section 14).
//!
//! A server that does not know ranges answers with the whole file. Its front is read from that as far
//! as it is needed, and the connection is closed; its end is only read if whole files were requested.

use std::io::Read;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_RANGE};

use super::range_reader::{RangeReader, ReadError};
use crate::binhost::Uri;
use crate::binhost::http::content_range::{ContentRange, Part};
use crate::binhost::http::{Http, status};
use crate::binhost::visit::Visit;

/// The most that is kept of a file that comes whole.
const MAX_KEPT: u64 = 16 << 20;

/// One file of a server.
pub(super) struct HttpReader<'a> {
    pub(super) http: &'a Http,
    pub(super) base: &'a Uri,
    pub(super) path: &'a str,
    /// Size according to the index.
    pub(super) expected: Option<u64>,
    /// Read a file to its end where the server does not know ranges.
    pub(super) whole: bool,
    pub(super) visit: &'a Visit<'a>,
    /// Size according to the server.
    pub(super) total: Option<u64>,
    /// The rest of an answer that is the whole file, and what was read of it.
    stream: Option<(Response, Vec<u8>)>,
}

impl<'a> HttpReader<'a> {
    /// A file below a base URI.
    pub(super) fn new(
        http: &'a Http,
        base: &'a Uri,
        path: &'a str,
        expected: Option<u64>,
        visit: &'a Visit<'a>,
    ) -> HttpReader<'a> {
        HttpReader {
            http,
            base,
            path,
            expected,
            whole: false,
            visit,
            total: None,
            stream: None,
        }
    }

    fn ask(&mut self, range: &str) -> Result<Response, ReadError> {
        let Self {
            http,
            visit,
            base,
            path,
            ..
        } = self;
        let response = http.get_range(visit, base, path, range);
        let response = response.map_err(ReadError::connection)?;
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(ReadError::Gone),
            StatusCode::RANGE_NOT_SATISFIABLE => {
                if let Ok(ContentRange::None { total }) = content_range(&response) {
                    self.check_size(Some(total))?;
                }
                return Err(anyhow!("the server refuses the range {range}").into());
            }
            status => {
                return Err(ReadError::Other {
                    error: anyhow!("the server answered {}", status::describe(status)),
                    connection: status.is_server_error() || status.as_u16() == 429,
                });
            }
        }
        if response.headers().contains_key(CONTENT_ENCODING) {
            return Err(anyhow!("the server compresses against the request").into());
        }
        Ok(response)
    }

    /// Whether the file has the size that the index says.
    fn check_size(&mut self, total: Option<u64>) -> Result<(), ReadError> {
        self.total = total.or(self.total);
        match (total, self.expected) {
            (Some(total), Some(expected)) if total != expected => Err(ReadError::Size(total)),
            _ => Ok(()),
        }
    }

    /// The body of an answer with a part, which has to be exactly as long as its head says.
    fn body(&self, response: Response, length: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.read(response.take(length.saturating_add(1)), 0);
        let bytes = bytes.map_err(ReadError::connection)?;
        match bytes.len() as u64 {
            got if got == length => Ok(bytes),
            got => Err(anyhow!("the answer has {got} of {length} bytes").into()),
        }
    }

    /// Read to the end; what is more than `keep` bytes before that is dropped, unless `keep` is 0.
    fn read(&self, mut reader: impl Read, keep: usize) -> Result<Vec<u8>> {
        let mut pace = self.http.pace(self.visit);
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 16 << 10];
        loop {
            let read = reader.read(&mut buffer);
            let count = read.map_err(|error| self.http.explain_body(&error, bytes.len(), None))?;
            if count == 0 {
                return Ok(bytes);
            }
            self.visit.meter.add(count as u64);
            bytes.extend_from_slice(&buffer[..count]);
            if keep > 0 && bytes.len() / 2 > keep {
                bytes.drain(..bytes.len() - keep);
            }
            pace.add(count as u64, Instant::now())?;
        }
    }

    /// More of a file that comes whole, until `end` bytes of it are there.
    fn front(&mut self, end: u64) -> Result<(), ReadError> {
        let Some((mut response, mut bytes)) = self.stream.take() else {
            return Ok(());
        };
        if end > MAX_KEPT {
            return Err(ReadError::WholeOnly);
        }
        let missing = end.saturating_sub(bytes.len() as u64);
        let read = self.read(Read::by_ref(&mut response).take(missing), 0);
        bytes.extend(read.map_err(ReadError::connection)?);
        self.stream = Some((response, bytes));
        Ok(())
    }
}

impl RangeReader for HttpReader<'_> {
    fn at(&mut self, start: u64, length: u64) -> Result<Vec<u8>, ReadError> {
        let end = start.saturating_add(length);
        if self.stream.is_none() {
            let response = self.ask(&format!("bytes={start}-{}", end.saturating_sub(1)))?;
            if response.status() == StatusCode::PARTIAL_CONTENT {
                let part = part(&response)?;
                self.check_size(part.total)?;
                let is_whole =
                    part.length() == length || (part.length() < length && part.is_last());
                if part.start != start || !is_whole {
                    return Err(another_range());
                }
                return self.body(response, part.length());
            }
            self.check_size(response.content_length())?;
            self.stream = Some((response, Vec::new()));
        }
        self.front(end)?;
        let bytes = self.stream.as_ref().map_or(&[][..], |(_, bytes)| bytes);
        let from = usize::try_from(start).unwrap_or(usize::MAX);
        Ok(bytes.get(from..).unwrap_or_default().to_vec())
    }

    fn tail(&mut self, length: u64) -> Result<(Vec<u8>, u64), ReadError> {
        let response = self.ask(&format!("bytes=-{length}"))?;
        if response.status() != StatusCode::PARTIAL_CONTENT {
            self.check_size(response.content_length())?;
            if !self.whole {
                return Err(ReadError::WholeOnly);
            }
            let keep = usize::try_from(MAX_KEPT).unwrap_or(usize::MAX);
            let total = self.expected.or(self.total);
            let total = total.context("neither the index nor the server tells its size")?;
            let read = self.read(response.take(total), keep);
            let mut bytes = read.map_err(ReadError::connection)?;
            bytes.drain(..bytes.len().saturating_sub(keep));
            return Ok((bytes, total));
        }
        let part = part(&response)?;
        self.check_size(part.total)?;
        let total = part.total;
        let total = total.context("the server does not tell the size of the file")?;
        if !part.is_last() || part.length() > length {
            return Err(another_range());
        }
        Ok((self.body(response, part.length())?, total))
    }
}

fn another_range() -> ReadError {
    anyhow!("the server sent another range than the requested one").into()
}

fn content_range(response: &Response) -> Result<ContentRange> {
    let value = response.headers().get(CONTENT_RANGE);
    let text = value.context("a part without Content-Range")?.to_str();
    let text = text.context("Content-Range is not text")?;
    text.parse()
        .with_context(|| format!("{text:?} is not a range"))
}

/// The part that an answer holds.
fn part(response: &Response) -> Result<Part> {
    match content_range(response)? {
        ContentRange::Part(part) => Ok(part),
        ContentRange::None { .. } => Err(anyhow!("a part that has no bytes")),
    }
}
