//! All variables in their layers, without those that Portage drops
//! (`portage: config.py:config.__init__`, `special_env_vars.py`).

use std::collections::BTreeSet;

use crate::env::Env;
use crate::local::getconfig::Assignment;
use crate::local::profile::Profile;
use crate::local::vars::{Layer, Vars};
use crate::source::Source;

/// Variables that no layer may set.
const DROPPED: [&str; 54] = [
    "A",
    "AA",
    "BASH_FUNC____in_portage_iuse%%",
    "BDEPEND",
    "BROOT",
    "CATEGORY",
    "DEPEND",
    "DESCRIPTION",
    "DOCS",
    "EAPI",
    "EBUILD_FORCE_TEST",
    "EBUILD_PHASE",
    "EBUILD_PHASE_FUNC",
    "EBUILD_SKIP_MANIFEST",
    "ED",
    "EMERGE_FROM",
    "EPREFIX",
    "EROOT",
    "GREP_OPTIONS",
    "HOMEPAGE",
    "IDEPEND",
    "INHERITED",
    "IUSE",
    "IUSE_EFFECTIVE",
    "KEYWORDS",
    "LICENSE",
    "MERGE_TYPE",
    "PDEPEND",
    "PF",
    "PKGUSE",
    "PORTAGE_BACKGROUND",
    "PORTAGE_BACKGROUND_UNMERGE",
    "PORTAGE_BUILDDIR_LOCKED",
    "PORTAGE_BUILT_USE",
    "PORTAGE_CONFIGROOT",
    "PORTAGE_EBUILD_EXIT_FD",
    "PORTAGE_EXPLICIT_INHERIT",
    "PORTAGE_INTERNAL_CALLER",
    "PORTAGE_IPC_ALIVE_FD",
    "PORTAGE_IUSE",
    "PORTAGE_NONFATAL",
    "PORTAGE_PIPE_FD",
    "PORTAGE_REPO_NAME",
    "PORTAGE_USE",
    "PROPERTIES",
    "RDEPEND",
    "REPOSITORY",
    "REQUIRED_USE",
    "RESTRICT",
    "ROOT",
    "SANDBOX_LOG",
    "SLOT",
    "SRC_URI",
    "_",
];

/// Whether Portage drops a variable wherever it is set.
pub(super) fn is_dropped(name: &str) -> bool {
    DROPPED.binary_search(&name).is_ok()
}

/// Put the layers together.
pub(super) fn stack(
    env_d: Vec<Assignment>,
    globals: Vec<Assignment>,
    profile: &Profile,
    conf: Vec<Assignment>,
    env: &Env,
) -> Vars {
    let defaults = || {
        let assignments = profile.nodes.iter().flat_map(|node| &node.make_defaults);
        assignments.map(|one| (Layer::Defaults, one.clone()))
    };
    let profile_only: BTreeSet<String> = Vars::new(defaults().collect())
        .incremental("PROFILE_ONLY_VARIABLES")
        .into_iter()
        .map(|token| token.word)
        .collect();
    let environment = environment(env, &env_d);
    let layer = |layer: Layer, assignments: Vec<Assignment>| {
        assignments.into_iter().map(move |one| (layer, one))
    };
    let all = layer(Layer::EnvD, env_d)
        .chain(layer(Layer::Conf, conf))
        .chain(layer(Layer::Env, environment))
        .filter(|(_, one)| !profile_only.contains(&one.name))
        .chain(layer(Layer::Globals, globals))
        .chain(defaults())
        .filter(|(_, one)| !is_dropped(&one.name));
    Vars::new(all.collect())
}

/// The environment. A value that profile.env has too is left out: it came from a login shell, and
/// would otherwise hide make.conf.
fn environment(env: &Env, env_d: &[Assignment]) -> Vec<Assignment> {
    env.iter()
        .filter(|(name, value)| {
            let mut same = env_d.iter().filter(|one| one.name == *name);
            !same.any(|one| one.value == *value)
        })
        .map(|(name, value)| Assignment::new(name, value, Source::Env(name.into())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_names_are_sorted() {
        assert!(DROPPED.is_sorted());
        assert!(is_dropped("ROOT") && is_dropped("A") && !is_dropped("USE"));
    }
}
