//! Entries of metadata caches, and the heads of ebuilds.

use bincheck::local::fuzzing;
use bincheck::pms::Key;

use crate::guard;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let text = Input::new(bytes).text();
    let values = fuzzing::cache_entry(&text);
    let body = text.strip_suffix('\n').unwrap_or(&text);
    let spoilt = !body.is_empty() && body.split('\n').any(|line| !line.contains('='));
    assert_eq!(values.is_none(), spoilt, "{text:?}");
    if let Some(metadata) = values {
        for key in Key::ALL {
            let start = format!("{}=", key.name());
            let last = body
                .split('\n')
                .filter_map(|line| line.strip_prefix(&start))
                .next_back();
            assert_eq!(metadata.get(key), last, "{}", key.name());
        }
    }
    if let Some(eapi) = fuzzing::eapi_of_ebuild(&text) {
        assert!(
            text.contains(&format!("EAPI={eapi}"))
                || text.contains(&format!("{eapi}\""))
                || text.contains(&format!("{eapi}'"))
        );
        assert!(eapi.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    guard::linear(bytes, b"\n", |bytes| {
        fuzzing::cache_entry(&String::from_utf8_lossy(bytes));
    });
}
