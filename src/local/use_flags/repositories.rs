//! USE files of repositories, which count for their own packages and for those of repositories that
//! have them as masters (`portage: config.py:config.setcpv`).

use std::collections::HashMap;
use std::sync::Arc;

use super::layers::{self, Expand, step};
use super::level::{Level, SettingFamily};
use super::tokens::{Rank, Tokens};
use crate::local::getconfig::{self, Assignment, Mode};
use crate::local::repositories::{Repositories, Repository};
use crate::local::vars::Layer;
use crate::local::{Base, files};
use crate::source::Notices;

/// Levels by position in the list of repositories.
#[derive(Debug, Default)]
pub(super) struct RepositoryLevels {
    /// `make.defaults` and `package.use`.
    pub flags: Vec<Level>,
    /// USE_EXPAND variables of `make.defaults`; ranks count from the layer's start.
    pub expand: Vec<Tokens>,
    /// `use.mask` and its like.
    pub masks: Vec<Level>,
    /// `use.force` and its like.
    pub forces: Vec<Level>,
    /// Masters, then the repository itself, by its name.
    chains: HashMap<Arc<str>, Vec<usize>>,
}

impl RepositoryLevels {
    /// Read all repositories.
    ///
    /// # Errors
    /// A syntax error in a `make.defaults`.
    pub(super) fn load(
        base: &Base,
        expand: &Expand,
        notices: &Notices,
    ) -> anyhow::Result<RepositoryLevels> {
        let mut levels = RepositoryLevels {
            chains: chains(&base.repositories),
            ..RepositoryLevels::default()
        };
        for repository in &base.repositories.list {
            let of = |family| Level::of_repository(base, repository, family, notices);
            let (mut flags, masks, forces) = (
                of(SettingFamily::USE)?,
                of(SettingFamily::MASK)?,
                of(SettingFamily::FORCE)?,
            );
            let defaults = make_defaults(base, repository, notices)?;
            levels
                .expand
                .push(push_defaults(&mut flags.all, &defaults, expand, notices));
            levels.flags.push(flags);
            levels.masks.push(masks);
            levels.forces.push(forces);
        }
        Ok(levels)
    }

    /// Positions of the repositories that count for packages of this one, weakest first; none where
    /// the repository is unknown.
    pub(super) fn chain(&self, repository: Option<&str>) -> &[usize] {
        let chain = repository.and_then(|name| self.chains.get(name));
        chain.map_or(&[], Vec::as_slice)
    }
}

fn chains(repositories: &Repositories) -> HashMap<Arc<str>, Vec<usize>> {
    let chain = |(index, repository): (usize, &Repository)| {
        let mut chain = repository.masters.clone();
        chain.push(index);
        (Arc::clone(&repository.name), chain)
    };
    repositories.list.iter().enumerate().map(chain).collect()
}

/// Add USE and unprefixed variables to a repository's tokens, and give USE_EXPAND variables, which
/// count after all repositories' USE, for themselves.
fn push_defaults(
    tokens: &mut Tokens,
    defaults: &[Assignment],
    expand: &Expand,
    notices: &Notices,
) -> Tokens {
    let find = |name: &str| defaults.iter().rfind(|assignment| assignment.name == name);
    let unprefixed: Vec<&Assignment> = expand
        .unprefixed
        .iter()
        .filter_map(|name| find(name))
        .collect();
    let before: usize = unprefixed
        .iter()
        .map(|assignment| assignment.words().count())
        .sum();
    layers::push_unprefixed(tokens, unprefixed.into_iter(), Rank::default());
    let words = find("USE").into_iter().flat_map(Assignment::words);
    layers::push_use(tokens, words, Rank::default().place(before), notices);
    let mut expanded = Tokens::default();
    let variables = expand.prefixed.iter();
    let variables = variables.filter_map(|(name, prefix)| Some((prefix.as_str(), find(name)?)));
    let rank = Rank::default().step(step::EXPAND);
    layers::push_expand(&mut expanded, variables, rank, notices);
    expanded
}

/// `profiles/make.defaults`, which knows make.globals and not the profiles.
fn make_defaults(
    base: &Base,
    repository: &Repository,
    notices: &Notices,
) -> anyhow::Result<Vec<Assignment>> {
    let path = repository.location.join("profiles/make.defaults");
    let mode = Mode {
        allow_source: false,
        expand: true,
    };
    let globals = base.vars.layer(Layer::Globals);
    let mut map = globals
        .map(|one| (one.name.clone(), one.value.clone()))
        .collect();
    let files = files::expand(&base.chroot, &path, notices)?;
    getconfig::read_all(&base.chroot, &files, &mut map, mode, notices)
}
