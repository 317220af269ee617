//! Reading all USE configuration.

use super::files::{Prefixes, expand_prefixes};
use super::implicit::{Implicit, arch_list};
use super::layers::{self, Expand, step};
use super::level::{Level, STEPS, SettingFamily};
use super::order::{self, Order, UseLayer};
use super::repositories::RepositoryLevels;
use super::testing::Testing;
use super::tokens::{Rank, Tokens};
use super::{UseConfig, package_env};
use crate::local::atom_map::{AtomEntry, AtomMap, UseDeps, Word, dictionary};
use crate::local::getconfig::Assignment;
use crate::local::package_env::PackageEnv;
use crate::local::profile::Profile;
use crate::local::vars::{Layer, Vars};
use crate::local::{Base, files};
use crate::pms::Syntax;
use crate::source::{Notices, Source};

impl UseConfig {
    /// Read every layer: profile.env, repositories, profiles, make.conf, package.use, environment,
    /// and the mask and force families.
    ///
    /// # Errors
    /// What makes Portage abort, such as a directory where a profile may have none.
    pub fn load(base: &Base, env: &PackageEnv, notices: &Notices) -> anyhow::Result<UseConfig> {
        let expand = Expand::of(&base.vars);
        let order = Order::parse(base.vars.get("USE_ORDER").unwrap_or(order::DEFAULT));
        let (global_words, user) = package_use(base, notices)?;
        let mut profiles = Level::of_profiles(base, &base.profile, SettingFamily::USE, notices)?;
        push_profiles(&mut profiles.all, &base.profile, &expand, notices);
        let profile_masks = Level::of_profiles(base, &base.profile, SettingFamily::MASK, notices)?;
        let profile_forces =
            Level::of_profiles(base, &base.profile, SettingFamily::FORCE, notices)?;
        let arch = arch(&base.vars);
        let implicit = Implicit::new(
            &base.vars,
            arch.as_ref().map(|(arch, _)| arch.as_str()),
            arch_list(base, notices)?,
            profile_masks
                .all
                .enabled_names()
                .chain(profile_forces.all.enabled_names()),
        );
        Ok(UseConfig {
            global: global(base, &order, &expand, &global_words, notices),
            repositories: RepositoryLevels::load(base, &expand, notices)?,
            testing: Testing::of(&base.vars),
            env: package_env::compile(env, &expand, notices),
            order,
            expand,
            implicit,
            arch,
            profiles,
            profile_masks,
            profile_forces,
            user,
        })
    }
}

/// `ARCH` of the last profile that sets it; make.conf does not count.
fn arch(vars: &Vars) -> Option<(String, Source)> {
    let assignment = *vars.in_layer(Layer::Defaults, "ARCH").last()?;
    let is_set = !assignment.value.is_empty();
    is_set.then(|| (assignment.value.clone(), assignment.source.clone()))
}

/// make.defaults of all profiles.
fn push_profiles(tokens: &mut Tokens, profile: &Profile, expand: &Expand, notices: &Notices) {
    for (index, node) in profile.nodes.iter().enumerate() {
        let rank = Rank::default().step(index * STEPS);
        layers::push_profile(tokens, &node.make_defaults, expand, rank, notices);
    }
}

/// The layers of variables, which are the same for all packages.
fn global(
    base: &Base,
    order: &Order,
    expand: &Expand,
    package_use: &[Word],
    notices: &Notices,
) -> Tokens {
    let mut tokens = Tokens::default();
    for (layer, vars) in [
        (UseLayer::EnvD, Layer::EnvD),
        (UseLayer::Globals, Layer::Globals),
        (UseLayer::Env, Layer::Env),
    ] {
        if let Some(rank) = order.rank(layer) {
            let find = |name: &str| base.vars.in_layer(vars, name).last().copied();
            layers::push_layer(&mut tokens, find, expand, rank, notices);
        }
    }
    if let Some(rank) = order.rank(UseLayer::Conf) {
        push_conf(&mut tokens, base, expand, package_use, rank, notices);
    }
    tokens
}

/// make.conf's USE, then `*/*` of package.use, then USE of `*/*` of package.env, then USE_EXPAND.
fn push_conf(
    tokens: &mut Tokens,
    base: &Base,
    expand: &Expand,
    package_use: &[Word],
    rank: Rank,
    notices: &Notices,
) {
    let find = |name: &str| base.vars.in_layer(Layer::Conf, name).last().copied();
    let without_use = |name: &str| find(name).filter(|_| name != "USE");
    layers::push_layer(tokens, without_use, expand, rank, notices);
    let env_dir = base.roots.user_config.join("env");
    let words = find("USE").into_iter().flat_map(Assignment::words);
    let (of_env, of_conf): (Vec<_>, Vec<_>) =
        words.partition(|(_, source)| source.path().is_some_and(|path| path.starts_with(&env_dir)));
    let of_package_use = package_use
        .iter()
        .map(|word| (word.text.as_str(), &word.source));
    layers::push_use(tokens, of_conf.into_iter(), rank.step(step::USE), notices);
    layers::push_use(
        tokens,
        of_package_use,
        rank.step(step::PACKAGE_USE),
        notices,
    );
    layers::push_use(
        tokens,
        of_env.into_iter(),
        rank.step(step::GLOBAL_ENV),
        notices,
    );
}

/// The user's package.use: words of `*/*`, and the other entries. Flags are not checked here.
fn package_use(base: &Base, notices: &Notices) -> anyhow::Result<(Vec<Word>, AtomMap<Tokens>)> {
    let path = base.roots.user_config.join("package.use");
    let lines = files::lines(&base.chroot, &path, notices)?;
    let mut global = Vec::new();
    let mut by_atom = AtomMap::default();
    for AtomEntry { atom, words, .. } in dictionary(lines, Syntax::USER, UseDeps::Rejected, notices)
    {
        let words = expand_prefixes(words, Prefixes::UntilNextLine);
        if atom.as_str() == "*/*" {
            global.extend(words);
            continue;
        }
        let mut tokens = Tokens::default();
        let words = words.iter().map(|word| (word.text.as_str(), &word.source));
        layers::push_use(&mut tokens, words, Rank::default(), notices);
        by_atom.push(atom, tokens);
    }
    Ok((global, by_atom))
}
