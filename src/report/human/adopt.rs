//! `--adopt` for people: lines to paste, and what follows from them.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::lines::{beside, hanging, some};
use crate::report::adopt::{AdoptedProfile, AdoptionReport};
use crate::report::layout::wrap_words;
use crate::report::suggest::lines;
use crate::sanitize::sanitize;
use crate::suggest::TrialOutcome;

/// How many packages are named of one kind without `-v`.
const NAMED: usize = 8;
/// Where lines to paste begin.
const LINE: usize = 4;
/// Where values begin behind their names.
const VALUE: usize = 10;

/// How it is shown.
#[derive(Clone, Copy, Debug)]
pub struct AdoptionPage {
    /// Columns of the page.
    pub columns: usize,
    /// Name all packages.
    pub verbose: bool,
}

/// Write it.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(
    report: &AdoptionReport<'_>,
    page: AdoptionPage,
    out: &mut impl Write,
) -> io::Result<()> {
    if let AdoptedProfile::Selected(name, dir) = &report.profile {
        writeln!(out, "{}", sanitize("make.profile").cyan())?;
        let command = format!("eselect profile set {}", sanitize(name));
        writeln!(out, "{:LINE$}{command}", "")?;
        let link = format!("that is {}", sanitize(&dir.display().to_string()));
        for line in hanging(&link, LINE, LINE, page.columns) {
            writeln!(out, "{line}")?;
        }
    }
    let local = report.packages.local();
    for (file, lines) in lines(&report.adoption.change.edits, local) {
        writeln!(out, "{}", sanitize(&file).cyan())?;
        for line in lines {
            writeln!(out, "{:LINE$}{}", "", sanitize(line))?;
        }
    }
    let mut values: Vec<(&str, String)> = Vec::new();
    values.extend(profile(&report.profile).map(|text| ("profile", text)));
    for (_, lines) in lines(&report.adoption.refused, local) {
        let text = format!(
            "{}: emerge would not carry out the request",
            lines.join("; ")
        );
        values.push(("without", text));
    }
    let most = if page.verbose { usize::MAX } else { NAMED };
    for (codes, names) in report.left() {
        values.push(("left", format!("{codes}: {}", some(&names, most))));
    }
    values.push((
        "request",
        request(&report.request.now, &report.request.then),
    ));
    values.extend(report.notes.iter().map(|note| ("note", note.clone())));
    let unknown = report.unknown().iter();
    values.extend(unknown.map(|text| ("unknown", (*text).to_owned())));
    for (name, text) in values {
        for line in beside(name, &sanitize(&text), VALUE, page.columns) {
            writeln!(out, "{line}")?;
        }
    }
    for line in wrap_words(&sanitize(&headline(report)), page.columns) {
        writeln!(out, "{}", line.bold())?;
    }
    Ok(())
}

fn profile(profile: &AdoptedProfile) -> Option<String> {
    match profile {
        AdoptedProfile::Unknown => Some("it is not known which one it follows".to_owned()),
        AdoptedProfile::Same(_) | AdoptedProfile::Selected(..) => None,
        AdoptedProfile::Other(name) => Some(format!(
            "{name} is followed there; selecting it would not bring these nearer"
        )),
        AdoptedProfile::Missing(name) => Some(format!(
            "{name} is followed there, and no repository here has it"
        )),
    }
}

fn request(now: &TrialOutcome, then: &TrialOutcome) -> String {
    let (before, after) = (now.total(), then.total());
    match (now.is_sound, then.is_sound) {
        (true, false) => {
            "emerge could not carry it out any more: take the lines one by one".to_owned()
        }
        (false, false) => "emerge does not carry it out, neither now nor then".to_owned(),
        _ if after.merges == 0 => "nothing to merge".to_owned(),
        _ => format!(
            "{} of {} merges are binary then, {} of {} are now",
            after.binary, after.merges, before.binary, before.merges
        ),
    }
}

fn headline(report: &AdoptionReport<'_>) -> String {
    let (before, after, all) = report.taken();
    let name = report.name;
    let change = &report.adoption.change;
    let is_nothing = change.profile.is_none() && change.edits.is_empty();
    match is_nothing {
        true if after == all => {
            format!("this machine wants all {all} packages of {name} as they are")
        }
        true => format!("{after} of {all} packages of {name} are taken, and no line changes that"),
        false => {
            format!("{after} of {all} packages of {name} are taken with this, {before} without")
        }
    }
}
