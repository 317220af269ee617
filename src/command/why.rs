//! `--why`: all that decides about one package.

use std::collections::HashMap;

use anyhow::{Result, bail};

use super::judging::{Judging, now};
use super::output;
use crate::binhost::{Absent, InstanceId, Pool};
use crate::compat::{Compatibility, CpuCompat};
use crate::exit::Exit;
use crate::local::sets::Sets;
use crate::packages::{Packages, Shelf};
use crate::pms::Cpn;
use crate::report::human::why as human;
use crate::report::indexes::Indexes;
use crate::report::json::why as json;
use crate::report::why::{ComparedPackage, Explanation, Grounds};
use crate::source::Notices;

/// How many instances are inspected.
const MOST: usize = 200;

/// Explain a package as it stands in the request.
///
/// # Errors
/// The word names no single package, and whatever stops a request.
pub(super) fn run(judging: &Judging, word: &str, pool: &Pool, notices: &Notices) -> Result<Exit> {
    let sets = Sets::load(&judging.local, notices)?;
    let name = name(judging, word, pool, &sets, notices)?;
    let targets = judging.resolve(&judging.cli.targets, pool, &sets, notices)?;
    let shelf = Shelf::default();
    let packages = judging.packages(&shelf, &judging.policy, pool, notices);
    let plan = judging.plan(&targets, &sets, &packages, notices)?;
    let world = sets.expand(&judging.local, "world", notices);
    let compatibility = inspect(judging, &packages, &name, notices);
    let indexes = Indexes::of(&judging.hosts, &judging.policy);
    let grounds = Grounds {
        plan: plan.as_ref(),
        compatibility: &compatibility,
        world: &world.unwrap_or_default(),
        hosts: &judging.hosts,
        indexes: &indexes,
        is_offline: judging.cli.hosts.offline,
        now: now(),
    };
    let why = Explanation::of(&name, &packages, grounds);
    if judging.cli.output.json {
        output::to_stdout(|mut out| json::write(&why, &mut out))?;
    } else {
        let page = human::Page {
            columns: output::columns(),
            verbose: judging.cli.verbose(),
        };
        output::styled_to_stdout(&judging.cli, |mut out| human::write(&why, page, &mut out))?;
        if !judging.cli.quiet() {
            output::notices(&notices.sorted(), judging.cli.verbose());
        }
    }
    Ok(indexes.exit(exit(&why)))
}

/// Whether all of it that would be merged are usable binary packages; what is installed and stays counts as such.
fn exit(why: &Explanation<'_>) -> Exit {
    if why.candidates.is_empty() || !why.stops.is_empty() {
        return Exit::SomeMissing;
    }
    let of_winner = |(_, winner): (usize, &ComparedPackage<'_>)| match winner.instance {
        Some(_) if winner.unusable.is_some() => Exit::SomeMissing,
        Some(_) if winner.runs == Some(CpuCompat::Unknown) => Exit::Unknown,
        Some(_) => Exit::AllUsable,
        None => Exit::SomeMissing,
    };
    let all = why.winners().map(of_winner);
    all.fold(Exit::AllUsable, Exit::or_worse)
}

/// The one name that a word means.
fn name(judging: &Judging, word: &str, pool: &Pool, sets: &Sets, notices: &Notices) -> Result<Cpn> {
    let targets = judging.resolve(&[word.to_owned()], pool, sets, notices)?;
    let mut atoms = targets.iter().flat_map(|target| &target.atoms);
    match (atoms.next(), atoms.next()) {
        (Some(member), None) if !member.atom.is_wildcard() => {
            if let Some(name) = Cpn::parse(member.atom.name()) {
                return Ok(name);
            }
        }
        _ => {}
    }
    bail!("--why explains one package at a time, and {word} is not a name or atom of one")
}

/// Whether instances of the name run here, the best ones first.
fn inspect(
    judging: &Judging,
    packages: &Packages<'_>,
    name: &Cpn,
    notices: &Notices,
) -> HashMap<InstanceId, Compatibility> {
    let is_there = |id: &&InstanceId| {
        let absent = packages.entry(**id).1;
        !matches!(absent, Some(Absent::Excluded(_)))
    };
    let ids = packages.instances_of(name.as_str()).iter();
    let ids: Vec<InstanceId> = ids.filter(is_there).take(MOST).copied().collect();
    judging.compat_checker(notices).judge(packages, &ids)
}
