//! `--compare A B`: two systems, each the running one, a directory, or a frozen one.

use anyhow::{Context, Result, bail};

use super::output;
use super::system::LoadedSystem;
use crate::binhost::Pool;
use crate::cli::Cli;
use crate::compare::Comparison;
use crate::env::Env;
use crate::exit::Exit;
use crate::packages::{Origins, Packages, Shelf};
use crate::report::human::comparison as human;
use crate::report::json::comparison as json;
use crate::source::Notices;

/// Compare them.
///
/// # Errors
/// One of them is no system, or its configuration makes Portage abort.
pub(super) fn run(cli: &Cli, env: &Env, first: &str, notices: &Notices) -> Result<Exit> {
    let [second] = cli.targets.as_slice() else {
        bail!("--compare={first} needs a second system: bincheck --compare {first} OTHER");
    };
    let mut loaded = Vec::new();
    for name in [first, second.as_str()] {
        loaded.push(LoadedSystem::of(cli, env, name).with_context(|| name.to_owned())?);
    }
    let pool = Pool::default();
    let shelves = [Shelf::default(), Shelf::default()];
    let [a, b] = loaded.as_slice() else {
        bail!("two systems are compared");
    };
    let [a_packages, b_packages] = [(a, &shelves[0]), (b, &shelves[1])].map(|(one, shelf)| {
        let origins = Origins {
            local: &one.local,
            policy: &one.policy,
            trees: &one.trees,
            hosts: &[],
            pool: &pool,
            notices,
        };
        Packages::new(shelf, origins)
    });
    let comparison = Comparison::of(a.with(&a_packages), b.with(&b_packages));
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
