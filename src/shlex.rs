//! A text in words, as Python's `shlex.split` makes them: quotations join with what stands beside
//! them, in double quotes a backslash is special before `"` and `\` only, and `#` is a character like
//! others. Portage splits EMERGE_DEFAULT_OPTS, PORTDIR_OVERLAY, fetch commands and words of sets.conf so.

/// The text cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// A quotation that does not end.
    Quotation,
    /// A backslash at the end.
    Escape,
}

impl std::fmt::Display for SplitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            SplitError::Quotation => "no closing quotation mark",
            SplitError::Escape => "nothing follows the backslash at the end",
        })
    }
}

impl std::error::Error for SplitError {}

/// Split a text into words.
///
/// # Errors
/// An unfinished quotation or escape.
pub fn split(text: &str) -> Result<Vec<String>, SplitError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(next) = chars.next() {
        match next {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\\' => {
                let escaped = chars.next().ok_or(SplitError::Escape)?;
                word.get_or_insert_default().push(escaped);
            }
            '\'' | '"' => quotation(next, &mut chars, word.get_or_insert_default())?,
            _ => word.get_or_insert_default().push(next),
        }
    }
    words.extend(word);
    Ok(words)
}

fn quotation(
    mark: char,
    chars: &mut std::str::Chars<'_>,
    word: &mut String,
) -> Result<(), SplitError> {
    while let Some(next) = chars.next() {
        match next {
            _ if next == mark => return Ok(()),
            '\\' if mark == '"' => {
                let escaped = chars.next().ok_or(SplitError::Escape)?;
                if !matches!(escaped, '"' | '\\') {
                    word.push('\\');
                }
                word.push(escaped);
            }
            _ => word.push(next),
        }
    }
    Err(SplitError::Quotation)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn split_as_python_does() {
        for (text, words) in [
            ("", vec![]),
            ("a  b\tc\nd", vec!["a", "b", "c", "d"]),
            ("--x='a b' \"c d\"e", vec!["--x=a b", "c de"]),
            ("'' a", vec!["", "a"]),
            ("#a b#c", vec!["#a", "b#c"]),
            (r#""\$x \" \\" '\a' \ b"#, vec![r#"\$x " \"#, r"\a", " b"]),
        ] {
            assert_eq!(split(text).unwrap(), words, "{text}");
        }
        assert_eq!(split("a 'b"), Err(SplitError::Quotation));
        assert_eq!(split("a\\"), Err(SplitError::Escape));
        assert_eq!(split("\"a\\"), Err(SplitError::Escape));
    }
}
