//! Versions: their order is total, and agrees with a plain reading of the specification.

use std::cmp::Ordering;

use bincheck::pms::{Cpv, Version};

use crate::guard;

pub(super) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let versions: Vec<Version> = text.split(' ').take(8).filter_map(Version::parse).collect();
    for a in &versions {
        assert_eq!(Version::parse(a.as_str()).as_ref(), Some(a));
        assert_eq!(a.cmp_version(a), Ordering::Equal);
        let cpv = Cpv::parse(&format!("cat/pkg-{a}"));
        assert_eq!(cpv.map(|cpv| cpv.version).as_ref(), Some(a));
        for b in &versions {
            let order = a.cmp_version(b);
            assert_eq!(order, b.cmp_version(a).reverse(), "{a} {b}");
            assert_eq!(order, naive(a.as_str(), b.as_str()), "{a} {b}");
        }
    }
    transitive(&versions);
    if let Some(cpv) = Cpv::parse(&text) {
        assert_eq!(cpv.to_string(), text);
    }
    guard::linear(bytes, b"_p1", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some(version) = Version::parse(&text) {
            let longer = Version::parse(&format!("{version}1"));
            let _ = longer.map(|longer| longer.cmp_version(&version));
        }
    });
}

/// What is sorted is in order, each with each.
fn transitive(versions: &[Version]) {
    let mut sorted: Vec<&Version> = versions.iter().collect();
    sorted.sort_by(|a, b| a.cmp_version(b));
    for (place, a) in sorted.iter().enumerate() {
        for b in &sorted[place..] {
            assert_ne!(a.cmp_version(b), Ordering::Greater, "{a} {b}");
        }
    }
}

/// Algorithm 3.1 and following of the Package Manager Specification, step by step.
fn naive(a: &str, b: &str) -> Ordering {
    let (a, b) = (Parts::of(a), Parts::of(b));
    numbers(&a.numbers, &b.numbers)
        .then_with(|| a.letter.cmp(&b.letter))
        .then_with(|| suffixes(&a.suffixes, &b.suffixes))
        .then_with(|| integer(&a.revision, &b.revision))
}

struct Parts {
    numbers: Vec<String>,
    letter: String,
    suffixes: Vec<(String, String)>,
    revision: String,
}

impl Parts {
    fn of(text: &str) -> Parts {
        let (base, revision) = text.split_once("-r").unwrap_or((text, "0"));
        let mut parts = base.split('_');
        let head = parts.next().unwrap_or_default();
        let letter = head.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let numbers = head[..head.len() - letter.len()].split('.');
        let suffix = |text: &str| {
            let name = text.trim_end_matches(|c: char| c.is_ascii_digit());
            (name.to_owned(), text[name.len()..].to_owned())
        };
        Parts {
            numbers: numbers.map(str::to_owned).collect(),
            letter: letter.to_owned(),
            suffixes: parts.map(suffix).collect(),
            revision: revision.to_owned(),
        }
    }
}

fn numbers(a: &[String], b: &[String]) -> Ordering {
    for place in 0..a.len().min(b.len()) {
        let (a, b) = (&a[place], &b[place]);
        let order = if place > 0 && (a.starts_with('0') || b.starts_with('0')) {
            a.trim_end_matches('0').cmp(b.trim_end_matches('0'))
        } else {
            integer(a, b)
        };
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

fn suffixes(a: &[(String, String)], b: &[(String, String)]) -> Ordering {
    let rank = |name: &str| {
        ["alpha", "beta", "pre", "rc", "p"]
            .iter()
            .position(|known| *known == name)
    };
    for place in 0..a.len().max(b.len()) {
        let order = match (a.get(place), b.get(place)) {
            (Some((a, m)), Some((b, n))) => rank(a).cmp(&rank(b)).then_with(|| integer(m, n)),
            (Some((a, _)), None) if a == "p" => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (None, Some((b, _))) if b == "p" => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// Integers of any length.
fn integer(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
