//! `--compare A B`: two systems, each the running one, a directory, or a frozen one; or one of them and a binhost.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::system::LoadedSystem;
use super::{hosts, output};
use crate::binhost::{HostId, Pool, PoolOptions};
use crate::cli::Cli;
use crate::compare::{ComparedIndex, Comparison, Side};
use crate::env::Env;
use crate::exit::Exit;
use crate::packages::Shelf;
use crate::report::human::comparison as human;
use crate::report::json::comparison as json;
use crate::source::Notices;
use crate::suggest::adopt::newest_of_slots;

/// Compare them.
///
/// # Errors
/// One of them is neither a system nor a binhost of the other, or its configuration makes Portage abort.
pub(super) fn run(cli: &Cli, env: &Env, first: &str, notices: &Notices) -> Result<Exit> {
    let [second] = cli.targets.as_slice() else {
        bail!("--compare={first} needs a second system: bincheck --compare {first} OTHER");
    };
    let is_system = |name: &str| Path::new(name).exists();
    let second = second.as_str();
    let comparison = match (is_system(first), is_system(second)) {
        (true, true) => systems(cli, env, [first, second], notices)?,
        (true, false) => with_host(cli, env, (first, Side::A), second, notices)?,
        (false, true) => with_host(cli, env, (second, Side::B), first, notices)?,
        (false, false) => bail!(
            "{first}, {second}: one of both has to be a system: /, a directory or what --freeze wrote"
        ),
    };
    if cli.output.json {
        output::to_stdout(|mut out| json::write(&comparison, &mut out))?;
    } else {
        let page = human::ComparisonPage {
            names: labels(first, second),
            columns: output::columns(),
            verbose: cli.verbose(),
        };
        output::styled_to_stdout(cli, |mut out| human::write(&comparison, page, &mut out))?;
    }
    Ok(match comparison.is_same() {
        true => Exit::AllUsable,
        false => Exit::SomeMissing,
    })
}

fn systems(cli: &Cli, env: &Env, names: [&str; 2], notices: &Notices) -> Result<Comparison> {
    let pool = Pool::default();
    let [a, b] = names.map(|name| load(cli, env, name));
    let (a, b) = (a?, b?);
    let (a_shelf, b_shelf) = (Shelf::default(), Shelf::default());
    let a_packages = a.packages(&a_shelf, &[], &pool, notices);
    let b_packages = b.packages(&b_shelf, &[], &pool, notices);
    Ok(Comparison::of(a.with(&a_packages), b.with(&b_packages)))
}

fn load(cli: &Cli, env: &Env, name: &str) -> Result<LoadedSystem> {
    LoadedSystem::of(cli, env, name).with_context(|| name.to_owned())
}

/// A system, and a binhost by the name that this system has for it, or by its URI.
fn with_host(
    cli: &Cli,
    env: &Env,
    (name, side): (&str, Side),
    host: &str,
    notices: &Notices,
) -> Result<Comparison> {
    let system = load(cli, env, name)?;
    let hosts = [hosts::fetch_one(cli, &system.local.base, host, notices)?];
    let Some(index) = &hosts[0].index else {
        bail!("{}: its index could not be read", hosts[0].repo.label());
    };
    let options = PoolOptions {
        getbinpkg: true,
        ..PoolOptions::default()
    };
    let pool = Pool::collect(&system.local.base, &hosts, &options, notices);
    let pool = HostId::number(&hosts)
        .map(|(id, _)| pool.of_host(id))
        .next();
    let pool = pool.unwrap_or_default();
    let shelf = Shelf::default();
    let packages = system.packages(&shelf, &hosts, &pool, notices);
    let ids = newest_of_slots(&packages, |_| true);
    let host = ComparedIndex { index, ids: &ids };
    Ok(Comparison::with_index(system.with(&packages), side, host))
}

/// Short names for both: the last part of their paths where these differ.
fn labels<'n>(first: &'n str, second: &'n str) -> [&'n str; 2] {
    let last = |name: &'n str| {
        name.trim_end_matches('/')
            .rsplit('/')
            .next()
            .filter(|last| !last.is_empty())
    };
    match (last(first), last(second)) {
        (Some(one), Some(other)) if one != other => [one, other],
        _ => [first, second],
    }
}
