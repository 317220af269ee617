//! Whether packages run here, for people.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use owo_colors::OwoColorize;

use super::{Detail, Style, names};
use crate::binhost::HostId;
use crate::check::{Judged, Verdict};
use crate::compat::{Compatibility, ConcernCode, CpuCompat, Usability};
use crate::report::Report;
use crate::report::layout::wrap;
use crate::sanitize::sanitize;

/// How many are explained without `-v`.
const NORMAL: usize = 10;

/// How many packages are named that a host built for something else than most.
const NAMED: usize = 3;

/// Beside the verdict: what speaks against it, or that nothing does.
pub(super) fn in_a_few_words(compatibility: &Compatibility) -> String {
    let first = compatibility.concerns.first();
    let first = compatibility.concern(ConcernCode::is_of_file).or(first);
    let detail = || first.map_or("", |concern| concern.detail.as_str());
    let built_for = compatibility.built_for.as_deref().unwrap_or("nothing");
    let Some(usability) = compatibility.usability() else {
        return String::new();
    };
    let text = match usability {
        Usability::Runs => "runs".to_owned(),
        Usability::Generic => format!("runs, generic build ({built_for})"),
        Usability::Higher => format!("runs, more than requested ({built_for})"),
        Usability::Different => format!("runs, different tuning ({built_for})"),
        Usability::CannotRun => format!("will not run: {}", detail()),
        Usability::Gone => "file is gone".to_owned(),
        Usability::Unsigned => "file is not signed".to_owned(),
        Usability::Unverifiable => "signature not accepted".to_owned(),
        Usability::Altered => format!("file altered: {}", detail()),
        Usability::Unknown => format!("unknown whether it runs: {}", detail()),
    };
    sanitize(&text).into_owned()
}

/// How many of the usable ones run, checked against what; nothing where nobody looked. Under `--all` also
/// what each host built for.
pub(super) fn totals(report: &Report<'_>, columns: usize, out: &mut impl Write) -> io::Result<()> {
    for line in measured(report)
        .iter()
        .flat_map(|text| wrap(text, columns - 2))
    {
        writeln!(out, "  {line}")?;
    }
    if report.targets.is_empty() {
        groups(report, columns, out)
    } else {
        Ok(())
    }
}

/// How many of the usable ones run, checked against what.
pub(super) fn measured(report: &Report<'_>) -> Option<String> {
    let mut by_usability: BTreeMap<Usability, usize> = BTreeMap::new();
    let counted = counted(report).into_iter();
    for usability in counted.filter_map(|judged| report.compatibility(judged.id)?.usability()) {
        *by_usability.entry(usability).or_default() += 1;
    }
    let counts = counts(&by_usability).join(", ");
    let text = format!(
        "checked against {}: {counts}",
        report.setting.machine.describe()
    );
    (!counts.is_empty()).then(|| sanitize(&text).into_owned())
}

/// How many of those that emerge would take are known not to be usable here; for a report without a plan.
pub(super) fn doubtful(report: &Report<'_>) -> Vec<String> {
    let mut by_usability: BTreeMap<Usability, usize> = BTreeMap::new();
    let chosen = report
        .matches
        .iter()
        .filter_map(|matches| report.chosen(matches));
    for compatibility in chosen.filter_map(|judged| report.compatibility(judged.id)) {
        let usability = compatibility.usability();
        if let Some(usability) = usability.filter(|_| compatibility.must_be_excluded()) {
            *by_usability.entry(usability).or_default() += 1;
        }
    }
    counts(&by_usability)
}

/// How many of each kind, in words.
pub(super) fn counts(by_usability: &BTreeMap<Usability, usize>) -> Vec<String> {
    let counts = by_usability.iter();
    counts
        .map(|(usability, count)| format!("{count} {}", in_one_word(*usability)))
        .collect()
}

fn in_one_word(usability: Usability) -> &'static str {
    match usability {
        Usability::Runs => "runs",
        Usability::Generic => "generic build",
        Usability::Higher => "more than requested",
        Usability::Different => "different tuning",
        Usability::CannotRun => "will not run",
        Usability::Gone => "gone",
        Usability::Altered => "altered",
        Usability::Unsigned => "unsigned",
        Usability::Unverifiable => "with a signature that is not accepted",
        Usability::Unknown => "unknown",
    }
}

/// What would be merged from binary packages; without a plan, all that are accepted. In order.
fn counted<'r, 'a>(report: &'r Report<'a>) -> Vec<&'r Judged<'a>> {
    if let Some(planned) = &report.plan {
        let merges = planned.plan.merges.iter();
        let ids = merges.filter_map(|merge| merge.origin.instance());
        return report.instances.in_order(ids);
    }
    let instances = report.instances.iter();
    let accepted = instances.filter(|judged| judged.verdict == Verdict::Accepted);
    accepted.collect()
}

/// What packages of a group were built for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum BuiltFor<'r> {
    Processor(&'r str),
    Gone,
    NothingCompiled,
    Unknown,
}

impl<'r> BuiltFor<'r> {
    fn of(compatibility: &'r Compatibility) -> BuiltFor<'r> {
        match (&compatibility.built_for, compatibility.usability()) {
            (Some(name), _) => BuiltFor::Processor(name),
            (None, Some(Usability::Runs)) => BuiltFor::NothingCompiled,
            (None, Some(Usability::Gone)) => BuiltFor::Gone,
            (None, _) => BuiltFor::Unknown,
        }
    }

    fn as_str(self) -> &'r str {
        match self {
            BuiltFor::Processor(name) => name,
            BuiltFor::Gone => "gone",
            BuiltFor::NothingCompiled => "nothing compiled",
            BuiltFor::Unknown => "unknown",
        }
    }
}

/// Instances of one host that were built for the same.
type BuildGroup<'r> = Vec<&'r Judged<'r>>;

fn groups<'r>(report: &'r Report<'r>, columns: usize, out: &mut impl Write) -> io::Result<()> {
    let mut hosts: BTreeMap<Option<HostId>, BTreeMap<BuiltFor<'r>, BuildGroup<'r>>> =
        BTreeMap::new();
    for judged in report.instances.iter() {
        let Some(compatibility) = report.compatibility(judged.id) else {
            continue;
        };
        let host = hosts.entry(judged.candidate.host).or_default();
        let group = host.entry(BuiltFor::of(compatibility)).or_default();
        group.push(judged);
    }
    for groups in hosts.values() {
        let mut groups: Vec<_> = groups.iter().map(|(key, group)| (*key, group)).collect();
        groups.sort_by_key(|(built_for, group)| {
            let is_processor = matches!(built_for, BuiltFor::Processor(_));
            (!is_processor, Reverse(group.len()), *built_for)
        });
        write_host(report, &groups, columns, out)?;
    }
    Ok(())
}

fn write_host(
    report: &Report<'_>,
    groups: &[(BuiltFor<'_>, &BuildGroup<'_>)],
    columns: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let Some(first) = groups.first().and_then(|(_, group)| group.first()) else {
        return Ok(());
    };
    let host = names::host_label(report, first.candidate).into_owned();
    writeln!(out, "{}", format!("{host} built for:").bold())?;
    let most = groups.first().map_or(0, |(_, group)| group.len());
    for (built_for, group) in groups {
        let mut text = format!("{} {}", group.len(), sanitize(built_for.as_str()));
        // What sticks out is named.
        if group.len() <= NAMED && group.len() * 10 < most {
            let named = group
                .iter()
                .map(|one| names::with_build_id(&one.candidate.package));
            text.push_str(&format!(": {}", named.collect::<Vec<_>>().join(" ")));
        }
        hanging(&text, 2, columns, out)?;
    }
    Ok(())
}

/// What speaks against packages that emerge would take.
pub(super) fn details(report: &Report<'_>, style: Style, out: &mut impl Write) -> io::Result<()> {
    let (most, all) = match (style.detail, report.targets.is_empty()) {
        (Detail::Verbose, _) => (usize::MAX, true),
        (_, true) => (0, false),
        (_, false) => (NORMAL, false),
    };
    let mut left = 0;
    for (number, (judged, compatibility)) in worth_telling(report, all).into_iter().enumerate() {
        if number < most {
            writeln!(out)?;
            explain(report, judged, compatibility, style.columns, out)?;
        } else {
            left += 1;
        }
    }
    match left {
        0 => Ok(()),
        left => writeln!(out, "\n-v tells more about {left} that may not run"),
    }
}

/// Instances with concerns that a person sees: those that may not run, or all.
fn worth_telling<'r>(
    report: &'r Report<'r>,
    all: bool,
) -> Vec<(&'r Judged<'r>, &'r Compatibility)> {
    let shown = report.shown_instances().into_iter();
    let accepted = shown.filter(|judged| judged.verdict == Verdict::Accepted);
    let all_of_them = counted(report).into_iter().chain(accepted);
    let known = report
        .instances
        .in_order(all_of_them.map(|judged| judged.id))
        .into_iter()
        .filter_map(|judged| Some((judged, report.compatibility(judged.id)?)));
    let is_worth = |(_, compatibility): &(&Judged<'_>, &Compatibility)| {
        let doubtful = compatibility.runs != Some(CpuCompat::Yes);
        (all || doubtful) && !compatibility.concerns.is_empty()
    };
    known.filter(is_worth).collect()
}

fn explain(
    report: &Report<'_>,
    judged: &Judged<'_>,
    compatibility: &Compatibility,
    columns: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let what = match compatibility.usability() {
        Some(Usability::CannotRun) => "will not run",
        Some(Usability::Gone) => "is gone",
        Some(Usability::Altered) => "is not what the index says",
        Some(Usability::Unsigned) => "is not signed",
        Some(Usability::Unverifiable) => "signature not accepted",
        Some(Usability::Unknown) => "may not run",
        _ => "runs",
    };
    let heading = format!("{} {what}", names::named(report, judged));
    for line in wrap(&heading, columns) {
        writeln!(out, "{}", line.bold())?;
    }
    for concern in &compatibility.concerns {
        hanging(
            &format!("{}: {}", concern.code, sanitize(&concern.detail)),
            2,
            columns,
            out,
        )?;
    }
    Ok(())
}

/// Wrapped text whose further lines stand deeper. A style in it counts towards its width.
fn hanging(text: &str, indent: usize, columns: usize, out: &mut impl Write) -> io::Result<()> {
    let lines = wrap(text, columns - indent - 4);
    for (number, line) in lines.iter().enumerate() {
        let indent = if number == 0 { indent } else { indent + 4 };
        writeln!(out, "{:indent$}{line}", "")?;
    }
    Ok(())
}
