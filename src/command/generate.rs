//! The manual page and the completions, made from [`crate::cli`].

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::cli::{Cli, Generate};

/// What the manual page says after the options.
const SECTIONS: &str = include_str!("sections.roff");

/// Write one of them.
///
/// # Errors
/// What the stream says.
pub fn write(what: Generate, out: &mut dyn Write) -> io::Result<()> {
    match what {
        Generate::Man => man(out),
        Generate::Bash => completions(Shell::Bash, out),
        Generate::Zsh => completions(Shell::Zsh, out),
        Generate::Fish => completions(Shell::Fish, out),
    }
}

fn man(out: &mut dyn Write) -> io::Result<()> {
    let page = Man::new(Cli::command());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    out.write_all(SECTIONS.as_bytes())
}

/// Made in memory first: the generators cannot report a stream's errors.
fn completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "bincheck", &mut text);
    out.write_all(&text)
}
