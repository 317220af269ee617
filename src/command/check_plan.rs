//! `--check-plan`: ask the real `emerge --pretend` with the same options, and compare.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::cli::Cli;
use crate::exit::Hinted;
use crate::plan::{Plan, differences, merge_list, order_difference};
use crate::redact::redact;
use crate::report::check::Checked;
use crate::shlex;

/// The environment variable that names the command that runs emerge.
pub(super) const VARIABLE: &str = "EMERGE";
/// Lines of emerge's output that are kept where it failed.
const LAST_LINES: usize = 20;

/// The command line of emerge that means the same as ours. `given` is the value of EMERGE.
///
/// # Errors
/// It is not known how to run emerge.
pub(super) fn command(cli: &Cli, given: Option<&str>) -> Result<Vec<String>> {
    let mut command = program(cli, given)?;
    command.extend(["--pretend", "--verbose", "--color=n"].map(str::to_owned));
    command.extend(cli.implied.rerun.options.iter().cloned());
    command.push("--".to_owned());
    command.extend(cli.implied.rerun.targets.iter().cloned());
    Ok(command)
}

/// The words of the variable; else `emerge`, which must be that of the judged system.
fn program(cli: &Cli, given: Option<&str>) -> Result<Vec<String>> {
    if let Some(text) = given.filter(|text| !text.trim().is_empty()) {
        return shlex::split(text)
            .with_context(|| format!("{VARIABLE} cannot be split into words"));
    }
    if cli.roots.chroot.is_none() {
        return Ok(vec!["emerge".to_owned()]);
    }
    let example = format!("{VARIABLE}=\"chroot DIR emerge\"");
    Err(Hinted {
        message: "--check-plan cannot tell how to run emerge below --chroot".to_owned(),
        hints: vec![format!("name a command that does, such as {example}")],
    }
    .into())
}

/// Run it, and compare its list with the plan; `tree` where emerge shows a tree.
///
/// # Errors
/// It cannot be run.
pub(super) fn run(command: Vec<String>, plan: &Plan<'_>, tree: bool) -> Result<Checked> {
    let (program, arguments) = command.split_first().context("no command to run emerge")?;
    let output = Command::new(program)
        .args(arguments)
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Hinted {
            message: format!("cannot run {program}: {error}"),
            hints: vec![format!("name the command in {VARIABLE}")],
        })?;
    let text = String::from_utf8_lossy(&output.stdout);
    let list = merge_list(&text);
    let succeeded = output.status.success();
    let differences = differences(plan, &list);
    let comparable = succeeded && !tree && differences.is_empty();
    let stderr = String::from_utf8_lossy(&output.stderr);
    let lines = text
        .lines()
        .chain(stderr.lines())
        .filter(|line| !line.trim().is_empty());
    let lines: Vec<&str> = lines.collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    Ok(Checked {
        command,
        succeeded,
        plan_is_sound: plan.is_sound(),
        differences,
        order: comparable.then(|| order_difference(plan, &list)).flatten(),
        last_lines: last.iter().map(|line| redact(line).into_owned()).collect(),
    })
}
