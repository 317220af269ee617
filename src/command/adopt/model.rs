//! What is adopted from: a binhost by its index, or a build host by its own files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::binhost::{Candidate, HostId, HostState, Pool};
use crate::chroot::{FileKind, is_below_any};
use crate::cli::Cli;
use crate::command::hosts::{is_named, no_such_host};
use crate::command::judging::Judging;
use crate::command::system::LoadedSystem;
use crate::env::Env;
use crate::local::Base;
use crate::pms::{Key, Metadata};

/// What a host built, and how it is configured.
pub(super) struct Model {
    /// How it is called, without secrets.
    pub(super) label: String,
    /// Whether it is a binhost that is not configured here.
    pub(super) is_foreign: bool,
    /// What it built, as if they were packages of this machine's binhosts.
    pub(super) pool: Pool,
    /// Its profile, as far as known, by its path below a repository's profiles.
    pub(super) profile: Option<String>,
    /// ACCEPT_KEYWORDS.
    pub(super) accept_keywords: String,
    /// The build host itself.
    pub(super) system: Option<LoadedSystem>,
}

impl Model {
    /// By the name or URI of a binhost, or the path of a system.
    ///
    /// # Errors
    /// There is no such host, its index could not be read, or the path is no system.
    pub(super) fn of(judging: &Judging, pool: &Pool, env: &Env, name: &str) -> Result<Model> {
        if let Some((id, state)) = host(judging, name) {
            return Model::of_host(id, state, pool);
        }
        if !Path::new(name).exists() {
            let hosts = judging.hosts.iter().map(|host| host.repo.label());
            return Err(no_such_host(name, &hosts.collect::<Vec<_>>()));
        }
        let system = LoadedSystem::of(&judging.cli, env, name);
        let system = system.with_context(|| name.to_owned())?;
        Ok(Model::of_system(name, system))
    }

    fn of_host(id: HostId, state: &HostState, pool: &Pool) -> Result<Model> {
        let label = state.repo.label();
        let Some(index) = &state.index else {
            bail!("--adopt={label}: its index could not be read");
        };
        Ok(Model {
            label,
            is_foreign: state.repo.is_added(),
            pool: pool.of_host(id),
            profile: index.header("PROFILE").map(str::to_owned),
            accept_keywords: index
                .header("ACCEPT_KEYWORDS")
                .unwrap_or_default()
                .to_owned(),
            system: None,
        })
    }

    fn of_system(name: &str, system: LoadedSystem) -> Model {
        let vars = &system.local.base.vars;
        let chost = vars.get("CHOST").unwrap_or_default();
        let packages = system.local.installed.packages();
        let candidates = packages.filter_map(|package| {
            let cpv = package.cpv.to_string();
            let pairs = Key::ALL
                .into_iter()
                .filter_map(|key| Some((key, package.metadata.get(key)?)));
            let pairs = pairs.chain([(Key::Cpv, cpv.as_str())]);
            Candidate::new(Metadata::from_pairs(pairs), None, chost).ok()
        });
        Model {
            label: name.to_owned(),
            is_foreign: false,
            pool: Pool {
                entries: candidates.map(|candidate| (candidate, None)).collect(),
            },
            profile: system.tree.profile.clone(),
            accept_keywords: vars.get("ACCEPT_KEYWORDS").unwrap_or_default().to_owned(),
            system: Some(system),
        }
    }

    /// Whether it takes testing packages in general.
    pub(super) fn is_testing(&self) -> bool {
        let mut words = self.accept_keywords.split_whitespace();
        words.any(|word| word.starts_with('~'))
    }

    /// The directory of its profile in this machine's repositories.
    pub(super) fn profile_dir(&self, base: &Base) -> Option<PathBuf> {
        let name = Path::new(self.profile.as_deref()?);
        let repositories = base.repositories.list.iter();
        let dirs = repositories.map(|one| one.location.join("profiles").join(name));
        let is_there = |dir: &PathBuf| base.chroot.kind(dir) == Some(FileKind::Dir);
        is_below_any(name).then(|| dirs.into_iter().find(is_there))?
    }
}

/// Ask the host that `--adopt` names by a URI, even if it is not configured.
pub(in crate::command) fn add_host(cli: &mut Cli) {
    if let Some(name) = &cli.action.adopt
        && name.contains("://")
        && !Path::new(name).exists()
        && !cli.hosts.binhost.contains(name)
    {
        cli.hosts.binhost.push(name.clone());
    }
}

fn host<'j>(judging: &'j Judging, name: &str) -> Option<(HostId, &'j HostState)> {
    let mut hosts = HostId::number(&judging.hosts);
    hosts.find(|(_, state)| is_named(&state.repo, name))
}
