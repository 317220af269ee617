//! Why the best choice cannot be used: what the binary has, what is required, and which line decided.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::{Detail, Style, names};
use crate::check::{self, Code, Evidence, Finding, Judged, Verdict};
use crate::packages::{self, Choice, MatchKey, Matches, TargetId};
use crate::plan::{Merge, Origin};
use crate::report::layout::wrap_words;
use crate::report::{Answer, Report};
use crate::sanitize::sanitize;
use crate::source::Source;

/// How many are explained without `-v`; under `--all` none is.
const NORMAL: usize = 10;
/// Lines of names that no binhost has, without `-v`.
const NAME_LINES: usize = 8;
/// How many deciding lines are named without `-v`.
const SOURCES: usize = 3;
/// Where values begin.
const VALUE: usize = 18;

/// Explain for everything that was requested why its best instance is not accepted, and name what has no instance.
/// Gives the package names that were explained.
pub(super) fn write<'r>(
    report: &'r Report<'_>,
    style: Style,
    out: &mut impl Write,
) -> io::Result<HashSet<&'r str>> {
    let mut open: Vec<(&Matches<'_>, &Judged<'_>)> = Vec::new();
    let mut nowhere = Vec::new();
    for matches in report.shown_matches() {
        if let Answer::Merged(Merge {
            origin: Origin::Binary(_),
            ..
        })
        | Answer::Nothing = report.answer(matches)
        {
            continue;
        }
        match nearest(report, matches) {
            None if matches.instances.is_empty() => nowhere.push(sanitize(matches.key.as_str())),
            Some(best) if best.verdict != Verdict::Accepted => open.push((matches, best)),
            None | Some(_) => {}
        }
    }
    let most = match (style.detail, report.targets.is_empty()) {
        (Detail::Verbose, _) => usize::MAX,
        (_, true) => 0,
        (_, false) => NORMAL,
    };
    for (matches, subject) in open.iter().take(most) {
        writeln!(out)?;
        explain(report, matches, subject, style, out)?;
    }
    match open.len().saturating_sub(most) {
        0 => {}
        left if most == 0 => writeln!(out, "\n-v explains {left} whose best build is rejected")?,
        left => writeln!(out, "\n-v explains {left} more")?,
    }
    no_instance(report, &nowhere, style, out)?;
    let explained = open.iter().take(most);
    Ok(explained
        .map(|(_, judged)| judged.candidate.package.cpv.cpn.as_str())
        .collect())
}

fn no_instance(
    report: &Report<'_>,
    names: &[Cow<'_, str>],
    style: Style,
    out: &mut impl Write,
) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let title = if report.indexes().unread().is_empty() {
        "no binhost has:"
    } else {
        "no index that could be read has:"
    };
    writeln!(out, "\n{}", title.bold())?;
    let most = if style.detail == Detail::Verbose {
        usize::MAX
    } else {
        NAME_LINES
    };
    let lines = wrap_words(&names.join(" "), style.columns - 2);
    for line in lines.iter().take(most) {
        writeln!(out, "  {line}")?;
    }
    match lines
        .iter()
        .skip(most)
        .flat_map(|line| line.split(' '))
        .count()
    {
        0 => Ok(()),
        left => writeln!(out, "  and {left} more; -v names all"),
    }
}

fn explain(
    report: &Report<'_>,
    matches: &Matches<'_>,
    subject: &Judged<'_>,
    style: Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let requested = sanitize(matches.key.as_str());
    let verdict = match subject.verdict {
        Verdict::Unknown => "could not be judged",
        _ => "is rejected",
    };
    let name = names::named(report, subject);
    let compiled = report.compiled(matches).map(|(merge, _)| merge.package);
    let compiled = compiled.map(|package| sanitize(&package.cpv.to_string()).into_owned());
    let heading = match (report.chosen(matches), matches.choice, compiled) {
        (_, Choice::Ended(_), Some(cpv)) => {
            format!("{requested}: {cpv} is compiled; emerge looks no further than {name}")
        }
        (_, _, Some(cpv)) => format!("{requested}: {cpv} is compiled; nearest is {name}"),
        (Some(chosen), ..) if chosen.id == subject.id => {
            format!("{requested}: {name} is taken anyway, as no visible ebuild satisfies the atom")
        }
        (Some(chosen), ..) => format!(
            "{requested}: {name} {verdict}; {} is taken",
            names::named(report, chosen)
        ),
        (None, Choice::Ended(_), _) => {
            format!("{requested}: no usable binary package; emerge looks no further than {name}")
        }
        (None, ..) => format!("{requested}: no usable binary package; nearest is {name}"),
    };
    for line in wrap_words(&heading, style.columns) {
        writeln!(out, "{}", line.bold())?;
    }
    if let MatchKey::Atom { target, .. } = matches.key {
        origin(report, target, matches, style.columns, out)?;
    }
    subject
        .findings
        .iter()
        .try_for_each(|finding| explain_finding(finding, style, out))
}

/// Who requested the atom, where that is not plain from the atom itself: the set and the line that
/// put it there, or the path of a file.
fn origin(
    report: &Report<'_>,
    target: TargetId,
    matches: &Matches<'_>,
    columns: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let Some(target) = target.of(report.targets) else {
        return Ok(());
    };
    let requested = matches.key.as_str();
    let member = target
        .atoms
        .iter()
        .find(|member| member.atom.as_str() == requested);
    let name = target.word.trim_start_matches(['<', '>', '=', '~']);
    match member.map(|member| &member.source) {
        Some(Source::Option(_)) if requested.ends_with(name) => Ok(()),
        Some(Source::Option(_)) => value(out, columns, "required by", &target.word),
        Some(source) => value(
            out,
            columns,
            "required by",
            &format!("{} ({source})", target.word),
        ),
        None => Ok(()),
    }
}

/// The best instance or, where none is taken, the one that ends the search or comes nearest to being used. Where
/// the plan compiles a package for the atom, only its version counts.
pub(super) fn nearest<'r, 'a>(
    report: &'r Report<'a>,
    matches: &Matches<'_>,
) -> Option<&'r Judged<'a>> {
    if let Some((_, reason)) = report.compiled(matches) {
        return report.instances.get(reason.nearest()?);
    }
    let mut judged = report.judged(matches);
    match matches.choice {
        Choice::Taken(_) => judged
            .find(|judged| !check::is_taken_from_elsewhere(judged))
            .or_else(|| report.judged(matches).next()),
        Choice::Ended(id) => report.instances.get(id),
        Choice::Nothing | Choice::Unknown => {
            let nearest = packages::nearest(judged.copied())?;
            report.instances.get(nearest.id)
        }
    }
}

pub(super) fn explain_finding(
    finding: &Finding,
    style: Style,
    out: &mut impl Write,
) -> io::Result<()> {
    let Evidence {
        wanted,
        found,
        sources,
        // It takes away this one reason, and nobody knows what else it does.
        remedy: _,
    } = &finding.evidence;
    let uncertainty = if finding.certain {
        ""
    } else {
        " (cannot be determined)"
    };
    let line = format!("{}{uncertainty}", check::title(finding.code));
    writeln!(out, "  {}: {line}", finding.code.as_str().red())?;
    if found.is_empty() && wanted.is_empty() {
        value(out, style.columns, "detail", &finding.detail)?;
    }
    value(out, style.columns, "binary has", found)?;
    let label = match finding.code {
        Code::Use => "configured",
        _ => "required",
    };
    value(out, style.columns, label, wanted)?;
    decided_by(sources, style, out)
}

fn decided_by(sources: &[Source], style: Style, out: &mut impl Write) -> io::Result<()> {
    let most = if style.detail == Detail::Verbose {
        usize::MAX
    } else {
        SOURCES
    };
    for source in sources.iter().take(most) {
        value(out, style.columns, "decided by", &source.to_string())?;
    }
    match sources.len().saturating_sub(most) {
        0 => Ok(()),
        left => value(out, style.columns, "", &format!("and {left} more")),
    }
}

/// A name and its value, wrapped beside it; nothing for an empty value.
fn value(out: &mut impl Write, columns: usize, name: &str, text: &str) -> io::Result<()> {
    for (number, line) in wrap_words(&sanitize(text), columns - VALUE)
        .iter()
        .enumerate()
    {
        let name = if number == 0 { name } else { "" };
        writeln!(out, "    {name:<0$}{line}", VALUE - 4)?;
    }
    Ok(())
}
