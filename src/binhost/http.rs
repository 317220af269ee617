//! Indexes over HTTP and HTTPS (`portage: util/_urlopen.py:urlopen`).
//!
//! User name and password of a URI are sent as they are written, as Basic authentication, and only
//! where both are given: nothing is percent-decoded, as in Portage. They are not sent on to another
//! host by a redirection.

use std::error::Error;
use std::io::{self, Read};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use reqwest::blocking::{Client, ClientBuilder, RequestBuilder, Response};
use reqwest::header::{
    ACCEPT_ENCODING, ETAG, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RANGE,
};
use reqwest::{NoProxy, Proxy, StatusCode, redirect};

use super::Uri;
use super::body::MAX_SIZE;
use super::meter::Meter;
use crate::local::Base;

/// How many redirections are followed, as in Portage.
const MAX_REDIRECTS: usize = 10;

/// A server that sends less than this within one timeout counts as stalled.
const MIN_PROGRESS: usize = 1024;

/// What a server said about a file, to ask later whether it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Validators {
    /// `ETag`
    pub(super) etag: Option<String>,
    /// `Last-Modified`
    pub(super) last_modified: Option<String>,
}

/// What a server answered.
pub(super) enum Answer {
    /// Nothing new.
    NotModified,
    /// There is no such file.
    NotFound,
    /// The file.
    Body(Vec<u8>, Validators),
}

/// Makes requests; the client behind it is made for the first one.
pub(super) struct Http {
    timeout: Duration,
    proxies: Proxies,
    client: OnceLock<Result<Client, String>>,
}

impl Http {
    /// Ready for requests; `timeout` is for connecting, for the head of an answer and for silence.
    pub(super) fn new(base: &Base, timeout: Duration) -> Http {
        Http {
            timeout,
            proxies: Proxies::of(base),
            client: OnceLock::new(),
        }
    }

    /// Get a file below a base URI. `known` are the validators of a copy that is at hand.
    ///
    /// # Errors
    /// No connection, an answer that is neither a file nor "not found", a body that is cut short,
    /// stalls or is too large. No error shows the URI.
    pub(super) fn get(
        &self,
        base: &Uri,
        file: &str,
        known: &Validators,
        meter: &Meter,
    ) -> Result<Answer> {
        let mut request = self.request(base, file)?;
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(date) = &known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, date);
        }
        let response = request.send().map_err(|error| self.explain(error))?;
        self.answer(response, meter)
    }

    /// Ask for some bytes of a file below a base URI (`bytes=…`); the server may answer with all of it.
    ///
    /// # Errors
    /// No connection. No error shows the URI.
    pub(super) fn get_range(&self, base: &Uri, file: &str, range: &str) -> Result<Response> {
        let request = self.request(base, file)?.header(RANGE, range);
        request.send().map_err(|error| self.explain(error))
    }

    fn request(&self, base: &Uri, file: &str) -> Result<RequestBuilder> {
        let client = self.client.get_or_init(|| self.build());
        let client = client.as_ref().map_err(|text| anyhow!("{text}"))?;
        let url = format!("{}/{file}", base.without_credentials());
        let request = client.get(url).header(ACCEPT_ENCODING, "identity");
        Ok(match base.credentials() {
            Some((user, Some(password))) => request.basic_auth(user, Some(password)),
            _ => request,
        })
    }

    fn answer(&self, response: Response, meter: &Meter) -> Result<Answer> {
        match response.status() {
            StatusCode::NOT_MODIFIED => return Ok(Answer::NotModified),
            StatusCode::NOT_FOUND => return Ok(Answer::NotFound),
            status if status.is_success() => {}
            status => bail!("the server answered {status}"),
        }
        let text = |name: HeaderName| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let validators = Validators {
            etag: text(ETAG),
            last_modified: text(LAST_MODIFIED),
        };
        let body = self.body(response, meter)?;
        Ok(Answer::Body(body, validators))
    }

    /// Read the body as long as it makes progress.
    fn body(&self, mut response: Response, meter: &Meter) -> Result<Vec<u8>> {
        let expected = response.content_length();
        if let Some(length) = expected {
            ensure!(length <= MAX_SIZE, "the index is too large");
            meter.expect(length);
        }
        let mut body = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        let mut window = (Instant::now(), 0);
        loop {
            let count = match response.read(&mut buffer) {
                Ok(0) => return Ok(body),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.explain_body(&error, body.len(), expected)),
            };
            body.extend_from_slice(&buffer[..count]);
            meter.add(count as u64);
            ensure!(body.len() as u64 <= MAX_SIZE, "the index is too large");
            if window.0.elapsed() >= self.timeout {
                let progress = body.len() - window.1;
                ensure!(progress >= MIN_PROGRESS, "the server sends next to nothing");
                window = (Instant::now(), body.len());
            }
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
            .redirect(redirect::Policy::custom(follow))
            .connect_timeout(self.timeout)
            .timeout(self.timeout);
        self.proxies.apply(builder)
    }

    /// An error in words, without the URL that it may carry.
    fn explain(&self, error: reqwest::Error) -> anyhow::Error {
        let error = error.without_url();
        if error.is_timeout() {
            return anyhow!("no answer within {} seconds", self.timeout.as_secs_f32());
        }
        if error.is_builder() && error.source().is_none() {
            return anyhow!("the URI cannot be used");
        }
        anyhow!("{}", causes(&error))
    }

    pub(super) fn explain_body(
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
            let seconds = self.timeout.as_secs_f32();
            return anyhow!("the server sent nothing for {seconds} seconds");
        }
        match expected {
            Some(length) => anyhow!("the answer ended after {got} of {length} bytes"),
            None => anyhow!("the answer broke off after {got} bytes"),
        }
    }
}

/// What stands behind an error. Its own text is left out where there is more: it only repeats what
/// was tried.
fn causes(error: &reqwest::Error) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        texts.push(inner.to_string());
        cause = inner.source();
    }
    match texts.is_empty() {
        true => error.to_string(),
        false => texts.join(": "),
    }
}

fn follow(attempt: redirect::Attempt<'_>) -> redirect::Action {
    if attempt.previous().contains(attempt.url()) {
        return attempt.error("the server redirects in a circle");
    }
    if attempt.previous().len() > MAX_REDIRECTS {
        return attempt.error("the server redirects too often");
    }
    attempt.follow()
}

/// `http_proxy` and its like, as Portage uses them: if a setting names one, settings count alone,
/// else the environment (in either case of letters).
#[derive(Debug, Default)]
struct Proxies {
    http: Option<String>,
    https: Option<String>,
    none_for: Option<String>,
}

impl Proxies {
    fn of(base: &Base) -> Proxies {
        let setting = |name: &str| base.vars.get(name).map(str::to_owned);
        let environment = |name: &str| {
            let value = base.env.get(name);
            let value = value.or_else(|| base.env.get(&name.to_ascii_uppercase()));
            value.map(str::to_owned)
        };
        let (mut http, mut https) = (setting("http_proxy"), setting("https_proxy"));
        if http.is_none() && https.is_none() {
            (http, https) = (environment("http_proxy"), environment("https_proxy"));
        }
        Proxies {
            http: http.filter(|value| !value.is_empty()),
            https: https.filter(|value| !value.is_empty()),
            none_for: setting("no_proxy").or_else(|| environment("no_proxy")),
        }
    }

    fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder> {
        let none_for = || self.none_for.as_deref().and_then(NoProxy::from_string);
        let mut builder = builder.no_proxy();
        if let Some(http) = &self.http {
            let proxy = Proxy::http(http).map_err(reqwest::Error::without_url);
            let proxy = proxy.context("http_proxy is no proxy that can be used")?;
            builder = builder.proxy(proxy.no_proxy(none_for()));
        }
        if let Some(https) = &self.https {
            let proxy = Proxy::https(https).map_err(reqwest::Error::without_url);
            let proxy = proxy.context("https_proxy is no proxy that can be used")?;
            builder = builder.proxy(proxy.no_proxy(none_for()));
        }
        Ok(builder)
    }
}
