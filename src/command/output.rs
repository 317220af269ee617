//! The only place that writes to the streams of the process.

use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use owo_colors::OwoColorize;

use crate::cli::{Cli, YesNo};
use crate::exit::{Exit, Hinted};
use crate::report::sanitize::sanitize;
use crate::source::Notice;

/// Notices that are shown without `-v`.
const NOTICES: usize = 10;

/// Let a writer fill standard output. A reader that went away is no error.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    unless_closed(write(&mut out).and_then(|()| out.flush()))
}

/// The same for text with styles, which are dropped where they are not wanted.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn styled_to_stdout(
    cli: &Cli,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let stdout = AutoStream::new(io::stdout().lock(), color_choice(cli));
    let mut out = BufWriter::with_capacity(1 << 16, stdout);
    unless_closed(write(&mut out).and_then(|()| out.flush()))
}

fn unless_closed(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}

fn color_choice(cli: &Cli) -> ColorChoice {
    match cli.output.color {
        Some(YesNo::Yes) => ColorChoice::Always,
        Some(YesNo::No) => ColorChoice::Never,
        None => ColorChoice::Auto,
    }
}

/// Whether someone watches stderr.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Write to stderr; there is nowhere to tell if that fails.
fn complain(lines: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut stderr = AutoStream::auto(io::stderr().lock());
    let _ = lines(&mut stderr);
}

/// Help and version (to stdout), or wrong usage.
pub(super) fn clap(error: &clap::Error) -> Exit {
    let _ = error.print();
    if error.use_stderr() {
        Exit::Unknown
    } else {
        Exit::AllUsable
    }
}

/// What stopped the run, its causes, and what would help.
pub(super) fn error(error: &anyhow::Error) -> Exit {
    complain(|out| {
        let label = "error:".red();
        let label = label.bold();
        writeln!(out, "bincheck: {label} {}", sanitize(&error.to_string()))?;
        for cause in error.chain().skip(1) {
            writeln!(out, "  caused by: {}", sanitize(&cause.to_string()))?;
        }
        for hint in error
            .downcast_ref::<Hinted>()
            .map_or(&[][..], |hinted| &hinted.hints)
        {
            writeln!(out, "{} {}", "hint:".cyan(), sanitize(hint))?;
        }
        Ok(())
    });
    Exit::Unknown
}

/// Something that makes the answer less certain than it looks.
pub(super) fn warning(text: &str) {
    complain(|out| writeln!(out, "bincheck: {} {}", "warning:".yellow(), sanitize(text)));
}

/// Lines that were skipped; the first few only, unless everything is to be shown.
pub(super) fn notices(notices: &[Notice], cli: &Cli) {
    if cli.quiet() {
        return;
    }
    let most = if cli.verbose() { usize::MAX } else { NOTICES };
    complain(|out| {
        for notice in notices.iter().take(most) {
            writeln!(
                out,
                "bincheck: {} {}",
                "notice:".dimmed(),
                sanitize(&notice.to_string())
            )?;
        }
        match notices.len().saturating_sub(most) {
            0 => Ok(()),
            left => writeln!(
                out,
                "bincheck: {} and {left} more; -v shows all",
                "notice:".dimmed()
            ),
        }
    });
}
