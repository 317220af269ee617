//! repos.conf and its like: what was read reads the same when it is written down.

use bincheck::local::ini::Ini;
use bincheck::source::Source;

use crate::guard;
use crate::input::Input;

pub(super) fn run(bytes: &[u8]) {
    let text = Input::new(bytes).text();
    let place = Source::BuiltIn;
    let builtin = [("EPREFIX", ""), ("ROOT", "/")];
    if let Ok(ini) = Ini::parse(&text, &place, &builtin) {
        check(&ini);
    }
    guard::linear(bytes, b"\n", |bytes| {
        let _ = Ini::parse(&String::from_utf8_lossy(bytes), &place, &builtin);
    });
}

fn check(ini: &Ini) {
    let mut written = String::new();
    let mut values = Vec::new();
    for section in ini.sections() {
        written += &format!("[{section}]\n");
        for key in ini.keys(section) {
            let Ok(value) = ini.get(section, key) else {
                continue;
            };
            let (value, _) = value.expect("a key that is listed has a value");
            assert!(value.len() <= 1 << 20);
            if writable(key, &value) {
                written += &format!("{key} = {}\n", value.replace('%', "%%"));
                values.push((section.to_owned(), key.to_owned(), value));
            }
        }
    }
    let again = Ini::parse(&written, &Source::BuiltIn, &[]);
    let again = again.unwrap_or_else(|error| panic!("{written:?}: {error}"));
    assert!(again.sections().eq(ini.sections()), "{written:?}");
    for (section, key, value) in values {
        let read = again.get(&section, &key).ok().flatten();
        assert_eq!(
            read.map(|(value, _)| value),
            Some(value),
            "{section} {key} of {written:?}"
        );
    }
}

/// Whether a key and its value can be written in one line: a value may have several.
fn writable(key: &str, value: &str) -> bool {
    !value.contains(['\n', '\r'])
        && value.trim() == value
        && !key.starts_with(['[', '#', ';'])
        && key.to_lowercase() == key
}
