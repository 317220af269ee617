//! USE of each package under this configuration (`portage: config.py:config.regenerate`,
//! `.setcpv`, `UseManager.py`).
//!
//! A flag is looked up from the strongest layer down until a token decides it, so the answer
//! comes with the line that decided.

mod files;
mod implicit;
mod layers;
mod level;
mod load;
mod order;
mod package;
mod package_env;
mod repositories;
mod testing;
mod tokens;

use std::sync::OnceLock;

use implicit::Implicit;
use layers::{Expand, step};
use level::Level;
use order::{Order, UseLayer};
pub use package::PackageUse;
use package_env::EnvEntry;
use repositories::RepositoryLevels;
use testing::Testing;
use tokens::{Rank, Stack, Tokens};

use super::atom_map::AtomMap;
use crate::pms::{Package, Subject};
use crate::source::Source;

/// All USE configuration, compiled for look-ups.
#[derive(Debug)]
pub struct UseConfig {
    order: Order,
    expand: Expand,
    implicit: Implicit,
    testing: Testing,
    /// `ARCH` of the profiles, which is a flag that is always on.
    arch: Option<(String, Source)>,
    /// Layers that are the same for all packages.
    global: Tokens,
    profiles: Level,
    profile_masks: Level,
    profile_forces: Level,
    repositories: RepositoryLevels,
    /// package.use of the user, less `*/*`.
    user: AtomMap<Tokens>,
    env: AtomMap<EnvEntry>,
}

/// Why a flag is as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The outcome.
    pub enabled: bool,
    /// The line that decided; `None` where nothing speaks of the flag, or only IUSE.
    pub source: Option<Source>,
    /// Whether `use.mask` or `use.force` (and their like) decided.
    pub forced: bool,
}

impl UseConfig {
    /// Whether any atom names a build, so that it tells two builds of one version apart.
    pub fn names_builds(&self) -> bool {
        let of_profiles = [&self.profiles, &self.profile_masks, &self.profile_forces];
        let repositories = &self.repositories;
        let of_repositories = [
            &repositories.flags,
            &repositories.masks,
            &repositories.forces,
        ];
        let mut levels = of_profiles
            .into_iter()
            .chain(of_repositories.into_iter().flatten());
        levels.any(Level::names_builds) || self.user.names_builds() || self.env.names_builds()
    }

    /// The view of one package. `stable` is what [`super::keywords::Keywords::judge`] says about it.
    /// For a built package its own recorded USE counts as implicit IUSE from EAPI 5.
    pub fn of<'a>(&'a self, package: &'a Package, stable: bool) -> PackageUse<'a> {
        let subject = package.subject();
        let mut iuse: Vec<_> = package.iuse().collect();
        iuse.sort_by_key(|iuse| iuse.flag);
        let mut built: Vec<&str> = Vec::new();
        if package.is_built() {
            built.extend(package.built_use());
            built.sort_unstable();
        }
        let env: Vec<&EnvEntry> = self
            .env
            .by_specificity(&subject)
            .into_iter()
            .map(|(_, entry)| entry)
            .collect();
        let effective = |profiles: &'a Level, repositories: &'a [Level]| {
            self.effective(profiles, repositories, &subject, stable)
        };
        let view = PackageUse {
            config: self,
            package,
            iuse,
            built,
            tokens: self.tokens(&subject, stable, &env),
            masks: effective(&self.profile_masks, &self.repositories.masks),
            forces: effective(&self.profile_forces, &self.repositories.forces),
            test_feature: self.testing.feature(&env),
            test_restricted: false,
            states: OnceLock::new(),
        };
        view.with_restricted_tests(&env)
    }

    /// Tokens of all layers but `features` and `pkginternal`.
    fn tokens<'a>(
        &'a self,
        subject: &Subject<'_>,
        stable: bool,
        env: &[&'a EnvEntry],
    ) -> Stack<'a> {
        let mut stack = Stack::default();
        stack.push(Rank::default(), &self.global);
        if let Some(rank) = self.order.rank(UseLayer::Repo) {
            for (position, &index) in self
                .repositories
                .chain(subject.repository)
                .iter()
                .enumerate()
            {
                let use_rank = rank.step(step::USE + position * level::STEPS);
                let levels = &self.repositories;
                if let Some(level) = levels.flags.get(index) {
                    level.collect(use_rank, subject, stable, &mut stack);
                }
                if let Some(expand) = levels.expand.get(index) {
                    stack.push(rank.step(position), expand);
                }
            }
        }
        if let Some(rank) = self.order.rank(UseLayer::Defaults) {
            self.profiles.collect(rank, subject, stable, &mut stack);
        }
        if let Some(rank) = self.order.rank(UseLayer::Pkg) {
            for (position, entry) in env.iter().enumerate() {
                stack.push(rank.entry(position), &entry.tokens);
            }
            let user = self.user.by_specificity(subject);
            for (position, (_, tokens)) in user.into_iter().enumerate() {
                stack.push(rank.step(step::PACKAGE_USE).entry(position), tokens);
            }
        }
        stack
    }

    /// A mask or force family: the repositories' files, then the profiles'.
    fn effective<'a>(
        &self,
        profiles: &'a Level,
        repositories: &'a [Level],
        subject: &Subject<'_>,
        stable: bool,
    ) -> Stack<'a> {
        let mut stack = Stack::default();
        for (position, &index) in self
            .repositories
            .chain(subject.repository)
            .iter()
            .enumerate()
        {
            if let Some(level) = repositories.get(index) {
                let rank = Rank::layer(0).step(position * level::STEPS);
                level.collect(rank, subject, stable, &mut stack);
            }
        }
        profiles.collect(Rank::layer(1), subject, stable, &mut stack);
        stack
    }
}

#[cfg(test)]
mod tests;
