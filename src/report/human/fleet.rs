//! `--fleet` for people: machines by hosts, then what will not run, what is compiled on several machines, and which
//! machines could have one configuration.

use std::io::{self, Write};

use comfy_table::CellAlignment::{Left, Right};
use owo_colors::OwoColorize;

use super::{columns, lines};
use crate::exit::Exit;
use crate::report::fleet::{
    CommonBuild, Fleet, FleetHost, FleetMachine, MachineGroup, MachineTotals, Unrunnable,
};
use crate::report::layout::{age, duration, elide};
use crate::sanitize::sanitize;

/// The widest name of a machine in the table.
const NAME: usize = 20;
/// How many rows of a block are shown without `-v`.
const ROWS: usize = 10;
/// How many machines, and how many features, are named without `-v`.
const NAMED: usize = 6;
/// What a column of a host takes: `100%` and a gap.
const HOST: usize = 6;

/// How it is shown.
#[derive(Clone, Copy, Debug)]
pub struct FleetPage {
    /// Columns of the page.
    pub columns: usize,
    /// Show all rows and names.
    pub verbose: bool,
    /// Show the last line alone.
    pub quiet: bool,
}

/// Write it.
///
/// # Errors
/// Writing to the stream fails.
pub fn write(fleet: &Fleet, page: FleetPage, out: &mut impl Write) -> io::Result<()> {
    let blocks = [
        table(fleet, page),
        hosts(fleet, page),
        failed(fleet, page),
        unrunnable(fleet, page),
        compiled(fleet, page),
        groups(fleet, page),
    ];
    let shown = |block: &&Vec<String>| !page.quiet && !block.is_empty();
    for block in blocks.iter().filter(shown) {
        block.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        writeln!(out)?;
    }
    let last = lines::hanging(&last(fleet), 0, 2, page.columns);
    last.iter()
        .try_for_each(|line| writeln!(out, "{}", line.bold()))
}

/// Machines by hosts; hosts have numbers, which the next block explains.
fn table(fleet: &Fleet, page: FleetPage) -> Vec<String> {
    let head = ["MACHINE", "BINARY", "", "COMPILED", "TIME"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    rows.extend(fleet.machines.iter().map(row));
    let taken = columns::width(&rows);
    let fitting = page.columns.saturating_sub(taken) / HOST;
    let shown = fleet.hosts.len().min(fitting);
    for number in 0..shown {
        rows[0].push((number + 1).to_string());
        for (machine, row) in fleet.machines.iter().zip(&mut rows[1..]) {
            row.push(served(fleet, machine, number));
        }
    }
    let mut alignment = vec![Left, Right, Right, Right, Right];
    alignment.extend(vec![Right; shown]);
    let mut lines = columns::lines(rows, &alignment);
    if let Some(head) = lines.first_mut() {
        *head = head.bold().to_string();
    }
    if shown < fleet.hosts.len() {
        let left = fleet.hosts.len() - shown;
        lines.push(format!(
            "{left} more hosts do not fit here; --json and --html have them"
        ));
    }
    lines
}

/// What a host could serve of the request; `-` where the machine does not have it, blank where nothing is to be served.
fn served(fleet: &Fleet, machine: &FleetMachine, host: usize) -> String {
    match fleet.share(machine, host) {
        Some(share) => percent(share.request.percent()),
        None if machine.judged().is_none() => String::new(),
        None => "-".to_owned(),
    }
}

fn row(machine: &FleetMachine) -> Vec<String> {
    let name = elide(&sanitize(&machine.name), NAME).into_owned();
    let mut row = vec![name];
    match machine.judged() {
        Some(judged) => row.extend(cells(&judged.totals, judged.unmet.len())),
        None => row.extend(["not judged", "", "", ""].map(str::to_owned)),
    }
    row
}

/// The share stands alone where all of the request is in it: what is unmet is not a merge.
fn cells(totals: &MachineTotals, unmet: usize) -> [String; 4] {
    let time = match (totals.source, totals.compile.known) {
        (0, _) => String::new(),
        (_, 0) => "unknown".to_owned(),
        _ => duration(totals.compile.seconds),
    };
    let unmet_too = match unmet {
        0 => String::new(),
        count => format!(", {count} unmet"),
    };
    let binary = match (totals.merges, totals.sound) {
        (0, true) => format!("nothing{unmet_too}"),
        (_, true) => format!("{} of {}{unmet_too}", totals.usable, totals.merges),
        (_, false) => "stops".to_owned(),
    };
    let is_covered = totals.sound && totals.merges > 0 && unmet == 0;
    let coverage = percent(is_covered.then_some(totals.coverage));
    [binary, coverage, totals.source.to_string(), time]
}

/// `98%`; blank for a share of nothing.
fn percent(percent: Option<usize>) -> String {
    percent.map_or_else(String::new, |percent| format!("{percent}%"))
}

fn hosts(fleet: &Fleet, page: FleetPage) -> Vec<String> {
    let hosts = fleet.hosts.iter().zip(&fleet.host_labels).enumerate();
    let mut block = Vec::new();
    for (number, (host, label)) in hosts {
        let text = format!("{label}  {}: {}", host.uri(), index(host, fleet.now));
        let number = format!("{:>3}", number + 1);
        block.extend(lines::beside(&number, &sanitize(&text), 5, page.columns));
    }
    block
}

fn index(host: &FleetHost, now: i64) -> String {
    let entries = match host.entries {
        None => {
            let error = host.state.error.as_deref();
            return format!("no index: {}", error.unwrap_or("it was not contacted"));
        }
        Some(1) => "1 package".to_owned(),
        Some(count) => format!("{count} packages"),
    };
    match (host.timestamp, &host.state.error) {
        (_, Some(error)) => format!("{entries}; {error}"),
        (Some(made), None) => format!("{entries}, index {} old", age(now.saturating_sub(made))),
        (None, None) => entries,
    }
}

/// What could not be judged or resolved: each text once, with all machines that it is about.
fn failed(fleet: &Fleet, page: FleetPage) -> Vec<String> {
    let mut rows: Vec<(String, Vec<usize>)> = Vec::new();
    for (place, machine) in fleet.machines.iter().enumerate() {
        let texts = match &machine.outcome {
            Err(error) => vec![error.clone()],
            Ok(judged) => {
                let unmet = judged.unmet.iter();
                unmet.map(|unmet| format!("unmet: {unmet}")).collect()
            }
        };
        for text in texts {
            match rows.iter_mut().find(|(known, _)| *known == text) {
                Some((_, places)) => places.push(place),
                None => rows.push((text, vec![place])),
            }
        }
    }
    let rows = rows.iter();
    let rows = rows.map(|(text, places)| format!("{}: {text}", names(fleet, places, page)));
    headed("CHECK", String::new(), shown(rows.collect(), page))
}

fn unrunnable(fleet: &Fleet, page: FleetPage) -> Vec<String> {
    let packages = fleet.unrunnable.iter().map(|one| one.packages.len()).sum();
    let text = |one: &Unrunnable| {
        let open = if one.is_certain { "" } else { "uncertain, " };
        let machines: Vec<usize> = one.machines.iter().copied().collect();
        let machines = names(fleet, &machines, page);
        let packages: Vec<&str> = one.packages.iter().map(String::as_str).collect();
        let packages = some(&packages, if page.verbose { usize::MAX } else { NAMED });
        format!(
            "{}: {open}{}: on {machines}: {packages}",
            one.host, one.detail
        )
    };
    let rows = fleet.unrunnable.iter().map(text).collect();
    headed(
        "WILL NOT RUN",
        counted(packages, "binary package"),
        shown(rows, page),
    )
}

/// `1 machine`, `2 machines`
fn counted(count: usize, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{end}")
}

/// What more than one machine compiles; with `-v` also what only one does.
fn compiled(fleet: &Fleet, page: FleetPage) -> Vec<String> {
    let judged = fleet.judged().count();
    let common = |build: &&CommonBuild| page.verbose || build.machines.len() > 1 || judged < 2;
    let builds: Vec<&CommonBuild> = fleet.compiled.iter().filter(common).collect();
    let on = |is_wanted: &dyn Fn(usize) -> bool| {
        let machines = builds.iter().map(|build| build.machines.len());
        machines.filter(|count| is_wanted(*count)).count()
    };
    let title = format!(
        "{} of {} packages on more than one machine, {} on all",
        on(&|count| count > 1),
        fleet.compiled.len(),
        on(&|count| count == judged)
    );
    let text = |build: &&CommonBuild| {
        let versions: Vec<&str> = build.versions.iter().map(String::as_str).collect();
        let machines = match build.machines.len() {
            count if count == judged => format!("all {count}"),
            _ => names(fleet, &build.machines, page),
        };
        let builds = match build.builds {
            1 => "one build serves all".to_owned(),
            count => format!("{count} builds"),
        };
        let time = build.seconds.map_or_else(String::new, |seconds| {
            let saved = build.saved().filter(|saved| *saved > 0);
            let saved = saved.map(|saved| format!(", saves {}", duration(saved)));
            format!(", {} each{}", duration(seconds), saved.unwrap_or_default())
        });
        let builds = if build.machines.len() > 1 {
            format!("; {builds}")
        } else {
            String::new()
        };
        format!(
            "{}-{}: {machines}{builds}{time}",
            build.name,
            versions.join(" -")
        )
    };
    let rows = builds.iter().map(text).collect();
    headed("COMPILED", title, shown(rows, page))
}

fn groups(fleet: &Fleet, page: FleetPage) -> Vec<String> {
    let mut block = Vec::new();
    if fleet.judged().count() < 2 {
        return block;
    }
    for group in &fleet.groups {
        for (deeper, text) in group_texts(fleet, group, page) {
            let indent = if deeper { 4 } else { 2 };
            block.extend(lines::hanging(
                &sanitize(&text),
                indent,
                indent + 2,
                page.columns,
            ));
        }
    }
    let title = match fleet.groups.len() {
        1 => "all of them could have one".to_owned(),
        count => format!("{count} different ones"),
    };
    headed("CONFIGURATION", title, block)
}

fn group_texts(fleet: &Fleet, group: &MachineGroup, page: FleetPage) -> Vec<(bool, String)> {
    let march = group
        .march
        .as_deref()
        .unwrap_or("no common -march is known");
    let mut texts = vec![(
        false,
        format!("{}: {march}", names(fleet, &group.machines, page)),
    )];
    for (machines, features) in group.losses() {
        let features = some(features, if page.verbose { usize::MAX } else { NAMED });
        let give = if machines.len() == 1 { "gives" } else { "give" };
        let names = names(fleet, &machines, page);
        texts.push((true, format!("{names} {give} up {features}")));
    }
    if !group.unknown.is_empty() {
        let names = names(fleet, &group.unknown, page);
        texts.push((true, format!("without {names}, whose processor is unknown")));
    }
    if group.differing > 0 {
        let packages = counted(group.differing, "package");
        let are = if group.differing == 1 { "is" } else { "are" };
        let text = format!("{packages} {are} configured otherwise than above");
        texts.push((true, text));
    }
    texts
}

/// `10 machines: 3 all binary, 6 not, 1 open`
fn last(fleet: &Fleet) -> String {
    let failed = fleet.machines.len() - fleet.judged().count();
    let parts = [
        (fleet.count(Exit::AllUsable), "all binary"),
        (fleet.count(Exit::SomeMissing), "not all binary"),
        (fleet.count(Exit::Unknown) - failed, "open"),
        (failed, "not judged"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    let request = sanitize(&fleet.request.join(" ")).into_owned();
    format!(
        "{}, {request}: {}",
        counted(fleet.machines.len(), "machine"),
        parts.join(", ")
    )
}

fn headed(title: &str, text: String, mut block: Vec<String>) -> Vec<String> {
    if !block.is_empty() {
        let head = format!("{}  {text}", title.bold());
        block.insert(0, head.trim_end().to_owned());
    }
    block
}

/// The first rows, and how many more there are.
fn shown(mut rows: Vec<String>, page: FleetPage) -> Vec<String> {
    let most = if page.verbose { usize::MAX } else { ROWS };
    let left = rows.len().saturating_sub(most);
    rows.truncate(most);
    if left > 0 {
        rows.push(format!("{left} more (-v)"));
    }
    let rows = rows.iter();
    rows.flat_map(|row| lines::hanging(&sanitize(row), 2, 6, page.columns))
        .collect()
}

/// `web1 web2 and 3 more`
fn names(fleet: &Fleet, places: &[usize], page: FleetPage) -> String {
    let names = places.iter().filter_map(|place| fleet.machines.get(*place));
    let names: Vec<&str> = names.map(|machine| machine.name.as_str()).collect();
    some(&names, if page.verbose { usize::MAX } else { NAMED })
}

fn some(words: &[&str], most: usize) -> String {
    let shown = words
        .iter()
        .take(most)
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    match words.len().saturating_sub(most) {
        0 => shown,
        left => format!("{shown} and {left} more"),
    }
}
