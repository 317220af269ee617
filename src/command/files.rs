//! Files that are written beside the answer: `--metrics` and `--html`.

use std::io::Write;

use anyhow::{Context, Result};

use super::judging::{Judging, now};
use super::new_file::{self, Readers};
use crate::cli::Cli;
use crate::packages::Packages;
use crate::report::fleet::{Fleet, FleetMachine, JudgedMachine, names};
use crate::report::survey::Survey;
use crate::report::{Report, html, metrics};

/// Write those of one request.
///
/// # Errors
/// A file cannot be written, or the request is none that emerge would take.
pub(super) fn of_request(
    judging: &Judging,
    report: &Report<'_>,
    packages: &Packages<'_>,
) -> Result<()> {
    let cli = &judging.cli;
    if cli.output.metrics.is_none() && cli.output.html.is_none() {
        return Ok(());
    }
    let judged = JudgedMachine::of(report, packages);
    let judged =
        judged.context("no plan is made for such targets, so there is nothing to write")?;
    let path = cli.roots.chroot.clone().unwrap_or_else(|| "/".to_owned());
    let machine = FleetMachine {
        name: names(std::slice::from_ref(&path)).swap_remove(0),
        path,
        outcome: Ok(judged),
    };
    let fleet = Fleet::of(super::fleet::request(&cli.targets), vec![machine], now());
    write(cli, &fleet, false)
}

/// Write those of several machines.
///
/// # Errors
/// A file cannot be written.
pub(super) fn of_fleet(cli: &Cli, fleet: &Fleet) -> Result<()> {
    write(cli, fleet, true)
}

/// Write that of binhosts.
///
/// # Errors
/// A file cannot be written.
pub(super) fn of_survey(cli: &Cli, survey: &Survey<'_>) -> Result<()> {
    match &cli.output.html {
        Some(file) => replace(
            file,
            html::survey(survey, &super::fleet::request(&cli.targets)).as_bytes(),
        ),
        None => Ok(()),
    }
}

fn write(cli: &Cli, fleet: &Fleet, names_machines: bool) -> Result<()> {
    if let Some(file) = &cli.output.metrics {
        replace(file, &metrics::text(fleet, names_machines)?)?;
    }
    if let Some(file) = &cli.output.html {
        replace(file, html::fleet(fleet).as_bytes())?;
    }
    Ok(())
}

fn replace(file: &str, bytes: &[u8]) -> Result<()> {
    new_file::write(file, Readers::Anyone, |out| {
        let written = out.write_all(bytes);
        written.with_context(|| format!("cannot write {file}"))
    })?;
    Ok(())
}
