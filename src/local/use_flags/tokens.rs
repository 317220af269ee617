//! USE tokens, compiled so that the last one that decides a flag is found at once.
//!
//! Portage applies all tokens to a set, weakest first. The state of one flag is what the last token
//! that touches it says, so nothing else has to be looked at.

use crate::local::atom_map::NameMap;
use crate::source::Source;

/// Where a token stands in the order of evaluation; the greater one wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(u64);

impl Rank {
    /// The start of a layer of USE_ORDER, or of a group of files.
    pub(super) fn layer(layer: u8) -> Rank {
        Rank(u64::from(layer) << 56)
    }

    /// A step within a layer.
    pub(super) fn step(self, step: usize) -> Rank {
        Rank(self.0 + ((step.min(0xFF_FFFF) as u64) << 32))
    }

    /// One of several entries that count at the same step.
    pub(super) fn entry(self, entry: usize) -> Rank {
        Rank(self.0 + ((entry.min(0xFFF) as u64) << 20))
    }

    /// A token's place within its step or entry.
    pub(super) fn place(self, place: usize) -> Rank {
        Rank(self.0 + place.min(0xF_FFFF) as u64)
    }

    /// A rank that counts from `self` on.
    fn plus(self, other: Rank) -> Rank {
        Rank(self.0.saturating_add(other.0))
    }
}

/// What a word of USE says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlagToken<'a> {
    /// `-*`
    Clear,
    /// `name` or `-name`
    Flag(&'a str, bool),
    /// `name_*` or `-name_*`, without the `*`
    Prefix(&'a str, bool),
}

impl<'a> FlagToken<'a> {
    /// Read a word; a leading `+` is an error that Portage overlooks.
    pub(super) fn parse(word: &'a str) -> Option<FlagToken<'a>> {
        if word == "-*" {
            return Some(FlagToken::Clear);
        }
        let word = word.strip_prefix('+').unwrap_or(word);
        let (name, enabled) = match word.strip_prefix('-') {
            Some(name) => (name, false),
            None => (word, true),
        };
        match name.strip_suffix('*') {
            _ if name.is_empty() => None,
            Some(prefix) if prefix.ends_with('_') => Some(FlagToken::Prefix(prefix, enabled)),
            _ => Some(FlagToken::Flag(name, enabled)),
        }
    }
}

/// A token that decides a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub rank: Rank,
    pub enabled: bool,
    pub source: Source,
}

/// Tokens by what they touch; of several that touch the same the last is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    flags: NameMap<Hit>,
    clear: Option<Hit>,
    /// `name_*` and `-name_*`, by `name_`.
    enabled_prefixes: NameMap<Hit>,
    disabled_prefixes: NameMap<Hit>,
    longest_prefix: usize,
    has_literal_wildcard: bool,
}

impl Tokens {
    /// Add a token; one of a higher rank for the same thing stays.
    pub(super) fn push(&mut self, token: FlagToken<'_>, rank: Rank, source: &Source) {
        let hit = |enabled| Hit {
            rank,
            enabled,
            source: source.clone(),
        };
        match token {
            FlagToken::Clear => keep_later(&mut self.clear, hit(false)),
            FlagToken::Flag(name, enabled) => {
                self.has_literal_wildcard |= name.ends_with("_*");
                insert_later(&mut self.flags, name, hit(enabled));
            }
            FlagToken::Prefix(prefix, enabled) => {
                self.longest_prefix = self.longest_prefix.max(prefix.len());
                let prefixes = if enabled {
                    &mut self.enabled_prefixes
                } else {
                    &mut self.disabled_prefixes
                };
                insert_later(prefixes, prefix, hit(enabled));
            }
        }
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.flags.is_empty() && self.clear.is_none() && self.longest_prefix == 0
    }

    /// Whether a literal `name_*` can come out of these.
    fn may_have_wildcards(&self) -> bool {
        self.has_literal_wildcard || !self.enabled_prefixes.is_empty()
    }

    /// Names of flags that the last token about them enables, whatever else there is.
    pub(super) fn enabled_names(&self) -> impl Iterator<Item = &str> {
        let enabled = self.flags.iter().filter(|(_, hit)| hit.enabled);
        enabled.map(|(name, _)| &**name)
    }

    /// The last token that decides a flag; `expands` tells whether `prefix*` stands for it.
    fn last(&self, flag: &str, expands: &dyn Fn(&str) -> bool) -> Option<&Hit> {
        let mut last = later(self.clear.as_ref(), self.flags.get(flag));
        if self.longest_prefix == 0 {
            return last;
        }
        let ends = flag.match_indices('_').map(|(start, _)| start + 1);
        for end in ends.take_while(|&end| end <= self.longest_prefix) {
            let prefix = &flag[..end];
            last = later(last, self.disabled_prefixes.get(prefix));
            let enabled = self.enabled_prefixes.get(prefix);
            last = later(last, enabled.filter(|_| expands(prefix)));
        }
        last
    }
}

fn keep_later(slot: &mut Option<Hit>, hit: Hit) {
    if slot.as_ref().is_none_or(|known| known.rank <= hit.rank) {
        *slot = Some(hit);
    }
}

fn insert_later(hits: &mut NameMap<Hit>, name: &str, hit: Hit) {
    match hits.get_mut(name) {
        Some(known) if known.rank <= hit.rank => *known = hit,
        Some(_) => {}
        None => drop(hits.insert(name.into(), hit)),
    }
}

fn later<'a>(a: Option<&'a Hit>, b: Option<&'a Hit>) -> Option<&'a Hit> {
    match (a, b) {
        (Some(a), Some(b)) if a.rank > b.rank => Some(a),
        (a, b) => b.or(a),
    }
}

/// Tokens that count for one package, each set from its own rank on.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack<'a>(Vec<(Rank, &'a Tokens)>);

impl<'a> Stack<'a> {
    /// Add tokens whose ranks count from `base` on.
    pub(super) fn push(&mut self, base: Rank, tokens: &'a Tokens) {
        if !tokens.is_empty() {
            self.0.push((base, tokens));
        }
    }

    /// The last token that decides a flag, with its rank among all.
    pub(super) fn last(
        &self,
        flag: &str,
        expands: &dyn Fn(&str) -> bool,
    ) -> Option<(Rank, &'a Hit)> {
        let hits = self.0.iter().filter_map(|(base, tokens)| {
            let hit = tokens.last(flag, expands)?;
            Some((base.plus(hit.rank), hit))
        });
        hits.max_by_key(|(rank, _)| *rank)
    }

    /// Whether a literal `name_*` can come out of these.
    pub(super) fn may_have_wildcards(&self) -> bool {
        self.0.iter().any(|(_, tokens)| tokens.may_have_wildcards())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(words: &str, flag: &str) -> Option<bool> {
        let mut tokens = Tokens::default();
        for (place, word) in words.split_whitespace().enumerate() {
            if let Some(token) = FlagToken::parse(word) {
                tokens.push(token, Rank::default().place(place), &Source::BuiltIn);
            }
        }
        tokens.last(flag, &|_| true).map(|hit| hit.enabled)
    }

    #[test]
    fn words() {
        for (word, expected) in [
            ("-*", Some(FlagToken::Clear)),
            ("foo", Some(FlagToken::Flag("foo", true))),
            ("-foo", Some(FlagToken::Flag("foo", false))),
            ("+foo", Some(FlagToken::Flag("foo", true))),
            ("+-foo", Some(FlagToken::Flag("foo", false))),
            ("+-*", Some(FlagToken::Flag("*", false))),
            ("*", Some(FlagToken::Flag("*", true))),
            ("l10n_*", Some(FlagToken::Prefix("l10n_", true))),
            ("-l10n_*", Some(FlagToken::Prefix("l10n_", false))),
            ("l10n*", Some(FlagToken::Flag("l10n*", true))),
            ("+", None),
            ("-", None),
        ] {
            assert_eq!(FlagToken::parse(word), expected, "{word}");
        }
    }

    #[test]
    fn last_token_decides() {
        for (words, flag, expected) in [
            ("", "a", None),
            ("a", "a", Some(true)),
            ("a -a", "a", Some(false)),
            ("-a a", "a", Some(true)),
            ("a -*", "a", Some(false)),
            ("-* a", "a", Some(true)),
            ("a -*", "b", Some(false)),
            ("v_a -v_*", "v_a", Some(false)),
            ("-v_* v_a", "v_a", Some(true)),
            ("v_*", "v_a", Some(true)),
            ("v_* -v_a", "v_a", Some(false)),
            ("-v_a v_*", "v_a", Some(true)),
            ("v_*", "w_a", None),
            ("v_w_* -v_*", "v_w_a", Some(false)),
            ("-v_* v_w_*", "v_w_a", Some(true)),
        ] {
            assert_eq!(state(words, flag), expected, "{words:?} {flag}");
        }
    }

    proptest::proptest! {
        /// The last token that touches a flag says what applying all tokens to a set says.
        #[test]
        fn same_as_a_set(
            words in proptest::collection::vec("-?(\\*|a|b_c|b_d_e|b_\\*|b_d_\\*)", 0..12),
        ) {
            let flags = ["a", "b_c", "b_d_e"];
            let mut set = std::collections::BTreeSet::new();
            for word in &words {
                match FlagToken::parse(word) {
                    Some(FlagToken::Clear) => set.clear(),
                    Some(FlagToken::Flag(name, true)) => drop(set.insert(name)),
                    Some(FlagToken::Flag(name, false)) => drop(set.remove(name)),
                    Some(FlagToken::Prefix(prefix, true)) => {
                        set.extend(flags.iter().filter(|flag| flag.starts_with(prefix)));
                    }
                    Some(FlagToken::Prefix(prefix, false)) => set.retain(|flag| !flag.starts_with(prefix)),
                    None => {}
                }
            }
            for flag in flags {
                let enabled = state(&words.join(" "), flag).unwrap_or(false);
                proptest::prop_assert_eq!(enabled, set.contains(flag), "{}", flag);
            }
        }
    }
}
