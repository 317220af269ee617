//! Text in columns: width as a terminal counts it, padding, cutting and wrapping.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// No line for people is wider where no terminal says how wide it is.
pub const WIDTH: usize = 80;

/// How narrow and how wide a page for a terminal can be.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 60..=160;

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // A terminal may show a sequence in more columns than its characters taken together, not fewer.
    text.width().max(text.chars().map(char_width).sum())
}

/// Columns of one character. The selector that turns the one before it into a wide picture counts.
fn char_width(character: char) -> usize {
    match character {
        '\u{FE0F}' => 1,
        _ => character.width().unwrap_or(0),
    }
}

/// Blanks that fill a text up to a width.
pub fn fill(text: &str, wanted: usize) -> usize {
    wanted.saturating_sub(width(text))
}

/// The text, cut at the end with `…` if it is wider.
pub fn elide(text: &str, wanted: usize) -> Cow<'_, str> {
    if width(text) <= wanted {
        return Cow::Borrowed(text);
    }
    let end = end_of(text, wanted.saturating_sub(1));
    Cow::Owned(format!("{}…", &text[..end]))
}

/// The same, but no word is cut, where the first one fits.
pub fn elide_words(text: &str, wanted: usize) -> Cow<'_, str> {
    if width(text) <= wanted {
        return Cow::Borrowed(text);
    }
    let end = end_of(text, wanted.saturating_sub(2));
    let whole = if text[end..].starts_with(' ') {
        Some(end)
    } else {
        text[..end].rfind(' ')
    };
    whole.filter(|end| *end > 0).map_or_else(
        || elide(text, wanted),
        |end| Cow::Owned(format!("{} …", text[..end].trim_end())),
    )
}

/// The byte position at which a text fills at most so many columns.
fn end_of(text: &str, columns: usize) -> usize {
    let mut used = 0;
    for (position, character) in text.char_indices() {
        used += char_width(character);
        if used > columns {
            return position;
        }
    }
    text.len()
}

/// The text in lines of at most this width, broken at blanks, and within words that are wider.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    // A hyphen is not a place to break: names of packages and flags are full of them.
    let options = textwrap::Options::new(columns.max(2))
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit);
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let lines = textwrap::wrap(&text, options).into_iter();
    lines
        .filter(|line| !line.is_empty())
        .map(Cow::into_owned)
        .collect()
}

/// The same, but a word that is wider than the line, such as a path, is broken behind a slash if it has one.
pub fn wrap_words(text: &str, columns: usize) -> Vec<String> {
    let mut words = String::new();
    for word in text.split_whitespace() {
        let mut rest = word;
        while width(rest) > columns {
            let end = end_of(rest, columns);
            let Some(slash) = rest[..end].rfind('/').filter(|slash| *slash > 0) else {
                break;
            };
            words.push_str(&rest[..=slash]);
            words.push(' ');
            rest = &rest[slash + 1..];
        }
        words.push_str(rest);
        words.push(' ');
    }
    wrap(&words, columns)
}

/// A size for people: `61.9 kB` would hide that files are counted in KiB, so `60.5 KiB`.
pub fn bytes(size: u64) -> String {
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    if size < 1024 {
        return format!("{size} B");
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "one digit after the point is shown"
    )]
    let mut value = size as f64 / 1024.0;
    let mut unit = UNITS[0];
    for next in &UNITS[1..] {
        if value < 1023.95 {
            break;
        }
        value /= 1024.0;
        unit = next;
    }
    format!("{value:.1} {unit}")
}

/// An age in seconds for people, in the largest unit that gives two or more.
pub fn age(seconds: i64) -> String {
    let seconds = seconds.max(0);
    for (unit, name) in [(86_400, "days"), (3600, "hours"), (60, "minutes")] {
        if seconds >= 2 * unit {
            return format!("{} {name}", seconds / unit);
        }
    }
    format!("{seconds} seconds")
}

/// How long something takes, for people: `40 s`, `9 min`, `1 h 20 min`, `2 days 3 h`.
pub fn duration(seconds: u64) -> String {
    let minutes = seconds.saturating_add(30) / 60;
    let (hours, days) = (minutes / 60, minutes / 1440);
    match () {
        () if seconds < 60 => format!("{seconds} s"),
        () if hours == 0 => format!("{minutes} min"),
        () if days < 2 && minutes.is_multiple_of(60) => format!("{hours} h"),
        () if days < 2 => format!("{hours} h {} min", minutes % 60),
        () => format!("{days} days {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_their_column() {
        for (text, columns, cut) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("", 0, ""),
            ("ab", 1, "…"),
        ] {
            assert_eq!(elide(text, columns), cut);
            assert!(width(&elide(text, columns)) <= columns);
        }
    }

    #[test]
    fn lists_are_cut_between_words() {
        for (text, columns, cut) in [
            ("USE nls* -x*", 12, "USE nls* -x*"),
            ("USE nls* -x*", 11, "USE nls* …"),
            ("USE nls* -x*", 10, "USE nls* …"),
            ("USE nls* -x*", 9, "USE …"),
            ("longword", 4, "lon…"),
        ] {
            assert_eq!(elide_words(text, columns), cut, "{columns}");
        }
    }

    #[test]
    fn texts_are_broken_at_blanks() {
        assert_eq!(wrap("a bb ccc", 4), ["a bb", "ccc"]);
        assert_eq!(wrap("abcdefg h", 3), ["abc", "def", "g h"]);
        assert_eq!(wrap("x abcdefg", 3), ["x", "abc", "def", "g"]);
        assert!(wrap("  ", 4).is_empty());
    }

    #[test]
    fn sizes_and_ages() {
        for (size, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KiB"),
            (1 << 20, "1.0 MiB"),
            (u64::MAX, "16384.0 PiB"),
        ] {
            assert_eq!(bytes(size), text);
        }
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (89, "1 min"),
            (3590, "1 h"),
            (4800, "1 h 20 min"),
            (180_000, "2 days 2 h"),
        ] {
            assert_eq!(duration(seconds), text);
        }
        for (seconds, text) in [
            (-5, "0 seconds"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7200, "2 hours"),
            (200_000, "2 days"),
        ] {
            assert_eq!(age(seconds), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_wider_than_its_column(text in "[ a-z\u{300}日\u{FFFD}-]{0,60}", columns in 2_usize..30) {
            assert!(wrap(&text, columns).iter().all(|line| width(line) <= columns));
            assert!(width(&elide(&text, columns)) <= columns);
        }
    }
}
