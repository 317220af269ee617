//! One line a merge: what it does, package, where it comes from, and why it is compiled.

use std::io::{self, Write};

use comfy_table::CellAlignment;
use owo_colors::OwoColorize;

use super::columns::{self, GAP};
use super::{Detail, compatibility, table, tree};
use crate::binhost::InstanceId;
use crate::plan::{BuildReason, Change, Merge, Origin, RejectedBinary, RequiredBy};
use crate::pms::Package;
use crate::report::Report;
use crate::report::layout::{WIDTH, bytes, duration, elide, width, wrap};
use crate::report::plan::Planned;
use crate::sanitize::sanitize;

/// What the last column keeps at least; a name that would leave less is cut.
const WHY_LEAST: usize = 20;
const FROM_MAX: usize = 13;
/// Of `UD`.
const CHANGE: usize = 2;
/// How deep `--tree` indents.
const INDENT_MAX: usize = 12;

/// Write the merges; nothing at all if there are none.
pub(super) fn write(
    report: &Report<'_>,
    planned: &Planned<'_>,
    detail: Detail,
    nested: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    if planned.implies_update {
        writeln!(out, "@world means -uDN @world\n")?;
    }
    if planned.plan.merges.is_empty() {
        return Ok(());
    }
    let order = match nested {
        true => tree::order(&planned.plan),
        false => (0..planned.plan.merges.len())
            .map(|place| (place, 0))
            .collect(),
    };
    let rows: Vec<Row<'_>> = order
        .iter()
        .filter_map(|(place, depth)| Row::of(report, planned, *place, *depth))
        .collect();
    let lines = Lines::of(&rows, report);
    lines.write(&rows, detail, out)?;
    writeln!(out)
}

struct Row<'r> {
    merge: &'r Merge<'r>,
    compile_seconds: Option<u64>,
    package: String,
    from: String,
}

impl<'r> Row<'r> {
    fn of(
        report: &'r Report<'_>,
        planned: &'r Planned<'_>,
        place: usize,
        depth: usize,
    ) -> Option<Row<'r>> {
        let merge = planned.plan.merges.get(place)?;
        let indent = " ".repeat(depth.min(INDENT_MAX));
        let from = match &merge.origin {
            Origin::Binary(id) => {
                let candidate = report.instances.get(*id)?.candidate;
                elide(&table::host_label(report, candidate), FROM_MAX).into_owned()
            }
            Origin::Source(_) => "source".to_owned(),
        };
        Some(Row {
            merge,
            compile_seconds: planned.compile_times.get(merge),
            package: format!("{indent}{}", name(merge.package)),
            from,
        })
    }
}

/// A binary package as emerge takes it after `=`; an ebuild's version.
fn name(package: &Package) -> String {
    match package.is_built() {
        true => table::with_build_id(package),
        false => sanitize(&package.cpv.to_string()).into_owned(),
    }
}

/// The table, and how much room its last column has.
struct Lines {
    lines: Vec<String>,
}

impl Lines {
    fn of(rows: &[Row<'_>], report: &Report<'_>) -> Lines {
        let from = rows.iter().map(|row| width(&row.from)).max().unwrap_or(0);
        let room = WIDTH - CHANGE - from.max("from".len()) - 3 * usize::from(GAP);
        let names = rows.iter().map(|row| width(&row.package));
        let package = names
            .max()
            .unwrap_or(0)
            .clamp("package".len(), room - WHY_LEAST);
        let mut cells = vec![
            ["", "package", "from"]
                .map(|head| head.bold().to_string())
                .to_vec(),
        ];
        for row in rows {
            cells.push(vec![
                letters(row.merge.change),
                elide(&row.package, package).into_owned(),
                row.from.clone(),
                elide(&why(row, report), room - package).into_owned(),
            ]);
        }
        Lines {
            lines: columns::lines(cells, &[CellAlignment::Left; 4]),
        }
    }

    fn write(&self, rows: &[Row<'_>], detail: Detail, out: &mut impl Write) -> io::Result<()> {
        let (head, body) = self.lines.split_at(1.min(self.lines.len()));
        head.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        for (line, row) in body.iter().zip(rows) {
            writeln!(out, "{line}")?;
            if detail == Detail::Verbose {
                who(row.merge, out)?;
            }
        }
        Ok(())
    }
}

fn letters(change: Change) -> String {
    let letters = change.letters();
    match change {
        Change::New | Change::NewSlot => letters.green().to_string(),
        Change::Upgrade => letters.cyan().to_string(),
        Change::Downgrade => letters.red().to_string(),
        Change::Reinstall => letters.yellow().to_string(),
    }
}

/// Size of a binary package and whether it runs, or why there is none.
fn why(row: &Row<'_>, report: &Report<'_>) -> String {
    let why = match &row.merge.origin {
        Origin::Binary(id) => {
            let compatibility = report.compatibility(*id).map(compatibility::in_a_few_words);
            let parts = [Some(size(report, *id)), compatibility];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            let parts = parts.iter().filter(|part| !part.is_empty());
            parts.map(String::as_str).collect::<Vec<_>>().join("; ")
        }
        Origin::Source(why) => {
            let why = in_a_few_words(why, report);
            match row.compile_seconds {
                Some(seconds) => format!("{}; {why}", duration(seconds)),
                None => why,
            }
        }
    };
    match row.merge.undecided {
        true => format!("emerge decides; {why}"),
        false => why,
    }
}

fn size(report: &Report<'_>, id: InstanceId) -> String {
    let instance = report.instances.get(id);
    let candidate = instance.map(|judged| judged.candidate);
    let remote = candidate.filter(|candidate| candidate.host.is_some());
    let size = remote.and_then(|candidate| u64::try_from(candidate.size?).ok());
    size.map(bytes).unwrap_or_default()
}

/// Why a merge is compiled.
pub(super) fn in_a_few_words(why: &BuildReason, report: &Report<'_>) -> String {
    match why {
        BuildReason::NoBinary => "no binhost has it".to_owned(),
        BuildReason::VersionSkew { older, newer } => {
            let version = |id: &InstanceId| {
                let judged = report.instances.get(*id)?;
                Some(sanitize(&judged.candidate.package.cpv.version.to_string()).into_owned())
            };
            let versions = [older, newer];
            let versions = versions.into_iter().flatten().filter_map(version);
            format!("binhosts have {}", versions.collect::<Vec<_>>().join(", "))
        }
        BuildReason::Rejected { nearest, .. } => report
            .instances
            .get(*nearest)
            .map(table::in_a_few_words)
            .unwrap_or_default(),
        BuildReason::RejectedBinary(_, RejectedBinary::Atom(atom)) => {
            format!("required as {}", sanitize(atom))
        }
        BuildReason::RejectedBinary(_, why) => why.as_str().to_owned(),
        BuildReason::Undetermined(_) => "cannot be told".to_owned(),
    }
}

/// Who wants it, and why not a higher version.
fn who(merge: &Merge<'_>, out: &mut impl Write) -> io::Result<()> {
    for (required_by, atom) in &merge.parents {
        let text = match required_by {
            RequiredBy::Target(name) if name == atom => format!("required by target {atom}"),
            _ => format!("required by {} ({atom})", required_by_name(required_by)),
        };
        indented(&text, out)?;
    }
    match &merge.higher {
        Some((cpv, why)) => indented(&format!("not {cpv}: {why}"), out),
        None => Ok(()),
    }
}

/// A target, package or rebuild in a few words.
pub(super) fn required_by_name(required_by: &RequiredBy) -> String {
    match required_by {
        RequiredBy::Target(name) => name.clone(),
        RequiredBy::Package(cpv, _) => cpv.to_string(),
        RequiredBy::Rebuild => "a rebuild".to_owned(),
    }
}

fn indented(text: &str, out: &mut impl Write) -> io::Result<()> {
    let lines = wrap(&sanitize(text), WIDTH - 8);
    for (number, line) in lines.iter().enumerate() {
        let indent = if number == 0 { 4 } else { 8 };
        writeln!(out, "{:indent$}{}", "", line.dimmed())?;
    }
    Ok(())
}
