//! Numbers as Python's `int()` and `float()` read them, which is how Portage reads those of an
//! index (`portage: versions.py:_pkg_str._long`).

/// Longer texts are refused by `int()`.
const MAX_DIGITS: usize = 4300;

/// An integer with a sign and surrounding white space, single underscores between digits allowed.
/// Beyond 64 bits it becomes the nearest one that fits.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim_matches(is_space);
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let mut value: i64 = 0;
    let mut after_digit = false;
    let mut count = 0;
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                let digit = i64::from(byte - b'0');
                let digit = if negative { -digit } else { digit };
                value = value.saturating_mul(10).saturating_add(digit);
                after_digit = true;
                count += 1;
            }
            b'_' if after_digit => after_digit = false,
            _ => return None,
        }
    }
    (after_digit && count <= MAX_DIGITS).then_some(value)
}

/// A metadata number: `None` where the value is absent or empty, −1 where it is not a number.
pub(super) fn metadata_number(text: Option<&str>) -> Option<i64> {
    let text = text.filter(|text| !text.is_empty())?;
    Some(integer(text).unwrap_or(-1))
}

/// Seconds that may be written with a fraction; `None` where they are not a number, or zero.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let value: f64 = text.trim_matches(is_space).parse().ok()?;
    // The conversion saturates, and makes "not a number" zero.
    Some(value.ceil() as i64).filter(|seconds| *seconds != 0)
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_numbers() {
        let table = [
            (None, None),
            (Some(""), None),
            (Some("12"), Some(12)),
            (Some("abc"), Some(-1)),
            (Some("1.5"), Some(-1)),
            (Some(" 7 "), Some(7)),
            (Some(" "), Some(-1)),
            (Some("+3"), Some(3)),
            (Some("-4\r"), Some(-4)),
            (Some("1_000"), Some(1000)),
            (Some("1__0"), Some(-1)),
            (Some("_1"), Some(-1)),
            (Some("1_"), Some(-1)),
            (Some("--1"), Some(-1)),
            (Some("-"), Some(-1)),
            (Some("99999999999999999999"), Some(i64::MAX)),
            (Some("-99999999999999999999"), Some(i64::MIN)),
        ];
        for (text, value) in table {
            assert_eq!(metadata_number(text), value, "{text:?}");
        }
        assert_eq!(integer(&"9".repeat(MAX_DIGITS)), Some(i64::MAX));
        assert_eq!(integer(&"9".repeat(MAX_DIGITS + 1)), None);
    }

    #[test]
    fn seconds_may_have_a_fraction() {
        let table = [
            ("3600", Some(3600)),
            ("0.5", Some(1)),
            ("0", None),
            ("x", None),
            ("", None),
            ("nan", None),
        ];
        for (text, value) in table {
            assert_eq!(seconds(text), value, "{text:?}");
        }
    }
}
