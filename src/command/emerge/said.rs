//! What is said before emerge runs, on stderr.

use anyhow::Result;

use crate::check::Verdict;
use crate::cli::Cli;
use crate::command::output;
use crate::emerge::{Bad, Why};
use crate::report::Report;
use crate::report::human::{self, Detail, Style};
use crate::runs::{Fitness, Runs};

/// Instances that emerge must not get, of those that it could take.
pub(super) fn unusable(report: &Report<'_>) -> Vec<Bad> {
    let instances = report.instances.iter().enumerate();
    let accepted = instances.filter(|(_, judged)| judged.verdict == Verdict::Accepted);
    accepted
        .filter_map(|(position, judged)| {
            let fitness = report.fitness(position)?;
            let why = why(fitness)?;
            Some(Bad::new(judged.candidate, why, human::name(report, judged)))
        })
        .collect()
}

/// What speaks against letting emerge near a package.
fn why(fitness: &Fitness) -> Option<Why> {
    let detail = |codes: &[&str]| {
        let mut concerns = fitness.concerns.iter();
        let concern = concerns.find(|concern| codes.contains(&concern.code))?;
        Some(concern.detail.clone())
    };
    if fitness.runs == Some(Runs::No) {
        let lacking = detail(&["cpu"]).unwrap_or_default();
        return Some(Why::WouldNotRun(format!("would not run here, {lacking}")));
    }
    let file = detail(&["gone", "size"]);
    file.filter(|_| fitness.must_be_kept_away()).map(Why::File)
}

/// Name what is kept away.
pub(super) fn kept_away(bad: &[Bad]) {
    for Bad { name, why, .. } in bad {
        output::told(&format!("kept from emerge: {name}: {}", why.as_str()));
    }
}

/// Say what is known; what emerge would miss for certain under `-G`. What could not be told is no reason
/// to stop: emerge can tell.
pub(super) fn say(cli: &Cli, report: &Report<'_>) -> Result<Vec<String>> {
    let detail = match (cli.quiet(), cli.verbose()) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Short,
    };
    let tree = cli.output.tree;
    let style = Style { detail, tree };
    output::styled_to_stderr(cli, |mut out| human::write(report, style, &mut out))?;
    if !cli.quiet() {
        output::notices(&report.notices, cli.verbose());
    }
    Ok(match &report.plan {
        Some(planned) if planned.plan.unreadable.is_empty() => human::unmet(planned),
        Some(_) => Vec::new(),
        None => unserved(report),
    })
}

/// Where there is no plan: atoms that no binary package serves.
fn unserved(report: &Report<'_>) -> Vec<String> {
    let unserved = report
        .answers
        .iter()
        .filter(|answer| answer.is_usable() == Some(false));
    unserved
        .map(|answer| answer.ask.as_str().to_owned())
        .collect()
}
