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

/// The lines of a text that have words.
pub fn parse(text: &str, path: &Path) -> Vec<Line> {
    let path: Arc<Path> = path.into();
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.split('\n')) {
        let words: Vec<String> = line
            .split_whitespace()
            .take_while(|word| !word.starts_with('#'))
            .map(str::to_owned)
            .collect();
        if !words.is_empty() {
            lines.push(Line {
                words,
                source: Source::Line(Arc::clone(&path), number),
            });
        }
    }
    lines
}
