//! URIs: passwords stay inside.

use bincheck::binhost::Uri;

use crate::guard;
use crate::input::{Input, one_line};

/// A password that cannot occur by accident.
const CANARY: &str = "Kanarienvogel";

pub(super) fn run(bytes: &[u8]) {
    let text = one_line(&Input::new(bytes).text());
    let uri = Uri::new(&text);
    assert!(text.starts_with(uri.secret()));
    assert_eq!(Uri::new(uri.secret()), uri);
    assert!(uri.secret().contains(uri.path()));
    let _ = (uri.to_string(), format!("{uri:?}"));
    // A fuzzer that watches compares finds out the word.
    if !text.contains(CANARY) {
        canary(&text);
    }
    guard::linear(bytes, b"/", |bytes| {
        let _ = Uri::new(&String::from_utf8_lossy(bytes)).to_string();
    });
}

/// The same with a password put into the authority.
fn canary(text: &str) {
    for scheme in ["http", "https", "ssh", "sftp", "ftp", "rsync"] {
        let Some(rest) = text
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"))
        else {
            continue;
        };
        let uri = Uri::new(&format!("{scheme}://user:{CANARY}@{rest}"));
        for shown in [uri.to_string(), format!("{uri:?}")] {
            assert!(!shown.contains(CANARY), "{shown}");
        }
    }
}
