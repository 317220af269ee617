//! `/proc/cpuinfo`, as the kernels of all families write it.

use std::collections::HashSet;
use std::fmt;

use super::{Family, Feature, Features, ppc64, riscv};

/// What a machine's processors are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processor {
    /// Which family.
    pub family: Family,
    /// What all of them have.
    pub features: Features,
    /// What the first one is called, if there is one.
    pub model: Option<String>,
}

/// Why a text is not a description of processors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuinfoError {
    /// No line that lists features.
    NoFeatures,
    /// A 32-bit Arm or another family without tables.
    NoTable,
}

impl fmt::Display for CpuinfoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CpuinfoError::NoFeatures => "it lists no features of a processor",
            CpuinfoError::NoTable => "it is about a processor of a family that has no table here",
        })
    }
}

impl std::error::Error for CpuinfoError {}

impl Processor {
    /// Read the text of `/proc/cpuinfo`.
    ///
    /// # Errors
    /// See [`CpuinfoError`].
    pub fn parse(text: &str) -> Result<Processor, CpuinfoError> {
        let mut found: Option<(Family, Features)> = None;
        for (key, value) in text.lines().filter_map(pair) {
            let Some((family, features)) = features(key, value)? else {
                continue;
            };
            // Where processors differ, a program may be moved to the poorest of them.
            found = Some(match found {
                Some((known, all)) if known == family => (family, all.and(features)),
                Some(other) => other,
                None => (family, features),
            });
        }
        let (family, features) = found.ok_or(CpuinfoError::NoFeatures)?;
        Ok(Processor {
            family,
            features,
            model: model(text),
        })
    }
}

/// `key : value`
fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    Some((key.trim(), value.trim()))
}

/// What a line says about features, if anything.
fn features(key: &str, value: &str) -> Result<Option<(Family, Features)>, CpuinfoError> {
    let listed = |family| Some((family, listed(family, value)));
    Ok(match key {
        "flags" => listed(Family::X86),
        "Features" if value.split(' ').any(|word| word == "asimd") => listed(Family::Arm64),
        "Features" => return Err(CpuinfoError::NoTable),
        "isa" => Some((Family::Riscv, riscv::parse(value).0)),
        "cpu" => ppc64_features(value).map(|features| (Family::Ppc64, features)),
        _ => None,
    })
}

fn listed(family: Family, value: &str) -> Features {
    let words: HashSet<&str> = value.split_whitespace().collect();
    let there = |feature: &Feature| feature.cpuinfo().any(|word| words.contains(word));
    Feature::all(family).filter(there).collect()
}

/// `POWER9 (architected), altivec supported`, `PPC970MP, altivec supported`
fn ppc64_features(value: &str) -> Option<Features> {
    let name = value.split([' ', ',']).next()?.to_ascii_lowercase();
    let name = name.trim_end_matches("nvl").trim_end_matches('e');
    let features = match name.strip_prefix("ppc970") {
        Some(_) => ppc64::features("970")?,
        None => ppc64::features(name)?,
    };
    let vectors = Features::of(Family::Ppc64, ["altivec", "vsx", "mma"]).0;
    Some(if value.contains("altivec supported") {
        features
    } else {
        features.without(vectors)
    })
}

/// The first line that names the processor.
fn model(text: &str) -> Option<String> {
    let keys = ["model name", "Model", "uarch", "cpu model", "cpu"];
    let value = |key: &str| {
        let mut pairs = text.lines().filter_map(pair);
        pairs.find(|(known, value)| *known == key && !value.is_empty())
    };
    let (_, value) = keys.iter().find_map(|key| value(key))?;
    let words: Vec<&str> = value.split_whitespace().collect();
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cpu::named;

    #[test]
    fn kernels_and_compilers_spell_features_differently() {
        let text = "model name\t: A  CPU\nflags\t\t: fpu pni abm pclmulqdq bmi1 avx512_vbmi2 sse4_2 cx16\n";
        let processor = Processor::parse(text).unwrap();
        assert_eq!(processor.model.as_deref(), Some("A CPU"));
        let names = "avx512vbmi2 bmi crc32 cx16 lzcnt pclmul sse3 sse4_2";
        assert_eq!(processor.features.names(), names);
    }

    #[test]
    fn the_poorest_processor_counts() {
        let text = "flags: sse sse2 avx\n\nflags: sse sse2\nbogomips: 1\n";
        assert_eq!(Processor::parse(text).unwrap().features.names(), "sse sse2");
    }

    #[test]
    fn families() {
        for (text, family, name) in [
            (
                "Features\t: fp asimd crc32 atomics\n",
                Family::Arm64,
                "neon",
            ),
            ("isa\t\t: rv64imafdc_zicsr\nmmu: sv39\n", Family::Riscv, "d"),
            (
                "cpu\t\t: POWER9 (architected), altivec supported\n",
                Family::Ppc64,
                "power9",
            ),
            (
                "cpu : POWER8E (raw), altivec supported\n",
                Family::Ppc64,
                "vsx",
            ),
            (
                "cpu : PPC970MP, altivec supported\n",
                Family::Ppc64,
                "altivec",
            ),
        ] {
            let processor = Processor::parse(text).unwrap();
            assert_eq!(processor.family, family);
            assert!(
                processor
                    .features
                    .has(Feature::parse(family, name).unwrap()),
                "{text}"
            );
        }
        assert!(
            named(Family::Arm64, "armv8-a")
                .unwrap()
                .is_within(Processor::parse("Features: fp asimd").unwrap().features)
        );
    }

    #[test]
    fn what_is_no_description() {
        for (text, error) in [
            ("", CpuinfoError::NoFeatures),
            (
                "processor : 0\nvendor_id : x\n\0\n",
                CpuinfoError::NoFeatures,
            ),
            (
                "Features : half thumb fastmult vfp\n",
                CpuinfoError::NoTable,
            ),
        ] {
            assert_eq!(Processor::parse(text), Err(error));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends_well(text in "(flags|isa|cpu|Features)?[ :\t]{0,3}[\\PC\n]{0,60}") {
            let _ = Processor::parse(&text);
        }
    }
}
