//! Indexes over HTTP and HTTPS (`portage: util/_urlopen.py:urlopen`).
//!
//! User name and password of a URI are sent as they are written, as Basic authentication, and only
//! where both are given: nothing is percent-decoded, as in Portage. A redirection to another origin does
//! not take them along.

pub(crate) mod content_range;
mod proxies;
mod redirect;
pub(crate) mod status;

use std::error::Error;
use std::io::{self, Read};
use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, bail, ensure};
use reqwest::blocking::{Client, ClientBuilder, Response};
use reqwest::header::{
    ACCEPT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION, RANGE,
};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, Url};

use super::Uri;
use super::limits::TimeLimits;
use super::pace::{Pace, TooSlow};
use super::visit::Visit;
use crate::local::Base;
pub(crate) use proxies::Proxies;
use redirect::Chain;

/// What a server stated about a file, to ask later whether it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Validators {
    /// `ETag`
    pub(crate) etag: Option<String>,
    /// `Last-Modified`
    pub(crate) last_modified: Option<String>,
}

/// What a server answered.
pub(crate) enum IndexResponse {
    /// Nothing new.
    NotModified,
    /// There is no such file.
    NotFound,
    /// The file.
    Body(Vec<u8>, Validators),
}

/// Makes requests; the client behind it is made for the first one.
pub(crate) struct Http {
    limits: TimeLimits,
    proxies: Proxies,
    client: OnceLock<Result<Client, String>>,
}

impl Http {
    /// Ready for requests.
    pub(crate) fn new(base: &Base, limits: &TimeLimits) -> Http {
        Http {
            limits: *limits,
            proxies: Proxies::of(base),
            client: OnceLock::new(),
        }
    }

    /// Get a file of at most `room` bytes below a base URI. `known` are the validators of a copy that is
    /// at hand.
    ///
    /// # Errors
    /// No connection, an answer that is neither a file nor "not found", a body that is cut short,
    /// too slow ([`TooSlow`]) or too large. No error shows the URI.
    pub(crate) fn get(
        &self,
        visit: &Visit<'_>,
        base: &Uri,
        file: &str,
        known: &Validators,
        room: u64,
    ) -> Result<IndexResponse> {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (IF_NONE_MATCH, &known.etag),
            (IF_MODIFIED_SINCE, &known.last_modified),
        ] {
            let value = value.as_deref().map(HeaderValue::from_str);
            headers.extend(value.and_then(Result::ok).map(|value| (name, value)));
        }
        let response = self.send(visit, base, file, headers)?;
        match response.status() {
            StatusCode::NOT_MODIFIED => return Ok(IndexResponse::NotModified),
            StatusCode::NOT_FOUND => return Ok(IndexResponse::NotFound),
            status if status.is_success() => {}
            status => bail!("the server answered {}", status::describe(status)),
        }
        let text = |name: HeaderName| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let validators = Validators {
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
        };
        let body = self.body(visit, response, room)?;
        Ok(IndexResponse::Body(body, validators))
    }

    /// Ask for some bytes of a file below a base URI (`bytes=…`); the server may answer with all of it.
    ///
    /// # Errors
    /// No connection, or none in time ([`TooSlow`]). No error shows the URI.
    pub(crate) fn get_range(
        &self,
        visit: &Visit<'_>,
        base: &Uri,
        file: &str,
        range: &str,
    ) -> Result<Response> {
        let range = HeaderValue::from_str(range)?;
        self.send(visit, base, file, HeaderMap::from_iter([(RANGE, range)]))
    }

    /// Watches the body of an answer.
    pub(crate) fn pace(&self, visit: &Visit<'_>) -> Pace {
        Pace::new(&self.limits, visit.until(), Instant::now())
    }

    /// The client, made for the first request: a machine's certificates take a moment to read.
    ///
    /// # Errors
    /// A proxy that cannot be used.
    pub(crate) fn client(&self) -> Result<&Client> {
        let client = self.client.get_or_init(|| self.build());
        client.as_ref().map_err(|text| anyhow!("{text}"))
    }

    /// Send a request and follow where it leads.
    fn send(
        &self,
        visit: &Visit<'_>,
        base: &Uri,
        file: &str,
        headers: HeaderMap,
    ) -> Result<Response> {
        let client = self.client()?;
        let url = format!("{}/{file}", base.without_credentials());
        let url = Url::parse(&url).map_err(|error| anyhow!("the URI cannot be used: {error}"))?;
        let mut chain = Chain::new(url);
        // However many hops there are, they have no more time than one answer.
        let until = Instant::now() + self.limits.connect + self.limits.silence;
        let until = until.min(visit.until());
        loop {
            let mut request = client.get(chain.last().clone()).headers(headers.clone());
            if let Some((user, Some(password))) = base.credentials()
                && chain.is_at_origin()
            {
                request = request.basic_auth(user, Some(password));
            }
            if Instant::now() >= until {
                bail!(TooSlow("it takes longer than a host is given".to_owned()));
            }
            let response = request.send();
            let response = response.map_err(|error| self.explain(error))?;
            let Some(location) = location(&response) else {
                return Ok(response);
            };
            chain.follow(&location)?;
            if let Some(url) = chain.downgraded() {
                visit.note_insecure(|| Uri::new(url.as_str()).to_string());
            }
        }
    }

    /// Read the body as long as it makes progress.
    fn body(&self, visit: &Visit<'_>, mut response: Response, room: u64) -> Result<Vec<u8>> {
        let too_large = || anyhow!("the index is larger than {} MiB", room >> 20);
        let expected = response.content_length();
        if let Some(length) = expected {
            ensure!(length <= room, too_large());
            visit.meter.expect(length);
        }
        let mut body = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        let mut pace = self.pace(visit);
        loop {
            let count = match response.read(&mut buffer) {
                Ok(0) => return Ok(body),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.explain_body(&error, body.len(), expected)),
            };
            body.try_reserve(count)?;
            body.extend_from_slice(&buffer[..count]);
            visit.meter.add(count as u64);
            ensure!(body.len() as u64 <= room, too_large());
            pace.add(count as u64, Instant::now())?;
        }
    }

    fn build(&self) -> Result<Client, String> {
        // Only the first call of a process installs it; later ones find it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = |builder: ClientBuilder| builder.build().map_err(|error| self.explain(error));
        let client = self.builder().and_then(|builder| {
            // A machine without certificates can still ask hosts that need none.
            build(builder).or_else(|_| build(self.builder()?.tls_certs_only([])))
        });
        client.map_err(|error| format!("{error:#}"))
    }

    fn builder(&self) -> Result<ClientBuilder> {
        let builder = Client::builder()
            .user_agent(concat!("bincheck/", env!("CARGO_PKG_VERSION")))
            .referer(false)
            .redirect(Policy::none())
            .default_headers(HeaderMap::from_iter([(
                ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            )]))
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.silence);
        self.proxies.apply(builder)
    }

    /// An error in words, without the URL that it may carry.
    fn explain(&self, error: reqwest::Error) -> anyhow::Error {
        let error = error.without_url();
        if error.is_timeout() {
            let (limit, what) = if error.is_connect() {
                (self.limits.connect, "connection")
            } else {
                (self.limits.silence, "answer")
            };
            return TooSlow(format!("no {what} within {} seconds", limit.as_secs_f32())).into();
        }
        if error.is_builder() && error.source().is_none() {
            return anyhow!("the URI cannot be used");
        }
        anyhow!("{}", causes(&error))
    }

    pub(crate) fn explain_body(
        &self,
        error: &io::Error,
        got: usize,
        expected: Option<u64>,
    ) -> anyhow::Error {
        let timed_out = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout);
        if timed_out || error.kind() == io::ErrorKind::TimedOut {
            return TooSlow::silent(self.limits.silence).into();
        }
        match expected {
            Some(length) => anyhow!("the answer ended after {got} of {length} bytes"),
            None => anyhow!("the answer broke off after {got} bytes"),
        }
    }
}

/// What stands behind an error, in the words of the last cause: those before it only repeat what was tried.
fn causes(error: &reqwest::Error) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        texts.push(inner.to_string());
        cause = inner.source();
    }
    let Some(last) = texts.last() else {
        return error.to_string();
    };
    if texts.iter().any(|text| text.contains("dns error")) {
        return "its name cannot be resolved".to_owned();
    }
    let last = last.split(" (os error").next().unwrap_or(last);
    if error.is_connect() {
        format!("cannot connect: {last}")
    } else {
        last.to_owned()
    }
}

/// Where the server sends us instead.
fn location(response: &Response) -> Option<String> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

impl Drop for Http {
    /// The client waits for the name resolution that it began, which nobody else does any more.
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // Where no thread can be had, it is waited for.
            let _ = thread::Builder::new().spawn(move || drop(client));
        }
    }
}
