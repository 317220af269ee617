//! 64-bit Arm: `-march=armv8.2-a+crypto+nosve` and `-mcpu=neoverse-n1+crypto`.

use super::named::NamedProcessor;
use super::target::{CpuTarget, Uncertainty, named};
use super::{Family, Feature, Features};

/// Extensions as `+NAME` spells them, where that differs from the feature, with what each brings
/// (gcc's "AArch64 Options").
const EXTENSIONS: [(&str, &str); 25] = [
    ("fp", "neon"),
    ("simd", "neon"),
    ("crypto", "aes sha2"),
    ("rdma", "rdm"),
    ("fp16fml", "fhm fp16"),
    ("sha3", "sha3 sha2"),
    ("profile", "spe"),
    ("rng", "rand"),
    ("memtag", "mte"),
    ("pauth", "paca pacg"),
    ("jscvt", "jsconv"),
    ("predres", ""),
    ("tme", ""),
    ("xs", ""),
    ("wfxt", ""),
    ("d128", ""),
    ("the", ""),
    ("gcs", ""),
    ("sve", "sve fp16"),
    ("sve2", "sve2 sve fp16"),
    ("sve2-aes", "sve2-aes sve2 sve aes"),
    ("sve2-bitperm", "sve2-bitperm sve2 sve"),
    ("sve2-sha3", "sve2-sha3 sve2 sve sha3"),
    ("sve2-sm4", "sve2-sm4 sve2 sve sm4"),
    ("frintts", "frintts"),
];

/// gcc takes the architecture from `-march` and clang from both, so both count.
pub(super) fn target(start: CpuTarget, names: NamedProcessor<'_>) -> CpuTarget {
    let mut target = start;
    target.name = names.march.or(names.mcpu).map(str::to_owned);
    for text in [names.march, names.mcpu].into_iter().flatten() {
        add(&mut target, text);
    }
    target
}

fn add(target: &mut CpuTarget, text: &str) {
    let mut parts = text.split('+');
    let name = parts.next().unwrap_or_default();
    match (name, processor(name)) {
        ("native", _) => target.uncertainty(Uncertainty::Native),
        (_, Some(features)) => target.features = target.features.or(features),
        ("generic", None) => {}
        (_, None) => target.uncertainty(Uncertainty::Name(name.to_owned())),
    }
    for part in parts {
        let (off, word) = match part.strip_prefix("no") {
            Some(rest) if features(rest).is_some() => (true, rest),
            _ => (false, part),
        };
        match features(word) {
            Some(found) => target.switch(found, !off),
            None => target.uncertainty(Uncertainty::Option(format!("+{part}"))),
        }
    }
}

/// What a name stands for; gcc joins two that sit on one chip by a dot (`cortex-a72.cortex-a53`).
fn processor(name: &str) -> Option<Features> {
    named(Family::Arm64, name).or_else(|| {
        let (big, little) = name.split_once(".cortex-")?;
        let little = named(Family::Arm64, &format!("cortex-{little}"))?;
        Some(named(Family::Arm64, big)?.or(little))
    })
}

/// The features of an extension.
pub(super) fn features(word: &str) -> Option<Features> {
    if let Some((_, names)) = EXTENSIONS.iter().find(|(known, _)| *known == word) {
        return Some(Features::of(Family::Arm64, names.split_whitespace()).0);
    }
    let feature = Feature::parse(Family::Arm64, word)?;
    Some([feature].into_iter().collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cpu::of_cflags;

    fn features_of(flags: &str) -> Features {
        let target = of_cflags(flags, "aarch64-unknown-linux-gnu").unwrap();
        assert_eq!(target.doubts, [], "{flags}");
        target.features
    }

    #[test]
    fn extensions_add_and_take_away() {
        let has = |flags: &str, word: &str| features(word).unwrap().is_within(features_of(flags));
        assert!(has("-march=armv8.2-a+crypto -O2", "aes"));
        assert!(!has("-march=armv8.2-a -O2", "aes"));
        assert!(has("-mcpu=neoverse-n1", "lse"));
        assert!(!has("-mcpu=neoverse-n1+nolse", "lse"));
        assert!(!has("-mcpu=cortex-a72", "lse"));
        assert!(has("-mcpu=cortex-a76.cortex-a55", "lse"));
        assert!(has("-march=armv8-a -mcpu=neoverse-v1", "sve"));
        assert!(has("-mtune=neoverse-v2", "neon") && !has("-mtune=neoverse-v2", "sve"));
    }

    #[test]
    fn every_extension_has_known_features() {
        for (word, names) in EXTENSIONS {
            assert!(
                Features::of(Family::Arm64, names.split_whitespace())
                    .1
                    .is_empty(),
                "{word}"
            );
        }
    }

    #[test]
    fn unknown_extensions_are_doubts() {
        let target = of_cflags("-march=armv8-a+warp -mcpu=native", "aarch64-linux").unwrap();
        assert_eq!(
            target.doubts,
            [Uncertainty::Option("+warp".to_owned()), Uncertainty::Native]
        );
    }
}
