//! What some code was compiled for.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use super::{Decides, Family, Features};

/// What a compiler was allowed to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuTarget {
    /// For which processors.
    pub family: Family,
    /// All that it may have used.
    pub features: Features,
    /// Those of them that options and extensions name, apart from the name of a processor.
    pub named: Features,
    /// `-march` or `-mcpu` as written; `None` where none is given.
    pub name: Option<String>,
    /// Options that add to what the name says, or take away from it.
    pub options: Vec<String>,
    /// Why there may be more.
    pub doubts: Vec<Uncertainty>,
}

/// Why it cannot be determined what a compiler may have used.
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

impl CpuTarget {
    /// Known features, each named, and nothing else.
    pub fn plain(family: Family, features: Features) -> CpuTarget {
        CpuTarget {
            family,
            features,
            named: features,
            name: None,
            options: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// Both at once, as for a package with C and Rust in it. The first name counts.
    #[must_use]
    pub fn and(mut self, other: CpuTarget) -> CpuTarget {
        self.features = self.features.or(other.features);
        self.named = self.named.or(other.named);
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

    /// What a machine must have to run the code.
    pub fn deciding(&self) -> Features {
        let named = self.features.and(self.named);
        self.features
            .deciding()
            .or(named.that_decide(Decides::WhenNamed))
    }

    /// The same where the compiler is known to be LLVM's, which may know less of the processor than gcc.
    #[must_use]
    pub fn by_llvm(mut self) -> CpuTarget {
        let name = self.name.as_deref().unwrap_or_default();
        let unused = only_gcc(self.family, name).without(self.named);
        self.features = self.features.without(unused);
        self
    }

    /// Let an option or extension, which names them, add features or take them away.
    pub(super) fn switch(&mut self, features: Features, is_on: bool) {
        if is_on {
            self.features = self.features.or(features);
            self.named = self.named.or(features);
        } else {
            self.features = self.features.without(features);
            self.named = self.named.without(features);
        }
    }

    pub(super) fn uncertainty(&mut self, uncertainty: Uncertainty) {
        if !self.doubts.contains(&uncertainty) {
            self.doubts.push(uncertainty);
        }
    }
}

/// What a processor's name stands for.
struct TargetRow {
    /// What any compiler may use.
    features: Features,
    /// What of that LLVM 19 and later, and so clang and rustc, do not use.
    only_gcc: Features,
}

static MARCH: LazyLock<HashMap<(Family, &'static str), TargetRow>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let family = Family::parse(cells.next()?)?;
        let name = cells.next()?;
        let mut features = || Some(Features::of(family, cells.next()?.split_whitespace()).0);
        let (features, only_gcc) = (features()?, features()?);
        Some(((family, name), TargetRow { features, only_gcc }))
    };
    include_str!("march.tsv").lines().filter_map(row).collect()
});

/// What any compiler may use for a processor of this name; `None` for a name that no table knows.
pub fn named(family: Family, name: &str) -> Option<Features> {
    MARCH.get(&(family, name)).map(|row| row.features)
}

/// Names of processors, as `-march` or `-mcpu` has them, in no order.
pub fn names() -> impl Iterator<Item = (Family, &'static str)> {
    MARCH.keys().copied()
}

/// What only gcc uses for a processor of this name.
fn only_gcc(family: Family, name: &str) -> Features {
    let row = MARCH.get(&(family, name));
    row.map_or(Features::NONE, |row| row.only_gcc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::of_cflags;

    #[test]
    fn every_feature_of_every_processor_is_known() {
        for line in include_str!("march.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let cells: Vec<&str> = line.split('\t').collect();
            let family = Family::parse(cells[0]);
            for words in [cells[2], cells[3]] {
                let unknown = family.map(|family| Features::of(family, words.split(' ')).1);
                let unknown: Vec<&str> = unknown.into_iter().flatten().collect();
                assert!(unknown.iter().all(|word| word.is_empty()), "{line}");
            }
        }
    }

    #[test]
    fn llvm_knows_no_3dnow() {
        let target = |flags| of_cflags(flags, "x86_64-pc-linux-gnu");
        let has = |flags, word: &str| {
            let target = target(flags)?.by_llvm();
            Some(
                target
                    .deciding()
                    .names()
                    .split(' ')
                    .any(|name| name == word),
            )
        };
        assert_eq!(has("-march=k8", "3dnow"), Some(false));
        assert_eq!(has("-march=k8 -m3dnow", "3dnow"), Some(true));
        assert_eq!(has("-march=amdfam10", "sse4a"), Some(true));
        assert_eq!(has("-march=knl", "avx512f"), Some(true));
    }

    #[test]
    fn some_features_decide_where_they_are_named() {
        let amd64 = "x86_64-pc-linux-gnu";
        let arm64 = "aarch64-unknown-linux-gnu";
        for (flags, chost, word, decides) in [
            ("-march=tremont", amd64, "ptwrite", false),
            ("-march=tremont -mptwrite", amd64, "ptwrite", true),
            ("-mwaitpkg", amd64, "waitpkg", true),
            ("-mwaitpkg -mno-waitpkg", amd64, "waitpkg", false),
            ("-march=skylake -mpku", amd64, "pku", false),
            ("-mcpu=ampere1", arm64, "rand", false),
            ("-march=armv8.5-a+rng", arm64, "rand", true),
            ("-march=armv8.5-a+rng+norng", arm64, "rand", false),
            ("-mcpu=neoverse-v2", arm64, "sve2-bitperm", false),
            ("-march=armv9-a+sve2-bitperm", arm64, "sve2-bitperm", true),
        ] {
            let names = of_cflags(flags, chost).map(|target| target.deciding().names());
            let has = names.map(|names| names.split(' ').any(|name| name == word));
            assert_eq!(has, Some(decides), "{flags}");
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
