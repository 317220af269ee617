//! Judge instances: from the command line to the report.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use super::compatibility::{self, CompatChecker};
use super::options::DEFAULT_OPTS;
use super::{
    check_plan, hosts, options, output, policy, portage, resolve_options, sonames, suggest, why,
};
use crate::binhost::{Candidate, HiddenEntry, HostState, InstanceId, Pool, PoolOptions, unlisted};
use crate::cache::{self, CacheDir};
use crate::check::{Policy, Verdict};
use crate::chroot::Chroot;
use crate::cli::Cli;
use crate::compat::Machine;
use crate::emerge::quote;
use crate::emerge_log::{self, CompileTimes};
use crate::env::Env;
use crate::exit::{Exit, Hinted};
use crate::local::sets::Sets;
use crate::local::targets::{self, KnownNames, Target};
use crate::local::tree_state::TreeState;
use crate::local::{Base, Local, Trees};
use crate::packages::{MatchKey, Matches, Origins, Packages, Shelf};
use crate::plan::{self, Plan, PlanRequest};
use crate::pms::Cpn;
use crate::report::human::{self, Detail, Style};
use crate::report::plan::Planned;
use crate::report::{Commands, Instances, Lacking, Report, Setting, json};
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
        return Err(nothing_to_judge(&judging).into());
    }
    if judging.cli.suggest {
        suggest::run(&judging, &pool, notices)
    } else if let Some(word) = &judging.cli.why {
        why::run(&judging, word, &pool, notices)
    } else if judging.cli.all {
        judging.all(&pool, notices)
    } else {
        judging.targets(&pool, notices, |report| judging.write_report(report))
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

fn nothing_to_judge(judging: &Judging) -> Hinted {
    let (message, hint) = if judging.hosts.is_empty() {
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
    let mut hints = vec![hint.to_owned()];
    if let Some(source) = &judging.cli.only_binary {
        hints.push(format!(
            "nothing but binary packages is wanted by {DEFAULT_OPTS} ({source})"
        ));
    }
    Hinted {
        message: message.to_owned(),
        hints,
    }
}

/// How many instances are inspected for one thing that was asked for: the best, of which emerge takes the
/// first that it may.
const MOST_OF_ONE: usize = 100;

/// Everything that is ready before it is known which instances are asked for.
pub(super) struct Judging {
    /// The command that runs emerge, if the environment names one.
    emerge: Option<String>,
    /// What was typed.
    pub(super) cli: Cli,
    machine: Machine,
    tree: TreeState,
    /// What the options mean.
    pub(super) policy: Policy,
    /// This machine.
    pub(super) local: Local,
    /// bincheck's own directory.
    pub(super) cache: CacheDir,
    /// The binhosts and what came of them.
    pub(super) hosts: Vec<HostState>,
    pub(super) trees: Trees,
    /// Inspect whatever emerge could take, not only what it would take by the plan.
    thorough: bool,
    /// What bincheck itself hides from the emerge that it runs.
    hidden: Vec<HiddenEntry>,
}

impl Judging {
    /// Load this machine and get the indexes.
    ///
    /// # Errors
    /// What makes Portage abort.
    pub(super) fn prepare(cli: Cli, base: Base, notices: &Notices) -> Result<Judging> {
        let policy = policy::read(&cli.emerge, &base, notices)?;
        let local = Local::load(base, notices)?;
        if let Some(difference) = portage::difference(&local.installed) {
            notices.general(difference);
        }
        let cache = cache::choose(notices);
        let hosts = hosts::fetch(&cli, &policy, &local.base, &cache, notices)?;
        let trees = Trees::open(&local.base)?;
        let machine = compatibility::machine(&cli, &local.base, notices)?;
        let emerge = local.base.env.get(check_plan::VARIABLE);
        Ok(Judging {
            emerge: emerge.map(str::to_owned),
            machine,
            tree: TreeState::load(&local.base),
            cli,
            policy,
            local,
            cache,
            hosts,
            trees,
            thorough: false,
            hidden: Vec::new(),
        })
    }

    /// The same with its hosts changed.
    pub(super) fn map_hosts(
        self,
        change: impl FnOnce(Vec<HostState>) -> Vec<HostState>,
    ) -> Judging {
        let hosts = change(self.hosts);
        Judging { hosts, ..self }
    }

    /// The same without these entries of hosts.
    pub(super) fn hiding(mut self, entries: impl IntoIterator<Item = HiddenEntry>) -> Judging {
        self.hidden.extend(entries);
        self
    }

    /// The same with other options.
    pub(super) fn with_policy(self, policy: Policy) -> Judging {
        Judging { policy, ..self }
    }

    /// The same for a merge: whatever emerge could take is inspected.
    pub(super) fn thorough(self) -> Judging {
        Judging {
            thorough: true,
            ..self
        }
    }

    /// All candidates.
    pub(super) fn pool(&self, notices: &Notices) -> Pool {
        let own = &self.policy.lists.own;
        let options = PoolOptions {
            getbinpkg: self.policy.sources.getbinpkg,
            exclude: self.policy.lists.getbinpkg_exclude.clone(),
            include: self.policy.lists.getbinpkg_include.clone(),
            hidden: self.hidden.clone(),
            own_exclude: own
                .iter()
                .map(|own| (own.atom.clone(), own.why.clone()))
                .collect(),
        };
        Pool::collect(&self.local.base, &self.hosts, &options, notices)
    }

    /// Whether binhosts are to be used and none has an index.
    fn is_blind(&self) -> bool {
        self.policy.sources.getbinpkg && self.hosts.iter().all(|host| host.index.is_none())
    }

    fn all(&self, pool: &Pool, notices: &Notices) -> Result<Exit> {
        let shelf = Shelf::default();
        let packages = self.packages(&shelf, &self.policy, pool, notices);
        packages.judge_all();
        self.local.installed.check_readable()?;
        let matches = packages.by_name();
        let instances: Instances<'_> = packages.instances().map(|id| packages.judged(id)).collect();
        let ids: Vec<InstanceId> = instances.iter().map(|judged| judged.id).collect();
        let setting = self.setting(&self.policy);
        self.write_report(&Report {
            compatibility: self.fitting(notices).judge(&packages, &ids),
            notices: notices.sorted(),
            ..Report::new(setting, &[], matches, instances)
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
        let sets = Sets::load(&self.local, notices)?;
        let targets = self.resolve(&self.cli.targets, pool, &sets, notices)?;
        let mut policy = self.policy.clone();
        if self.cli.emerge.nobindeps {
            policy = policy.only_targets(&targets);
        }
        let shelf = Shelf::default();
        let packages = self.packages(&shelf, &policy, pool, notices);
        let plan = self.plan(&targets, &sets, &packages, notices)?;
        let check = plan
            .as_ref()
            .filter(|_| self.cli.check_plan)
            .map(|plan| {
                let command = check_plan::command(&self.cli, self.emerge.as_deref())?;
                check_plan::run(command, plan, self.cli.output.tree)
            })
            .transpose()?;
        let matches = packages.matches(&targets);
        let instances = reported(&packages, &matches, plan.as_ref());
        self.local.installed.check_readable()?;
        let shown = self.shown(&targets, &matches, plan.as_ref(), &instances);
        let mut compatibility = self.fitting(notices).judge(&packages, &shown);
        compatibility::add_uncompared(&packages, &mut compatibility);
        if let Some(plan) = &plan {
            sonames::add_missing(&packages, plan, &mut compatibility);
        }
        let lacking = self.lacking(plan.as_ref(), &packages);
        then(&Report {
            compatibility,
            lacking,
            plan: plan.map(|plan| {
                let times = self.compile_times(&plan, &packages, notices);
                Planned::new(plan, self.cli.implies_update, times)
            }),
            check,
            commands: self.commands(),
            notices: notices.sorted(),
            ..Report::new(self.setting(&policy), &targets, matches, instances)
        })
    }

    /// What explains why the plan has no binary package for something.
    fn lacking(&self, plan: Option<&Plan<'_>>, packages: &Packages<'_>) -> Lacking {
        let mut lacking = Lacking {
            only_binary: self.cli.only_binary.clone(),
            unlisted: BTreeMap::new(),
        };
        let names = plan.into_iter().flat_map(Plan::names_without_binary);
        for name in names.filter(|_| self.policy.sources.usepkg) {
            let own = packages.instances_of(name.as_str()).iter();
            let own = own.map(|id| packages.entry(*id).0);
            let own: Vec<String> = own
                .filter(|candidate| candidate.host.is_none())
                .map(Candidate::file_in_pkgdir)
                .collect();
            let indexed = own.iter().map(String::as_str).collect();
            let files = unlisted(&self.local.base, &name, &indexed);
            if !files.is_empty() {
                lacking.unlisted.insert(name.as_str().to_owned(), files);
            }
        }
        lacking
    }

    pub(super) fn packages<'p>(
        &'p self,
        shelf: &'p Shelf,
        policy: &'p Policy,
        pool: &'p Pool,
        notices: &'p Notices,
    ) -> Packages<'p> {
        let origins = Origins {
            local: &self.local,
            policy,
            trees: &self.trees,
            hosts: &self.hosts,
            pool,
            notices,
        };
        Packages::new(shelf, origins)
    }

    /// What can be typed next. emerge is run on the running system only.
    fn commands(&self) -> Commands {
        let rerun = &self.cli.rerun;
        let words: Vec<&String> = rerun.typed.iter().chain(&rerun.targets).collect();
        let line = |start: &[&str]| {
            let words = words.iter().map(|word| word.as_str());
            quote::line(start.iter().copied().chain(words))
        };
        let chroot = self.cli.roots.chroot.as_deref();
        let suggest = match chroot {
            Some(_) => "the same with --suggest".to_owned(),
            None => line(&["bincheck", "--suggest"]),
        };
        let is_own = chroot.is_none() && !self.cli.check_plan;
        Commands {
            suggest: Some(suggest),
            emerge: is_own.then(|| line(&["bincheck", "--emerge", "-a"])),
        }
    }

    fn setting<'p>(&'p self, policy: &'p Policy) -> Setting<'p> {
        Setting {
            machine: &self.machine,
            tree: &self.tree,
            hosts: &self.hosts,
            policy,
            now: now(),
        }
    }

    /// What emerge would merge; `None` for targets that emerge does not take.
    pub(super) fn plan<'p>(
        &self,
        targets: &[Target],
        sets: &Sets,
        packages: &'p Packages<'p>,
        notices: &Notices,
    ) -> Result<Option<Plan<'p>>> {
        if !PlanRequest::is_possible(targets) {
            return Ok(None);
        }
        let request = PlanRequest::of(targets, &self.local, sets, notices)?;
        let cli = &self.cli;
        let options = resolve_options::read(cli, packages.policy())?;
        let mut plan = plan::resolve(packages, &options, &request);
        if let Some(options) = resolve_options::without_binaries(cli, &options)
            && plan::may_leave_out(&plan, packages)
        {
            plan.left_out = plan::left_out(&plan, &plan::resolve(packages, &options, &request));
        }
        Ok(Some(plan))
    }

    /// How long what a plan compiles takes; the log is not read for a plan that compiles nothing.
    fn compile_times(
        &self,
        plan: &Plan<'_>,
        packages: &Packages<'_>,
        notices: &Notices,
    ) -> CompileTimes {
        if plan.from_source().next().is_none() {
            return CompileTimes::default();
        }
        let times = emerge_log::load(&self.local.base, &self.cache, notices);
        CompileTimes::of(plan, packages, &times)
    }

    /// Instances that are worth a look inside: those that match targets, and with a plan those that match packages
    /// asked for by name and those that it takes.
    fn shown(
        &self,
        targets: &[Target],
        matches: &[Matches<'_>],
        plan: Option<&Plan<'_>>,
        instances: &Instances<'_>,
    ) -> Vec<InstanceId> {
        let is_requested = |matches: &&Matches<'_>| match matches.key {
            MatchKey::Atom { target, .. } => {
                plan.is_none() || !target.of(targets).is_some_and(Target::is_set)
            }
            MatchKey::Name(_) => true,
        };
        let requested = matches.iter().filter(is_requested);
        let is_accepted = |id: &InstanceId| {
            let judged = instances.get(*id);
            judged.is_some_and(|judged| judged.verdict == Verdict::Accepted)
        };
        let best = |matches: &Matches<'_>| -> Vec<InstanceId> {
            let accepted = matches.instances.iter().copied().filter(is_accepted);
            accepted.take(MOST_OF_ONE).collect()
        };
        let mut shown: HashSet<InstanceId> = requested.flat_map(best).collect();
        let merges = plan.into_iter().flat_map(|plan| &plan.merges);
        shown.extend(merges.filter_map(|merge| merge.origin.instance()));
        let accepted = instances
            .iter()
            .filter(|judged| judged.verdict == Verdict::Accepted)
            .map(|judged| judged.id);
        accepted
            .filter(|id| self.thorough || shown.contains(id))
            .collect()
    }

    /// What words mean; none mean @world.
    pub(super) fn resolve(
        &self,
        words: &[String],
        pool: &Pool,
        sets: &Sets,
        notices: &Notices,
    ) -> Result<Vec<Target>> {
        let world = [String::from("@world")];
        let words = if words.is_empty() { &world[..] } else { words };
        let known = if words.iter().all(|word| is_set(word)) {
            KnownNames::default()
        } else {
            KnownNames(self.known_names(pool))
        };
        targets::resolve(words, &self.local, sets, &known, notices)
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

    pub(super) fn fitting<'f>(&'f self, notices: &'f Notices) -> CompatChecker<'f> {
        CompatChecker {
            local: &self.local,
            machine: &self.machine,
            hosts: &self.hosts,
            options: compatibility::options(&self.cli, self.cache.clone()),
            notices,
        }
    }

    fn write_report(&self, report: &Report<'_>) -> Result<Exit> {
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

/// Everything that matches a target or has the name of something that the plan merges, in order.
fn reported<'p>(
    packages: &'p Packages<'_>,
    matches: &[Matches<'_>],
    plan: Option<&Plan<'_>>,
) -> Instances<'p> {
    let merges = plan.into_iter().flat_map(|plan| &plan.merges);
    let named = merges.flat_map(|merge| packages.instances_of(merge.package.cpv.cpn.as_str()));
    let matching = matches.iter().flat_map(|matches| &matches.instances);
    let mut wanted: HashSet<InstanceId> = named.chain(matching).copied().collect();
    wanted.extend(plan.into_iter().flat_map(Plan::nearest));
    let in_order = packages.instances().filter(|id| wanted.contains(id));
    in_order.map(|id| packages.judged(id)).collect()
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
    Style {
        detail,
        tree: cli.output.tree,
        columns: output::columns(),
    }
}

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or(0)
}
