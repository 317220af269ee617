//! What is compiled, by cause: most compile time first, what several packages share once, and of each package the
//! nearest binary package and what stands between.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use owo_colors::OwoColorize;

use super::merges::{self, letters};
use super::reasons::{between, deciding, evidence, list_of, title};
use super::{Detail, Style, lines};
use crate::check::Code;
use crate::emerge_log::CompileTotal;
use crate::plan::{BuildReason, Merge, Origin, ReasonCode};
use crate::report::layout::{duration, fill, width};
use crate::report::plan::{PlanSummary, Planned};
use crate::report::{Report, causes};
use crate::sanitize::sanitize;
use crate::source::Source;

/// Packages of a group that have a line of their own without `-v`.
const SHOWN: usize = 5;
/// Lines that name the others of a group without `-v`.
const NAME_LINES: usize = 2;
/// Up to so many compiled packages each is explained to the line that decided.
const EXPLAINED: usize = 5;
/// Where rows begin, and what is reported below them.
const INDENT: usize = 3;
const BELOW: usize = 8;

/// Merges that are compiled for the same reasons.
struct CauseGroup<'r, 'a> {
    codes: Vec<ReasonCode>,
    merges: Vec<&'r Merge<'a>>,
    total: CompileTotal,
}

/// The block; empty if nothing is compiled.
pub(super) fn block(
    report: &Report<'_>,
    planned: &Planned<'_>,
    summary: &PlanSummary,
    style: Style,
) -> Vec<String> {
    if summary.source == 0 {
        return Vec::new();
    }
    let count = format!("{} of {}", summary.source, summary.merges);
    let count = format!("{count}{}", time(&summary.compile));
    let mut block = lines::beside("COMPILED", &count, 10, style.columns);
    if let Some(first) = block.first_mut() {
        *first = first.replacen("COMPILED", &"COMPILED".bold().to_string(), 1);
    }
    let groups = groups(planned);
    let column = groups.iter().map(|group| width(&words(&group.codes))).max();
    let column = column.unwrap_or(0).min(style.columns / 4) + 7;
    let in_full = style.detail == Detail::Verbose || summary.source <= EXPLAINED;
    for group in &groups {
        block.extend(group.lines(report, planned, column, in_full, style));
    }
    block
}

/// `, about 1 h 20 min (16 of 17 known)`; nothing where no time is known.
pub(super) fn time(compile: &CompileTotal) -> String {
    let time = duration(compile.seconds);
    match compile.known {
        0 => String::new(),
        known if known == compile.compiled => format!(", about {time}"),
        known => format!(", about {time} ({known} known from emerge.log)"),
    }
}

fn groups<'r, 'a>(planned: &'r Planned<'a>) -> Vec<CauseGroup<'r, 'a>> {
    let mut by_codes: BTreeMap<Vec<ReasonCode>, Vec<&'r Merge<'a>>> = BTreeMap::new();
    for merge in &planned.plan.merges {
        if let Origin::Source(reason) = &merge.origin {
            let mut codes = reason.codes();
            codes.dedup();
            by_codes.entry(codes).or_default().push(merge);
        }
    }
    let group = |(codes, mut merges): (Vec<ReasonCode>, Vec<&'r Merge<'a>>)| {
        merges.sort_by_key(|merge| Reverse(planned.compile_times.get(merge)));
        CauseGroup {
            codes,
            total: planned.compile_times.total(merges.iter().copied()),
            merges,
        }
    };
    let mut groups: Vec<CauseGroup<'r, 'a>> = by_codes.into_iter().map(group).collect();
    groups.sort_by_key(|group| Reverse((group.total.seconds, group.merges.len())));
    groups
}

impl CauseGroup<'_, '_> {
    fn lines(
        &self,
        report: &Report<'_>,
        planned: &Planned<'_>,
        column: usize,
        in_full: bool,
        style: Style,
    ) -> Vec<String> {
        let texts: Vec<String> = self
            .merges
            .iter()
            .map(|merge| text(merge, report))
            .collect();
        let shared = shared(&texts);
        let mut heading = causes::of_group(report, &self.merges);
        // That files cannot be signed is all that there is to it.
        let is_told = !heading.is_empty() && self.codes == [ReasonCode::Rule(Code::Signature)];
        heading.extend(shared.filter(|_| !is_told).map(str::to_owned));
        if heading.is_empty() {
            heading.extend(title(&self.codes).map(str::to_owned));
        }
        let count = column - 2;
        let codes = words(&self.codes);
        let name = format!("{codes:<0$}", count - 4);
        let name = format!("{name} {:>3}", self.merges.len());
        let mut block = lines::beside(&name, &heading.join("; "), column, style.columns);
        if let Some(first) = block.first_mut()
            && let Some(rest) = first.strip_prefix(codes.as_str())
        {
            *first = format!("{}{rest}", codes.yellow());
        }
        // emerge names the packages of many itself, and no cause.
        if style.detail == Detail::Short && !in_full {
            return block;
        }
        let most = if in_full { usize::MAX } else { SHOWN + 1 };
        let own = if self.merges.len() <= most {
            self.merges.len()
        } else {
            SHOWN
        };
        let own_texts: Vec<&str> = texts
            .iter()
            .take(own)
            .map(|text| {
                if shared.is_some() || is_told {
                    ""
                } else {
                    text.as_str()
                }
            })
            .collect();
        let names = name_column(planned, &self.merges, &own_texts, style.columns);
        let decided = self.decided(report);
        let mut seen = HashSet::new();
        if in_full {
            let texts = self.common_evidence(report, !decided.is_empty(), style.detail);
            let deep = |text: &String| lines::hanging(text, column, column + 2, style.columns);
            let drawn = texts.iter().flat_map(deep);
            block.extend(drawn.map(|line| line.dimmed().to_string()));
            seen.extend(texts);
        }
        for (merge, text) in self.merges.iter().zip(own_texts) {
            block.extend(row(planned, merge, text, names, style.columns));
            if in_full {
                block.extend(below(report, merge, &mut seen, !decided.is_empty(), style));
            }
        }
        block.extend(others(&self.merges[own..], style.columns));
        if !decided.is_empty() {
            let text = format!("decided by {}", list_of(&decided, style.detail));
            let drawn = lines::hanging(&sanitize(&text), INDENT + 5, INDENT + 7, style.columns);
            block.extend(drawn.iter().map(|line| line.dimmed().to_string()));
        }
        block
    }

    /// What is known behind the reasons, where it is the same for all of several packages.
    fn common_evidence(&self, report: &Report<'_>, named: bool, detail: Detail) -> Vec<String> {
        self.common(|reason| evidence(reason, report, detail, named))
    }

    /// The lines that decided, where they are the same for all of several packages.
    fn decided(&self, report: &Report<'_>) -> Vec<Source> {
        self.common(|reason| deciding(reason, report))
    }

    /// What follows from the reasons of all of several packages; nothing where they differ.
    fn common<T: PartialEq>(&self, of: impl Fn(&BuildReason) -> Vec<T>) -> Vec<T> {
        let mut all = self.merges.iter().map(|merge| match &merge.origin {
            Origin::Source(reason) => of(reason),
            Origin::Binary(_) => Vec::new(),
        });
        let first = all.next().unwrap_or_default();
        if self.merges.len() > 1 && all.all(|other| other == first) {
            first
        } else {
            Vec::new()
        }
    }
}

/// What stands between a merge and a binary package.
fn text(merge: &Merge<'_>, report: &Report<'_>) -> String {
    match &merge.origin {
        Origin::Source(reason) => between(reason, merge.package.cpv.cpn.as_str(), report),
        Origin::Binary(_) => String::new(),
    }
}

/// What more than two packages, and all of a group, have in common.
fn shared(texts: &[String]) -> Option<&str> {
    let first = texts.first().filter(|_| texts.len() > 2)?;
    let all = !first.is_empty() && texts.iter().all(|text| text == first);
    all.then_some(first.as_str())
}

/// How wide the column of names is: that of the longest name, if every text has room behind it; else of the longest that
/// leaves half of the page.
fn name_column(
    planned: &Planned<'_>,
    merges: &[&Merge<'_>],
    texts: &[&str],
    columns: usize,
) -> usize {
    let rows = || merges.iter().zip(texts);
    let names = || rows().map(|(merge, _)| width(&merges::with_old(merge)));
    let behind = rows().map(|(merge, text)| {
        let time = planned.compile_times.get(merge).map(duration);
        let time = time.map_or(0, |time| width(&time) + 2);
        width(text) + 2 + time
    });
    let behind = behind.max().unwrap_or(0);
    let longest = names().max().unwrap_or(0);
    if INDENT + 5 + longest + behind <= columns {
        return longest;
    }
    let shorter = names().filter(|name| *name <= columns / 2);
    shorter.max().unwrap_or(0)
}

/// `U    dev-debug/gdb-17.1 [17.0]  gentoo has -static                9 min`
fn row(
    planned: &Planned<'_>,
    merge: &Merge<'_>,
    text: &str,
    names: usize,
    columns: usize,
) -> Vec<String> {
    let time = planned.compile_times.get(merge);
    let time = time.map(duration).unwrap_or_default();
    let name = merges::with_old(merge);
    let start = INDENT + 5;
    let left = if text.is_empty() {
        name.clone()
    } else {
        format!("{name}{:1$}  {text}", "", fill(&name, names))
    };
    let room = columns.saturating_sub(start);
    let is_in_column = text.is_empty() || width(&name) <= names;
    let body = if is_in_column && width(&left) + width(&time) + 2 <= room {
        lines::edges(&left, &time, room)
    } else {
        let mut body = lines::edges(&name, &time, room);
        body.extend(lines::hanging(text, 0, 2, room));
        body
    };
    let letters = letters(merge.change);
    let lines = body.into_iter().enumerate();
    lines
        .map(|(number, line)| match number {
            0 => format!("{:INDENT$}{letters}   {line}", ""),
            _ => format!("{:start$}{line}", ""),
        })
        .collect()
}

/// The deciding lines, each set of them once; with `-v` also who wants it.
fn below(
    report: &Report<'_>,
    merge: &Merge<'_>,
    seen: &mut HashSet<String>,
    named: bool,
    style: Style,
) -> Vec<String> {
    let mut texts = Vec::new();
    if let Origin::Source(reason) = &merge.origin {
        let all = evidence(reason, report, style.detail, named);
        texts.extend(all.into_iter().filter(|text| seen.insert(text.clone())));
        let again = merges::why_again(merge);
        if style.detail == Detail::Verbose && !again.is_empty() {
            texts.push(format!("merged again: {again}"));
        }
    }
    if style.detail == Detail::Verbose {
        texts.extend(merges::parents(merge));
    }
    let deep = |text: &String| lines::hanging(text, BELOW, BELOW + 2, style.columns);
    let drawn = texts.iter().flat_map(deep);
    drawn.map(|line| line.dimmed().to_string()).collect()
}

/// Those without a line of their own, by name.
fn others(merges: &[&Merge<'_>], columns: usize) -> Vec<String> {
    if merges.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = merges
        .iter()
        .map(|merge| merges::name(merge.package))
        .collect();
    let all = lines::hanging(&names.join(" "), INDENT + 5, INDENT + 5, columns);
    let mut block: Vec<String> = all.iter().take(NAME_LINES).cloned().collect();
    let left = all
        .iter()
        .skip(NAME_LINES)
        .flat_map(|line| line.split_whitespace());
    match left.count() {
        0 => {}
        left => block.push(format!("{:1$}… {left} more (-v)", "", INDENT + 5)),
    }
    block.iter().map(|line| line.dimmed().to_string()).collect()
}

/// Codes in one text.
fn words(codes: &[ReasonCode]) -> String {
    let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    words.join(", ")
}

/// Why a merge is compiled, in few words.
pub(super) fn in_a_few_words(reason: &BuildReason, name: &str, report: &Report<'_>) -> String {
    let codes = words(&reason.codes());
    let text = between(reason, name, report);
    if text.is_empty() { codes } else { text }
}
