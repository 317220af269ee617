//! From the command line to whoever answers it.

use std::path::Path;

use anyhow::{Context, Result};

use super::freeze;
use super::judging::Judging;
use super::options::DEFAULT_OPTS;
use super::thawed::{SmallArchive, Thawed};
use super::{
    adopt, changes, compare, deploy, export, files, fleet, options, output, suggest, survey,
    verdict, why,
};
use crate::chroot::Chroot;
use crate::cli::Cli;
use crate::env::Env;
use crate::exit::{Exit, Hinted};
use crate::local::Base;
use crate::local::profile::NotGentoo;
use crate::report::NAME_A_BINHOST;
use crate::source::Notices;

/// Judge what the command line asks for and report it.
///
/// # Errors
/// What makes Portage abort, wrong targets, and no index at all.
pub(super) fn run(words: &[String], cli: Cli, env: Env) -> Result<Exit> {
    let notices = Notices::default();
    let verbose = cli.verbose();
    let done = judge(words, cli, env, &notices);
    if let Err(error) = &done
        && !error.is::<NotGentoo>()
    {
        // A line that was skipped is often why there is an error.
        output::notices(&notices.sorted(), verbose);
    }
    done
}

fn judge(words: &[String], cli: Cli, env: Env, notices: &Notices) -> Result<Exit> {
    if let Some(file) = &cli.action.systems.deploy {
        return deploy::run(file, &cli.targets, cli.action.systems.only.as_deref());
    }
    if let Some(first) = &cli.action.systems.compare {
        return compare::run(&cli, &env, first, notices);
    }
    if cli.action.fleet.fleet {
        return fleet::run(words, &cli, &env, notices);
    }
    let mut opened = OpenedSystem::open(words, cli, env.clone(), notices)?;
    adopt::add_host(&mut opened.cli);
    let judging = Judging::prepare(opened.cli, opened.base, notices)?;
    if let Some(file) = &judging.cli.action.systems.freeze {
        return freeze::freeze(&judging, file, notices);
    }
    let pool = judging.pool(notices);
    if judging.cli.action.hosts {
        return survey::run(&judging, &pool, notices);
    }
    if let Some(model) = &judging.cli.action.adopt {
        return adopt::run(&judging, &env, model, &pool, notices);
    }
    if pool.entries.is_empty() && judging.is_blind() {
        return Err(nothing_to_judge(&judging).into());
    }
    if judging.cli.action.changes {
        changes::run(&judging, &pool, notices)
    } else if judging.cli.action.suggest {
        suggest::run(&judging, &pool, notices)
    } else if let Some(word) = &judging.cli.action.why {
        why::run(&judging, word, &pool, notices)
    } else if let Some(directory) = &judging.cli.action.export.export {
        export::run(&judging, directory, &pool, notices)
    } else if judging.cli.action.all {
        verdict::all(&judging, &pool, notices)
    } else {
        verdict::targets(&judging, &pool, notices, |report, packages| {
            let exit = verdict::write_report(&judging, report)?;
            files::of_request(&judging, report, packages)?;
            Ok(exit)
        })
    }
}

/// A system whose configuration was read, with the command line as it takes effect there.
pub(super) struct OpenedSystem {
    pub(super) cli: Cli,
    pub(super) base: Base,
    /// Where it was frozen.
    #[expect(dead_code, reason = "its files go away with it")]
    pub(super) thawed: Option<Thawed>,
}

impl OpenedSystem {
    /// The running system, or the one that `--chroot` names.
    ///
    /// # Errors
    /// There is no such system, or its configuration makes Portage abort.
    pub(super) fn open(
        words: &[String],
        cli: Cli,
        env: Env,
        notices: &Notices,
    ) -> Result<OpenedSystem> {
        let root = OpenedRoot::open(&cli, &env)?;
        OpenedSystem::at(root, words, cli, env, notices)
    }

    /// The same, whose files are at hand.
    ///
    /// # Errors
    /// Its configuration makes Portage abort.
    pub(super) fn at(
        root: OpenedRoot,
        words: &[String],
        cli: Cli,
        env: Env,
        notices: &Notices,
    ) -> Result<OpenedSystem> {
        let OpenedRoot { chroot, thawed } = root;
        let base = Base::load(chroot, options::start(env, &cli.roots), notices)?;
        let cli = options::with_default_opts(words, cli, &base, notices)?;
        if let Some(notice) = thawed.as_ref().and_then(Thawed::notice) {
            notices.general(notice);
        }
        Ok(OpenedSystem { cli, base, thawed })
    }
}

/// The files of a system.
pub(super) struct OpenedRoot {
    pub(super) chroot: Chroot,
    /// Where it was frozen.
    pub(super) thawed: Option<Thawed>,
}

impl OpenedRoot {
    /// Those of the running system, or of the one that `--chroot` names.
    ///
    /// # Errors
    /// There is no such system.
    pub(super) fn open(cli: &Cli, env: &Env) -> Result<OpenedRoot> {
        let thawed = Thawed::of(cli.roots.chroot.as_deref())?;
        OpenedRoot::with(thawed, cli, env)
    }

    /// The same of an archive that was read; as [`OpenedRoot::open`] where that is not kept in memory.
    ///
    /// # Errors
    /// There is no such system.
    pub(super) fn of_archive(archive: &SmallArchive, cli: &Cli, env: &Env) -> Result<OpenedRoot> {
        match Thawed::in_memory(archive) {
            Some(thawed) => OpenedRoot::with(Some(thawed), cli, env),
            None => OpenedRoot::open(cli, env),
        }
    }

    fn with(thawed: Option<Thawed>, cli: &Cli, env: &Env) -> Result<OpenedRoot> {
        let named = cli.roots.chroot.as_deref();
        let chroot = chroot(named.map(Path::new), thawed.as_ref(), env)?;
        Ok(OpenedRoot { chroot, thawed })
    }
}

/// The judged root. The home of whoever judges is nothing for it, wherever it lies.
pub(super) fn chroot(dir: Option<&Path>, thawed: Option<&Thawed>, env: &Env) -> Result<Chroot> {
    let chroot = match thawed {
        Some(thawed) => thawed.chroot(),
        None => Chroot::new(dir.map(Path::to_path_buf)).with_context(|| {
            let dir = dir.unwrap_or(Path::new("/")).display();
            format!("cannot use \"{dir}\" as root directory")
        })?,
    };
    Ok(match env.get("HOME") {
        Some(home) => chroot.shielding(Path::new(home)),
        None => chroot,
    })
}

/// What to do where no binhost is configured, or none could be read.
pub(super) fn nothing_to_judge(judging: &Judging) -> Hinted {
    let (message, hint) = if judging.hosts.is_empty() {
        ("no binhost is configured", NAME_A_BINHOST)
    } else {
        let hint = if judging.cli.hosts.offline {
            "run it once without --offline"
        } else {
            "the warnings above name the cause for each of them; run it again when that is mended"
        };
        ("no binhost has an index that could be read", hint)
    };
    let mut hints = vec![hint.to_owned()];
    if let Some(source) = &judging.cli.implied.only_binary {
        hints.push(format!(
            "nothing but binary packages is wanted by {DEFAULT_OPTS} ({source})"
        ));
    }
    Hinted {
        message: message.to_owned(),
        hints,
    }
}
