//! A second fence around passwords: texts that quote what someone typed or configured.
//!
//! [`crate::binhost::Uri`] shows no secrets. But a line that cannot be read is quoted as it is, before
//! anything in it has become a URI.

use std::borrow::Cow;

/// What stands in the place of a secret.
const MASK: char = '…';

/// The text without user names, passwords and queries of URIs in it.
pub fn redact(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, uri) = rest.split_at(at + 3);
        let end = uri.find(is_delimiter).unwrap_or(uri.len());
        let (uri, after) = uri.split_at(end);
        shown.push_str(before);
        push(&mut shown, uri);
        rest = after;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// What ends a URI in a sentence, a list, or a configuration file.
fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"'`<>|".contains(c)
}

/// Add what follows the `//` of a URI.
fn push(shown: &mut String, uri: &str) {
    let (uri, query) = match uri.find(['?', '#']) {
        Some(at) => uri.split_at(at),
        None => (uri, ""),
    };
    let (authority, path) = uri.split_at(uri.find('/').unwrap_or(uri.len()));
    if let Some((_, host)) = authority.rsplit_once('@') {
        shown.extend([MASK, '@']);
        shown.push_str(host);
        shown.push_str(path);
    } else if let (true, Some((_, end))) = (has_bad_port(authority), uri.rsplit_once('@')) {
        // A slash in a password.
        shown.extend([MASK, '@']);
        shown.push_str(end);
    } else {
        shown.push_str(uri);
    }
    if let Some(first) = query.chars().next() {
        shown.extend([first, MASK]);
    }
}

fn has_bad_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| {
        !port.contains(']') && !port.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays() {
        for (text, shown) in [
            ("no URI: me:secret@h", "no URI: me:secret@h"),
            ("get http://h:80/a@b, then", "get http://h:80/a@b, then"),
            ("x='http://me:se@cret@h/a' y", "x='http://…@h/a' y"),
            (
                "http://token@h ftp://u:p@[::1]/",
                "http://…@h ftp://…@[::1]/",
            ),
            ("https://me:se/cret@h/a", "https://…@h/a"),
            ("https://h/a?token=secret b", "https://h/a?… b"),
            ("https://me:secret@h#secret", "https://…@h#…"),
            ("://", "://"),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
    }
}
