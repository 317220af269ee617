//! What is said before emerge runs, on stderr.

use anyhow::Result;

use crate::cli::Cli;
use crate::command::output;
use crate::emerge::Bad;
use crate::report::Report;
use crate::report::human::{self, Detail, Style};

/// Instances that emerge must not get, of those that it would take.
pub(super) fn unusable(_report: &Report<'_>) -> Vec<Bad> {
    Vec::new()
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
        .filter(|answer| answer.chosen(report).is_none() && answer.is_certain(report));
    unserved
        .map(|answer| answer.ask.as_str().to_owned())
        .collect()
}
