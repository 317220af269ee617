//! The manual page: what was written by hand, around the options of [`crate::cli`].

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;

use crate::cli::Cli;
use crate::roff::{RELEASED, tidy};

/// What is reported before the options.
const BEFORE: &str = include_str!("before_options.roff");

/// What is reported after them.
const AFTER: &str = include_str!("after_options.roff");

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
