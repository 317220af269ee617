#![allow(clippy::unwrap_used)]

use std::convert::Infallible;

use proptest::prelude::*;

use super::*;

fn words(text: &str) -> Result<Vec<DepSpec<String>>, DepSpecError> {
    DepSpec::parse(text, |word| Ok::<_, Infallible>(word.to_owned()))
}

fn eapi(text: &str) -> Option<Eapi> {
    Eapi::parse(text)
}

/// Reduced, as text; `(` begins a nested group, where the references write `[`.
fn reduced(text: &str, eapi: Option<Eapi>, enabled: &str) -> String {
    let nodes = words(text).unwrap();
    let enabled: Vec<&str> = enabled.split_whitespace().collect();
    reduced_text(&reduce(&nodes, eapi, &|flag| enabled.contains(&flag)))
}

/// String, USE, normal form from EAPI 7.
#[test]
fn normal_form() {
    for (text, enabled, expected) in [
        ("foo? ( a ) b", "foo", "a b"),
        ("foo? ( a ) b", "", "b"),
        ("!foo? ( a ) b", "foo", "b"),
        ("!foo? ( a ) b", "", "a b"),
        ("( ( a ) b )", "", "a b"),
        ("|| ( a b )", "", "|| ( a b )"),
        ("|| ( a )", "", "a"),
        ("|| ( ( a b ) )", "", "a b"),
        ("|| ( ( a b ) c )", "", "|| ( ( a b ) c )"),
        ("|| ( ( a ) c )", "", "|| ( a c )"),
        ("|| ( || ( a b ) c )", "", "|| ( a b c )"),
        ("|| ( foo? ( a ) b )", "foo", "|| ( a b )"),
        ("|| ( foo? ( a ) b )", "", "b"),
        ("|| ( foo? ( a b ) c )", "foo", "|| ( ( a b ) c )"),
        ("|| ( foo? ( a ) )", "", "__const__/empty-any-of"),
        ("|| ( foo? ( a ) bar? ( b ) )", "bar", "b"),
        ("|| ( ( || ( a b ) ) c )", "", "|| ( a b c )"),
        ("|| ( ( a || ( b c ) ) d )", "", "|| ( ( a || ( b c ) ) d )"),
        ("a || ( b ( c d ) )", "", "a || ( b ( c d ) )"),
        ("( || ( a b ) )", "", "|| ( a b )"),
        ("foo? ( bar? ( a ) )", "foo bar", "a"),
        ("foo? ( bar? ( a ) )", "foo", ""),
        ("|| ( a foo? ( || ( b c ) ) )", "foo", "|| ( a b c )"),
        ("^^ ( a b )", "", "^^ a b"),
        // read again, it is merged once more
        (
            "|| ( a ( || ( ( b c ) ) d ) )",
            "",
            "|| ( a ( ( b c ) d ) )",
        ),
        ("|| ( a ( ( b c ) d ) )", "", "|| ( a ( b c d ) )"),
        ("|| ( a ( b c d ) )", "", "|| ( a ( b c d ) )"),
        ("", "", ""),
    ] {
        assert_eq!(reduced(text, eapi("8"), enabled), expected, "{text}");
        assert_eq!(reduced(text, None, enabled), expected, "{text}");
    }
}

#[test]
fn empty_any_of_vanishes_before_eapi_7() {
    assert_eq!(reduced("|| ( foo? ( a ) )", eapi("6"), ""), "");
    assert_eq!(
        reduced("|| ( foo? ( a ) )", eapi("7"), ""),
        "__const__/empty-any-of"
    );
    assert_eq!(reduced("|| ( || ( foo? ( a ) ) b )", eapi("6"), ""), "b");
    assert_eq!(
        reduced("|| ( || ( foo? ( a ) ) b )", eapi("7"), ""),
        "|| ( ( __const__/empty-any-of ) b )"
    );
}

#[test]
fn malformed_for_every_parser() {
    for text in [
        "( )",
        "|| ( )",
        "foo? ( )",
        "foo? a/a",
        "foo?",
        "|| a/a",
        "||",
        "( a/a",
        "a/a )",
        ")",
        "(",
        "|| (a/a b/b )",
        "-foo? ( a/a )",
        "|| || ( a/a )",
        "foo? || ( a/a )",
        "? ( a/a )",
        "!? ( a/a )",
        "!!foo? ( a/a )",
        "fo.o? ( a/a )",
        "fóo? ( a/a )",
        "|| (",
        "a/a -> b/b",
        "( ( ) )",
        "|| ( a/a ) )",
        "(foo?",
    ] {
        assert!(words(text).is_err(), "{text}");
        for eapi in ["8", "5", "4", "none"].map(eapi) {
            assert!(
                DepSpec::parse_dependencies(text, eapi).is_err(),
                "{text} {eapi:?}"
            );
            assert!(
                DepSpec::parse_checked(text, eapi, &|flag| flag == "foo").is_err(),
                "{text}"
            );
        }
    }
}

#[test]
fn words_may_be_anything_else() {
    for text in [
        "GPL-2+",
        "foo(bar",
        "x)",
        "a(",
        "a|| ( b )",
        "!! a",
        "!a -b",
        "foo?bar",
        "|||",
        "foo?)",
    ] {
        assert!(words(text).is_ok(), "{text}");
    }
    assert!(words("?? ( a )").is_err());
    // white space is Python's
    assert_eq!(words("a\u{a0}b\u{1c}c\u{85}d").unwrap().len(), 4);
    assert_eq!(words("a\u{200b}b").unwrap().len(), 1);
}

/// String, whether it is valid for EAPI 8 and without EAPI (native parser), for EAPI 4 (Python),
/// and when a package of EAPI 8 with IUSE "foo" is judged (Python).
#[test]
fn parsers_differ() {
    for (text, native, old, judged) in [
        ("^^ ( a/b c/d )", true, false, false),
        ("?? ( a/b c/d )", true, false, false),
        ("+foo? ( a/b )", true, false, false),
        ("_foo? ( a/b )", true, false, false),
        ("a/b[_f]", true, false, false),
        ("a/b[+f]", true, false, false),
        ("a/b\u{a0}c/d", false, true, true),
        ("a/b\u{b}c/d", false, true, true),
        ("( a/b\tc/d\n)", true, true, true),
        ("foo? ( d/x )", true, true, true),
        ("nope? ( d/x )", true, true, false),
        ("d/x[nope?]", true, true, false),
        ("d/x[nope]", true, true, true),
        ("d/x-1", false, false, false),
        ("d/x::repo", false, false, false),
        ("=d/x-1-2", false, false, false),
        ("*/x", false, false, false),
        ("d/x:0/0=", true, false, true),
        ("a/b[foo(+),foo]", false, false, false),
        ("__const__/empty-any-of", true, true, true),
    ] {
        assert_eq!(
            DepSpec::parse_dependencies(text, eapi("8")).is_ok(),
            native,
            "{text}"
        );
        assert_eq!(
            DepSpec::parse_dependencies(text, None).is_ok(),
            native,
            "{text}"
        );
        assert_eq!(
            DepSpec::parse_dependencies(text, eapi("4")).is_ok(),
            old,
            "{text}"
        );
        let checked = DepSpec::parse_checked(text, eapi("8"), &|flag| flag == "foo");
        assert_eq!(checked.is_ok(), judged, "{text}");
    }
}

#[test]
fn flags_and_leaves() {
    let nodes = words("a foo? ( b !bar? ( c ) ) || ( ( d ) foo? ( e ) )").unwrap();
    assert_eq!(DepSpec::conditional_flags(&nodes), ["foo", "bar", "foo"]);
    assert_eq!(DepSpec::leaves(&nodes), ["a", "b", "c", "d", "e"]);
    assert_eq!(
        DepSpec::active_leaves(&nodes, &|flag| flag == "bar"),
        ["a", "d"]
    );
    assert_eq!(
        DepSpec::active_leaves(&nodes, &|flag| flag == "foo"),
        ["a", "b", "c", "d", "e"]
    );
}

fn reduced_dependencies(text: &str, enabled: &dyn Fn(&str) -> bool) -> Vec<Reduced<Dep>> {
    let nodes = DepSpec::parse_dependencies(text, eapi("8")).unwrap();
    reduce_dependencies(&nodes, eapi("8"), enabled)
}

#[test]
fn atoms_are_evaluated_and_stripped() {
    let text = "|| ( a/b:0/1=[foo?] c/d:2= ) ( e/f[!foo?] g/h:0 )";
    let mut nodes = reduced_dependencies(text, &|flag| flag == "foo");
    assert_eq!(
        reduced_text(&nodes),
        "|| ( a/b:0/1=[foo] c/d:2= ) e/f g/h:0"
    );
    strip_built_slots(&mut nodes);
    assert_eq!(reduced_text(&nodes), "|| ( a/b:=[foo] c/d:= ) e/f g/h:0");
}

#[test]
fn the_written_placeholder_is_the_same() {
    let made = reduced_dependencies("|| ( foo? ( a/b ) )", &|_| false);
    let written = reduced_dependencies("__const__/empty-any-of", &|_| false);
    assert_eq!(made, written);
    assert_eq!(made, [Reduced::EmptyAnyOf]);
}

#[test]
fn deep_nesting_is_an_error() {
    let nested = |depth| format!("{}a/b{}", "|| ( ".repeat(depth), " )".repeat(depth));
    assert_eq!(reduced(&nested(256), None, ""), "a/b");
    assert!(
        words(&nested(257))
            .unwrap_err()
            .reason
            .contains("too deeply")
    );
    assert!(DepSpec::parse_dependencies(&"( ".repeat(1_000_000), None).is_err());
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "(a/b|=c/d-1\\*|\\(|\\)|\\|\\||\\^\\^|f\\?|!f\\?|\\PC| |\n){0,30}") {
        let _ = words(&text);
        for eapi in ["4", "8", "none"].map(eapi) {
            let _ = DepSpec::parse_checked(&text, eapi, &|_| true);
            if let Ok(nodes) = DepSpec::parse_dependencies(&text, eapi) {
                let once = reduce_dependencies(&nodes, eapi, &|_| true);
                // the text that Portage would write into an index is a dependency string again
                prop_assert!(DepSpec::parse_dependencies(&reduced_text(&once), eapi).is_ok());
            }
        }
    }
}
