//! USE of one package (`portage: config.py:config.setcpv`, `_emerge/Package.py:Package._init_use`).

use std::sync::OnceLock;

use super::implicit::has_iuse_effective;
use super::order::UseLayer;
use super::package_env::EnvEntry;
use super::tokens::{Rank, Stack};
use super::{Decision, UseConfig};
use crate::pms::{Iuse, Package};
use crate::source::Source;

/// USE of one package.
#[derive(Debug)]
pub struct PackageUse<'a> {
    pub(super) config: &'a UseConfig,
    pub(super) package: &'a Package,
    /// IUSE by flag; words of one flag in their order.
    pub(super) iuse: Vec<Iuse<'a>>,
    /// Recorded USE of a built package, sorted.
    pub(super) built: Vec<&'a str>,
    pub(super) tokens: Stack<'a>,
    pub(super) masks: Stack<'a>,
    pub(super) forces: Stack<'a>,
    /// The place that has `test` in FEATURES.
    pub(super) test_feature: Option<&'a Source>,
    /// Whether RESTRICT forbids tests.
    pub(super) test_restricted: bool,
    /// What the configuration makes of the flags of IUSE, in their order, each once somebody asks: builds of a
    /// version are all held against the same ebuild.
    pub(super) states: OnceLock<Box<[OnceLock<bool>]>>,
}

/// What decided a flag.
#[derive(Clone, Copy)]
struct UseOutcome<'a> {
    enabled: bool,
    source: Option<&'a Source>,
    forced: bool,
}

impl<'a> PackageUse<'a> {
    /// The flags of IUSE, sorted, each once.
    pub fn names(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.iuse.iter().map(|iuse| iuse.flag).collect();
        names.dedup();
        names
    }

    /// Whether the flag is in IUSE or implicit for this package (IUSE_EFFECTIVE; for EAPI 4 and
    /// older the patterns of that time).
    pub fn is_valid(&self, flag: &str) -> bool {
        self.in_iuse(flag)
            || self.config.implicit.has(flag, self.package.eapi)
            || has_iuse_effective(self.package.eapi) && self.in_built_use(flag)
    }

    /// Whether the configuration enables the flag; false for one that is not valid.
    pub fn enabled(&self, flag: &str) -> bool {
        let Ok(place) = self.place_in_iuse(flag) else {
            return self.is_valid(flag) && self.outcome(flag).enabled;
        };
        let all = || self.iuse.iter().map(|_| OnceLock::new()).collect();
        let state = self.states.get_or_init(all).get(place);
        let find = || self.outcome(flag).enabled;
        state.map_or_else(find, |state| *state.get_or_init(find))
    }

    /// The outcome for a flag and the line that decided it.
    pub fn decide(&self, flag: &str) -> Decision {
        let outcome = self.outcome(flag);
        Decision {
            enabled: outcome.enabled,
            source: outcome.source.cloned(),
            forced: outcome.forced,
        }
    }

    /// Whether the mask family holds the flag off.
    pub fn is_masked(&self, flag: &str) -> bool {
        effective(&self.masks, flag).is_some()
    }

    /// Whether the force family holds the flag on.
    pub fn is_forced(&self, flag: &str) -> bool {
        effective(&self.forces, flag).is_some()
    }

    /// For a built package: whether it was built with the flag, judged as Portage does
    /// (`_emerge/Package.py:Package._init_use`): in its USE, and in its IUSE or implicit.
    pub fn built_with(&self, flag: &str) -> bool {
        self.in_built_use(flag) && self.is_valid(flag)
    }

    fn in_iuse(&self, flag: &str) -> bool {
        self.place_in_iuse(flag).is_ok()
    }

    fn place_in_iuse(&self, flag: &str) -> Result<usize, usize> {
        self.iuse.binary_search_by(|iuse| iuse.flag.cmp(flag))
    }

    fn in_built_use(&self, flag: &str) -> bool {
        self.built.binary_search(&flag).is_ok()
    }

    /// Mask beats force, force beats ARCH, and ARCH beats all tokens.
    fn outcome(&self, flag: &str) -> UseOutcome<'a> {
        let forced = |enabled, source| UseOutcome {
            enabled,
            source: Some(source),
            forced: true,
        };
        let set = |(enabled, source)| UseOutcome {
            enabled,
            source,
            forced: false,
        };
        if let Some(source) = effective(&self.masks, flag) {
            return forced(false, source);
        }
        if let Some(source) = effective(&self.forces, flag) {
            return forced(true, source);
        }
        match &self.config.arch {
            Some((arch, source)) if arch == flag => set((true, Some(source))),
            _ => set(self.by_tokens(flag)),
        }
    }

    /// What the tokens of all layers yield.
    fn by_tokens(&self, flag: &str) -> (bool, Option<&'a Source>) {
        let in_iuse = self.in_iuse(flag);
        let layers = self.tokens.last(flag, &|_| in_iuse);
        let layers = layers.map(|(rank, hit)| (rank, hit.enabled, Some(&hit.source)));
        let last = [self.by_iuse(flag), self.by_features(flag), layers]
            .into_iter()
            .flatten()
            .max_by_key(|(rank, ..)| *rank);
        let (enabled, source) =
            last.map_or((false, None), |(_, enabled, source)| (enabled, source));
        match self.by_wildcard(flag) {
            Some(wildcard) if !enabled => (true, Some(wildcard)),
            _ => (enabled, source),
        }
    }

    /// The layer `features`: FEATURES=test.
    fn by_features(&self, flag: &str) -> Option<(Rank, bool, Option<&'a Source>)> {
        let source = self.test_feature.filter(|_| flag == "test")?;
        let rank = self.config.order.rank(UseLayer::Features)?;
        Some((rank, true, Some(source)))
    }

    /// The layer `pkginternal`: defaults in IUSE, of which the last counts, and `-test` behind them
    /// where RESTRICT takes FEATURES=test back.
    fn by_iuse(&self, flag: &str) -> Option<(Rank, bool, Option<&'a Source>)> {
        let rank = self.config.order.rank(UseLayer::PkgInternal)?;
        if flag == "test" && self.test_restricted {
            return Some((rank, false, None));
        }
        let start = self.iuse.partition_point(|iuse| iuse.flag < flag);
        let words = self.iuse[start..]
            .iter()
            .take_while(|iuse| iuse.flag == flag);
        let default = words.filter_map(|iuse| iuse.default).last()?;
        Some((rank, default, None))
    }

    /// A `name_*` that is left when all tokens are applied: it turns on every flag of that USE_EXPAND
    /// variable.
    fn by_wildcard(&self, flag: &str) -> Option<&'a Source> {
        if !self.tokens.may_have_wildcards() {
            return None;
        }
        let mut prefixes = flag.match_indices('_').map(|(start, _)| &flag[..=start]);
        let prefix = prefixes.find(|prefix| self.config.expand.has_prefix(prefix))?;
        let in_iuse = self.iuse.partition_point(|iuse| iuse.flag < prefix);
        let has_iuse = self
            .iuse
            .get(in_iuse)
            .is_some_and(|iuse| iuse.flag.starts_with(prefix));
        // `name_*` in USE is itself a flag only where IUSE has none for it to stand for.
        let (_, hit) = self.tokens.last(&format!("{prefix}*"), &|expanded| {
            expanded == prefix && !has_iuse
        })?;
        hit.enabled.then_some(&hit.source)
    }
}

/// The line that masks or forces a flag.
fn effective<'a>(stack: &Stack<'a>, flag: &str) -> Option<&'a Source> {
    let (_, hit) = stack.last(flag, &|_| false)?;
    hit.enabled.then_some(&hit.source)
}

impl<'a> PackageUse<'a> {
    /// Find out whether RESTRICT forbids tests; only then is USE complete.
    pub(super) fn with_restricted_tests(mut self, entries: &[&'a EnvEntry]) -> Self {
        if self.test_feature.is_some() {
            let enabled = |flag: &str| {
                if self.package.is_built() {
                    self.built_with(flag)
                } else {
                    self.enabled(flag)
                }
            };
            self.test_restricted =
                self.config
                    .testing
                    .is_restricted(self.package, entries, &enabled);
            self.states = OnceLock::new(); // of before that was known
        }
        self
    }
}
