//! What is printed before emerge runs, on stderr.

use anyhow::Result;
use owo_colors::OwoColorize;

use crate::check::Verdict;
use crate::cli::Cli;
use crate::command::output;
use crate::compat::{Compatibility, ConcernCode, CpuCompat};
use crate::emerge::{Exclusion, ExclusionReason};
use crate::report::Report;
use crate::report::human::{self, Detail, Style};
use crate::report::layout::{WIDTH, wrap};
use crate::sanitize::sanitize;

/// Notices that are shown without `-v`.
const NOTICES: usize = 2;

/// Lines about what is excluded without `-v`.
const LINES: usize = 4;

/// Instances that emerge must not get, of those that it could take.
pub(super) fn unusable(report: &Report<'_>) -> Vec<Exclusion> {
    let instances = report.instances.iter();
    let accepted = instances.filter(|judged| judged.verdict == Verdict::Accepted);
    accepted
        .filter_map(|judged| {
            let compatibility = report.compatibility(judged.id)?;
            let why = why(compatibility)?;
            Some(Exclusion::new(
                judged.candidate,
                why,
                human::name(report, judged),
            ))
        })
        .collect()
}

/// What speaks against letting emerge near a package.
fn why(compatibility: &Compatibility) -> Option<ExclusionReason> {
    if compatibility.runs == Some(CpuCompat::No) {
        let concern = compatibility.concern(|code| code == ConcernCode::Cpu);
        let lacking = concern.map_or("", |concern| &concern.detail);
        return Some(ExclusionReason::WouldNotRun(format!(
            "would not run here, {lacking}"
        )));
    }
    let concern = compatibility.concern(ConcernCode::is_of_file)?;
    Some(ExclusionReason::File(concern.detail.clone()))
}

/// Name what is excluded; without `-v` the first few.
pub(super) fn excluded(cli: &Cli, bad: &[Exclusion]) -> Result<()> {
    if bad.is_empty() {
        return Ok(());
    }
    let most = if cli.verbose() { usize::MAX } else { LINES };
    output::styled_to_stderr(cli, |out| {
        writeln!(out, "{}", "excluded:".bold())?;
        let mut shown = 0;
        let mut left = most;
        for Exclusion { name, why, .. } in bad {
            let text = format!("{name}: {}", sanitize(why.as_str()));
            let lines = wrap(&text, WIDTH - 4);
            if shown > 0 && lines.len() > left {
                break;
            }
            left = left.saturating_sub(lines.len());
            shown += 1;
            for (number, line) in lines.iter().enumerate() {
                let indent = if number == 0 { 2 } else { 4 };
                writeln!(out, "{:indent$}{line}", "")?;
            }
        }
        match bad.len() - shown {
            0 => writeln!(out),
            left => writeln!(out, "  and {left} more; -v names all\n"),
        }
    })
}

/// Report what is known; what emerge would miss for certain under `-G`. What could not be determined is not a reason
/// to stop: emerge can tell.
pub(super) fn report(cli: &Cli, report: &Report<'_>) -> Result<Vec<String>> {
    let detail = match (cli.quiet(), cli.verbose()) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Short,
    };
    let tree = cli.output.tree;
    let style = Style {
        detail,
        tree,
        columns: output::columns_of_stderr(),
    };
    output::styled_to_stderr(cli, |mut out| human::write(report, style, &mut out))?;
    if !cli.quiet() {
        let most = if cli.verbose() { usize::MAX } else { NOTICES };
        output::first_notices(&report.notices, most);
    }
    Ok(match &report.plan {
        Some(planned) if planned.plan.unreadable.is_empty() => human::unmet(planned, report),
        Some(_) => Vec::new(),
        None => unsatisfied(report),
    })
}

/// Where there is no plan: atoms that no binary package satisfies.
fn unsatisfied(report: &Report<'_>) -> Vec<String> {
    let unsatisfied = report
        .matches
        .iter()
        .filter(|matches| matches.is_usable() == Some(false));
    unsatisfied
        .map(|matches| matches.key.as_str().to_owned())
        .collect()
}
