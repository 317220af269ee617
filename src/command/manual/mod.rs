//! The manual page: what was written by hand, around the options of [`crate::cli`].

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;

use crate::check;
use crate::cli::Cli;
use crate::roff::{self, RELEASED, tidy};

/// What is reported before the options.
const BEFORE: &str = include_str!("before_options.roff");

/// What is reported after them.
const AFTER: &str = include_str!("after_options.roff");

/// Write the page.
///
/// # Errors
/// Writing to the stream fails.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    let mut options = Vec::new();
    Man::new(Cli::command()).render_options_section(&mut options)?;
    let version = env!("CARGO_PKG_VERSION");
    writeln!(out, ".ds Aq \\(aq")?;
    writeln!(out, ".TH BINCHECK 1 {RELEASED} \"bincheck {version}\"")?;
    for part in [
        BEFORE,
        &String::from_utf8_lossy(&options),
        &reasons(),
        AFTER,
    ] {
        out.write_all(tidy(part).as_bytes())?;
    }
    Ok(())
}

/// Why packages are rejected, rule by rule.
fn reasons() -> String {
    let rules = check::catalogue().into_iter().map(|rule| {
        let text = format!("{}. {}", capitalized(rule.title), rule.explain);
        format!(
            ".TP\n.B {}\n{}\n",
            roff::escape(rule.code.as_str()),
            roff::escape(&text)
        )
    });
    format!(
        ".SH REASONS\nWhy a binary package is rejected.\n{}",
        rules.collect::<String>()
    )
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
