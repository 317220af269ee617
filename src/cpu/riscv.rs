//! RISC-V: ISA strings such as `rv64gc_zba_zbb`, and profiles such as `rva22u64`.

use super::named::NamedProcessor;
use super::target::{CpuTarget, Uncertainty};
use super::{Family, Feature, Features};

/// What compilers use by default (`rv64gc`).
const DEFAULT: &str = "rv64gc";

/// Extensions that bring others (the unprivileged specification, and riscv-profiles).
const IMPLIED: [(&str, &str); 22] = [
    ("g", "i m a f d zicsr zifencei"),
    ("d", "f"),
    ("f", "zicsr"),
    ("b", "zba zbb zbs"),
    ("c", "zca"),
    ("zcb", "zca"),
    ("a", "zaamo zalrsc"),
    ("v", "zve64d d"),
    ("zve64d", "zve64f"),
    ("zve64f", "zve64x zve32f"),
    ("zve64x", "zve32x"),
    ("zve32f", "zve32x f"),
    ("zfh", "zfhmin"),
    ("zvfh", "zvfhmin"),
    ("zk", "zkn zkr zkt"),
    ("zkn", "zbkb zbkc zbkx zkne zknd zknh"),
    ("zks", "zbkb zbkc zbkx zksed zksh"),
    ("zvbb", "zvkb"),
    ("zvknhb", "zve64x"),
    ("rva20u64", "g c zicntr"),
    (
        "rva22u64",
        "rva20u64 zihpm zba zbb zbs zfhmin zkt zicbom zicbop zicboz zihintpause",
    ),
    (
        "rva23u64",
        "rva22u64 v zvfhmin zvbb zvkt zihintntl zicond zimop zcmop zcb zfa zawrs",
    ),
];

/// How names begin that stand for nothing a program could use: supervisor and machine modes.
const SUPERVISOR: [&str; 1] = ["s"];

pub(super) fn default_features() -> Features {
    parse(DEFAULT).0
}

pub(super) fn target(start: CpuTarget, names: NamedProcessor<'_>) -> CpuTarget {
    let mut target = start;
    target.name = names.march.or(names.mcpu).map(str::to_owned);
    match (names.march, names.mcpu) {
        (Some("native"), _) | (None, Some("native")) => target.uncertainty(Uncertainty::Native),
        (Some(march), _) => {
            let (features, unknown) = parse(march);
            target.features = features;
            for word in unknown {
                target.uncertainty(Uncertainty::Option(word));
            }
        }
        (None, Some(mcpu)) => target.uncertainty(Uncertainty::Name(mcpu.to_owned())),
        (None, None) => {}
    }
    target
}

/// The features of an ISA string, and the extensions in it that no table knows.
pub(super) fn parse(text: &str) -> (Features, Vec<String>) {
    let (mut features, mut unknown) = (Features::NONE, Vec::new());
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split('_');
    let first = parts.next().unwrap_or_default();
    let mut words: Vec<String> = match first.strip_prefix("rv64").or(first.strip_prefix("rv32")) {
        Some(letters) => base_words(letters),
        None => vec![first.to_owned()],
    };
    words.extend(parts.map(|part| without_version(part).to_owned()));
    for word in words {
        if !add(&mut features, &word) {
            unknown.push(word);
        }
    }
    (features, unknown)
}

/// Letters before the first underscore, each an extension; a longer name may follow directly.
fn base_words(letters: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (position, letter) in letters.char_indices() {
        match letter {
            'z' | 's' | 'x' => {
                words.push(without_version(&letters[position..]).to_owned());
                break;
            }
            // Numbers, and the `p` between them, are versions.
            'p' => {}
            _ if letter.is_ascii_alphabetic() => words.push(letter.to_string()),
            _ => {}
        }
    }
    words
}

/// `zba` of `zba1p0`; digits inside a name, as in `zve64d`, stay.
fn without_version(word: &str) -> &str {
    let trimmed = word.trim_end_matches(|c: char| c.is_ascii_digit());
    match trimmed.strip_suffix('p') {
        Some(rest)
            if trimmed.len() < word.len() && rest.ends_with(|c: char| c.is_ascii_digit()) =>
        {
            rest.trim_end_matches(|c: char| c.is_ascii_digit())
        }
        _ => word,
    }
}

/// Put an extension in with all that it brings; false if no table knows it.
fn add(features: &mut Features, word: &str) -> bool {
    let feature = Feature::parse(Family::Riscv, word);
    if let Some(feature) = feature {
        if features.has(feature) {
            return true;
        }
        features.insert(feature);
    }
    let implied = IMPLIED.iter().find(|(known, _)| *known == word);
    if let Some((_, words)) = implied {
        words.split(' ').all(|word| add(features, word));
    }
    let is_supervisor = SUPERVISOR.iter().any(|start| word.starts_with(start));
    feature.is_some() || implied.is_some() || is_supervisor
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cpu::of_cflags;

    #[test]
    fn isa_strings() {
        let has = |isa: &str, word: &str| {
            let feature = Feature::parse(Family::Riscv, word).unwrap();
            parse(isa).0.has(feature)
        };
        assert!(has("rv64gc", "d") && has("rv64gc", "c") && !has("rv64gc", "v"));
        assert!(has("rv64imafdcv_zba_zbb", "zve32x"));
        assert!(has("rv64i2p1_m2p0_zba1p0_zve64d1p0", "zba"));
        assert!(has("rv64i2p1_m2p0_zve64d1p0", "zve64d"));
        assert!(has("rva22u64", "zbs") && has("rva23u64", "v"));
        assert_eq!(
            parse("rv64gc_zfuture_svinval_xthead").1,
            ["zfuture", "xthead"]
        );
    }

    #[test]
    fn options() {
        let target = |flags| of_cflags(flags, "riscv64-unknown-linux-gnu").unwrap();
        assert_eq!(target("-O2").features, parse("rv64gc").0);
        assert_eq!(target("-march=rv64gcv -mabi=lp64d").doubts, []);
        assert_eq!(
            target("-mcpu=sifive-u74").doubts,
            [Uncertainty::Name("sifive-u74".to_owned())]
        );
        assert_eq!(target("-march=native").doubts, [Uncertainty::Native]);
    }

    #[test]
    fn all_that_is_implied_is_known() {
        for (word, implied) in IMPLIED {
            for other in implied.split(' ') {
                assert!(add(&mut Features::default(), other), "{word}: {other}");
            }
        }
    }
}
