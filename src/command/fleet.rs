//! `--fleet`: several machines side by side, each judged as `--chroot` would judge it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io::ErrorKind;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};

use super::judging::{Judging, Shared, now};
use super::known_machines::{Identity, KnownMachines, LogQuestions};
use super::run::{OpenedRoot, OpenedSystem, nothing_to_judge};
use super::thawed::SmallArchive;
use super::{files, output, verdict};
use crate::binhost::{MemoryLimits, SharedIndexes, limits};
use crate::cli::{Cli, DefaultOpts, HostsOf};
use crate::emerge_log::{self, TimeQuestion};
use crate::env::Env;
use crate::exit::{Exit, Hinted};
use crate::local::SharedTrees;
use crate::parallel::{self, Workers};
use crate::redact::redact;
use crate::report::fleet::{Fleet, FleetMachine, JudgedMachine, names};
use crate::report::human::fleet as human;
use crate::report::json::fleet as json;
use crate::source::Notices;

/// What makes a directory a system.
const OF_A_SYSTEM: [&str; 2] = ["etc/portage", "var/db/pkg"];

/// Judge them.
///
/// # Errors
/// No machine is named, or standard output cannot be written. A machine that cannot be judged is a part of the answer.
pub(super) fn run(words: &[String], cli: &Cli, env: &Env, notices: &Notices) -> Result<Exit> {
    let (machines, request): (Vec<String>, Vec<String>) = cli
        .targets
        .iter()
        .cloned()
        .partition(|word| is_machine(word));
    if machines.is_empty() {
        return Err(no_machine(&request).into());
    }
    let machines = each_once(machines, notices);
    let shared = Shared {
        indexes: SharedIndexes::new(&MemoryLimits::of_process()),
        trees: SharedTrees::default(),
        dep_strings: Arc::default(),
        failed_files: Arc::default(),
        is_busy: machines.len() > 1,
        own_hosts: cli.action.fleet.hosts_of != Some(HostsOf::None),
    };
    let known = (machines.len() > 1).then(KnownMachines::default);
    let bar = bar(cli, machines.len());
    let judge = |(path, name): &(String, String)| {
        let words = Cli::words_for_machine(words, path, &request);
        let outcome = judge(&words, env, &shared, known.as_ref());
        bar.inc(1);
        FleetMachine {
            name: name.clone(),
            path: path.clone(),
            outcome: outcome.map_err(|error| redact(&format!("{error:#}")).into_owned()),
        }
    };
    let names = names(&machines);
    let named: Vec<(String, String)> = machines.into_iter().zip(names).collect();
    // One machine keeps a processor busy, but while it waits for hosts.
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = Workers {
        first: processors,
        most: limits::threads(2 * processors),
    };
    let judged = parallel::each(&named, workers, judge);
    bar.finish_and_clear();
    let fleet = Fleet::of(self::request(&request), judged, now());
    write(cli, &fleet, notices)?;
    files::of_fleet(cli, &fleet)?;
    Ok(fleet.exit())
}

/// The machines without those that are another one by a second name: each counts once.
fn each_once(machines: Vec<String>, notices: &Notices) -> Vec<String> {
    let mut known: HashMap<PathBuf, String> = HashMap::new();
    let mut once = Vec::new();
    for path in machines {
        let place = fs::canonicalize(&path).unwrap_or_else(|_| PathBuf::from(&path));
        match known.entry(place) {
            Entry::Vacant(entry) => {
                entry.insert(path.clone());
                once.push(path);
            }
            Entry::Occupied(entry) => notices.general(format!(
                "{path} is the machine that {} names, and counts once",
                entry.get()
            )),
        }
    }
    once
}

/// How many machines are judged, for whoever waits.
fn bar(cli: &Cli, machines: usize) -> ProgressBar {
    if !output::is_watched() || cli.quiet() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(machines).unwrap_or(u64::MAX));
    let template = "{spinner} judging machines: {pos} of {len}, {elapsed} so far";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// The targets of a request; none mean @world.
pub(super) fn request(targets: &[String]) -> Vec<String> {
    match targets {
        [] => vec!["@world".to_owned()],
        targets => targets.to_vec(),
    }
}

fn write(cli: &Cli, fleet: &Fleet, notices: &Notices) -> Result<()> {
    if cli.output.json {
        return output::to_stdout(|mut out| json::write(fleet, &mut out));
    }
    let page = human::FleetPage {
        columns: output::columns(),
        verbose: cli.verbose(),
        quiet: cli.quiet(),
    };
    output::styled_to_stdout(cli, |mut out| human::write(fleet, page, &mut out))?;
    if !cli.quiet() {
        output::notices(&notices.sorted(), cli.verbose());
    }
    Ok(())
}

/// One machine; what one with the same files came to, if there was any.
fn judge(
    words: &[String],
    env: &Env,
    shared: &Shared,
    known: Option<&KnownMachines>,
) -> Result<JudgedMachine> {
    let cli = Cli::parse(words, &DefaultOpts::default())?;
    // Commands of a configuration may do anything.
    let Some(known) = known.filter(|_| !cli.hosts.allow_fetchcommand) else {
        let root = OpenedRoot::open(&cli, env)?;
        return Ok(judge_at(root, words, cli, env, shared)?.0);
    };
    let archive = SmallArchive::read(cli.roots.chroot.as_deref());
    if let Some(judged) = archive.as_ref().and_then(|archive| known.copy_of(archive)) {
        return Ok(judged);
    }
    let mut root = match &archive {
        Some(archive) => OpenedRoot::of_archive(archive, &cli, env)?,
        None => OpenedRoot::open(&cli, env)?,
    };
    // The running system has its processor.
    if !root.chroot.is_foreign() {
        return Ok(judge_at(root, words, cli, env, shared)?.0);
    }
    let identity = Identity::of(&root, archive.as_ref());
    drop(archive);
    if let Some(judged) = known.like(&root, &identity) {
        return Ok(judged);
    }
    let (chroot, trace) = root.chroot.traced();
    root.chroot = chroot;
    let (judged, log) = judge_at(root, words, cli, env, shared)?;
    if let (Some(files), Some(log)) = (trace.take(), log) {
        known.add(identity, files, log, &judged);
    }
    Ok(judged)
}

/// What a machine comes to, and what of that its log decides, where that could be read.
fn judge_at(
    root: OpenedRoot,
    words: &[String],
    cli: Cli,
    env: &Env,
    shared: &Shared,
) -> Result<(JudgedMachine, Option<LogQuestions>)> {
    let notices = Notices::default();
    let opened = OpenedSystem::at(root, words, cli, env.clone(), &notices)?;
    let judging = Judging::prepare_with(opened.cli, opened.base, Some(shared), &notices)?;
    let pool = judging.pool(&notices);
    if pool.entries.is_empty() && judging.is_blind() {
        let error = judging.hosts.iter().find_map(|host| host.error.clone());
        return Err(match error {
            Some(error) => anyhow::anyhow!("no binhost has an index that could be read: {error}"),
            None => nothing_to_judge(&judging).into(),
        });
    }
    verdict::targets(&judging, &pool, &notices, |report, packages| {
        let judged = JudgedMachine::of(report, packages);
        let judged = judged.context("--fleet is about requests that emerge would take")?;
        let plan = report.plan.as_ref().map(|planned| &planned.plan);
        let questions = plan.map_or_else(Vec::new, |plan| TimeQuestion::all(plan, packages));
        let log = emerge_log::path(&judging.local.base);
        Ok((judged, LogQuestions::of(log, questions, report)))
    })
}

/// Whether a word names a machine rather than a target: it is written as a path or the name of an archive, is a file,
/// or is a directory with a system in it, or one that this user may not look into. A directory of a repository
/// (`app-misc/jq`) is none.
fn is_machine(word: &str) -> bool {
    let is_written_so =
        word.starts_with(['/', '.']) || word.ends_with('/') || word.ends_with(".tar.gz");
    let path = Path::new(word);
    let is_system = || OF_A_SYSTEM.iter().any(|below| path.join(below).is_dir());
    let is_closed =
        || fs::read_dir(path).is_err_and(|why| why.kind() == ErrorKind::PermissionDenied);
    !word.starts_with('@') && (is_written_so || path.is_file() || is_system() || is_closed())
}

fn no_machine(request: &[String]) -> Hinted {
    let named = match request {
        [] => String::new(),
        words => format!(
            ", and {} is neither the directory of a system nor a file",
            words.join(" ")
        ),
    };
    Hinted {
        message: format!("--fleet needs machines{named}"),
        hints: vec![
            "name directories or files that --freeze wrote: bincheck --fleet web1.tar.gz web2/ @world"
                .to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn machines_are_told_from_targets() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name).display().to_string();
        for dir in ["web1/etc/portage", "db1/var/db/pkg", "app-misc/jq"] {
            std::fs::create_dir_all(path(dir)).unwrap();
        }
        std::fs::write(path("frozen"), "").unwrap();
        let relative = |path: &str| {
            // Tests do not change directory; a path without a leading slash is one from here.
            let here = std::env::current_dir().unwrap();
            let up = "../".repeat(here.components().count() - 1);
            format!("x/../{up}{}", path.trim_start_matches('/'))
        };
        for (word, wanted) in [
            ("/", true),
            ("web9/", true),
            ("./web9", true),
            ("web9.tar.gz", true),
            ("@world", false),
            ("app-misc/jq", false),
            ("=app-misc/jq-1", false),
            ("~app-misc/jq-1", false),
        ] {
            assert_eq!(is_machine(word), wanted, "{word}");
        }
        for (name, wanted) in [
            ("web1", true),
            ("db1", true),
            ("frozen", true),
            ("app-misc/jq", false),
        ] {
            let word = relative(&path(name)).replacen("x/../", "src/../", 1);
            assert_eq!(is_machine(&word), wanted, "{word}");
        }
    }
}
