//! The manual page: what was written by hand, around the options of [`crate::cli`].

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;
use textwrap::{Options, WordSeparator, WordSplitter};

use crate::cli::Cli;

/// What is reported before the options.
const BEFORE: &str = include_str!("before_options.roff");

/// What is reported after them.
const AFTER: &str = include_str!("after_options.roff");

/// When this version was released, as in `CHANGELOG.md`.
const RELEASED: &str = "2026-11-26";

/// Columns of a line of roff; `mandoc -T lint` wants no longer ones.
const WIDTH: usize = 80;

/// Write the page.
///
/// # Errors
/// What the stream says.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    let mut options = Vec::new();
    Man::new(Cli::command()).render_options_section(&mut options)?;
    let version = env!("CARGO_PKG_VERSION");
    writeln!(out, ".ds Aq \\(aq")?;
    writeln!(out, ".TH BINCHECK 1 {RELEASED} \"bincheck {version}\"")?;
    for part in [BEFORE, &String::from_utf8_lossy(&options), AFTER] {
        out.write_all(tidy(part).as_bytes())?;
    }
    Ok(())
}

/// The same text in lines that fit, without blank ones.
fn tidy(roff: &str) -> String {
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
        assert!(include_str!("../../../CHANGELOG.md").contains(&heading));
    }
}
