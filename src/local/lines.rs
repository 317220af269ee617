//! Lines of `package.*`, `use.*` and their like (`portage: util/__init__.py:grabfile`).
//!
//! Words are split on white space, and everything from the first word that begins with `#` is
//! dropped, so trailing comments work (contrary to `portage(5)`) and `foo#bar` is one word.

use std::path::Path;
use std::sync::Arc;

use crate::source::Source;

/// One line that has words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The words, at least one.
    pub words: Vec<String>,
    /// File and line.
    pub source: Source,
}

/// The lines of a text that have words. A carriage return ends a line too, as in files that Python
/// opens as text.
pub fn parse(text: &str, path: &Path) -> Vec<Line> {
    if text.contains('\r') {
        return parse(&text.replace("\r\n", "\n").replace('\r', "\n"), path);
    }
    let path: Arc<Path> = path.into();
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let mut words: Vec<String> = line
            .split(is_space)
            .filter(|word| !word.is_empty())
            .take_while(|word| !word.starts_with('#'))
            .map(str::to_owned)
            .collect();
        if !words.is_empty() {
            // Lines are many and short.
            words.shrink_to_fit();
            lines.push(Line {
                words,
                source: Source::Line(Arc::clone(&path), number),
            });
        }
    }
    lines
}

/// White space as Python sees it, which counts four separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_a_word_begins_with_a_hash() {
        for (text, expected) in [
            ("a/b x # y\n\n# c\n  c/d  y\n", "1:a/b x|4:c/d y"),
            ("foo#bar #x", "1:foo#bar"),
            ("a\r\nb\rc", "1:a|2:b|3:c"),
            ("a\u{a0}b\x1cc\x0bd", "1:a b c d"),
            (" \t\n#", ""),
        ] {
            let lines: Vec<String> = parse(text, Path::new("/f"))
                .iter()
                .map(|line| {
                    let number = line.source.line().unwrap_or(0);
                    format!("{number}:{}", line.words.join(" "))
                })
                .collect();
            assert_eq!(lines.join("|"), expected, "{text:?}");
        }
    }
}
