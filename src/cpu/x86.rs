//! x86, 32 and 64 bits.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::family::is_floor;
use super::target::{CpuTarget, Uncertainty, named};
use super::{Family, Features};

/// Levels of the x86-64 ABI, the highest first.
const LEVELS: [&str; 4] = ["x86-64-v4", "x86-64-v3", "x86-64-v2", "x86-64"];

/// The highest level of the ABI that these features make up.
pub fn level(features: Features) -> Option<&'static str> {
    let within = |name: &&str| {
        named(Family::X86, name).is_some_and(|level| level.deciding().is_within(features))
    };
    LEVELS.into_iter().find(within)
}

/// What `-march` adds to the baseline, or is instead of it.
pub(super) fn target(start: CpuTarget, march: Option<&str>, chost: &str) -> CpuTarget {
    let Some(march) = march else { return start };
    let mut target = start;
    target.name = Some(march.to_owned());
    match (march, named(Family::X86, march)) {
        ("native", _) => target.uncertainty(Uncertainty::Native),
        (_, None) => target.uncertainty(Uncertainty::Name(march.to_owned())),
        (_, Some(features)) if is_floor(chost) => target.features = target.features.or(features),
        (_, Some(features)) => target.features = features,
    }
    target
}

/// Options by name, with the features that they are about.
static OPTIONS: LazyLock<HashMap<&'static str, Features>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let (option, features) = line.split_once('\t')?;
        Some((
            option,
            Features::of(Family::X86, features.split_whitespace()).0,
        ))
    };
    include_str!("flags.tsv").lines().filter_map(row).collect()
});

/// Let an option add or take away; false for one that no table knows.
pub(super) fn apply(target: &mut CpuTarget, option: &str) -> bool {
    let whole = option.split_inclusive('=').next().unwrap_or(option);
    if let Some(&features) = OPTIONS.get(whole) {
        target.switch(features, !whole.starts_with("-mno-"));
        return true;
    }
    // What chooses no instructions may be switched off too.
    whole
        .strip_prefix("-mno-")
        .and_then(|rest| OPTIONS.get(format!("-m{rest}").as_str()))
        .is_some_and(|features| features.is_empty())
}

/// What SSE 4.2 brings unless it is switched off by name, wherever that stands.
const BROUGHT: [(&str, &str); 2] = [("-mno-crc32", "crc32"), ("-mno-popcnt", "popcnt")];

/// What follows from the options as a whole; each name stands in them once.
pub(super) fn finish(target: &mut CpuTarget, options: &[&str]) {
    let set = |name| Features::of(Family::X86, [name]).0;
    for (off, name) in BROUGHT {
        if options.contains(&off) {
            target.switch(set(name), false);
        }
    }
    // Processors have it with SSE 4.2, and compilers forget it with that.
    if !set("sse4_2").is_within(target.features) && !options.contains(&"-mcrc32") {
        target.switch(set("crc32"), false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_every_option_is_known() {
        for line in include_str!("flags.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let (_, features) = line.split_once('\t').unwrap_or_default();
            let unknown = Features::of(Family::X86, features.split_whitespace()).1;
            assert!(unknown.is_empty(), "{line}");
        }
    }

    #[test]
    fn levels() {
        for (name, expected) in [
            ("nocona", "x86-64"),
            ("nehalem", "x86-64-v2"),
            ("haswell", "x86-64-v3"),
            ("znver3", "x86-64-v3"),
            ("znver4", "x86-64-v4"),
            ("skylake-avx512", "x86-64-v4"),
        ] {
            let features = named(Family::X86, name).unwrap_or_default();
            assert_eq!(level(features), Some(expected), "{name}");
        }
        assert_eq!(
            level(named(Family::X86, "pentium3").unwrap_or_default()),
            None
        );
    }
}
