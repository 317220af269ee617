//! Systems beside the judged one.

use std::path::Path;

use anyhow::Result;

use super::run::chroot;
use super::thawed::Thawed;
use super::{output, policy};
use crate::binhost::{HostState, Pool};
use crate::check::Policy;
use crate::cli::Cli;
use crate::compare::ComparedSystem;
use crate::env::Env;
use crate::local::tree_state::TreeState;
use crate::local::{Base, Local, Trees};
use crate::packages::{Origins, Packages, Shelf};
use crate::source::Notices;

/// A system that was read.
pub(super) struct LoadedSystem {
    pub(super) policy: Policy,
    pub(super) local: Local,
    pub(super) trees: Trees,
    pub(super) tree: TreeState,
    /// Its files, where it was frozen.
    thawed: Option<Thawed>,
}

impl LoadedSystem {
    /// Its packages, with those of hosts.
    pub(super) fn packages<'p>(
        &'p self,
        shelf: &'p Shelf,
        hosts: &'p [HostState],
        pool: &'p Pool,
        notices: &'p Notices,
    ) -> Packages<'p> {
        let origins = Origins {
            local: &self.local,
            policy: &self.policy,
            trees: &self.trees,
            hosts,
            pool,
            notices,
        };
        Packages::new(shelf, origins)
    }

    /// For a comparison.
    pub(super) fn with<'s, 'a>(&'s self, packages: &'s Packages<'a>) -> ComparedSystem<'s, 'a> {
        ComparedSystem {
            packages,
            tree: &self.tree,
            is_partial: self.thawed.as_ref().is_some_and(Thawed::is_partial),
        }
    }

    /// Read it: `/`, a directory or what `--freeze` wrote.
    ///
    /// # Errors
    /// It is not a system, or its configuration makes Portage abort.
    pub(super) fn of(cli: &Cli, env: &Env, name: &str) -> Result<LoadedSystem> {
        let notices = Notices::default();
        let thawed = Thawed::of(Some(name))?;
        let named = Path::new(name);
        let directory = (named != Path::new("/")).then_some(named);
        let chroot = chroot(directory, thawed.as_ref(), env)?;
        let base = Base::load(chroot, env.clone(), &notices)?;
        let policy = policy::read(&cli.emerge, &base, &notices)?;
        let local = Local::load(base, &notices)?;
        local.installed.check_readable()?;
        let trees = Trees::open(&local.base)?;
        let tree = TreeState::load(&local.base);
        if cli.verbose() {
            output::notices(&notices.sorted(), true);
        }
        Ok(LoadedSystem {
            policy,
            local,
            trees,
            tree,
            thawed,
        })
    }
}
