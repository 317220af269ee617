#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::pms::Cpv;

const CONFIGURATION: Syntax = Syntax {
    wildcard: false,
    ..Syntax::USER
};

fn dep(text: &str) -> Dep {
    Dep::parse(text, Syntax::USER).unwrap()
}

#[test]
fn accepted() {
    let texts = "a/b =a/b-1 >=a/b-1-r1 =a/b-1* =a/b-1-r1* ~a/b-1 ~a/b-1-r1 !a/b !!a/b a/b:0 a/b:0/1 a/b:0/1= \
        a/b:= a/b:* a/b:0= a/b::gentoo a/b:0::gentoo[foo] =a/b-1:2/3::x[y] a/b[foo,-bar] a/b[foo(+),bar(-)?] \
        a/b[!foo?] a/b[!foo=] a/b[foo,foo] a/b[foo,-foo] =a/b-1-2 =a/b-1-r1-3 =a/b-1-0 ~a/b-1-2 =a/b-foo-1 \
        a/b:1.2-r3_+x a/b:_1 A/B a.b/c a/b+c a+b/c <a/b-1_alpha a/b[foo(+),foo(+)] a/b::x-1 a/b-1-x-r1 a/b-r1 \
        a/b- =a/b--1 =a/1-2 =a/b-1_p*";
    for text in texts.split_whitespace() {
        let dep = Dep::parse(text, CONFIGURATION).unwrap();
        assert_eq!(dep.to_string(), text);
        assert!(!dep.is_wildcard(), "{text}");
    }
}

#[test]
fn rejected() {
    let texts = "a/b-1 a/b-1-r1 a/b-foo-1 ~a/b-1* >=a/b-1* =a/b !!!a/b *a/b =a/b-1-02 a/b:0* a/b: a/b:0/ a/b:/1 \
        a/b:0/1* a/b:-1 a/b:.1 a/b:+1 a/b::gentoo:0 a/b[foo]::gentoo a/b[] a/b[foo,] a/b[!foo] a/b[-foo?] \
        a/b[foo(+),foo] a/b[foo(+),-foo(-)] a/b.c a/b[foo(+)?,foo=] a/b[foo,,bar] a/b[foo][bar] a/b[foo a/b] \
        a/b:: a/b:::x a/b::x.y a/b:0/1/2 a/b:=0 a/b:== a/b:** a/b:*= =a/b-1** =a/b* a/b* =a/b-1*-2 =a/b-1-2* \
        =a/b-1-2-r1 =a/b-1.0-2-3 =a/-1 =a/-1-2 a/é a/b[é] a/b-1-2 = a /b a/ [a] : ! !! >= a//b";
    let spaced = [
        "",
        " ",
        "a/b:0 ",
        "a/b[foo bar]",
        "a/b\n",
        "=a/b-1\n",
        "a/b[foo]\n",
        " a/b",
        "! a/b",
    ];
    for text in texts.split_whitespace().chain(spaced) {
        assert!(Dep::parse(text, CONFIGURATION).is_err(), "{text:?}");
    }
}

#[test]
fn extended_atoms() {
    let accepted = "*/* a/* */b */*::gentoo */*:0 a*/b* *a*/b dev-*/foo*bar a/b* a/*b:2 !*/b */b:0/1 */b:= */b-1 \
        =*/*-*9999* =a/b-*1* =*/b-*_p* =*/*-*9999*::gentoo a/b*-1 =a/b-*1_p* =*/b-1-*1* !!=*/*-*9* a/b-* +*/b a/+* \
        +a/b +a/b-1 a/*-*1* =*/*-*9*:0/1=::x";
    for text in accepted.split_whitespace() {
        let dep = Dep::parse(text, Syntax::USER).unwrap();
        assert!(dep.is_wildcard(), "{text}");
        assert!(Dep::parse(text, CONFIGURATION).is_err(), "{text}");
    }
    let rejected = "*/** **/a =a/b-* =*/*-1 =*/*-9999 >=*/b-1 */b[foo] =*/*-*1.2* * foo* =a/b-** ~*/*-*1* =a/b-*1 \
        =a/b-*1-r1* */b:: -*/b */-b a/-* .*/b */.b */b.c a/b-1 a/b-1-2 =*/*-*9*[a] ٣/b* a//* */*::x:0 */*:0*";
    for text in rejected.split_whitespace() {
        assert!(Dep::parse(text, Syntax::USER).is_err(), "{text}");
    }
}

/// Atom, the last EAPI that forbids it.
#[test]
fn eapis_forbid() {
    for (text, last) in [
        ("a/b:0", 0),
        ("a/b[foo]", 1),
        ("a/b[foo(+)]", 3),
        ("!!a/b", 1),
        ("a/b:=", 4),
        ("a/b:*", 4),
        ("a/b:0/1", 4),
        ("a/b:0/1=", 4),
        ("a/b::x", 9),
        ("=a/b-1-2", 9),
        ("*/b", 9),
    ] {
        for number in 0..=9 {
            let syntax = Syntax::dependency(Eapi::parse(&number.to_string()));
            assert_eq!(
                Dep::parse(text, syntax).is_ok(),
                number > last,
                "{text} {number}"
            );
        }
        let without = Dep::parse(text, Syntax::dependency(None));
        assert_eq!(without.is_ok(), text != "*/b", "{text}");
    }
}

#[test]
fn parts() {
    let all = dep("!!>=a/b-1.2-r3-4:5/6=::x-y[foo,-bar(+),!baz?]");
    assert_eq!(all.blocker(), Some(Blocker::Strong));
    assert_eq!(all.operator(), Some(Operator::GreaterOrEqual));
    assert_eq!(
        (all.name(), all.version(), all.build_id()),
        ("a/b", Some("1.2-r3"), Some(4))
    );
    assert_eq!((all.slot(), all.sub_slot()), (Some("5"), Some("6")));
    assert_eq!(all.slot_operator(), Some(SlotOperator::Equal));
    assert_eq!(all.repository(), Some("x-y"));
    let words: Vec<String> = all.use_deps().map(|dep| dep.to_string()).collect();
    assert_eq!(words, ["foo", "-bar(+)", "!baz?"]);
    assert!(all.has_conditional_use());

    let none = dep("a/b");
    assert_eq!(
        (none.blocker(), none.operator(), none.version()),
        (None, None, None)
    );
    assert_eq!(
        (none.slot(), none.sub_slot(), none.slot_operator()),
        (None, None, None)
    );
    assert_eq!(
        (none.repository(), none.build_id(), none.use_deps().count()),
        (None, None, 0)
    );

    assert_eq!(dep("!a/b:*").slot_operator(), Some(SlotOperator::Any));
    assert_eq!(dep("=a/b-1*").operator(), Some(Operator::EqualGlob));
    assert_eq!(dep("=a/b-1*").version(), Some("1"));
    let contains = dep("=*/*-*9999*");
    assert_eq!(
        (contains.operator(), contains.version()),
        (Some(Operator::Contains), Some("9999"))
    );
    assert_eq!(contains.name(), "*/*");
}

#[test]
fn build_ids() {
    for (text, name, version, id) in [
        ("=a/b-1-2", "a/b", "1", Some(2)),
        ("=a/b-1-r1-0", "a/b", "1-r1", Some(0)),
        ("=a/b-1-3-4", "a/b-1", "3", Some(4)),
        ("=a/b-1-r1-2-3", "a/b-1-r1", "2", Some(3)),
        ("=a/b-1-02-3", "a/b-1", "02", Some(3)),
        ("=a/b-1-x-4", "a/b-1-x", "4", None),
        ("=a/b-1-r1-r2-3", "a/b-1-r1-r2", "3", None),
        ("=a/1-2-3", "a/1", "2", Some(3)),
        ("=a/b-1-99999999999999999999", "a/b", "1", Some(i64::MAX)),
    ] {
        let dep = dep(text);
        assert_eq!(
            (dep.name(), dep.version(), dep.build_id()),
            (name, Some(version), id),
            "{text}"
        );
    }
}

#[test]
fn errors_say_what_is_wrong() {
    let reason = |text| Dep::parse(text, CONFIGURATION).unwrap_err().reason;
    assert_eq!(reason("=a/b"), "\"=a/b\" has an operator and no version");
    assert_eq!(reason("a/b-1"), "\"a/b-1\" has a version and no operator");
    assert_eq!(
        reason("a/b[!x]"),
        "\"a/b[!x]\" has no valid USE dependency \"!x\""
    );
    assert_eq!(reason("foo"), "\"foo\" is not an atom");
}

fn fits(
    atom: &str,
    cpv: &str,
    slot: &str,
    repository: Option<&str>,
    build_id: Option<i64>,
) -> bool {
    let cpv = Cpv::parse(cpv).unwrap();
    dep(atom).matches(&Subject {
        cpn: &cpv.cpn,
        version: &cpv.version,
        slot: Slot::parse(slot, None).as_ref(),
        repository,
        build_id,
    })
}

#[test]
fn versions_match() {
    let rows = "
=a/b-1 a/b-1-r0 yes   =a/b-1-r0 a/b-1 yes   =a/b-1 a/b-1-r1 no   =a/b-1.0 a/b-1.00 yes   =a/b-1.0 a/b-1 no
~a/b-1 a/b-1-r5 yes   ~a/b-1.0 a/b-1.00-r1 no   ~a/b-1-r1 a/b-1-r5 yes   =a/b-1* a/b-1 yes   =a/b-1* a/b-10 no
=a/b-1* a/b-1.5 yes   =a/b-1* a/b-1a yes   =a/b-1* a/b-1_p3 yes   =a/b-1* a/b-1-r3 yes   =a/b-1.1* a/b-1.10 no
=a/b-1.1* a/b-1.1.2 yes   =a/b-01* a/b-1.2 yes   =a/b-1* a/b-01.2 yes   =a/b-1-r1* a/b-1-r1 yes
=a/b-1-r1* a/b-1-r12 no   =a/b-1_p* a/b-1_p3 yes   =a/b-1_p2* a/b-1_p20230101 no   =a/b-1_p* a/b-1_pre no
=a/b-1_alpha* a/b-1_alpha3 yes   =a/b-0* a/b-0.5 yes   =a/b-00* a/b-0.5 yes   >a/b-1 a/b-1-r1 yes
=a/b-0* a/b-01 no   =a/b-0* a/b-00 yes   =a/b-0* a/b-0a yes   =a/b-1-r0* a/b-1 no   =a/b-1* a/b-1-c-2 no
>=a/b-1-r1 a/b-1 no   <a/b-1 a/b-1_rc1 yes   <=a/b-1 a/b-1-r0 yes   >a/b-1_p a/b-1_p0 no   !!<a/b-2 a/b-1 yes
a/b a/bb-1 no   */* a/b-1 yes   a/* a/b-1 yes   */b a/b-1 yes   a*/b abc/b-1 yes   *a/b ba/b-1 yes   */b* a/bcd-1 yes
=*/*-*9999* a/b-1.9999 yes   =*/*-*9* a/b-1-r9 yes   =*/*-*r1* a/b-1-r1 yes   =a/*-*1* a/b-21 yes   =*/*-*9999* a/b-1 no";
    let words: Vec<&str> = rows.split_whitespace().collect();
    for row in words.chunks(3) {
        assert_eq!(
            fits(row[0], row[1], "0", None, None),
            row[2] == "yes",
            "{row:?}"
        );
    }
}

#[test]
fn slots_repositories_and_build_ids_match() {
    for (atom, slot, expected) in [
        ("a/b:0", "0/1", true),
        ("a/b:0/1", "0/2", false),
        ("a/b:0/0", "0", true),
        ("a/b:0/1=", "0/2", false),
        ("a/b:=", "0/2", true),
        ("a/b:*", "3/2", true),
        ("a/b:0=", "0/2", true),
        ("a/b:0=", "1/2", false),
        ("a/b:0", "not valid", false),
        ("a/b", "not valid", true),
    ] {
        assert_eq!(
            fits(atom, "a/b-1", slot, None, None),
            expected,
            "{atom} {slot}"
        );
    }
    assert!(fits("a/b::gentoo", "a/b-1", "0", Some("gentoo"), None));
    assert!(!fits("a/b::gentoo", "a/b-1", "0", Some("x"), None));
    assert!(fits("a/b::gentoo", "a/b-1", "0", None, None));
    for (atom, id, expected) in [
        ("=a/b-1-2", Some(2), true),
        ("=a/b-1-2", Some(3), false),
        ("=a/b-1-2", None, false),
        ("=a/b-1", Some(2), true),
        (">=a/b-1-2", Some(1), true),
        ("~a/b-1-2", None, true),
    ] {
        assert_eq!(
            fits(atom, "a/b-1", "0", None, id),
            expected,
            "{atom} {id:?}"
        );
    }
}

/// USE dependencies, IUSE, USE, whether they hold.
#[test]
fn use_matches() {
    let rows = "
[foo] foo foo yes         [foo] foo - no           [foo] - - no             [-foo] - - no          [-foo] foo - yes
[-foo] foo foo no         [foo(+)] - - yes         [foo(-)] - - no          [-foo(+)] - - no       [-foo(-)] - - yes
[foo(+)] foo - no         [foo(-)] foo foo yes     [-foo(+)] foo - yes      [-foo(-)] foo foo no   [foo,bar(+)] foo foo yes
[foo,bar(-)] foo foo no   [foo?] foo - yes         [foo?] - - no            [foo(+)?] - - yes
[foo(+),-bar(-)] - - yes  [foo] - foo no           [foo(-)] - foo no";
    let words: Vec<&str> = rows.split_whitespace().collect();
    for row in words.chunks(4) {
        let atom = dep(&format!("a/b{}", row[0]));
        let holds = atom.use_matches(|flag| (flag == row[1]).then_some(flag == row[2]));
        assert_eq!(holds, row[3] == "yes", "{row:?}");
    }
}

/// Atom, with `foo` enabled in the parent, without.
#[test]
fn conditionals_are_evaluated() {
    for (text, with, without) in [
        ("a/b[foo?]", "a/b[foo]", "a/b"),
        ("a/b[!foo?]", "a/b", "a/b[-foo]"),
        ("a/b[foo=]", "a/b[foo]", "a/b[-foo]"),
        ("a/b[!foo=]", "a/b[-foo]", "a/b[foo]"),
        ("a/b[foo(-)?,bar]", "a/b[foo(-),bar]", "a/b[bar]"),
        (
            "a/b:=[foo?,bar(+)=]",
            "a/b:=[foo,-bar(+)]",
            "a/b:=[-bar(+)]",
        ),
        (
            "!!=a/b-1*[foo?,bar]",
            "!!=a/b-1*[foo,bar]",
            "!!=a/b-1*[bar]",
        ),
        (
            "a/b:0/1=::x[foo?,bar]",
            "a/b:0/1=[foo,bar]",
            "a/b:0/1=[bar]",
        ),
        ("a/b::x[foo]", "a/b::x[foo]", "a/b::x[foo]"),
        ("a/b[-foo,!foo?]", "a/b[-foo]", "a/b[-foo,-foo]"),
    ] {
        for (enabled, expected) in [(true, with), (false, without)] {
            let evaluated = dep(text).evaluate_use(|flag| enabled && flag == "foo");
            assert_eq!(evaluated.as_str(), expected, "{text}");
            assert_same_parts(&evaluated, &dep(expected));
        }
    }
}

#[test]
fn dropped_conditionals_still_want_the_flag() {
    let evaluated = dep("a/b[foo?,bar(+)?,baz?]").evaluate_use(|_| false);
    assert_eq!(evaluated.as_str(), "a/b");
    assert_eq!(
        evaluated.required_flags().collect::<Vec<_>>(),
        ["foo", "baz"]
    );
    assert!(evaluated.use_matches(|flag| (flag != "bar").then_some(false)));
    assert!(!evaluated.use_matches(|flag| (flag != "foo").then_some(false)));
    assert!(!evaluated.strip_built_slot().use_matches(|_| None));
}

#[test]
fn built_slots_are_stripped() {
    for (text, stripped) in [
        ("a/b:0/1=", "a/b:="),
        ("a/b:0=", "a/b:="),
        ("a/b:=", "a/b:="),
        ("a/b:0", "a/b:0"),
        ("a/b:0/1", "a/b:0/1"),
        ("a/b:*", "a/b:*"),
        (">=a/b-1:0/1=[foo]", ">=a/b-1:=[foo]"),
        ("!!<a/b-2:0/1=", "!!<a/b-2:="),
        ("a/b:0/1=::x", "a/b:=::x"),
        ("a/b:10/1=::x[foo?]", "a/b:=::x[foo?]"),
    ] {
        let result = dep(text).strip_built_slot();
        assert_eq!(result.as_str(), stripped);
        assert_same_parts(&result, &dep(stripped));
    }
}

/// Offsets are right after a text was rewritten.
pub(super) fn assert_same_parts(left: &Dep, right: &Dep) {
    let parts = |dep: &Dep| {
        let texts = [dep.version(), dep.slot(), dep.sub_slot(), dep.repository()];
        let words: Vec<String> = dep.use_deps().map(|word| word.to_string()).collect();
        let texts = texts.map(|text| text.map(str::to_owned));
        (
            dep.name().to_owned(),
            texts,
            words,
            dep.slot_operator(),
            dep.has_conditional_use(),
        )
    };
    assert_eq!(parts(left), parts(right), "{left} {right}");
}

proptest! {
    #[test]
    fn text_survives(
        text in "!{0,2}[<>=~]{0,2}[ab*]/[ab*]-?[0-9]?(-[0-9r.p_]{1,3})?\\*?(:[0-9*=/]{1,3})?(::x)?(\\[[!-]?f(\\(\\+\\))?[?=]?\\])?"
    ) {
        if let Ok(dep) = Dep::parse(&text, Syntax::USER) {
            prop_assert_eq!(dep.as_str(), text.as_str());
            let evaluated = dep.evaluate_use(|_| true);
            prop_assert!(!evaluated.has_conditional_use());
            let again = Dep::parse(evaluated.as_str(), Syntax::USER).unwrap();
            assert_same_parts(&evaluated, &again);
            let stripped = dep.strip_built_slot();
            assert_same_parts(&stripped, &Dep::parse(stripped.as_str(), Syntax::USER).unwrap());
        }
    }

    #[test]
    fn any_text_is_survived(text in "\\PC*") {
        let _ = Dep::parse(&text, Syntax::USER);
    }
}
