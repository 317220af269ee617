//! The flag `test`: FEATURES turns it on, and RESTRICT takes it back
//! (`portage: config.py:config.setcpv`).

use super::package_env::EnvEntry;
use crate::local::accept::{of_layer, reduce_words};
use crate::local::vars::{Layer, Token, Vars};
use crate::pms::{Key, Package, Reduced};
use crate::source::Source;

/// What FEATURES and ALLOW_TEST yield.
#[derive(Debug, Default)]
pub(super) struct Testing {
    /// FEATURES of all layers below package.env.
    below: Option<(bool, Source)>,
    /// FEATURES of the calling environment, which beats package.env.
    env: Option<(bool, Source)>,
    allow: String,
    /// Whether the calling environment sets ALLOW_TEST.
    allow_is_from_env: bool,
}

impl Testing {
    /// Read both variables.
    pub(super) fn of(vars: &Vars) -> Testing {
        let all = vars.tokens("FEATURES");
        let env = of_layer(vars, Layer::Env, "FEATURES");
        let below = all.get(..all.len().saturating_sub(env.len()));
        let owned = |(enabled, source): (bool, &Source)| (enabled, source.clone());
        Testing {
            below: last(below.unwrap_or_default()).map(owned),
            env: last(&env).map(owned),
            allow: vars.get("ALLOW_TEST").unwrap_or_default().to_owned(),
            allow_is_from_env: !vars.in_layer(Layer::Env, "ALLOW_TEST").is_empty(),
        }
    }

    /// The place that puts `test` into FEATURES of a package, if it is there.
    pub(super) fn feature<'a>(&'a self, entries: &[&'a EnvEntry]) -> Option<&'a Source> {
        let of_package = || entries.iter().rev().find_map(|entry| last(&entry.features));
        let (enabled, source) = by_ref(&self.env)
            .or_else(of_package)
            .or_else(|| by_ref(&self.below))?;
        enabled.then_some(source)
    }

    /// Whether RESTRICT forbids tests of this package.
    pub(super) fn is_restricted(
        &self,
        package: &Package,
        entries: &[&EnvEntry],
        enabled: &dyn Fn(&str) -> bool,
    ) -> bool {
        let text = package.metadata.text(Key::Restrict);
        if !text.contains("test") {
            return false;
        }
        let allow = entries
            .iter()
            .rev()
            .find_map(|entry| entry.allow_test.as_deref());
        let allow = allow
            .filter(|_| !self.allow_is_from_env)
            .unwrap_or(&self.allow);
        let allows = |kind: &str| allow.split_whitespace().any(|word| word == kind);
        let Ok(properties) = reduce_words(package.metadata.text(Key::Properties), enabled) else {
            return false;
        };
        let Ok(restrict) = reduce_words(text, enabled) else {
            return false;
        };
        let is_allowed = allows("all")
            || allows("network") && has(&properties, "test_network")
            || allows("privileged") && has(&properties, "test_privileged");
        has(&restrict, "test") && !is_allowed
    }
}

fn by_ref(found: &Option<(bool, Source)>) -> Option<(bool, &Source)> {
    found.as_ref().map(|(enabled, source)| (*enabled, source))
}

/// The last word that decides `test`.
fn last(words: &[Token]) -> Option<(bool, &Source)> {
    words
        .iter()
        .rev()
        .find_map(|token| match token.word.as_str() {
            "test" | "+test" => Some((true, &token.source)),
            "-test" | "-*" => Some((false, &token.source)),
            _ => None,
        })
}

fn has(nodes: &[Reduced<String>], word: &str) -> bool {
    nodes.iter().any(|node| match node {
        Reduced::Leaf(leaf) => leaf == word,
        Reduced::AllOf(nodes) | Reduced::AnyOf(nodes) => has(nodes, word),
        Reduced::EmptyAnyOf => false,
    })
}
