//! Status codes in words. Those above 520 are of no standard: proxies of content networks give them.

use reqwest::StatusCode;

/// What a server that gives no file says: `522: its proxy cannot reach it`.
pub(crate) fn describe(status: StatusCode) -> String {
    let words = match status.as_u16() {
        401 => "it wants a login and a password, or others than it got",
        403 => "it denies access",
        404 | 410 => "it does not have the file",
        407 => "the proxy wants a login and a password",
        408 | 504 | 524 => "it took too long",
        429 => "it had too many requests",
        451 => "it may not give the file for legal reasons",
        500 | 520 => "something is wrong with it",
        502 => "its proxy got no proper answer from it",
        503 => "it is overloaded or under maintenance",
        521 => "its proxy finds it down",
        522 | 523 => "its proxy cannot reach it",
        525 | 526 => "its proxy does not trust its certificate",
        530 => "its proxy does not find it",
        _ => return with_reason(status),
    };
    format!("{}: {words}", status.as_u16())
}

fn with_reason(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn codes_without_words_stand_alone() {
        for (code, text) in [
            (522, "522: its proxy cannot reach it"),
            (418, "418 I'm a teapot"),
            (599, "599"),
        ] {
            assert_eq!(describe(StatusCode::from_u16(code).unwrap()), text);
        }
    }
}
