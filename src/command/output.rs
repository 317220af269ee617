//! The only place that writes to the streams of the process.

use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context;
use owo_colors::OwoColorize;

use crate::cli::{Cli, YesNo};
use crate::exit::{Exit, Hinted};
use crate::redact::redact;
use crate::report::layout::{WIDTH, WIDTHS, wrap_words};

use crate::sanitize::sanitize;
use crate::source::Notice;

/// Notices that are shown without `-v`.
const NOTICES: usize = 10;

/// Where further lines of a message begin on a terminal.
const FURTHER: usize = 2;

/// Let a writer fill standard output. A reader that went away is not an error.
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

/// The same to stderr, where a report stands that is not the answer.
///
/// # Errors
/// Standard error cannot be written.
pub(super) fn styled_to_stderr(
    cli: &Cli,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let stderr = AutoStream::new(io::stderr().lock(), color_choice(cli));
    let mut out = BufWriter::new(stderr);
    let written = write(&mut out).and_then(|()| out.flush());
    written.context("cannot write to standard error")
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

/// How wide a report on standard output may be: as the terminal, within reason; a document without one.
pub(super) fn columns() -> usize {
    clamped(terminal_size::terminal_size_of(io::stdout()))
}

/// The same for standard error.
pub(super) fn columns_of_stderr() -> usize {
    clamped(terminal_size::terminal_size_of(io::stderr()))
}

fn clamped(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    let columns = size.map_or(WIDTH, |(terminal_size::Width(columns), _)| columns.into());
    columns.clamp(*WIDTHS.start(), *WIDTHS.end())
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
    if !error.use_stderr() {
        // Help for a reader that went away is not an error.
        let _ = error.print();
        return Exit::AllUsable;
    }
    complain(|out| wrong_usage(&error.to_string(), out));
    Exit::Unknown
}

/// clap's message in the form of all others. Its line about usage shows options that were not typed.
fn wrong_usage(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let whole = text.strip_prefix("error: ").unwrap_or(text);
    let (message, _) = whole.split_once("\n\nUsage:").unwrap_or((whole, ""));
    let (message, _) = message.split_once("\n\nFor more").unwrap_or((message, ""));
    let (tips, message): (Vec<&str>, Vec<&str>) = message
        .lines()
        .filter(|line| !line.trim().is_empty())
        .partition(|line| line.trim_start().starts_with("tip: "));
    labelled("error:".red().bold(), &message.join("\n"), out)?;
    for tip in tips {
        let tip = tip.trim_start().trim_start_matches("tip: ");
        // An option that is none is not a target either.
        if !tip.starts_with("to pass ") {
            hint(tip, out)?;
        }
    }
    hint("'bincheck --help' lists the options", out)
}

/// What stopped the run, its causes, and what would help.
pub(super) fn error(error: &anyhow::Error) -> Exit {
    complain(|out| {
        labelled("error:".red().bold(), &error.to_string(), out)?;
        for cause in error.chain().skip(1) {
            writeln!(out, "  caused by: {}", safe(&cause.to_string()))?;
        }
        let hinted = error.downcast_ref::<Hinted>();
        let hints = hinted.map_or(&[][..], |hinted| &hinted.hints);
        hints.iter().try_for_each(|text| hint(text, out))
    });
    Exit::Unknown
}

/// A text for the terminal: no control characters, and no passwords of URIs that it quotes.
fn safe(text: &str) -> String {
    sanitize(&redact(text)).into_owned()
}

/// `bincheck: error: …`; further lines of the text stay lines.
fn labelled(label: impl fmt::Display, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    fitted(format_args!("bincheck: {label}"), &safe(first), out)?;
    lines.try_for_each(|line| writeln!(out, "{}", safe(line)))
}

fn hint(text: &str, out: &mut dyn Write) -> io::Result<()> {
    fitted(format_args!("{}", "hint:".cyan()), &safe(text), out)
}

/// A label and a text, which on a terminal is broken between words; a line elsewhere stays one, for whoever searches it.
fn fitted(label: fmt::Arguments<'_>, text: &str, out: &mut dyn Write) -> io::Result<()> {
    if !is_watched() {
        return writeln!(out, "{label} {text}");
    }
    let label = label.to_string();
    let bare = anstream::adapter::strip_str(&label).to_string();
    // Further lines stand deeper.
    let room = columns_of_stderr().saturating_sub(FURTHER);
    let mut lines = wrap_words(&format!("{bare} {text}"), room).into_iter();
    let first = lines.next().unwrap_or_default();
    let rest = first.strip_prefix(&bare).unwrap_or_default();
    writeln!(out, "{label}{rest}")?;
    for line in lines {
        writeln!(out, "{:FURTHER$}{line}", "")?;
    }
    Ok(())
}

/// Ask on the terminal; yes is the default. Where no one can answer, it is yes.
pub(super) fn agreed(question: &str) -> bool {
    if !io::stdin().is_terminal() || !is_watched() {
        return true;
    }
    complain(|out| {
        write!(out, "bincheck: {question} [{}] ", "Yes/no".bold())?;
        out.flush()
    });
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    let answer = answer.trim().to_lowercase();
    read.is_ok_and(|count| count > 0) && (answer.is_empty() || "yes".starts_with(&answer))
}

/// What `-G` will not find; with `stops`, how to go on.
pub(super) fn incomplete(missing: &[String], stops: bool) {
    complain(|out| {
        let text = "there is no usable binary package for:";
        if stops {
            labelled("error:".red().bold(), text, out)?
        } else {
            labelled("warning:".yellow(), text, out)?
        }
        for atom in missing {
            writeln!(out, "  {}", safe(atom))?;
        }
        if stops {
            hint(
                "change what the report above says, or use -g to build them from source",
                out,
            )?;
            hint("--force runs emerge anyway", out)?;
        }
        Ok(())
    });
}

/// A line that says what is done.
pub(super) fn message(text: &str) {
    complain(|out| writeln!(out, "{} {}", "bincheck:".bold(), safe(text)));
}

/// Something that makes the answer less certain than it looks.
pub(super) fn warning(text: &str) {
    complain(|out| labelled("warning:".yellow(), &sanitize(text), out));
}

/// Lines that were skipped; the first few only, unless everything is to be shown.
pub(super) fn notices(notices: &[Notice], verbose: bool) {
    first_notices(notices, if verbose { usize::MAX } else { NOTICES });
}

/// The first so many notices, and how many more there are.
pub(super) fn first_notices(notices: &[Notice], most: usize) {
    let label = "notice:".dimmed();
    complain(|out| {
        for notice in notices.iter().take(most) {
            labelled(&label, &sanitize(&notice.to_string()), out)?;
        }
        match notices.len().saturating_sub(most) {
            0 => Ok(()),
            left => labelled(&label, &format!("and {left} more; -v shows all"), out),
        }
    });
}
