//! What some code was compiled for.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use super::{Family, Features};

/// What a compiler was allowed to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// For which processors.
    pub family: Family,
    /// All that it may have used.
    pub features: Features,
    /// `-march` or `-mcpu` as written; `None` where none is given.
    pub name: Option<String>,
    /// Options that add to what the name says, or take away from it.
    pub options: Vec<String>,
    /// Why there may be more.
    pub doubts: Vec<Uncertainty>,
}

/// Why it cannot be told what a compiler may have used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Uncertainty {
    /// `native`: whatever the building machine had.
    Native,
    /// A processor that no table knows.
    Name(String),
    /// An option or extension that no table knows.
    Option(String),
}

impl fmt::Display for Uncertainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Uncertainty::Native => f.write_str("built with -march=native on an unknown processor"),
            Uncertainty::Name(name) => write!(f, "no table knows the processor {name:?}"),
            Uncertainty::Option(option) => write!(f, "no table knows {option:?}"),
        }
    }
}

impl Target {
    /// Known features and nothing else.
    pub fn plain(family: Family, features: Features) -> Target {
        Target {
            family,
            features,
            name: None,
            options: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// Both at once, as for a package with C and Rust in it. The first name counts.
    #[must_use]
    pub fn and(mut self, other: Target) -> Target {
        self.features = self.features.or(other.features);
        self.name = self.name.or(other.name);
        for option in other.options {
            if !self.options.contains(&option) {
                self.options.push(option);
            }
        }
        for uncertainty in other.doubts {
            self.uncertainty(uncertainty);
        }
        self
    }

    pub(super) fn uncertainty(&mut self, uncertainty: Uncertainty) {
        if !self.doubts.contains(&uncertainty) {
            self.doubts.push(uncertainty);
        }
    }
}

static MARCH: LazyLock<HashMap<(Family, &'static str), Features>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let family = Family::parse(cells.next()?)?;
        let name = cells.next()?;
        let features = Features::of(family, cells.next()?.split_whitespace()).0;
        Some(((family, name), features))
    };
    include_str!("march.tsv").lines().filter_map(row).collect()
});

/// What any compiler may use for a processor of this name; `None` for a name that no table knows.
pub fn named(family: Family, name: &str) -> Option<Features> {
    MARCH.get(&(family, name)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_every_processor_is_known() {
        for line in include_str!("march.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let cells: Vec<&str> = line.split('\t').collect();
            let family = Family::parse(cells[0]);
            let words = || cells[2].split_whitespace();
            let unknown = family.map(|family| Features::of(family, words()).1);
            assert_eq!(unknown, Some(Vec::new()), "{line}");
        }
    }

    #[test]
    fn compatibility_crosses_vendors() {
        let named = |name| named(Family::X86, name).unwrap_or_default().deciding();
        assert!(named("haswell").is_within(named("znver1")));
        assert!(named("x86-64-v3").is_within(named("znver3")));
        assert!(!named("znver3").is_within(named("skylake-avx512")));
        assert!(!named("skylake").is_within(named("haswell")));
    }
}
