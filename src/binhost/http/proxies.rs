//! Proxies, as Portage uses them.

use anyhow::{Context, Result};
use reqwest::blocking::ClientBuilder;
use reqwest::{NoProxy, Proxy};

use crate::local::Base;

/// `http_proxy` and its like, as Portage uses them: if a setting names one, settings count alone,
/// else the environment (in either case of letters).
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Proxies {
    http: Option<String>,
    https: Option<String>,
    none_for: Option<String>,
}

impl Proxies {
    pub(crate) fn of(base: &Base) -> Proxies {
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

    pub(crate) fn apply(&self, builder: ClientBuilder) -> Result<ClientBuilder> {
        let none_for = || self.none_for.as_deref().and_then(NoProxy::from_string);
        let mut builder = builder.no_proxy();
        if let Some(http) = &self.http {
            let proxy = Proxy::http(http).map_err(reqwest::Error::without_url);
            let proxy = proxy.context("http_proxy is not a proxy that can be used")?;
            builder = builder.proxy(proxy.no_proxy(none_for()));
        }
        if let Some(https) = &self.https {
            let proxy = Proxy::https(https).map_err(reqwest::Error::without_url);
            let proxy = proxy.context("https_proxy is not a proxy that can be used")?;
            builder = builder.proxy(proxy.no_proxy(none_for()));
        }
        Ok(builder)
    }
}
