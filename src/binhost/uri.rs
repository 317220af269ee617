//! URIs of binhosts, with their secrets kept out of sight.
//!
//! Taken apart as Python's `urlparse` does it, because that is what Portage uses: nothing is
//! percent-decoded, and a text without scheme is a path.

use std::fmt;

/// A URI as configured. `Display` and `Debug` never show user name, password or query secrets.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Uri {
    raw: String,
    scheme: String,
}

impl Uri {
    /// Keep a URI, without trailing slashes.
    pub fn new(text: &str) -> Uri {
        let raw = text.trim_end_matches('/');
        let scheme = match raw.split_once(':') {
            Some((scheme, _)) if is_scheme(scheme) => scheme.to_ascii_lowercase(),
            _ => String::new(),
        };
        Uri {
            raw: raw.to_owned(),
            scheme,
        }
    }

    /// The whole text, secrets included: for connections and cache keys only.
    pub fn secret(&self) -> &str {
        &self.raw
    }

    /// The scheme in lower case; empty for a plain path.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What follows the scheme and its colon.
    fn rest(&self) -> &str {
        match self.scheme.len() {
            0 => &self.raw,
            length => &self.raw[length + 1..],
        }
    }

    /// `user:password@host:port`, and everything from the path on.
    fn split_authority(&self) -> (&str, &str) {
        let Some(rest) = self.rest().strip_prefix("//") else {
            return ("", self.rest());
        };
        rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()))
    }

    /// The path, without query and fragment.
    pub fn path(&self) -> &str {
        let path = self.split_authority().1;
        &path[..path.find(['?', '#']).unwrap_or(path.len())]
    }

    /// User name and password as written; the user name alone where no password is given.
    pub(super) fn credentials(&self) -> Option<(&str, Option<&str>)> {
        let (secret, _) = self.split_authority().0.rsplit_once('@')?;
        Some(match secret.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (secret, None),
        })
    }

    /// Whether it holds what not everyone is to know: a user name, a password, or a query, in which
    /// hosts like to have their tokens.
    pub fn holds_secret(&self) -> bool {
        self.credentials().is_some() || self.raw.contains(['?', '#'])
    }

    /// Host and port as written, without credentials.
    pub fn host_port(&self) -> (&str, Option<&str>) {
        let (authority, _) = self.split_authority();
        let authority = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        }
    }

    /// The whole URI without user name and password.
    pub(super) fn without_credentials(&self) -> String {
        let (authority, rest) = self.split_authority();
        match authority.rsplit_once('@') {
            Some((_, host)) => format!("{}://{host}{rest}", self.scheme),
            None => self.raw.clone(),
        }
    }
}

/// A letter, then letters, digits, `+`, `-`, `.`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (authority, rest) = self.split_authority();
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let (rest, query) = match rest.find(['?', '#']) {
            Some(at) => (&rest[..at], "?…"),
            None => (rest, ""),
        };
        let slashes = if self.rest().starts_with("//") {
            "//"
        } else {
            ""
        };
        let scheme = &self.raw[..self.raw.len() - self.rest().len()].to_ascii_lowercase();
        // A slash in a password, or a missing "//", moves the secret to where a path should be.
        let is_file = self.scheme == "file" || self.raw.starts_with('/');
        let is_suspicious = !is_file && (authority.is_empty() || has_bad_port(host));
        match rest.rsplit_once('@') {
            Some((_, end)) if is_suspicious && slashes.is_empty() => write!(f, "…@{end}{query}"),
            Some((_, end)) if is_suspicious => write!(f, "{scheme}//…@{end}{query}"),
            _ => write!(f, "{scheme}{slashes}{host}{rest}{query}"),
        }
    }
}

/// Whether what follows the colon is not a port.
fn has_bad_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| {
        !port.contains(']') && !port.bytes().all(|byte| byte.is_ascii_digit())
    })
}

impl fmt::Debug for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_hides_secrets() {
        let table = [
            ("https://example.org/a/b/", "https://example.org/a/b"),
            (
                "https://user:secret@example.org:8080/a",
                "https://example.org:8080/a",
            ),
            ("https://user@example.org", "https://example.org"),
            ("https://u:p@ss@example.org/a", "https://example.org/a"),
            (
                "https://example.org/a?token=secret",
                "https://example.org/a?…",
            ),
            ("https://example.org/a#secret", "https://example.org/a?…"),
            (
                "https://user:se/cret@example.org/a",
                "https://…@example.org/a",
            ),
            ("user:secret@example.org/a", "…@example.org/a"),
            ("http:user:secret@example.org/a", "…@example.org/a"),
            (
                "https://example.org/@scope/a",
                "https://example.org/@scope/a",
            ),
            ("https://[::1]:8080/a@b", "https://[::1]:8080/a@b"),
            ("https://[::1]/a@b", "https://[::1]/a@b"),
            ("file:///srv/a@b", "file:///srv/a@b"),
            ("file:/srv/a@b", "file:/srv/a@b"),
            ("/srv/a@b", "/srv/a@b"),
            ("HTTPS://example.org", "https://example.org"),
            ("", ""),
        ];
        for (text, shown) in table {
            assert_eq!(Uri::new(text).to_string(), shown, "{text}");
            assert_eq!(format!("{:?}", Uri::new(text)), shown, "{text}");
        }
    }

    #[test]
    fn parts() {
        let table = [
            ("https://u:p@h:1/a/b?c#d", "https", "/a/b", ("h", Some("1"))),
            ("HTTP://h", "http", "", ("h", None)),
            ("file:///srv/x%20y", "file", "/srv/x%20y", ("", None)),
            ("file:/srv/x", "file", "/srv/x", ("", None)),
            ("/srv/x:y", "", "/srv/x:y", ("", None)),
            ("srv/x", "", "srv/x", ("", None)),
            ("gopher+x://h/a", "gopher+x", "/a", ("h", None)),
            ("ssh://me@[::1]:22/a", "ssh", "/a", ("[::1]", Some("22"))),
            ("http://[::1]/a", "http", "/a", ("[::1]", None)),
        ];
        for (text, scheme, path, host_port) in table {
            let uri = Uri::new(text);
            assert_eq!(uri.scheme(), scheme, "{text}");
            assert_eq!(uri.path(), path, "{text}");
            assert_eq!(uri.host_port(), host_port, "{text}");
        }
    }

    #[test]
    fn credentials_are_taken_off_as_written() {
        let uri = Uri::new("https://me:p%40ss@h/a?b");
        assert_eq!(uri.credentials(), Some(("me", Some("p%40ss"))));
        assert_eq!(uri.without_credentials(), "https://h/a?b");
        assert_eq!(Uri::new("https://me@h").credentials(), Some(("me", None)));
        assert_eq!(Uri::new("https://h/a@b").credentials(), None);
        assert_eq!(Uri::new("/srv/a@b").without_credentials(), "/srv/a@b");
    }
}
