//! Characters that names are made of (PMS, "Restrictions upon names"; `portage: versions.py`).
//!
//! All names are ASCII, for Portage too: a non-ASCII letter or digit is no part of any name.

/// Letters, digits and the underscore.
pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether the first byte is one of a word, and each other one too or in `others`.
fn is_name(text: &str, others: &[u8]) -> bool {
    match text.as_bytes() {
        [first, rest @ ..] => {
            is_word_byte(*first) && rest.iter().all(|b| is_word_byte(*b) || others.contains(b))
        }
        [] => false,
    }
}

/// `sys-apps`
pub(super) fn is_category(text: &str) -> bool {
    is_name(text, b"+.-")
}

/// The characters of a package name; that it does not end like a version is not looked at.
pub(super) fn is_package_text(text: &str) -> bool {
    is_name(text, b"+-")
}

/// A slot or a sub-slot.
pub(super) fn is_slot(text: &str) -> bool {
    is_name(text, b"+.-")
}

/// The name of an ebuild repository.
pub(super) fn is_repository(text: &str) -> bool {
    is_name(text, b"-")
}

/// A USE flag.
pub(super) fn is_use_flag(text: &str) -> bool {
    !text.starts_with('_') && is_name(text, b"+@-")
}

/// What Portage's native parser of dependency strings takes for a USE flag.
pub(super) fn is_native_use_flag(text: &str) -> bool {
    match text.as_bytes() {
        [b'+', rest @ ..] => rest.iter().all(|b| is_word_byte(*b) || b"+@-".contains(b)),
        _ => is_name(text, b"+@-"),
    }
}

/// A category of an extended atom: `*` stands for any run of characters, but not twice in a row.
pub(super) fn is_wildcard_category(text: &str) -> bool {
    is_wildcard(text, b"+.*-")
}

/// A package name of an extended atom.
pub(super) fn is_wildcard_package(text: &str) -> bool {
    is_wildcard(text, b"+*-")
}

fn is_wildcard(text: &str, others: &[u8]) -> bool {
    match text.as_bytes() {
        [first, rest @ ..] => {
            (is_word_byte(*first) || matches!(first, b'+' | b'*'))
                && rest.iter().all(|b| is_word_byte(*b) || others.contains(b))
                && !text.contains("**")
        }
        [] => false,
    }
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
