//! What is merged from binary packages, one line each: what it does, package with the version that is there now, what
//! is new or wrong about it, host, size. With `--tree` all merges, each below what needs it.

use comfy_table::CellAlignment::{Left, Right};
use owo_colors::OwoColorize;

use super::columns::{self, GAP};
use super::merges::{self, letters};
use super::{Detail, Style, compatibility, lines, tree};
use crate::plan::{Change, Merge, Origin};
use crate::report::layout::{bytes, elide, elide_words, width};
use crate::report::plan::{PlanSummary, Planned};
use crate::report::{MergeState, Report, builds};
use crate::sanitize::sanitize;

/// As many are shown without `-v`; one more line is not worth leaving out a few.
const SHOWN: usize = 12;
const SPARED: usize = 4;
/// How deep `--tree` indents.
const INDENT_MAX: usize = 12;
/// Columns of a host's name.
const HOST_MAX: usize = 20;
/// What a note has at least; where there is less room it is left to `-v`.
const NOTE_LEAST: usize = 12;
/// The column of notes.
const NOTES: usize = 2;
/// Blanks between a name and a note in the same column.
const NOTE_GAP: usize = 2;
/// What a note has where it tells that a package is of no use.
const NOTE_OF_DOUBT: usize = 14;

/// The block; empty if there is nothing in it.
pub(super) fn block(
    report: &Report<'_>,
    planned: &Planned<'_>,
    summary: &PlanSummary,
    style: Style,
) -> Vec<String> {
    let merges = &planned.plan.merges;
    let mut chosen: Vec<(&Merge<'_>, usize)> = if style.tree {
        tree::order(&planned.plan)
            .into_iter()
            .map(|(place, depth)| (&merges[place], depth))
            .collect()
    } else {
        merges
            .iter()
            .filter(|merge| merge.origin.instance().is_some())
            .map(|merge| (merge, 0))
            .collect()
    };
    if chosen.is_empty() {
        return Vec::new();
    }
    let left = match style {
        Style { tree: true, .. }
        | Style {
            detail: Detail::Verbose,
            ..
        } => 0,
        _ => cut(report, &mut chosen),
    };
    let title = title(summary, style);
    let mut block = rows(report, &chosen, &title, style);
    if left > 0 {
        block.push(
            format!("     … {left} more like these (-v)")
                .dimmed()
                .to_string(),
        );
    }
    block
}

fn title(summary: &PlanSummary, style: Style) -> (String, String) {
    let (name, count) = if style.tree {
        ("MERGES", summary.merges.to_string())
    } else {
        (
            "BINARY",
            format!("{} of {}", summary.binary, summary.merges),
        )
    };
    let size = match summary.download {
        0 => String::new(),
        size => format!(", {}", bytes(size)),
    };
    (name.to_owned(), format!("{count}{size}"))
}

/// Leave out what is like the rest; how many that are. What deserves a look stays.
fn cut(report: &Report<'_>, chosen: &mut Vec<(&Merge<'_>, usize)>) -> usize {
    let all = chosen.len();
    if all <= SHOWN + SPARED {
        return 0;
    }
    let is_notable = |merge: &Merge<'_>| {
        report.state(merge) != MergeState::Usable
            || matches!(merge.change, Change::Downgrade | Change::Reinstall)
            || merge.undecided
    };
    let notable = chosen.iter().filter(|(merge, _)| is_notable(merge)).count();
    let mut room = SHOWN.saturating_sub(notable);
    let mut notables = SHOWN;
    chosen.retain(|(merge, _)| {
        let left = if is_notable(merge) {
            &mut notables
        } else {
            &mut room
        };
        let fits = *left > 0;
        *left = left.saturating_sub(1);
        fits
    });
    all - chosen.len()
}

fn rows(
    report: &Report<'_>,
    chosen: &[(&Merge<'_>, usize)],
    (name, count): &(String, String),
    style: Style,
) -> Vec<String> {
    let package = |(merge, depth): &(&Merge<'_>, usize)| {
        let indent = " ".repeat(*depth.min(&INDENT_MAX));
        format!("{indent}{}", merges::with_old(merge))
    };
    let packages: Vec<String> = chosen.iter().map(package).collect();
    let hosts: Vec<String> = chosen
        .iter()
        .map(|(merge, _)| host(report, merge))
        .collect();
    let sizes: Vec<String> = chosen
        .iter()
        .map(|(merge, _)| size(report, merge))
        .collect();
    let widest = |cells: &[String], least: usize| {
        let widths = cells.iter().map(|cell| width(cell));
        widths.max().unwrap_or(0).max(least)
    };
    // A column without notes takes one blank.
    let fixed = 1 + 5 + widest(&hosts, 4) + widest(&sizes, 4) + 3 * usize::from(GAP);
    let room = style.columns.saturating_sub(fixed);
    let heading = width(name) - 5 + 2 + width(count);
    // What makes a package useless has room before the version that it replaces.
    let is_doubtful = |(merge, _): &(&Merge<'_>, usize)| {
        merge.undecided
            || matches!(
                report.state(merge),
                MergeState::Unusable | MergeState::Uncertain
            )
    };
    let for_notes = if chosen.iter().any(is_doubtful) {
        NOTE_OF_DOUBT
    } else {
        0
    };
    let most = room.saturating_sub(for_notes).max(heading);
    let package_column = widest(&packages, heading).min(most);
    let note_room = room.saturating_sub(package_column);
    let has_notes = note_room >= NOTE_LEAST;
    // Without the column of notes there is room for its blanks.
    let package_column = if has_notes {
        package_column
    } else {
        let most = most + 1 + usize::from(GAP);
        widest(&packages, heading).min(most)
    };
    // The name reaches into the column of packages.
    let (start, end) = name.split_at(name.len().min(5));
    let mut cells = vec![vec![
        start.bold().to_string(),
        format!("{}  {count}", end.bold()),
        String::new(),
        "from".dimmed().to_string(),
        "size".dimmed().to_string(),
    ]];
    for (((merge, _), package), (host, size)) in
        chosen.iter().zip(&packages).zip(hosts.iter().zip(&sizes))
    {
        let is_long = width(package) > package_column;
        let (letters, package) = if is_long {
            (String::new(), "")
        } else {
            (letters(merge.change), package.as_str())
        };
        let (beside, own) = if has_notes {
            (String::new(), note(report, merge, note_room))
        } else {
            let room = package_column.saturating_sub(width(package) + NOTE_GAP);
            (note(report, merge, room), String::new())
        };
        let gap = if beside.is_empty() { 0 } else { NOTE_GAP };
        cells.push(vec![
            format!("{letters:<5}"),
            format!("{package}{:gap$}{beside}", ""),
            own,
            host.clone(),
            size.clone(),
        ]);
    }
    let mut alignment = vec![Left, Left, Left, Left, Right];
    if !has_notes {
        alignment.remove(NOTES);
        cells.iter_mut().for_each(|row| _ = row.remove(NOTES));
    }
    let mut drawn = columns::flush(cells, &alignment, 5).into_iter();
    let mut block: Vec<String> = drawn.next().into_iter().collect();
    for (line, ((merge, _), package)) in drawn.zip(chosen.iter().zip(&packages)) {
        // A name that is too long for its column has a line of its own.
        if width(package) > package_column {
            let package = elide(package, style.columns.saturating_sub(5));
            block.push(format!("{}   {package}", letters(merge.change)));
        }
        block.push(line);
        if style.detail == Detail::Verbose {
            block.extend(details(report, merge, style.columns));
        }
    }
    block
}

fn host(report: &Report<'_>, merge: &Merge<'_>) -> String {
    let Origin::Binary(id) = merge.origin else {
        return "compiled".to_owned();
    };
    let host = report
        .instances
        .get(id)
        .and_then(|judged| judged.candidate.host);
    elide(report.host_label(host), HOST_MAX).into_owned()
}

fn size(report: &Report<'_>, merge: &Merge<'_>) -> String {
    let instance = merge
        .origin
        .instance()
        .and_then(|id| report.instances.get(id));
    let remote = instance.filter(|judged| judged.candidate.host.is_some());
    let size = remote.and_then(|judged| u64::try_from(judged.candidate.size?).ok());
    size.map(bytes).unwrap_or_default()
}

/// What is wrong with it, else why it is merged again.
fn note(report: &Report<'_>, merge: &Merge<'_>, room: usize) -> String {
    if room < NOTE_LEAST {
        return String::new();
    }
    let known = merge
        .origin
        .instance()
        .and_then(|id| report.compatibility(id));
    match (report.state(merge), known) {
        (MergeState::Unusable, Some(known)) => elide(&compatibility::in_a_few_words(known), room)
            .red()
            .to_string(),
        (MergeState::Uncertain, Some(known)) => elide(&compatibility::in_a_few_words(known), room)
            .yellow()
            .to_string(),
        _ if merge.undecided => elide("emerge decides", room).yellow().to_string(),
        _ => {
            let again = merges::why_again(merge);
            let builds = other_builds(report, merge);
            let parts = [again, builds].into_iter().filter(|part| !part.is_empty());
            let text = parts.collect::<Vec<_>>().join("; ");
            elide_words(&text, room).dimmed().to_string()
        }
    }
}

/// `-static, unlike another build`
fn other_builds(report: &Report<'_>, merge: &Merge<'_>) -> String {
    let judged = merge
        .origin
        .instance()
        .and_then(|id| report.instances.get(id));
    let flags = judged
        .map(|judged| builds::apart(report, judged))
        .unwrap_or_default();
    if flags.is_empty() {
        String::new()
    } else {
        format!("{}, unlike another build", sanitize(&flags.join(" ")))
    }
}

/// With `-v`: what a row had no room for, who wants it, and why not a higher version.
fn details(report: &Report<'_>, merge: &Merge<'_>, columns: usize) -> Vec<String> {
    let mut texts = Vec::new();
    let known = merge
        .origin
        .instance()
        .and_then(|id| report.compatibility(id));
    if let Some(known) = known {
        texts.push(compatibility::in_a_few_words(known));
    }
    let again = merges::why_again(merge);
    texts.extend((!again.is_empty()).then_some(again));
    texts.extend(merges::parents(merge));
    let deep = |text: &String| lines::hanging(text, 7, 11, columns);
    let drawn = texts.iter().flat_map(deep);
    drawn.map(|line| line.dimmed().to_string()).collect()
}
