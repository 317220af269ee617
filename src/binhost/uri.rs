//! URIs of binhosts, with their secrets kept out of sight.

use std::fmt;

/// A URI as configured. `Display` and `Debug` never show user name, password or query secrets.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Uri {
    raw: String,
}

impl Uri {
    /// Keep a URI, without trailing slashes.
    pub fn new(text: &str) -> Uri {
        Uri {
            raw: text.trim_end_matches('/').to_owned(),
        }
    }

    /// The whole text, secrets included: for connections and cache keys only.
    pub fn secret(&self) -> &str {
        &self.raw
    }

    /// The scheme in lower case; empty for a plain path.
    pub fn scheme(&self) -> &str {
        todo!()
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

impl fmt::Debug for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
