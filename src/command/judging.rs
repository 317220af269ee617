//! What is ready before it is known which instances are requested: this machine, its policy and its hosts.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use super::compatibility::{self, CompatChecker};
use super::{check_plan, hosts, policy, portage, resolve_options};
use crate::binhost::{HiddenEntry, HostId, HostState, Pool, PoolOptions, SharedIndexes};
use crate::cache::{self, CacheDir};
use crate::check::Policy;
use crate::cli::Cli;
use crate::compat::Machine;
use crate::emerge::quote;
use crate::inspect::{FailedFiles, InspectOptions};
use crate::local::sets::Sets;
use crate::local::targets::{self, KnownNames, Target};
use crate::local::tree_state::TreeState;
use crate::local::{Base, DepStrings, Local, SharedTrees, Trees};
use crate::openpgp::Keyring;
use crate::packages::{Origins, Packages, Shelf};
use crate::parallel;
use crate::plan::{self, Plan, PlanRequest};
use crate::pms::{Cpn, Dep};
use crate::report::{Commands, Setting};
use crate::source::Notices;

/// Everything that is ready before it is known which instances are requested.
pub(super) struct Judging {
    /// The command that runs emerge, if the environment names one.
    pub(super) emerge: Option<String>,
    /// What was typed.
    pub(super) cli: Cli,
    pub(super) machine: Machine,
    pub(super) tree: TreeState,
    /// What the options mean.
    pub(super) policy: Policy,
    /// This machine.
    pub(super) local: Local,
    /// The running system, where packages go to another root.
    pub(super) running: Option<Local>,
    /// bincheck's own directory.
    pub(super) cache: CacheDir,
    /// The binhosts and what came of them.
    pub(super) hosts: Vec<HostState>,
    pub(super) trees: Trees,
    /// The keys with which Portage verifies, read when a package is first inspected.
    keyring: OnceLock<Keyring>,
    /// Inspect whatever emerge could take, not only what it would take by the plan.
    pub(super) thorough: bool,
    /// What bincheck itself hides from the emerge that it runs.
    hidden: Vec<HiddenEntry>,
    /// What it hides besides, so that emerge takes what was judged.
    hidden_builds: Vec<HiddenEntry>,
    /// Files that could not be read for another of several machines.
    failed_files: Option<Arc<FailedFiles>>,
    /// Whether a processor is free for what a plan will ask for.
    reads_ahead: bool,
}

/// What several machines of one run have in common.
pub(super) struct Shared {
    /// Indexes.
    pub(super) indexes: SharedIndexes,
    /// Repositories.
    pub(super) trees: SharedTrees,
    /// Dependency strings.
    pub(super) dep_strings: Arc<DepStrings>,
    /// Files of packages that could not be read.
    pub(super) failed_files: Arc<FailedFiles>,
    /// Whether all processors have machines to judge.
    pub(super) is_busy: bool,
    /// Whether each has the binhosts of its configuration, besides those of the command line.
    pub(super) own_hosts: bool,
}

impl Judging {
    /// Load this machine and get the indexes.
    ///
    /// # Errors
    /// What makes Portage abort.
    pub(super) fn prepare(cli: Cli, base: Base, notices: &Notices) -> Result<Judging> {
        Judging::prepare_with(cli, base, None, notices)
    }

    /// The same for one of several machines, with what they have in common.
    ///
    /// # Errors
    /// As [`Judging::prepare`].
    pub(super) fn prepare_with(
        cli: Cli,
        base: Base,
        shared: Option<&Shared>,
        notices: &Notices,
    ) -> Result<Judging> {
        let policy = policy::read(&cli.emerge, &base, notices)?;
        let mut local = Local::load(base, notices)?;
        if let Some(shared) = shared {
            local = local.sharing(&shared.dep_strings);
        }
        if let Some(difference) = portage::difference(&local.installed) {
            notices.general(difference);
        }
        let cache = cache::choose(notices);
        let hosts = match shared {
            Some(shared) => {
                hosts::fetch_shared(&cli, &policy, &local.base, &cache, shared, notices)?
            }
            None => hosts::fetch(&cli, &policy, &local.base, &cache, notices)?,
        };
        let trees = match shared {
            Some(shared) => shared.trees.open(&local.base)?,
            None => Trees::open(&local.base)?,
        };
        let machine = compatibility::machine(&cli, &local.base, notices)?;
        let emerge = local.base.env.get(check_plan::VARIABLE);
        let running = local.running(&Notices::default()).unwrap_or_else(|error| {
            notices.general(format!(
                "what is needed to build lies in the running system, whose configuration cannot be read: {error:#}"
            ));
            None
        });
        Ok(Judging {
            emerge: emerge.map(str::to_owned),
            machine,
            tree: TreeState::load(&local.base),
            cli,
            policy,
            local,
            running,
            cache,
            hosts,
            trees,
            keyring: OnceLock::new(),
            thorough: false,
            hidden: Vec::new(),
            hidden_builds: Vec::new(),
            failed_files: shared.map(|shared| Arc::clone(&shared.failed_files)),
            reads_ahead: shared.is_none_or(|shared| !shared.is_busy),
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

    /// The same without these builds, and with those that were hidden in this way before.
    pub(super) fn hiding_builds(self, entries: Vec<HiddenEntry>) -> Judging {
        Judging {
            hidden_builds: entries,
            ..self
        }
    }

    /// What is hidden for the sake of the builds that are judged.
    pub(super) fn hidden_builds(&self) -> &[HiddenEntry] {
        &self.hidden_builds
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
        self.pool_under(&self.policy, Vec::new(), notices)
    }

    /// The same under other options, and as if hosts had more in `getbinpkg-exclude`; every entry has the same place.
    pub(super) fn pool_under(
        &self,
        policy: &Policy,
        host_exclude: Vec<(HostId, Dep)>,
        notices: &Notices,
    ) -> Pool {
        let own = &policy.lists.own;
        let options = PoolOptions {
            getbinpkg: policy.sources.getbinpkg,
            exclude: policy.lists.getbinpkg_exclude.clone(),
            include: policy.lists.getbinpkg_include.clone(),
            hidden: [&self.hidden[..], &self.hidden_builds].concat(),
            host_exclude,
            own_exclude: own
                .iter()
                .map(|own| (own.atom.clone(), own.why.clone()))
                .collect(),
        };
        Pool::collect(&self.local.base, &self.hosts, &options, notices)
    }

    /// Whether binhosts are to be used and none has an index.
    pub(super) fn is_blind(&self) -> bool {
        self.policy.sources.getbinpkg && self.hosts.iter().all(|host| host.index.is_none())
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
        let running = self
            .running
            .as_ref()
            .map(|local| Packages::new(shelf, Origins { local, ..origins }));
        Packages::new(shelf, origins).with_running(running)
    }

    /// What can be typed next; `has_changes` tells whether `--suggest` finds something. emerge is run on
    /// the running system only.
    pub(super) fn commands(&self, has_changes: bool) -> Commands {
        let rerun = &self.cli.implied.rerun;
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
        let is_own = chroot.is_none() && !self.cli.action.check_plan;
        Commands {
            suggest: Some(suggest),
            has_changes,
            emerge: is_own.then(|| line(&["bincheck", "--emerge", "-a"])),
            is_offline: self.cli.hosts.offline,
        }
    }

    pub(super) fn setting<'p>(&'p self, policy: &'p Policy) -> Setting<'p> {
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
        let request = PlanRequest::of(targets, &self.local, sets, notices)?
            .with_running(self.running.as_ref(), notices)?;
        let cli = &self.cli;
        let options = resolve_options::read(cli, packages.policy())?;
        let wider = resolve_options::without_binaries(cli, &options);
        let plan = self.reading_ahead(|| match &wider {
            Some(wider) => plan::resolve_beside(packages, &options, wider, &request),
            None => plan::resolve(packages, &options, &request),
        });
        Ok(Some(plan))
    }

    /// Do this while installed packages and their ebuilds are read in another thread: a plan comes to all that others
    /// depend on, one after the other. Where no processor is free, that only takes time.
    fn reading_ahead<R>(&self, work: impl FnOnce() -> R) -> R {
        if !self.reads_ahead {
            return work();
        }
        let (installed, trees) = (&self.local.installed, &self.trees);
        let names: Vec<&Cpn> = installed.names().collect();
        let read = |cpn: &&Cpn| {
            installed.read_ahead(cpn.as_str());
            trees.read_ahead(cpn);
        };
        parallel::with_ahead(&names, read, work)
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
        let mut names = self.trees.names();
        names.extend(
            pool.entries
                .iter()
                .map(|(candidate, _)| candidate.package.cpv.cpn.clone()),
        );
        names.extend(self.local.installed.names().cloned());
        names
    }

    pub(super) fn compat_checker<'f>(&'f self, notices: &'f Notices) -> CompatChecker<'f> {
        CompatChecker {
            local: &self.local,
            machine: &self.machine,
            hosts: &self.hosts,
            keyring: self.keyring.get_or_init(|| Keyring::load(&self.local.base)),
            options: match &self.failed_files {
                None => compatibility::options(&self.cli, self.cache.clone()),
                // Progress is shown for all machines together.
                Some(failed) => InspectOptions {
                    failed: Some(Arc::clone(failed)),
                    progress: false,
                    ..compatibility::options(&self.cli, self.cache.clone())
                },
            },
            notices,
        }
    }
}

/// Words that need no package names to be understood.
fn is_set(word: &str) -> bool {
    word.starts_with('@') || matches!(word, "world" | "system")
}

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or(0)
}
