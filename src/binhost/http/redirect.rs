//! Redirections: followed here rather than by the client, so that user name and password stay with the
//! origin that they were given for, and a step from https to http is seen.

use anyhow::{Context, Result, bail, ensure};
use reqwest::Url;

/// How many are followed, as in Portage.
const MAX_REDIRECTS: usize = 10;

/// The URLs that a request led to, the first of them requested.
#[derive(Debug)]
pub(crate) struct Chain(Vec<Url>);

impl Chain {
    /// Before any redirection.
    pub(crate) fn new(url: Url) -> Chain {
        Chain(vec![url])
    }

    /// The URL to ask now.
    pub(crate) fn last(&self) -> &Url {
        // There is always one.
        &self.0[self.0.len() - 1]
    }

    /// Go where the server says.
    ///
    /// # Errors
    /// It leads in a circle, too far, or to where no index can come from.
    pub(crate) fn follow(&mut self, location: &str) -> Result<()> {
        let mut next = self.last().join(location).ok();
        let next = next
            .take()
            .context("the server redirects to what is not a URL")?;
        if !matches!(next.scheme(), "http" | "https") {
            bail!(
                "the server redirects to {}:, which is not followed",
                next.scheme()
            );
        }
        ensure!(!self.0.contains(&next), "the server redirects in a circle");
        ensure!(
            self.0.len() <= MAX_REDIRECTS,
            "the server redirects too often"
        );
        self.0.push(next);
        Ok(())
    }

    /// Whether the URL to ask now is of the origin that was contacted first: scheme, host and port.
    pub(crate) fn is_at_origin(&self) -> bool {
        self.0[0].origin() == self.last().origin()
    }

    /// Where a redirection led from https to http.
    pub(crate) fn downgraded(&self) -> Option<&Url> {
        let mut steps = self.0.iter().zip(self.0.iter().skip(1));
        let step = steps.find(|(from, to)| from.scheme() == "https" && to.scheme() == "http");
        step.map(|(_, to)| to)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn chain(urls: &[&str]) -> Result<Chain> {
        let mut chain = Chain::new(Url::parse(urls[0])?);
        urls[1..].iter().try_for_each(|url| chain.follow(url))?;
        Ok(chain)
    }

    #[test]
    fn locations_may_be_relative() {
        let chain = chain(&["https://h/x/Packages.gz", "../y/a", "b?c"]).unwrap();
        assert_eq!(chain.last().as_str(), "https://h/y/b?c");
        assert!(chain.is_at_origin());
        assert_eq!(chain.downgraded(), None);
    }

    #[test]
    fn what_is_not_followed() {
        for (urls, cause) in [
            (&["http://h/a", "/a"][..], "in a circle"),
            (&["http://h/a", "/b", "/a"], "in a circle"),
            (&["http://h/a", "file:///etc/passwd"], "file:"),
            (&["http://h/a", "ftp://h/a"], "ftp:"),
            (&["http://h/a", "http://["], "not a URL"),
            (
                &[
                    "http://h/0",
                    "1",
                    "2",
                    "3",
                    "4",
                    "5",
                    "6",
                    "7",
                    "8",
                    "9",
                    "10",
                    "11",
                ],
                "too often",
            ),
        ] {
            let error = chain(urls).unwrap_err().to_string();
            assert!(error.contains(cause), "{urls:?}: {error}");
        }
    }

    #[test]
    fn origins_and_downgrades() {
        for (urls, at_origin, downgraded) in [
            (&["https://h/a", "https://h:443/b"][..], true, None),
            (&["https://h/a", "https://h:444/b"], false, None),
            (&["https://h/a", "https://i/b"], false, None),
            (
                &["https://h:8080/a", "http://h:8080/b"],
                false,
                Some("http://h:8080/b"),
            ),
            (
                &["https://h/a", "http://i/b", "https://h/c"],
                true,
                Some("http://i/b"),
            ),
            (&["http://h/a", "https://h/b"], false, None),
        ] {
            let chain = chain(urls).unwrap();
            assert_eq!(chain.is_at_origin(), at_origin, "{urls:?}");
            assert_eq!(chain.downgraded().map(Url::as_str), downgraded, "{urls:?}");
        }
    }
}
