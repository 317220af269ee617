#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::pms::Cpv;
use crate::source::Source;

fn missing(accept: &str, text: &str, used: &str) -> Result<String, DepSpecError> {
    let tokens = split(accept, &Source::BuiltIn).collect();
    let accept = Accept {
        list: AcceptList::new(tokens, AtomMap::default()),
    };
    let cpv = Cpv::parse("a/b-1").unwrap();
    let subject = Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: None,
        repository: None,
        build_id: None,
    };
    let found = accept.missing(&subject, text, &|flag| flag == used)?;
    Ok(found.missing.join(" "))
}

#[test]
fn missing_words() {
    for (accept, text, used, expected) in [
        ("*", "bindist", "", ""),
        ("* -bindist", "bindist", "", "bindist"),
        ("* -bindist", "mirror bindist test", "", "bindist"),
        ("* -interactive", "interactive", "", "interactive"),
        ("", "test", "", "test"),
        ("* -test", "!test? ( test )", "", "test"),
        ("* -test", "!test? ( test )", "test", ""),
        ("-*", "a ( b a )", "", "a b"),
        ("*", "", "", ""),
        ("", "", "", ""),
    ] {
        assert_eq!(
            missing(accept, text, used).unwrap(),
            expected,
            "{accept:?} {text:?} {used:?}"
        );
    }
    assert!(missing("*", "( test", "").is_err());
}
