//! PROVIDES and REQUIRES of built packages (`portage: soname/parse.py:parse_soname_deps`).

/// Whether the text is well formed: words ending in `:` open a category, every other word is a
/// soname in it, and no category stays empty.
pub(super) fn is_valid(text: &str) -> bool {
    let mut sonames = None;
    for word in text.split_whitespace() {
        if word.ends_with(':') {
            if sonames == Some(0) {
                return false;
            }
            sonames = Some(0);
        } else {
            match &mut sonames {
                Some(count) => *count += 1,
                None => return false,
            }
        }
    }
    sonames != Some(0)
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn category_then_sonames() {
        for text in [
            "",
            "x86_64: libc.so.6",
            "x: a b y: c",
            "  x86_64:  libz.so.1  ",
        ] {
            assert!(is_valid(text), "{text:?}");
        }
        for text in [
            "libz.so.1",
            "x:",
            "a: b: c",
            "a: b c:",
            "x86_64 libc.so.6 no-colon:",
        ] {
            assert!(!is_valid(text), "{text:?}");
        }
    }
}
