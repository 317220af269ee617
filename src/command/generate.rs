//! The manual page and the completions, made from [`crate::cli`].

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::manual;
use crate::cli::{Cli, Generate};

/// Write one of them.
///
/// # Errors
/// What the stream says.
pub fn write(what: Generate, out: &mut dyn Write) -> io::Result<()> {
    match what {
        Generate::Man => manual::write(out),
        Generate::Bash => completions(Shell::Bash, out),
        Generate::Zsh => completions(Shell::Zsh, out),
        Generate::Fish => completions(Shell::Fish, out),
    }
}

/// Made in memory first: the generators cannot report a stream's errors.
fn completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "bincheck", &mut text);
    out.write_all(&text)
}
