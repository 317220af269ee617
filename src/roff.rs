//! Lines of manual pages.

use textwrap::{Options, WordSeparator, WordSplitter};

/// When this version was released, as in `CHANGELOG.md`.
pub(crate) const RELEASED: &str = "2026-11-26";

/// Columns of a line of roff; `mandoc -T lint` wants no longer ones.
const WIDTH: usize = 80;

/// The same text in lines that fit, without blank ones.
pub(crate) fn tidy(roff: &str) -> String {
    let mut tidy = String::new();
    let mut is_literal = false;
    for line in roff.lines() {
        if line.starts_with(".ie ") || line.starts_with(".el ") {
            continue;
        }
        match line {
            ".nf" => is_literal = true,
            ".fi" => is_literal = false,
            _ => {}
        }
        if line.is_empty() {
            // A paragraph of what is reported of the same option.
            tidy.push_str(".IP\n");
        } else if is_literal || line.starts_with('.') {
            tidy.push_str(line);
            tidy.push('\n');
        } else {
            wrap(line, &mut tidy);
        }
    }
    tidy
}

/// The text as roff shows it.
pub(crate) fn escape(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

fn wrap(text: &str, tidy: &mut String) {
    let options = Options::new(WIDTH)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    for line in textwrap::wrap(text.trim_end(), options) {
        if line.starts_with(['.', '\'']) {
            tidy.push_str("\\&");
        }
        tidy.push_str(&line);
        tidy.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_none_becomes_a_request() {
        let words = "word ".repeat(15);
        let text =
            format!(".ie \\n(.g .ds Aq \\(aq\n.TP\n{words}abcd .conf \n\nmore\n.nf\nx\n.fi\n");
        let first = words.trim_end();
        assert_eq!(
            tidy(&text),
            format!(".TP\n{first} abcd\n\\&.conf\n.IP\nmore\n.nf\nx\n.fi\n")
        );
    }

    #[test]
    fn the_page_bears_the_date_of_the_release() {
        let heading = format!("## [{}] - {RELEASED}\n", env!("CARGO_PKG_VERSION"));
        assert!(include_str!("../CHANGELOG.md").contains(&heading));
    }
}
