//! Patterns with `*` for any text, as wildcard atoms and lists of packages have them
//! (`portage: dep/__init__.py:extended_cp_match`).

/// Whether a text fits a pattern in which every `*` stands for any text.
pub fn matches(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        match text.find(part) {
            Some(place) => text = &text[place + part.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_star_stands_for_any_text() {
        for (pattern, text, matched) in [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("*", "", true),
            ("**", "x", true),
            ("a*a", "a", false),
            ("*b*", "abc", true),
            ("*b*b*", "abc", false),
            ("abc", "abc", true),
            ("abc", "ab", false),
        ] {
            assert_eq!(matches(pattern, text), matched, "{pattern} {text}");
        }
    }

    /// The same by a regular expression.
    fn by_regex(pattern: &str, text: &str) -> Option<bool> {
        let parts: Vec<String> = pattern.split('*').map(regex::escape).collect();
        let regex = regex::Regex::new(&format!("(?s)^{}$", parts.join(".*"))).ok()?;
        Some(regex.is_match(text))
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_a_regular_expression(pattern in "[ab*]{0,8}", text in "[ab\n]{0,8}") {
            proptest::prop_assert_eq!(Some(matches(&pattern, &text)), by_regex(&pattern, &text));
        }
    }
}
