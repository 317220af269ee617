//! Judge instances: from the command line to the report.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use typed_arena::Arena;

use super::asked::{self, Atoms, Entry};
use super::choice::Chooser;
use super::fitness::{self, Fitting};
use super::{check_plan, hosts, options, output, portage};
use crate::binhost::{HostState, Pool, PoolOptions};
use crate::cache::{self, CacheDir};
use crate::check::policy::selection;
use crate::check::{self, Judged, Policy, Verdict};
use crate::chroot::Chroot;
use crate::cli::Cli;
use crate::env::Env;
use crate::exit::{Exit, Hinted};
use crate::local::sets::Sets;
use crate::local::targets::{self, KnownNames, Target};
use crate::local::{Base, Ebuilds, Local, Trees};
use crate::plan::{self, Plan, PlanInput, Request, ResolveOptions};
use crate::pms::{Cpn, Package};
use crate::report::human::{self, Detail, Style};
use crate::report::plan::Planned;
use crate::report::{Report, json};
use crate::runs::{Fitness, Machine};
use crate::source::Notices;

/// Judge what the command line asks for and say it.
///
/// # Errors
/// What makes Portage abort, wrong targets, and no index at all.
pub(super) fn run(words: &[String], cli: Cli, env: Env) -> Result<Exit> {
    let notices = Notices::default();
    let verbose = cli.verbose();
    let done = judge(words, cli, env, &notices);
    if done.is_err() {
        // A line that was skipped is often why there is an error.
        output::notices(&notices.sorted(), verbose);
    }
    done
}

fn judge(words: &[String], cli: Cli, env: Env, notices: &Notices) -> Result<Exit> {
    let chroot = chroot(&cli, &env)?;
    let base = Base::load(chroot, options::start(env, &cli.roots), notices)?;
    let cli = options::with_default_opts(words, cli, &base, notices)?;
    let judging = Judging::prepare(cli, base, notices)?;
    let pool = judging.pool(notices);
    if pool.entries.is_empty() && judging.is_blind() {
        return Err(nothing_to_judge(judging.hosts.is_empty()).into());
    }
    if judging.cli.all {
        judging.all(&pool, notices)
    } else {
        judging.targets(&pool, notices, |report| judging.say(report))
    }
}

/// The judged root. The home of whoever judges is nothing for it, wherever it lies.
fn chroot(cli: &Cli, env: &Env) -> Result<Chroot> {
    let dir = cli.roots.chroot.as_ref().map(PathBuf::from);
    let chroot = Chroot::new(dir).with_context(|| {
        let dir = cli.roots.chroot.as_deref().unwrap_or("/");
        format!("cannot use \"{dir}\" as root directory")
    })?;
    Ok(match env.get("HOME") {
        Some(home) => chroot.shielding(Path::new(home)),
        None => chroot,
    })
}

fn nothing_to_judge(unconfigured: bool) -> Hinted {
    let (message, hint) = if unconfigured {
        (
            "no binhost is configured",
            "name one in /etc/portage/binrepos.conf, or give --binhost=URI",
        )
    } else {
        (
            "no binhost has an index that could be read",
            "see the warnings above for each of them",
        )
    };
    Hinted {
        message: message.to_owned(),
        hints: vec![hint.to_owned()],
    }
}

/// Everything that is ready before it is known which instances are asked for.
pub(super) struct Judging {
    /// The command that runs emerge, if the environment names one.
    emerge: Option<String>,
    /// What was typed.
    pub(super) cli: Cli,
    machine: Machine,
    /// What the options mean.
    pub(super) policy: Policy,
    /// This machine.
    pub(super) local: Local,
    /// bincheck's own directory.
    pub(super) cache: CacheDir,
    /// The binhosts and what came of them.
    pub(super) hosts: Vec<HostState>,
    trees: Trees,
    /// Look into whatever emerge could take, not only into what it would take by the plan.
    pub(super) thorough: bool,
}

impl Judging {
    /// Load this machine and get the indexes.
    ///
    /// # Errors
    /// What makes Portage abort.
    pub(super) fn prepare(cli: Cli, base: Base, notices: &Notices) -> Result<Judging> {
        let policy = Policy::new(&cli.emerge, &base, notices)?;
        let local = Local::load(base, notices)?;
        if let Some(difference) = portage::difference(&local.installed) {
            notices.general(difference);
        }
        let cache = cache::choose(notices);
        let hosts = hosts::fetch(&cli, &policy, &local.base, &cache, notices)?;
        let trees = Trees::open(&local.base)?;
        let machine = fitness::machine(&cli, &local.base, notices)?;
        let emerge = local.base.env.get(check_plan::VARIABLE);
        Ok(Judging {
            emerge: emerge.map(str::to_owned),
            machine,
            cli,
            policy,
            local,
            cache,
            hosts,
            trees,
            thorough: false,
        })
    }

    /// All candidates.
    pub(super) fn pool(&self, notices: &Notices) -> Pool {
        let options = PoolOptions {
            getbinpkg: self.policy.getbinpkg,
            exclude: self.policy.getbinpkg_exclude.clone(),
            include: self.policy.getbinpkg_include.clone(),
        };
        Pool::collect(&self.local.base, &self.hosts, &options, notices)
    }

    /// Whether binhosts are to be used and none has an index.
    fn is_blind(&self) -> bool {
        self.policy.getbinpkg && self.hosts.iter().all(|host| host.index.is_none())
    }

    fn all(&self, pool: &Pool, notices: &Notices) -> Result<Exit> {
        let entries: Vec<&Entry> = pool.entries.iter().collect();
        let ebuilds = self.ebuilds(&entries, notices);
        let instances = self.judge(entries, &ebuilds, &self.policy);
        self.say(&Report {
            targets: &[],
            answers: asked::by_name(&instances, &self.chooser(&ebuilds, &self.policy)),
            fitness: self.fitness(&instances, |_, _| true, notices),
            machine: &self.machine,
            instances,
            plan: None,
            check: None,
            hosts: &self.hosts,
            policy: &self.policy,
            now: now(),
            notices: notices.sorted(),
        })
    }

    /// Judge what the targets ask for, and hand the report on.
    ///
    /// # Errors
    /// Wrong targets, and what comes of the report.
    pub(super) fn targets<T>(
        &self,
        pool: &Pool,
        notices: &Notices,
        then: impl FnOnce(&Report<'_>) -> Result<T>,
    ) -> Result<T> {
        let targets = self.resolve(pool, notices)?;
        let mut policy = self.policy.clone();
        if self.cli.emerge.nobindeps {
            policy = policy.only_targets(&targets);
        }
        let arena = Arena::new();
        let plan = self.plan(&targets, &policy, pool, &arena, notices)?;
        let check = plan
            .as_ref()
            .filter(|_| self.cli.check_plan)
            .map(|plan| {
                let command = check_plan::command(&self.cli, self.emerge.as_deref())?;
                check_plan::run(command, plan)
            })
            .transpose()?;
        let atoms = Atoms::of(&targets);
        let names = plan.as_ref().map(asked::names_of_plan).unwrap_or_default();
        let entries = atoms.served_or_named(pool, &self.local, &names);
        let ebuilds = self.ebuilds(&entries, notices);
        let instances = self.judge(entries, &ebuilds, &policy);
        let implied = self.cli.implies_update;
        let plan = plan.map(|plan| Planned::new(plan, &instances, pool, implied));
        let answers = atoms.answers(&instances, &self.chooser(&ebuilds, &policy));
        let shown = asked::positions(&targets, &answers, &instances, plan.as_ref());
        let is_shown = |position, judged: &Judged<'_>| {
            judged.verdict == Verdict::Accepted && (self.thorough || shown.contains(&position))
        };
        then(&Report {
            targets: &targets,
            answers,
            fitness: self.fitness(&instances, is_shown, notices),
            machine: &self.machine,
            plan,
            check,
            instances,
            hosts: &self.hosts,
            policy: &policy,
            now: now(),
            notices: notices.sorted(),
        })
    }

    /// What emerge would merge; `None` for targets that emerge does not take.
    fn plan<'p>(
        &'p self,
        targets: &[Target],
        policy: &'p Policy,
        pool: &'p Pool,
        arena: &'p Arena<Package>,
        notices: &'p Notices,
    ) -> Result<Option<Plan<'p>>> {
        if !Request::is_possible(targets) {
            return Ok(None);
        }
        let sets = Sets::load(&self.local, notices)?;
        let request = Request::of(targets, &self.local, &sets, notices)?;
        let again = selection("--reinstall-atoms", &self.cli.plan.reinstall_atoms)?;
        let options = ResolveOptions::of(&self.cli.plan, &self.cli.emerge, policy, again);
        let ground = PlanInput {
            local: &self.local,
            policy,
            trees: &self.trees,
            pool,
            arena,
            notices,
        };
        Ok(Some(plan::resolve(ground, &options, &request)))
    }

    fn resolve(&self, pool: &Pool, notices: &Notices) -> Result<Vec<Target>> {
        let world = [String::from("@world")];
        let words = if self.cli.targets.is_empty() {
            &world[..]
        } else {
            &self.cli.targets
        };
        let sets = Sets::load(&self.local, notices)?;
        let known = if words.iter().all(|word| is_set(word)) {
            KnownNames::default()
        } else {
            KnownNames(self.known_names(pool))
        };
        targets::resolve(words, &self.local, &sets, &known, notices)
    }

    fn known_names(&self, pool: &Pool) -> BTreeSet<Cpn> {
        let mut names = self.trees.names(&self.local.base);
        names.extend(
            pool.entries
                .iter()
                .map(|(candidate, _)| candidate.package.cpv.cpn.clone()),
        );
        names.extend(self.local.installed.names().cloned());
        names
    }

    fn chooser<'c>(&'c self, ebuilds: &'c Ebuilds, policy: &'c Policy) -> Chooser<'c> {
        Chooser {
            local: &self.local,
            ebuilds,
            policy,
        }
    }

    fn ebuilds(&self, entries: &[&Entry], notices: &Notices) -> Ebuilds {
        let names: BTreeSet<&Cpn> = entries
            .iter()
            .map(|(candidate, _)| &candidate.package.cpv.cpn)
            .collect();
        self.trees.load(&self.local.base, names, notices)
    }

    /// The entries judged, in the order of the report.
    fn judge<'r>(
        &'r self,
        entries: Vec<&'r Entry>,
        ebuilds: &'r Ebuilds,
        policy: &'r Policy,
    ) -> Vec<Judged<'r>> {
        let mut instances = check::judge_some(&self.local, ebuilds, policy, &self.hosts, entries);
        asked::best_first(&mut instances);
        instances
    }

    /// Whether each of them runs here; those that emerge passes over are looked into under `--all` only.
    fn fitness(
        &self,
        instances: &[Judged<'_>],
        is_wanted: impl Fn(usize, &Judged<'_>) -> bool,
        notices: &Notices,
    ) -> Vec<Fitness> {
        let fitting = Fitting {
            local: &self.local,
            machine: &self.machine,
            hosts: &self.hosts,
            options: &fitness::options(&self.cli, self.cache.clone()),
            notices,
        };
        fitting.judge(instances, is_wanted)
    }

    fn say(&self, report: &Report<'_>) -> Result<Exit> {
        if self.cli.output.json {
            output::to_stdout(|mut out| json::write(report, &mut out))?;
        } else {
            let style = style(&self.cli);
            output::styled_to_stdout(&self.cli, |mut out| human::write(report, style, &mut out))?;
            if !self.cli.quiet() {
                output::notices(&report.notices, self.cli.verbose());
            }
        }
        Ok(report.exit())
    }
}

/// Words that need no package names to be understood.
fn is_set(word: &str) -> bool {
    word.starts_with('@') || matches!(word, "world" | "system")
}

fn style(cli: &Cli) -> Style {
    let detail = match (cli.quiet(), cli.verbose()) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let tree = cli.output.tree;
    Style { detail, tree }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or(0)
}
