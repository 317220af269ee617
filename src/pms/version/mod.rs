//! Package versions and their order (PMS, "Version comparison"; `portage: versions.py:vercmp`).

use std::cmp::Ordering;
use std::fmt;

use super::name;

/// A valid version, with its revision if written. Keeps its text: `1.0` and `1.00` are equal in
/// order and differ as text, and `1-r0` keeps its `-r0`.
///
/// `==` compares text; [`Version::cmp_version`] compares versions.
///
/// Digits are ASCII. Portage's own `ververify` lets other Unicode digits pass, but no such version
/// gets there: atoms and package names are split by ASCII rules before.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(Box<str>);

impl Version {
    /// Read a version such as `1.2.3a_rc1-r2`.
    pub fn parse(text: &str) -> Option<Version> {
        is_version(text).then(|| Version(text.into()))
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text before `-rN`, and the revision number text (`None` where none is written).
    pub fn split_revision(&self) -> (&str, Option<&str>) {
        split_revision(&self.0)
    }

    /// Compare as versions.
    pub fn cmp_version(&self, other: &Version) -> Ordering {
        compare(&self.0, &other.0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Suffixes in the order of their rank; `p` also stands behind a version without suffix.
const SUFFIXES: [&[u8]; 5] = [b"alpha", b"beta", b"pre", b"rc", b"p"];
const RANK_OF_P: usize = 4;

/// Whether the text is a version, with or without revision.
pub(super) fn is_version(text: &str) -> bool {
    match text.split_once('-') {
        Some((base, revision)) => is_base(base) && is_revision(revision),
        None => is_base(text),
    }
}

/// Split `name-1.2-r3` into `name` and `1.2-r3`; what the name consists of is not looked at.
pub(super) fn split_name(text: &str) -> Option<(&str, &str)> {
    let (before, last) = name::rsplit_once(text, b'-')?;
    if !is_revision(last) {
        return is_base(last).then_some((before, last));
    }
    let (before, base) = name::rsplit_once(before, b'-')?;
    is_base(base).then(|| (before, &text[before.len() + 1..]))
}

/// The text before `-rN` of a valid version, and the digits of the revision.
pub(super) fn split_revision(text: &str) -> (&str, Option<&str>) {
    match text.split_once("-r") {
        Some((base, revision)) => (base, Some(revision)),
        None => (text, None),
    }
}

/// Compare the texts of two valid versions.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let (left, right) = (VersionParts::of(left), VersionParts::of(right));
    compare_numbers(left.numbers, right.numbers)
        // `None` is less than any letter
        .then_with(|| left.letter.cmp(&right.letter))
        .then_with(|| compare_suffixes(left.suffixes, right.suffixes))
        .then_with(|| compare_integers(left.revision, right.revision))
}

/// A valid version, cut up.
struct VersionParts<'a> {
    /// `1.2.3`
    numbers: &'a [u8],
    letter: Option<u8>,
    /// `_alpha1_p`, or nothing
    suffixes: &'a [u8],
    /// Digits; nothing where there is no revision, which is the same as zero.
    revision: &'a [u8],
}

impl VersionParts<'_> {
    fn of(text: &str) -> VersionParts<'_> {
        let text = text.as_bytes();
        let end = |from: usize, stop: fn(&u8) -> bool| {
            let length = text[from..].iter().position(stop);
            length.map_or(text.len(), |length| from + length)
        };
        let numbers = end(0, |b| !b.is_ascii_digit() && *b != b'.');
        let letter = text.get(numbers).copied().filter(u8::is_ascii_lowercase);
        let suffixes = numbers + usize::from(letter.is_some());
        let base = end(suffixes, |b| *b == b'-');
        VersionParts {
            numbers: &text[..numbers],
            letter,
            suffixes: &text[suffixes..base],
            revision: text.get(base + "-r".len()..).unwrap_or_default(),
        }
    }
}

/// The first component counts as an integer. Others do so too unless one of the two starts with a
/// zero: then they are decimal places. Where all are equal, more components are greater.
fn compare_numbers(left: &[u8], right: &[u8]) -> Ordering {
    let mut left = left.split(|b| *b == b'.');
    let mut right = right.split(|b| *b == b'.');
    let mut compare: fn(&[u8], &[u8]) -> Ordering = compare_integers;
    loop {
        let order = match (left.next(), right.next()) {
            (Some(left), Some(right)) => compare(left, right),
            (None, None) => return Ordering::Equal,
            (left, right) => left.is_some().cmp(&right.is_some()),
        };
        if order.is_ne() {
            return order;
        }
        compare = compare_components;
    }
}

fn compare_components(left: &[u8], right: &[u8]) -> Ordering {
    if left.starts_with(b"0") || right.starts_with(b"0") {
        return trim_end_zeros(left).cmp(trim_end_zeros(right));
    }
    compare_integers(left, right)
}

/// Integers of any length, as digits.
fn compare_integers(left: &[u8], right: &[u8]) -> Ordering {
    let (left, right) = (trim_start_zeros(left), trim_start_zeros(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

fn trim_start_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|b| **b == b'0').count();
    &digits[zeros..]
}

fn trim_end_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().rev().take_while(|b| **b == b'0').count();
    &digits[..digits.len() - zeros]
}

/// A missing suffix is just below `_p`.
fn compare_suffixes(left: &[u8], right: &[u8]) -> Ordering {
    if left.is_empty() && right.is_empty() {
        return Ordering::Equal;
    }
    let mut left = left.split(|b| *b == b'_').skip(1);
    let mut right = right.split(|b| *b == b'_').skip(1);
    loop {
        let (left, right) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            pair => pair,
        };
        let ((left_rank, left_number), (right_rank, right_number)) = (rank(left), rank(right));
        let order = left_rank
            .cmp(&right_rank)
            .then_with(|| match (left_number, right_number) {
                (Some(left), Some(right)) => compare_integers(left, right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            });
        if order.is_ne() {
            return order;
        }
    }
}

/// Rank and digits of a suffix; the digits are `None` only where the suffix is missing.
fn rank(suffix: Option<&[u8]>) -> (usize, Option<&[u8]>) {
    match suffix.and_then(split_suffix) {
        Some((rank, digits)) => (rank, Some(digits)),
        None => (RANK_OF_P, None),
    }
}

fn split_suffix(text: &[u8]) -> Option<(usize, &[u8])> {
    // `pre` stands before `p` and is tried first
    SUFFIXES.iter().enumerate().find_map(|(rank, name)| {
        let digits = text.strip_prefix(*name)?;
        Some((rank, digits))
    })
}

/// A version without revision.
fn is_base(text: &str) -> bool {
    let text = text.as_bytes();
    if !text.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let (numbers, suffixes) = match text.iter().position(|b| *b == b'_') {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let numbers = match numbers {
        [rest @ .., b'a'..=b'z'] => rest,
        _ => numbers,
    };
    let is_suffix =
        |text| split_suffix(text).is_some_and(|(_, digits)| digits.iter().all(u8::is_ascii_digit));
    numbers.split(|b| *b == b'.').all(is_number)
        && suffixes.is_none_or(|all| all.split(|b| *b == b'_').all(is_suffix))
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// `r1`, as it stands behind the dash.
fn is_revision(text: &str) -> bool {
    text.as_bytes().strip_prefix(b"r").is_some_and(is_number)
}

#[cfg(test)]
mod tests;
