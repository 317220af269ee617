//! EMERGE_DEFAULT_OPTS: split as a shell would, and put in front of the command line
//! (`portage: main.py:emerge_main`).

use super::options::Effect;
use super::words::{self, Piece};

/// What EMERGE_DEFAULT_OPTS comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultOpts {
    /// Options with an effect here, as `--name` or `--name=value`.
    pub args: Vec<String>,
    /// Words that emerge 3.0.83 does not know either, with the reason.
    pub skipped: Vec<String>,
    /// Options that change emerge's choice in a way that bincheck does not judge.
    pub unjudged: Vec<String>,
}

/// The text cannot be split (Portage aborts on it).
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

impl DefaultOpts {
    /// Read the value of the variable.
    ///
    /// # Errors
    /// An unfinished quotation or escape.
    pub fn read(text: &str) -> Result<DefaultOpts, SplitError> {
        let table = words::emerge_table();
        let mut read = DefaultOpts::default();
        for piece in words::split(&split(text)?, &table) {
            match piece {
                Piece::Option(known, value) => match known.effect {
                    Some(Effect::Verdict | Effect::Colour) => {
                        read.args
                            .push(super::normal_form(&known.name, value.as_deref()));
                    }
                    Some(Effect::Unjudged) => read.unjudged.push(known.name.clone()),
                    _ => {}
                },
                Piece::Target(word) => {
                    let reason = "bincheck takes targets from its command line only";
                    read.skipped.push(format!("{word}: {reason}"));
                }
                Piece::Bad { word, reason } => {
                    let reason = reason.unwrap_or_else(|| "no option of emerge 3.0.83".to_owned());
                    read.skipped.push(format!("{word}: {reason}"));
                }
            }
        }
        Ok(read)
    }
}

/// Split words as Python's `shlex.split` does. The `shlex` crate reads `#` and backslashes within
/// double quotes otherwise.
///
/// # Errors
/// An unfinished quotation or escape.
fn split(text: &str) -> Result<Vec<String>, SplitError> {
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

    #[test]
    fn options_with_and_without_effect() {
        for (text, args, skipped) in [
            (
                "--with-bdeps=y --quiet-build=y --jobs=4 --keep-going -j4",
                "--with-bdeps=y",
                0,
            ),
            (
                "--usepkg-exclude 'sys-kernel/* dev-vcs/git' --ask-enter-invalid",
                "--usepkg-exclude=sys-kernel/* dev-vcs/git",
                0,
            ),
            ("-avk --quiet --color n", "--usepkg=y --color=n", 0),
            ("--root /x --config-root=/y --depclean", "", 0),
            ("--all --json --from-the-future=3 a/b -y", "", 5),
        ] {
            let read = DefaultOpts::read(text).unwrap();
            assert_eq!(read.args.join(" "), args, "{text}");
            assert_eq!(read.skipped.len(), skipped, "{text}");
        }
    }
}
