//! 64-bit PowerPC: `-mcpu=power9`.

use super::named::NamedProcessor;
use super::target::{CpuTarget, Uncertainty};
use super::{Family, Feature, Features};

/// Processors, each with all that those before it have (gcc's rs6000-cpus.def); with vector units.
const STEPS: [(&str, &str); 9] = [
    ("power4", ""),
    ("power5", ""),
    ("power5+", ""),
    ("power6", "altivec"),
    ("power7", "vsx"),
    ("power8", ""),
    ("power9", ""),
    ("power10", "mma"),
    ("power11", ""),
];

/// What a processor of this name has.
pub(super) fn features(name: &str) -> Option<Features> {
    let name = match name {
        "powerpc64le" => "power8",
        "powerpc64" => "power4",
        // All of it is in POWER6 and later.
        "970" | "G5" | "g5" => return Some(set("power4 altivec")),
        "power6x" => "power6",
        "power5x" => "power5+",
        name => name,
    };
    let last = STEPS.iter().position(|(step, _)| *step == name)?;
    let words = STEPS[..=last]
        .iter()
        .flat_map(|(step, units)| [*step, *units]);
    let words = words.filter(|word| !word.is_empty());
    Some(Features::of(Family::Ppc64, words).0)
}

fn set(names: &str) -> Features {
    Features::of(Family::Ppc64, names.split_whitespace()).0
}

pub(super) fn target(start: CpuTarget, names: NamedProcessor<'_>) -> CpuTarget {
    let mut target = start;
    let name = names.mcpu.or(names.march);
    target.name = name.map(str::to_owned);
    match name.map(|name| (name, features(name))) {
        None => {}
        Some(("native", _)) => target.uncertainty(Uncertainty::Native),
        Some((_, Some(features))) => target.features = features,
        Some((name, None)) => target.uncertainty(Uncertainty::Name(name.to_owned())),
    }
    target
}

/// Vector units may be switched on and off; other options choose no instructions of their own.
pub(super) fn apply(target: &mut CpuTarget, option: &str) -> bool {
    let (off, word) = match option.strip_prefix("-mno-") {
        Some(word) => (true, word),
        None => (false, option.trim_start_matches("-m")),
    };
    if let Some(feature) = Feature::parse(Family::Ppc64, word) {
        target.switch([feature].into_iter().collect(), !off);
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cpu::of_cflags;

    #[test]
    fn later_processors_have_what_earlier_ones_have() {
        let target = |flags| of_cflags(flags, "powerpc64le-unknown-linux-gnu").unwrap();
        let (eight, nine, ten) = (
            target("-O2"),
            target("-mcpu=power9"),
            target("-mcpu=power10"),
        );
        assert_eq!(eight.features, features("powerpc64le").unwrap());
        assert!(eight.features.is_within(nine.features) && nine.features.is_within(ten.features));
        assert!(!ten.features.is_within(nine.features));
        assert_eq!(target("-mcpu=native").doubts, [Uncertainty::Native]);
        assert_eq!(
            target("-mcpu=power99 -maltivec").doubts,
            [Uncertainty::Name("power99".to_owned())]
        );
    }

    #[test]
    fn all_steps_are_known() {
        for (step, units) in STEPS {
            assert!(Features::of(Family::Ppc64, [step]).1.is_empty());
            assert!(
                Features::of(Family::Ppc64, units.split_whitespace())
                    .1
                    .is_empty()
            );
        }
    }
}
