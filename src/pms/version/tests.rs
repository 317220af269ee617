#![allow(clippy::unwrap_used)]

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

/// Rows as Portage's own answers: left, right, order.
const ORDER: &str = "
1 1.0 -        1.0 1.0.0 -      1.0 1.00 =       1.1 1.10 -       1.01 1.1 -       1.010 1.01 =
1.001 1.1 -    1.09 1.1 -       1.9 1.10 -       01 1 =           1.2 1.02 +       1.02 1.020 =
1.2a 1.2 +     1.2.5 1.2b +     12.2.5 12.2b +   1.2b 1.2.0 -     1a 1.0 -         1.2.3a 1.2.3.1 -
1.2_alpha 1.2_beta -   1.2_beta 1.2_pre -   1.2_pre 1.2_rc -   1.2_rc 1.2 -    1.2 1.2_p -
1.2_p 1.2_p0 =         1.2_p0 1.2_p1 -      1.2_p 1.2-r1 +     1.2_alpha 1.2_alpha0 =   1.2_alpha1 1.2_alpha +
1.2_alpha_p1 1.2_alpha +   1.2_alpha1_beta2 1.2_alpha1 -   1.2_rc1 1.2_rc1_p1 -   1.2_p1_pre1 1.2_p1 -
1.2_p1-r0 1.2_p1 =     1-r0 1 =      1-r1 1 +      1-r01 1-r1 =     1-r00 1 =     1.2_beta_p 1.2_beta +
1.2_pre9 1.2_pre10 -   1.2_p20230101 1.2_p20221231 +   9999 1.0 +   1.2.3.4 1.2.3 +   1.0.0_rc1 1.0 +
1_p 1 +   1_p0 1 +   00 0 =   0.1 0.10 -   0.01 0.1 -   1.00 1.0 =   1.000 1.00 =   1.0a 1.0b -   1.0a 1.0_alpha +
99999999999999999999 99999999999999999998 +     1-r99999999999999999999 1-r100000000000000000000 -
";

#[test]
fn order_is_portages() {
    let words: Vec<&str> = ORDER.split_whitespace().collect();
    for row in words.chunks(3) {
        let (left, right) = (
            Version::parse(row[0]).unwrap(),
            Version::parse(row[1]).unwrap(),
        );
        let expected = match row[2] {
            "-" => Ordering::Less,
            "+" => Ordering::Greater,
            _ => Ordering::Equal,
        };
        assert_eq!(left.cmp_version(&right), expected, "{row:?}");
        assert_eq!(right.cmp_version(&left), expected.reverse(), "{row:?}");
    }
}

#[test]
fn validity() {
    for text in [
        "1",
        "1.0",
        "1.0a",
        "1.0-r1",
        "1.0_alpha_beta",
        "1_p_p",
        "1-r00",
        "1_pre",
    ] {
        assert!(Version::parse(text).is_some(), "{text}");
    }
    let invalid = "1.0ab 1a.0 1.0_p1a 1.0-r 1.0_r1 1.0-1 1.0_gamma .1 1. 1.0-r1-r2 1..2 1.2-r v1 1.2A \
                   1.2_foo 1.2_p1.3 abc 1_ 1__p 1-r1_p ٣ 1-";
    for text in invalid.split_whitespace().chain([""]) {
        assert!(Version::parse(text).is_none(), "{text}");
    }
}

#[test]
fn revision_is_split_off() {
    let split = |text| {
        Version::parse(text).map(|v| {
            let (base, revision) = v.split_revision();
            (base.to_owned(), revision.map(str::to_owned))
        })
    };
    assert_eq!(
        split("1.0_rc1-r02"),
        Some(("1.0_rc1".into(), Some("02".into())))
    );
    assert_eq!(split("1.0_rc1"), Some(("1.0_rc1".into(), None)));
}

/// Versions that collide often.
pub(crate) fn version() -> impl Strategy<Value = String> {
    "(0|1|01|10)(\\.(0|1|01|010|10|2)){0,3}[ab]?(_(alpha|beta|pre|rc|p)[01]?){0,2}(-r(0|1|01))?"
}

proptest! {
    #[test]
    fn order_is_total(a in version(), b in version(), c in version()) {
        let [a, b, c] = [a, b, c].map(|text| Version::parse(&text).unwrap());
        prop_assert_eq!(a.cmp_version(&b), b.cmp_version(&a).reverse());
        if a.cmp_version(&b).is_le() && b.cmp_version(&c).is_le() {
            prop_assert!(a.cmp_version(&c).is_le());
        }
        if a.cmp_version(&b).is_eq() {
            prop_assert_eq!(a.cmp_version(&c), b.cmp_version(&c));
        }
    }

    #[test]
    fn text_survives(text in version()) {
        prop_assert_eq!(Version::parse(&text).unwrap().to_string(), text);
    }

    #[test]
    fn any_text_is_survived(text in "\\PC*") {
        let _ = Version::parse(&text);
        let _ = split_name(&text);
    }
}
