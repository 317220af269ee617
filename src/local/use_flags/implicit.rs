//! Flags that packages have without listing them in IUSE
//! (`portage: config.py:config._calc_iuse_effective`, `._get_implicit_iuse`).

use std::collections::HashSet;

use regex::Regex;

use crate::local::atom_map::NameMap;
use crate::local::vars::Vars;
use crate::local::{Base, files};
use crate::pms::Eapi;
use crate::source::Notices;

/// Implicit flags of all packages.
#[derive(Debug, Default)]
pub(super) struct Implicit {
    /// From EAPI 5: what the profile declares.
    effective: NameMap<()>,
    old: Old,
}

/// Before EAPI 5: patterns that match whole flags.
#[derive(Debug, Default)]
struct Old {
    words: NameMap<()>,
    /// Prefixes of USE_EXPAND_HIDDEN variables.
    prefixes: Vec<String>,
    /// Words that mean something else as a regular expression, such as `c++`.
    expressions: Vec<Regex>,
}

impl Implicit {
    /// Compute both kinds. `masked_or_forced` are the flags that the profiles' use.mask and use.force name,
    /// which count as implicit before EAPI 5.
    pub(super) fn new<'a>(
        vars: &Vars,
        arch: Option<&str>,
        arch_list: Vec<String>,
        masked_or_forced: impl Iterator<Item = &'a str>,
    ) -> Implicit {
        let mut old = Old::default();
        let fixed = ["build", "bootstrap"].into_iter().chain(arch);
        let words = fixed.map(str::to_owned).chain(arch_list);
        for word in words.chain(masked_or_forced.map(str::to_owned)) {
            old.add(word);
        }
        let hidden = vars.incremental("USE_EXPAND_HIDDEN").into_iter();
        old.prefixes = hidden
            .map(|token| format!("{}_", token.word.to_lowercase()))
            .collect();
        Implicit {
            effective: effective(vars)
                .into_iter()
                .map(|flag| (flag.into(), ()))
                .collect(),
            old,
        }
    }

    /// Whether a flag is implicit for packages of this EAPI; an unsupported one counts as old.
    pub(super) fn has(&self, flag: &str, eapi: Option<Eapi>) -> bool {
        if has_iuse_effective(eapi) {
            self.effective.contains_key(flag)
        } else {
            self.old.matches(flag)
        }
    }
}

/// Whether the EAPI knows IUSE_EFFECTIVE.
pub(super) fn has_iuse_effective(eapi: Option<Eapi>) -> bool {
    eapi.is_some_and(|eapi| eapi.number() >= 5)
}

impl Old {
    fn add(&mut self, word: String) {
        let has_meaning = word.contains(|c: char| ".+*?()[]{}|^$\\".contains(c));
        let expression = if has_meaning {
            Regex::new(&format!("\\A(?:{word})\\z")).ok()
        } else {
            None
        };
        match expression {
            Some(expression) => self.expressions.push(expression),
            None => drop(self.words.insert(word.into(), ())),
        }
    }

    fn matches(&self, flag: &str) -> bool {
        self.words.contains_key(flag)
            || self.prefixes.iter().any(|prefix| flag.starts_with(prefix))
            || self
                .expressions
                .iter()
                .any(|expression| expression.is_match(flag))
    }
}

/// IUSE_EFFECTIVE without IUSE (PMS, "USE").
fn effective(vars: &Vars) -> HashSet<String> {
    let words = |name: &str| {
        let tokens = vars.incremental(name).into_iter();
        tokens.map(|token| token.word).collect::<Vec<String>>()
    };
    let values = |name: &str| {
        let text = vars
            .get(&format!("USE_EXPAND_VALUES_{name}"))
            .unwrap_or_default();
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<String>>()
    };
    let implicit: HashSet<String> = words("USE_EXPAND_IMPLICIT").into_iter().collect();
    let mut flags: HashSet<String> = words("IUSE_IMPLICIT").into_iter().collect();
    for name in words("USE_EXPAND_UNPREFIXED") {
        if implicit.contains(&name) {
            flags.extend(values(&name));
        }
    }
    for name in words("USE_EXPAND") {
        if implicit.contains(&name) {
            let prefix = name.to_lowercase();
            flags.extend(
                values(&name)
                    .iter()
                    .map(|value| format!("{prefix}_{value}")),
            );
        }
    }
    flags
}

/// All words of the `arch.list` files of repositories and user.
pub(super) fn arch_list(base: &Base, notices: &Notices) -> anyhow::Result<Vec<String>> {
    let repositories = base.repositories.list.iter();
    let dirs = repositories
        .map(|repository| repository.location.join("profiles"))
        .chain([base.roots.user_config.clone()]);
    let mut words: Vec<String> = Vec::new();
    for dir in dirs {
        for line in files::lines(&base.chroot, &dir.join("arch.list"), notices)? {
            for word in line.words {
                match word.strip_prefix('-') {
                    Some("*") => words.clear(),
                    Some(gone) => words.retain(|word| word != gone),
                    None => words.push(word),
                }
            }
        }
    }
    Ok(words)
}
