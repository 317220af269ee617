//! Which values emerge's options take, and which it refuses with a usage error
//! (`portage: main.py:parse_opts`, argparse's `choices` and the checks after it).

use crate::pms::{Dep, Syntax};

/// Which words an optional argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// `y` or `n`
    YesNo,
    /// A whole number from 0.
    Integer,
    /// `y`, `n` or a whole number from 0.
    IntegerOrYesNo,
    /// A number from 0, with or without fraction.
    Number,
    /// One of these.
    Words(&'static [&'static str]),
}

impl Allowed {
    /// Whether a word is taken as the argument.
    pub fn has(self, word: &str) -> bool {
        match self {
            Allowed::YesNo => matches!(word, "y" | "n"),
            Allowed::Integer => is_integer(word),
            Allowed::IntegerOrYesNo => matches!(word, "y" | "n") || is_integer(word),
            Allowed::Number => word.parse::<f64>().is_ok_and(|number| number >= 0.0),
            Allowed::Words(words) => words.contains(&word),
        }
    }
}

fn is_integer(word: &str) -> bool {
    let digits = word.strip_prefix('+').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the value of an option that always has one may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Any text.
    Text,
    /// One of these.
    Words(&'static [&'static str]),
    /// Some of these, separated by blanks; none is fine.
    WordList(&'static [&'static str]),
    /// A whole number from 0.
    Count,
    /// The same, or nothing.
    CountOrNothing,
    /// A number from 0 to 100, or nothing.
    Percentage,
    /// Package names and slot atoms, wildcards allowed, separated by blanks.
    Atoms,
    /// The same, also with operator and repository.
    AnyAtoms,
}

impl Value {
    /// What is taken instead of a value; `None` if emerge takes it.
    pub fn refusal(self, value: &str) -> Option<String> {
        let only = |words: &[&str]| words.join(" or ");
        match self {
            Value::Text => None,
            Value::Words(words) => (!words.contains(&value)).then(|| only(words)),
            Value::WordList(words) => {
                let mut given = value.split_whitespace();
                given
                    .any(|word| !words.contains(&word))
                    .then(|| only(words))
            }
            Value::CountOrNothing | Value::Percentage if value.is_empty() => None,
            Value::Count | Value::CountOrNothing => {
                let count = integer(value).filter(|number| *number >= 0);
                count.is_none().then(|| "a whole number from 0".to_owned())
            }
            Value::Percentage => {
                // As in Python, what is not a number lies outside no range.
                let is_outside = |number: f64| !(0.0..=100.0).contains(&number) && !number.is_nan();
                number(value)
                    .is_none_or(is_outside)
                    .then(|| "a number from 0 to 100".to_owned())
            }
            Value::Atoms => words_refused(value, |word| Dep::selection(word).is_some()),
            Value::AnyAtoms => words_refused(value, is_build_selection),
        }
    }
}

impl Allowed {
    /// What is taken instead of a value that `=` gives, where one may be left out; `None` if emerge takes it.
    pub fn refusal(self, option: &str, value: &str) -> Option<String> {
        // What emerge inserts where the value is left out may also be typed.
        let inserted = value == "True";
        let (fine, expected) = match self {
            Allowed::YesNo => (self.has(value), "y or n".to_owned()),
            Allowed::Words(words) => (self.has(value), words.join(" or ")),
            Allowed::Integer if option == "jobs-tmpdir-require-free-gb" => {
                let fine = !inserted && (value.is_empty() || integer(value).is_some());
                return (!fine).then(|| "a whole number".to_owned());
            }
            Allowed::Integer => {
                let count = integer(value).filter(|number| *number >= 0);
                (count.is_some(), "a whole number from 0".to_owned())
            }
            Allowed::IntegerOrYesNo => (
                matches!(value, "y" | "n") || integer(value).is_some(),
                "y, n or a whole number".to_owned(),
            ),
            Allowed::Number => (
                value.is_empty() || number(value).is_some_and(|load| load.is_nan() || load > 0.0),
                "a number above 0".to_owned(),
            ),
        };
        (!fine && !inserted).then_some(expected)
    }
}

/// A whole number as Python's `int` reads it; what is larger than 64 bits is cut off there.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = without_underscores(digits)?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse::<i64>().unwrap_or(i64::MAX) * sign)
}

/// A number as Python's `float` reads it.
pub(super) fn number(text: &str) -> Option<f64> {
    without_underscores(text.trim())?.parse().ok()
}

/// The text without single underscores between digits; `None` if one stands elsewhere.
fn without_underscores(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let is_digit = |position: Option<usize>| {
        let byte = position.and_then(|position| bytes.get(position));
        byte.is_some_and(u8::is_ascii_digit)
    };
    let mut underscores = text.match_indices('_').map(|(position, _)| position);
    let fine = underscores
        .all(|position| is_digit(position.checked_sub(1)) && is_digit(position.checked_add(1)));
    fine.then(|| text.replace('_', ""))
}

fn words_refused(value: &str, fine: impl Fn(&str) -> bool) -> Option<String> {
    let all = value.split_whitespace().all(fine);
    (!all).then(|| "package names and slot atoms (wildcards allowed)".to_owned())
}

/// Whether `--buildpkg-exclude` takes a word (`portage: repository/config.py:_find_bad_atoms` with
/// `less_strict`).
fn is_build_selection(word: &str) -> bool {
    let name = word.split(':').next().unwrap_or(word);
    let text = if name.contains('/') {
        word.to_owned()
    } else {
        let start = word.find(|c: char| c.is_alphanumeric() || c == '_' || c == '*');
        let (operator, rest) = word.split_at(start.unwrap_or(0));
        format!("{operator}dummy-category/{rest}")
    };
    let atom = Dep::parse(&text, Syntax::USER);
    atom.is_ok_and(|atom| atom.blocker().is_none() && atom.use_deps().next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_taken_and_refused() {
        const YES_NO: Value = Value::Words(&["y", "n"]);
        for (value, yes, no) in [
            (YES_NO, &["y", "n"][..], &["", "True", "yes", "1"][..]),
            (
                Value::WordList(&["tar", "rpm"]),
                &["", "tar", "tar rpm"],
                &["zip", "tar zip"],
            ),
            (
                Value::Count,
                &["0", "+3", " 3 ", "1_0"],
                &["", "-1", "3.5", "_1", "1__0", "three"],
            ),
            (
                Value::CountOrNothing,
                &["", "0", "1700000000"],
                &["-1", "now"],
            ),
            (
                Value::Percentage,
                &["", "0", "99.5", "nan"],
                &["-1", "100.1", "inf", "half"],
            ),
            (
                Value::Atoms,
                &["", "a/b", "foo", "*/foo", "a/b:3", "a/* b/c"],
                &["=a/b-1", "a/b[c]", "!a/b", "a/b::r"],
            ),
            (
                Value::AnyAtoms,
                &["a/b", "=foo-1", ">=a/b-2", "a/b::r"],
                &["a/b[c]", "!a/b", "=a/b"],
            ),
        ] {
            for text in yes {
                assert_eq!(value.refusal(text), None, "{value:?} {text:?}");
            }
            for text in no {
                assert!(value.refusal(text).is_some(), "{value:?} {text:?}");
            }
        }
    }

    #[test]
    fn values_that_may_be_left_out() {
        for (allowed, option, yes, no) in [
            (
                Allowed::YesNo,
                "verbose",
                &["y", "n", "True"][..],
                &["", "yes", "1"][..],
            ),
            (
                Allowed::Integer,
                "deep",
                &["0", "7", "True"],
                &["", "y", "-1", "x"],
            ),
            (
                Allowed::Integer,
                "jobs-tmpdir-require-free-gb",
                &["", "7", "-7"],
                &["True", "x"],
            ),
            (
                Allowed::IntegerOrYesNo,
                "jobs",
                &["y", "n", "4", "-4", "True"],
                &["", "CORES", "1.5"],
            ),
            (
                Allowed::Number,
                "load-average",
                &["", "1.5", "inf", "nan", "True"],
                &["0", "-1", "y"],
            ),
            (
                Allowed::Words(&["rdeps"]),
                "root-deps",
                &["rdeps", "True"],
                &["", "y"],
            ),
        ] {
            for text in yes {
                assert_eq!(allowed.refusal(option, text), None, "{option}={text}");
            }
            for text in no {
                assert!(allowed.refusal(option, text).is_some(), "{option}={text}");
            }
        }
    }
}
