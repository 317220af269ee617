//! What package.env says about USE, compiled (`portage: config.py:config.setcpv`).

use super::layers::{self, Expand};
use super::tokens::{Rank, Tokens};
use crate::local::accept::words_of;
use crate::local::atom_map::AtomMap;
use crate::local::getconfig::Assignment;
use crate::local::package_env::PackageEnv;
use crate::local::vars::Token;
use crate::source::Notices;

/// The variables of one atom.
#[derive(Debug)]
pub(super) struct EnvEntry {
    /// USE and the variables that stand for flags; ranks count from the layer's start.
    pub tokens: Tokens,
    /// Words of FEATURES.
    pub features: Vec<Token>,
    /// ALLOW_TEST
    pub allow_test: Option<String>,
}

/// Compile all entries.
pub(super) fn compile(env: &PackageEnv, expand: &Expand, notices: &Notices) -> AtomMap<EnvEntry> {
    let entries = env.entries().iter();
    entries
        .map(|(atom, assignments)| (atom.clone(), entry(assignments, expand, notices)))
        .collect()
}

fn entry(assignments: &[Assignment], expand: &Expand, notices: &Notices) -> EnvEntry {
    let find = |name: &str| {
        assignments
            .iter()
            .find(|assignment| assignment.name == name)
    };
    let mut tokens = Tokens::default();
    layers::push_layer(&mut tokens, find, expand, Rank::default(), notices);
    EnvEntry {
        tokens,
        features: find("FEATURES").into_iter().flat_map(words_of).collect(),
        allow_test: find("ALLOW_TEST").map(|assignment| assignment.value.clone()),
    }
}
