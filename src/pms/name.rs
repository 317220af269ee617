//! Characters that names are made of (PMS, "Restrictions upon names"; `portage: versions.py`).
//!
//! All names are ASCII, for Portage too: a non-ASCII letter or digit is not part of any name.

/// Letters, digits and the underscore.
const WORD: u8 = 1;
const PLUS: u8 = 1 << 1;
const DOT: u8 = 1 << 2;
const DASH: u8 = 1 << 3;
const AT: u8 = 1 << 4;
const STAR: u8 = 1 << 5;

/// The class of each byte, of which a name allows some.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < classes.len() {
        classes[byte] = match byte as u8 {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => WORD,
            b'+' => PLUS,
            b'.' => DOT,
            b'-' => DASH,
            b'@' => AT,
            b'*' => STAR,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

fn is_in(byte: u8, classes: u8) -> bool {
    CLASSES[usize::from(byte)] & classes != 0
}

/// Whether the first byte is of some classes, and each other one of others.
fn is_name(text: &str, first: u8, others: u8) -> bool {
    match text.as_bytes() {
        [byte, rest @ ..] => is_in(*byte, first) && rest.iter().all(|b| is_in(*b, others)),
        [] => false,
    }
}

/// One or more letters, digits and underscores.
pub(super) fn is_word(text: &str) -> bool {
    is_name(text, WORD, WORD)
}

/// `sys-apps`
pub(super) fn is_category(text: &str) -> bool {
    is_name(text, WORD, WORD | PLUS | DOT | DASH)
}

/// The characters of a package name; that it does not end like a version is not looked at.
pub(super) fn is_package_text(text: &str) -> bool {
    is_name(text, WORD, WORD | PLUS | DASH)
}

/// A slot or a sub-slot.
pub(super) fn is_slot(text: &str) -> bool {
    is_name(text, WORD, WORD | PLUS | DOT | DASH)
}

/// The name of an ebuild repository.
pub(super) fn is_repository(text: &str) -> bool {
    is_name(text, WORD, WORD | DASH)
}

/// A USE flag.
pub(super) fn is_use_flag(text: &str) -> bool {
    !text.starts_with('_') && is_name(text, WORD, WORD | PLUS | AT | DASH)
}

/// What Portage's native parser of dependency strings takes for a USE flag.
pub(super) fn is_native_use_flag(text: &str) -> bool {
    is_name(text, WORD | PLUS, WORD | PLUS | AT | DASH)
}

/// A category of an extended atom: `*` stands for any run of characters, but not twice in a row.
pub(super) fn is_wildcard_category(text: &str) -> bool {
    is_name(text, WORD | PLUS | STAR, WORD | PLUS | DOT | STAR | DASH) && !text.contains("**")
}

/// A package name of an extended atom.
pub(super) fn is_wildcard_package(text: &str) -> bool {
    is_name(text, WORD | PLUS | STAR, WORD | PLUS | STAR | DASH) && !text.contains("**")
}

/// As `str::split_once`, which is made for longer texts than words.
pub(super) fn split_once(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|b| b == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// As `str::rsplit_once`.
pub(super) fn rsplit_once(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|b| b == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Whether `text` fits a pattern whose `*` stands for any run of characters except `/`.
///
/// Takes time in proportion to the product of the lengths at worst.
pub(super) fn matches_wildcard(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // where to go on when a byte does not fit: behind the last `*`, which then takes one byte more
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&b'*') {
            retry = Some((p + 1, t));
            p += 1;
        } else if pattern.get(p) == Some(&text[t]) {
            p += 1;
            t += 1;
        } else if let Some((after, taken)) = retry.filter(|(_, taken)| text[*taken] != b'/') {
            retry = Some((after, taken + 1));
            (p, t) = (after, taken + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stop_at_the_slash() {
        for (pattern, text, fits) in [
            ("*/*", "a/b", true),
            ("a/*", "a/b", true),
            ("*/b", "a/b", true),
            ("a*/b", "abc/b", true),
            ("*a/b", "ba/b", true),
            ("*/b*", "a/bcd", true),
            ("*a*/b", "xax/b", true),
            ("dev-*/foo*bar", "dev-x/foo-bar-bar", true),
            ("*b", "a/b", false),
            ("a*b", "a/b", false),
            ("*/c", "a/b", false),
            ("a/b*c", "a/bd", false),
            ("*/b", "a/bb", false),
        ] {
            assert_eq!(matches_wildcard(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn names() {
        assert!(is_category("a.b") && is_category("_c") && is_category("0ad"));
        assert!(!is_category("-a") && !is_category(".a") && !is_category("") && !is_category("é"));
        assert!(is_package_text("gtk+") && !is_package_text("b.c") && !is_package_text("+b"));
        assert!(is_slot("1.2-r3_+x") && !is_slot("+1") && !is_slot("b@d"));
        assert!(is_repository("x-1") && !is_repository("x.y"));
        assert!(is_use_flag("7z") && is_use_flag("a@b") && is_use_flag("c++"));
        assert!(!is_use_flag("_f") && !is_use_flag("+c") && !is_use_flag("fo.o"));
        assert!(is_wildcard_category("*+") && !is_wildcard_category("**"));
        assert!(is_wildcard_package("+*") && !is_wildcard_package("-*"));
    }
}
