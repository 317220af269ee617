//! Tokens that one layer sets, whatever file they come from: USE, USE_EXPAND and
//! USE_EXPAND_UNPREFIXED variables (`portage: config.py:config.regenerate`).

use super::tokens::{FlagToken, Rank, Tokens};
use crate::local::atom_map::NameMap;
use crate::local::getconfig::Assignment;
use crate::local::vars::Vars;
use crate::source::{Notices, Source};

/// Names of the variables that stand for flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Expand {
    /// USE_EXPAND, each with the `name_` that its flags begin with.
    pub prefixed: Vec<(String, String)>,
    /// USE_EXPAND_UNPREFIXED
    pub unprefixed: Vec<String>,
    prefixes: NameMap<()>,
}

impl Expand {
    /// Read both lists.
    pub(super) fn of(vars: &Vars) -> Expand {
        let words = |name: &str| vars.incremental(name).into_iter().map(|token| token.word);
        let prefixed: Vec<(String, String)> = words("USE_EXPAND")
            .map(|name| {
                let prefix = format!("{}_", name.to_lowercase());
                (name, prefix)
            })
            .collect();
        Expand {
            prefixes: prefixed
                .iter()
                .map(|(_, prefix)| (prefix.as_str().into(), ()))
                .collect(),
            prefixed,
            unprefixed: words("USE_EXPAND_UNPREFIXED").collect(),
        }
    }

    /// Whether some variable's flags begin with this prefix.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        self.prefixes.contains_key(prefix)
    }
}

/// Steps within a layer that is made of variables.
pub(super) mod step {
    /// USE_EXPAND_UNPREFIXED variables.
    pub(in super::super) const UNPREFIXED: usize = 0;
    /// USE itself.
    pub(in super::super) const USE: usize = 1;
    /// What comes behind USE, from package.use.
    pub(in super::super) const PACKAGE_USE: usize = 2;
    /// USE from package.env for all packages.
    pub(in super::super) const GLOBAL_ENV: usize = 3;
    /// USE_EXPAND variables, which come last. The repositories' files come before it.
    pub(in super::super) const EXPAND: usize = 0xFF_0000;
}

/// Add USE tokens from `rank` on.
pub(super) fn push_use<'a>(
    tokens: &mut Tokens,
    words: impl Iterator<Item = (&'a str, &'a Source)>,
    rank: Rank,
    notices: &Notices,
) {
    for (place, (word, source)) in words.enumerate() {
        if word.starts_with('+') {
            notices.at(
                source,
                format!("USE flag {word:?} should not begin with '+'"),
            );
        }
        if let Some(token) = FlagToken::parse(word) {
            tokens.push(token, rank.place(place), source);
        }
    }
}

/// Add the words of USE_EXPAND_UNPREFIXED variables.
pub(super) fn push_unprefixed<'a>(
    tokens: &mut Tokens,
    assignments: impl Iterator<Item = &'a Assignment>,
    rank: Rank,
) {
    let words = assignments.flat_map(Assignment::words);
    for (place, (word, source)) in words.enumerate() {
        let token = match word.strip_prefix('-') {
            Some(flag) => FlagToken::Flag(flag, false),
            None => FlagToken::Flag(word, true),
        };
        tokens.push(token, rank.place(place), source);
    }
}

/// Add USE_EXPAND variables of a layer other than the profiles': each replaces all flags of its
/// prefix, even when it is empty.
pub(super) fn push_expand<'a>(
    tokens: &mut Tokens,
    variables: impl Iterator<Item = (&'a str, &'a Assignment)>,
    rank: Rank,
    notices: &Notices,
) {
    let mut place = 0;
    for (prefix, assignment) in variables {
        tokens.push(
            FlagToken::Prefix(prefix, false),
            rank.place(place),
            &assignment.source,
        );
        for (word, source) in assignment.words() {
            if word.starts_with(['+', '-']) {
                let text = format!("{word:?} skipped: {} takes no signs here", assignment.name);
                notices.at(source, text);
                continue;
            }
            place += 1;
            let flag = format!("{prefix}{word}");
            tokens.push(FlagToken::Flag(&flag, true), rank.place(place), source);
        }
        place += 1;
    }
}

/// Add one profile's make.defaults: variables become tokens that stand before its USE, so that they
/// accumulate over profiles and a later one can subtract.
pub(super) fn push_profile(
    tokens: &mut Tokens,
    assignments: &[Assignment],
    expand: &Expand,
    rank: Rank,
    notices: &Notices,
) {
    let find = |name: &str| {
        assignments
            .iter()
            .rfind(|assignment| assignment.name == name)
    };
    let mut words: Vec<(String, &Source)> = Vec::new();
    for assignment in expand.unprefixed.iter().filter_map(|name| find(name)) {
        words.extend(
            assignment
                .words()
                .map(|(word, source)| (word.to_owned(), source)),
        );
    }
    for (name, prefix) in &expand.prefixed {
        for (word, source) in find(name).into_iter().flat_map(Assignment::words) {
            let word = match word.strip_prefix('-') {
                Some(value) => format!("-{prefix}{value}"),
                None => format!("{prefix}{word}"),
            };
            words.push((word, source));
        }
    }
    let own = find("USE").into_iter().flat_map(Assignment::words);
    words.extend(own.map(|(word, source)| (word.to_owned(), source)));
    let words = words.iter().map(|(word, source)| (word.as_str(), *source));
    push_use(tokens, words, rank, notices);
}

/// Add all that a layer of variables sets; `find` gives the value of a variable.
pub(super) fn push_layer<'a>(
    tokens: &mut Tokens,
    find: impl Fn(&str) -> Option<&'a Assignment>,
    expand: &Expand,
    rank: Rank,
    notices: &Notices,
) {
    let unprefixed = expand.unprefixed.iter().filter_map(|name| find(name));
    push_unprefixed(tokens, unprefixed, rank.step(step::UNPREFIXED));
    let words = find("USE").into_iter().flat_map(Assignment::words);
    push_use(tokens, words, rank.step(step::USE), notices);
    let variables = expand.prefixed.iter();
    let variables = variables.filter_map(|(name, prefix)| Some((prefix.as_str(), find(name)?)));
    push_expand(tokens, variables, rank.step(step::EXPAND), notices);
}
