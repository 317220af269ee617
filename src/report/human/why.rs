//! `--why` for people: the candidates one below the other, then USE flag by flag, then who wants the package.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::{names, next};
use crate::pms::{Key, Kind};
use crate::report::layout::{age, bytes, elide, fill, width, wrap_words};
use crate::report::why::{
    ComparedPackage, DependencyDifference, Explanation, FlagRow, Reason, Requirement,
    RequirementOf, Standing, UseTable,
};
use crate::sanitize::sanitize;
use crate::source::Source;

/// Where what is reported of a candidate begins.
const INDENT: usize = 4;
/// Where values begin behind their names.
const VALUE: usize = 15;
/// How many requirements are listed without `-v`.
const REQUIRED_BY: usize = 10;

/// How much room there is and how much is shown.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Columns.
    pub columns: usize,
    /// Everything, also flags that agree.
    pub verbose: bool,
}

/// Write it.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(why: &Explanation<'_>, page: Page, out: &mut impl Write) -> io::Result<()> {
    paragraph(&headline(why), 0, page, out, |line| line.bold().to_string())?;
    for (place, one) in why.candidates.iter().enumerate() {
        candidate(why, place, one, page, out)?;
    }
    for table in &why.flags {
        flags(why, table, page, out)?;
    }
    required_by(&why.required_by, page, out)?;
    match &why.next {
        Some(step) if why.winners().any(|(_, winner)| winner.instance.is_none()) => {
            writeln!(out)?;
            next::write(step, page.columns, out)
        }
        _ => Ok(()),
    }
}

fn headline(why: &Explanation<'_>) -> String {
    let winners: Vec<String> = why
        .winners()
        .map(|(place, winner)| match winner.host_name(why.hosts) {
            Some(_) => {
                let doubt = match winner.unusable {
                    Some(_) => ", which is of no use here",
                    None => "",
                };
                format!("takes {} from {}{doubt}", name(winner), host(why, winner))
            }
            None => format!("compiles {} ({})", name(winner), place + 1),
        })
        .collect();
    let name = sanitize(why.name.as_str());
    if !why.stops.is_empty() {
        let stops = sanitize(&why.stops.join("; ")).into_owned();
        return format!("{name}: emerge would stop: {stops}");
    }
    match (winners.is_empty(), why.candidates.is_empty()) {
        (_, true) => format!("{name}: no repository, no binhost and nothing installed has it"),
        (true, false) => format!("{name}: emerge merges nothing of it for this request"),
        (false, false) => format!("{name}: emerge {}", winners.join(", ")),
    }
}

fn name(candidate: &ComparedPackage<'_>) -> String {
    names::with_build_id(candidate.package)
}

fn host(why: &Explanation<'_>, candidate: &ComparedPackage<'_>) -> String {
    let host = candidate.host.and_then(|host| host.of(why.hosts));
    host.map_or("local".to_owned(), |host| names::label(host).into_owned())
}

fn candidate(
    why: &Explanation<'_>,
    place: usize,
    one: &ComparedPackage<'_>,
    page: Page,
    out: &mut impl Write,
) -> io::Result<()> {
    let repository = one.package.repository.as_deref().unwrap_or("?");
    let from = match one.package.kind {
        Kind::Installed => "installed".to_owned(),
        Kind::Ebuild => format!("ebuild of {}", sanitize(repository)),
        Kind::Binary => format!("binary from {}", host(why, one)),
    };
    let head = format!("{:>2}  {}  {from}", place + 1, name(one));
    writeln!(out)?;
    paragraph(&head, INDENT, page, out, |line| match one.standing {
        Standing::Wins(_) => line.green().to_string(),
        Standing::Installed | Standing::Loses => line.to_owned(),
    })?;
    paragraph(&properties(why, one), INDENT, page, out, |line| {
        line.dimmed().to_string()
    })?;
    if let Standing::Wins(because) = &one.standing {
        value("taken", because, page, out)?;
    }
    if let Some(why) = &one.unusable {
        value("unusable", why, page, out)?;
    }
    one.reasons
        .iter()
        .try_for_each(|one| reason(one, page, out))?;
    one.dependencies
        .iter()
        .try_for_each(|one| difference(one, page, out))
}

/// `slot 0/3, ~amd64, MIT, built for x86-64-v3, 2.1 MiB, 3 days old`
fn properties(why: &Explanation<'_>, one: &ComparedPackage<'_>) -> String {
    let package = one.package;
    let text = |key: Key| {
        let words: Vec<&str> = package.metadata.text(key).split_whitespace().collect();
        sanitize(&words.join(" ")).into_owned()
    };
    let slot = package
        .slot
        .as_ref()
        .map(|slot| format!("slot {}", sanitize(&slot.to_string())));
    let built_for = one
        .built_for
        .as_ref()
        .map(|what| format!("built for {}", sanitize(what)));
    let size = one.size.filter(|size| *size > 0).map(bytes);
    let built = (package.build_time > 0)
        .then(|| format!("{} old", age(why.now.saturating_sub(package.build_time))));
    let keywords = Some(text(Key::Keywords)).filter(|text| !text.is_empty());
    let license = Some(text(Key::License)).filter(|text| !text.is_empty());
    let all = [slot, keywords, license, built_for, size, built];
    all.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn reason(reason: &Reason, page: Page, out: &mut impl Write) -> io::Result<()> {
    let uncertain = if reason.certain { "" } else { "? " };
    let detail = format!("{uncertain}{}", reason.detail);
    value(reason.code, &detail, page, out)?;
    let (found, detail) = (&reason.found, &reason.detail);
    if !found.is_empty()
        && !found.contains(detail)
        && !detail.contains(found)
        && found != reason.code
    {
        value("", &reason.found, page, out)?;
    }
    for (source, comment) in &reason.sources {
        value("", &format!("by {source}"), page, out)?;
        if let Some(comment) = comment {
            value("", &format!("\"{comment}\""), page, out)?;
        }
    }
    Ok(())
}

fn difference(one: &DependencyDifference, page: Page, out: &mut impl Write) -> io::Result<()> {
    for (what, atoms) in [("ebuild only", &one.added), ("binary only", &one.removed)] {
        if !atoms.is_empty() {
            let text = format!("{what}: {}", atoms.join(" "));
            value(one.variable, &text, page, out)?;
        }
    }
    Ok(())
}

fn flags(
    why: &Explanation<'_>,
    table: &UseTable,
    page: Page,
    out: &mut impl Write,
) -> io::Result<()> {
    let rows: Vec<&FlagRow> = table
        .rows
        .iter()
        .filter(|row| page.verbose || row.differs())
        .collect();
    let same = table.rows.len() - rows.len();
    let title = match (rows.is_empty(), same) {
        (true, 0) => return Ok(()),
        (true, _) => format!(
            "USE of {}: all {same} flags as configured",
            sanitize(&table.cpv.to_string())
        ),
        (false, 0) => format!("USE of {}", sanitize(&table.cpv.to_string())),
        (false, _) => format!(
            "USE of {}; {same} more flags agree",
            sanitize(&table.cpv.to_string())
        ),
    };
    writeln!(out)?;
    paragraph(&title, 0, page, out, |line| line.bold().to_string())?;
    if rows.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = table
        .builds
        .iter()
        .map(|id| {
            let of_build = |one: &ComparedPackage<'_>| one.instance == Some(*id);
            let place = why.candidates.iter().position(of_build);
            place.map_or("?".to_owned(), |place| (place + 1).to_string())
        })
        .collect();
    let room = page
        .columns
        .saturating_sub(INDENT + 6 + 4 * places.len())
        .clamp(8, 32);
    let widest = rows
        .iter()
        .map(|row| width(&row.flag))
        .max()
        .unwrap_or(0)
        .min(room);
    let cells = |cells: &[String]| {
        cells
            .iter()
            .map(|cell| format!("{cell:>4}"))
            .collect::<String>()
    };
    let head = format!("{:INDENT$}{:widest$}  here{}", "", "", cells(&places));
    writeln!(out, "{}", elide(&head, page.columns).dimmed())?;
    for row in rows {
        let flag = sanitize(&row.flag);
        let flag = elide(&flag, widest);
        let states: Vec<String> = row
            .builds
            .iter()
            .map(|state| sign(*state).to_owned())
            .collect();
        let pad = fill(&flag, widest);
        let line = format!(
            "{:INDENT$}{flag}{:pad$}  {:>4}{}",
            "",
            "",
            sign(row.configured),
            cells(&states)
        );
        let line = format!("{line}  {}", because(row));
        writeln!(out, "{}", elide(line.trim_end(), page.columns))?;
    }
    Ok(())
}

fn sign(state: Option<bool>) -> &'static str {
    match state {
        Some(true) => "+",
        Some(false) => "-",
        None => ".",
    }
}

/// Where the configured state comes from.
fn because(row: &FlagRow) -> String {
    let source = row.source.as_ref().map(short);
    let stable = row
        .made_stable
        .as_ref()
        .map(|source| format!("stable by {}", short(source)));
    let forced = row.forced.then(|| "forced".to_owned());
    let implicit = row.implicit.then(|| "not in IUSE, not compared".to_owned());
    let parts = [source, stable, forced, implicit].into_iter().flatten();
    sanitize(&parts.collect::<Vec<_>>().join(", ")).into_owned()
}

/// A place by its last two parts: the line must fit, and JSON has it in full.
fn short(source: &Source) -> String {
    let Some(path) = source.path() else {
        return source.to_string();
    };
    let parts: Vec<String> = path
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let from = parts.len().saturating_sub(2);
    let line = source.line().map(|line| format!(":{line}"));
    format!("{}{}", parts[from..].join("/"), line.unwrap_or_default())
}

fn required_by(all: &[Requirement], page: Page, out: &mut impl Write) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", "required by".bold())?;
    let most = if page.verbose {
        usize::MAX
    } else {
        REQUIRED_BY
    };
    for one in all.iter().take(most) {
        let text = match &one.of {
            RequirementOf::Installed(cpv, key) => format!("{cpv}  {key} {}", one.atom),
            RequirementOf::World(source) => format!("@world  {} ({source})", one.atom),
        };
        paragraph(&text, INDENT, page, out, str::to_owned)?;
    }
    match all.len().saturating_sub(most) {
        0 => Ok(()),
        left => writeln!(out, "{:INDENT$}and {left} more; -v names all", ""),
    }
}

/// A name and its value, wrapped beside it.
fn value(name: &str, text: &str, page: Page, out: &mut impl Write) -> io::Result<()> {
    let room = page.columns.saturating_sub(INDENT + VALUE).max(10);
    for (number, line) in wrap_words(&sanitize(text), room).iter().enumerate() {
        let name = if number == 0 { name } else { "" };
        writeln!(out, "{:INDENT$}{name:VALUE$}{line}", "")?;
    }
    Ok(())
}

/// Wrapped text; further lines are indented, and so is the first one unless it has a number.
fn paragraph(
    text: &str,
    indent: usize,
    page: Page,
    out: &mut impl Write,
    style: impl Fn(&str) -> String,
) -> io::Result<()> {
    let numbered = text.starts_with(|c: char| c == ' ' || c.is_ascii_digit());
    let text = sanitize(text);
    let room = page.columns.saturating_sub(indent).max(10);
    for (number, line) in wrap_words(&text, room).iter().enumerate() {
        let lead = if number == 0 && numbered { 1 } else { indent };
        writeln!(out, "{:lead$}{}", "", style(line))?;
    }
    Ok(())
}
