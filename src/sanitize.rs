//! Text from the network on its way to a terminal: nothing in it may move the cursor, change
//! colours, hide, or turn the direction of writing.

use std::borrow::Cow;

/// Whether a character could do anything but show itself.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' // soft hyphen
            | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}' // tags
        )
}

/// The text with each unsafe character replaced by U+FFFD; a tab or line feed becomes a blank.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) || !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let safe = |character| match character {
        '\t' | '\n' => ' ',
        _ if is_unsafe(character) => '\u{FFFD}',
        _ => character,
    };
    Cow::Owned(text.chars().map(safe).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_text_remains() {
        for (text, safe) in [
            ("app-misc/jq-1.8.1", "app-misc/jq-1.8.1"),
            ("größe 日本 é", "größe 日本 é"),
            ("\u{1b}[31mred\u{1b}[0m", "\u{FFFD}[31mred\u{FFFD}[0m"),
            (
                "\u{9b}2J\u{7f}\r\u{8}",
                "\u{FFFD}2J\u{FFFD}\u{FFFD}\u{FFFD}",
            ),
            (
                "a\u{202E}b\u{2066}c\u{200F}\u{FEFF}",
                "a\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}",
            ),
            ("a\tb\nc", "a b c"),
            ("\u{1b}]0;title\u{7}", "\u{FFFD}]0;title\u{FFFD}"),
            ("\u{E0041}", "\u{FFFD}"),
        ] {
            assert_eq!(sanitize(text), safe, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_was_made_safe_is_safe(text in ".*") {
            let once = sanitize(&text).into_owned();
            assert!(!once.contains(is_unsafe));
            assert_eq!(sanitize(&once), once.as_str());
        }
    }
}
