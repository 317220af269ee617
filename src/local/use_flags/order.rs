//! USE_ORDER: which layer beats which (`portage: config.py:config.regenerate`).

use super::tokens::Rank;

/// What counts where USE_ORDER is not set.
pub(super) const DEFAULT: &str = "env:pkg:conf:defaults:pkginternal:features:repo:env.d";

/// A layer of USE_ORDER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UseLayer {
    /// `profile.env`
    EnvD,
    /// The package's repository and its masters.
    Repo,
    /// FEATURES
    Features,
    /// Defaults in IUSE.
    PkgInternal,
    /// `make.globals`
    Globals,
    /// Profiles.
    Defaults,
    /// make.conf and `*/*` of package.use.
    Conf,
    /// package.env and package.use.
    Pkg,
    /// The calling environment.
    Env,
}

impl UseLayer {
    const NAMES: [(&'static str, UseLayer); 9] = [
        ("env.d", UseLayer::EnvD),
        ("repo", UseLayer::Repo),
        ("features", UseLayer::Features),
        ("pkginternal", UseLayer::PkgInternal),
        ("globals", UseLayer::Globals),
        ("defaults", UseLayer::Defaults),
        ("conf", UseLayer::Conf),
        ("pkg", UseLayer::Pkg),
        ("env", UseLayer::Env),
    ];
}

/// The rank of each layer; a layer that USE_ORDER does not name does not count.
#[derive(Clone, Debug)]
pub(super) struct Order([Option<Rank>; UseLayer::NAMES.len()]);

impl Order {
    /// Read a value; it names the strongest layer first. Names that are not layers are ignored.
    pub(super) fn parse(value: &str) -> Order {
        let mut ranks = [None; UseLayer::NAMES.len()];
        let mut next = u8::MAX;
        for word in value.split(':') {
            let named = UseLayer::NAMES.iter().find(|(name, _)| *name == word);
            let Some((_, layer)) = named else { continue };
            let rank = &mut ranks[*layer as usize];
            if rank.is_none() {
                *rank = Some(Rank::layer(next));
                next -= 1;
            }
        }
        Order(ranks)
    }

    /// Where a layer's tokens begin.
    pub(super) fn rank(&self, layer: UseLayer) -> Option<Rank> {
        self.0[layer as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strongest_first() {
        let order = Order::parse(DEFAULT);
        assert!(order.rank(UseLayer::Env) > order.rank(UseLayer::Pkg));
        assert!(order.rank(UseLayer::PkgInternal) > order.rank(UseLayer::Features));
        assert!(order.rank(UseLayer::Repo) > order.rank(UseLayer::EnvD));
        assert_eq!(order.rank(UseLayer::Globals), None);
        let order = Order::parse("conf:x:env:conf");
        assert!(order.rank(UseLayer::Conf) > order.rank(UseLayer::Env));
        assert_eq!(order.rank(UseLayer::Pkg), None);
    }
}
