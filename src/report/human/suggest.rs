//! `--suggest` for people: lines to paste, and what follows from them.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::{names, next};
use crate::pms::Cpv;
use crate::report::layout::{duration, wrap_words};
use crate::report::suggest::{Advice, lines};
use crate::sanitize::sanitize;
use crate::suggest::{Edit, Gain, SlotMerge, Suggestion};

/// Where lines to paste begin.
const LINE: usize = 8;
/// Where everything else begins.
const INDENT: usize = 4;
/// Where what is reported begins behind its name.
const VALUE: usize = 9;
/// How many packages are named of one list.
const MOST_NAMES: usize = 8;

/// Write it.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(advice: &Advice<'_>, columns: usize, out: &mut impl Write) -> io::Result<()> {
    for (number, suggestion) in advice.all().enumerate() {
        one(advice, number + 1, suggestion, columns, out)?;
    }
    closing(advice, columns, out)?;
    match advice.next {
        Some(step) if advice.all().next().is_none() => next::write(step, columns, out),
        _ => Ok(()),
    }
}

fn one(
    advice: &Advice<'_>,
    number: usize,
    suggestion: &Suggestion,
    columns: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let gain = &suggestion.gain;
    let kinds: Vec<&str> = suggestion
        .kinds()
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    let head = format!("{number}. {}: {}", kinds.join(", "), effect(gain));
    for line in wrap_words(&head, columns) {
        writeln!(out, "{}", line.bold())?;
    }
    for (file, lines) in lines(&suggestion.edits, advice.local) {
        writeln!(out, "{:INDENT$}{}", "", sanitize(&file).cyan())?;
        for line in lines {
            writeln!(out, "{:LINE$}{}", "", sanitize(line))?;
        }
    }
    for setting in advice.settings(&suggestion.edits) {
        let place = format!("{}, section [{}]", setting.file, setting.section);
        writeln!(out, "{:INDENT$}{}", "", sanitize(&place).cyan())?;
        writeln!(out, "{:LINE$}{}", "", sanitize(&setting.line))?;
    }
    for edit in &suggestion.edits {
        if let Edit::Option(option) = edit {
            writeln!(out, "{:INDENT$}{}", "", "give emerge".cyan())?;
            writeln!(out, "{:LINE$}{}", "", option.as_str())?;
        }
    }
    let binary = gain.binary.values().map(|merge| from(advice, merge));
    value("binary", &list(binary.collect()), columns, out)?;
    let kept = gain.kept.values().map(|merge| match &merge.installed {
        Some(installed) if *installed == merge.cpv => format!("{installed} (not merged again)"),
        Some(installed) => format!("{installed} (not {})", merge.cpv.version),
        None => merge.cpv.to_string(),
    });
    value("stays", &list(kept.collect()), columns, out)?;
    let others = gain
        .others
        .iter()
        .map(|(slot, (old, new))| match (old, new) {
            (Some(old), Some(new)) if old.cpv == new.cpv => from(advice, new),
            (Some(old), Some(new)) => format!("{} (not {})", from(advice, new), old.cpv.version),
            (None, Some(new)) => format!("{} too", from(advice, new)),
            (Some(old), None) => format!("no {}", old.cpv),
            (None, None) => slot.0.clone(),
        });
    // What comes in another slot instead is named once.
    let comes = |cpv: &Cpv| {
        let mut others = gain.others.values();
        others.any(|(_, new)| new.as_ref().is_some_and(|new| new.cpv == *cpv))
    };
    let dropped = gain.dropped.values().filter(|merge| !comes(&merge.cpv));
    let others = dropped
        .map(|merge| format!("no {}", merge.cpv))
        .chain(others);
    value("also", &list(others.collect()), columns, out)?;
    for note in &suggestion.notes {
        value("note", &note.to_string(), columns, out)?;
    }
    writeln!(out)
}

/// `2 packages become binary, about 9 min less to compile`
fn effect(gain: &Gain) -> String {
    let count = gain.binary.len();
    let not_compiled = gain.dropped.len() + gain.kept.len();
    let mut text = match count {
        0 if not_compiled == 1 => "one package need not be compiled".to_owned(),
        0 if not_compiled > 0 => format!("{not_compiled} packages need not be compiled"),
        0 => "the request can be carried out".to_owned(),
        1 => "one package becomes binary".to_owned(),
        _ => format!("{count} packages become binary"),
    };
    if gain.seconds > 0 {
        text.push_str(&format!(
            ", about {} less to compile",
            duration(gain.seconds)
        ));
    }
    text
}

fn from(advice: &Advice<'_>, merge: &SlotMerge) -> String {
    let Some(id) = merge.instance else {
        return format!("{} from source", merge.cpv);
    };
    let host = advice
        .host_state(id)
        .map(|host| names::label(host).into_owned());
    format!(
        "{} from {}",
        merge.cpv,
        host.unwrap_or_else(|| "local".to_owned())
    )
}

fn list(names: Vec<String>) -> String {
    let left = names.len().saturating_sub(MOST_NAMES);
    let mut text = names
        .into_iter()
        .take(MOST_NAMES)
        .collect::<Vec<_>>()
        .join(", ");
    if left > 0 {
        text.push_str(&format!(" and {left} more"));
    }
    text
}

fn closing(advice: &Advice<'_>, columns: usize, out: &mut impl Write) -> io::Result<()> {
    let found = advice.found;
    let (before, after) = (found.before.total(), found.after.total());
    let unusable = found.before.unusable();
    let compiled = before.merges - before.binary - unusable;
    let all = match advice.all().count() {
        1 => "with it",
        _ => "with all of these",
    };
    let is = if after.binary == 1 { "is" } else { "are" };
    let now = format!("{all} {} of {} {is} binary", after.binary, after.merges);
    let text = match (advice.all().next().is_some(), found.before.is_sound) {
        (false, true) if compiled + unusable == 0 => "nothing would be compiled".to_owned(),
        (false, true) => format!(
            "nothing was found that helps: {}",
            lacking(compiled, unusable, before.merges)
        ),
        (false, false) => "nothing was found that helps: the request cannot be resolved".to_owned(),
        (true, true) if after.merges == 0 => format!("{all} nothing is to be merged"),
        (true, true) => format!(
            "{now} instead of {} of {}{}",
            before.binary,
            before.merges,
            left(after.seconds)
        ),
        (true, false) => format!("{now}{}", left(after.seconds)),
    };
    for line in wrap_words(&text, columns) {
        writeln!(out, "{}", line.bold())?;
    }
    match found.untried {
        0 => Ok(()),
        1 => writeln!(
            out,
            "there was no time to try one more change; name fewer targets"
        ),
        count => writeln!(
            out,
            "there was no time to try {count} more changes; name fewer targets"
        ),
    }
}

/// `2 of 5 are compiled, and 1 is binary but of no use here`
fn lacking(compiled: usize, unusable: usize, merges: usize) -> String {
    let is = |count| if count == 1 { "is" } else { "are" };
    let source = format!("{compiled} of {merges} {} compiled", is(compiled));
    let useless = format!(
        "{} binary but of no use here (see the same without --suggest)",
        is(unusable)
    );
    match (compiled, unusable) {
        (_, 0) => source,
        (0, _) => format!("{unusable} of {merges} {useless}"),
        _ => format!("{source}, and {unusable} {useless}"),
    }
}

fn left(seconds: u64) -> String {
    match seconds {
        0 => String::new(),
        _ => format!(", and about {} are left to compile", duration(seconds)),
    }
}

/// A name and its value, wrapped beside it; nothing for an empty value.
fn value(name: &str, text: &str, columns: usize, out: &mut impl Write) -> io::Result<()> {
    let room = columns.saturating_sub(INDENT + VALUE).max(10);
    for (number, line) in wrap_words(&sanitize(text), room).iter().enumerate() {
        let name = if number == 0 { name } else { "" };
        writeln!(out, "{:INDENT$}{name:VALUE$}{line}", "")?;
    }
    Ok(())
}
