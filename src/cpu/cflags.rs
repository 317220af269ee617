//! CFLAGS and their like: `-march`, `-mcpu`, `-mX` and `-mno-X` in order.

use std::collections::HashSet;

use super::baseline::baseline;
use super::named::NamedProcessor;
use super::target::{CpuTarget, Uncertainty};
use super::{Family, arm64, ppc64, riscv, x86};

/// What these options allow a compiler for this CHOST to use; `None` for a family without tables.
///
/// As gcc and clang read them: of several `-march` the last one counts, wherever it stands; `-mX` and
/// `-mno-X` change it in the order of the last of each name; `-mtune` changes nothing.
pub fn of_cflags(flags: &str, chost: &str) -> Option<CpuTarget> {
    let words: Vec<&str> = flags.split_whitespace().collect();
    let start = baseline(chost)?;
    let named = NamedProcessor::of(&words);
    let mut target = match start.family {
        Family::X86 => x86::target(start, named.march, chost),
        Family::Arm64 => arm64::target(start, named),
        Family::Riscv => riscv::target(start, named),
        Family::Ppc64 => ppc64::target(start, named),
    };
    let options = last_of_each(&words);
    for option in &options {
        apply(&mut target, option);
    }
    if target.family == Family::X86 {
        x86::finish(&mut target, &options);
    }
    Some(target)
}

/// `-mX` and `-mno-X`: of those with one name only the last counts, as if the others were not given.
fn last_of_each<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let name = |option: &'a str| {
        let rest = option.strip_prefix("-m")?;
        Some(rest.strip_prefix("no-").unwrap_or(rest))
    };
    let mut seen = HashSet::new();
    let reversed = words.iter().rev().copied();
    let last = reversed.filter(|word| name(word).is_some_and(|name| seen.insert(name)));
    let mut options: Vec<&str> = last.collect();
    options.reverse();
    options
}

fn apply(target: &mut CpuTarget, option: &str) {
    if ["-march=", "-mcpu=", "-mtune="]
        .iter()
        .any(|known| option.starts_with(known))
    {
        return;
    }
    let before = target.features;
    let known = match target.family {
        Family::X86 => x86::apply(target, option),
        Family::Ppc64 => ppc64::apply(target, option),
        // Options of these two choose code models and the like; extensions stand in -march.
        Family::Arm64 | Family::Riscv => true,
    };
    if !known {
        target.uncertainty(Uncertainty::Option(option.to_owned()));
    }
    if target.features != before && !target.options.iter().any(|other| other == option) {
        target.options.push(option.to_owned());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::cpu::Features;

    fn target(flags: &str) -> CpuTarget {
        of_cflags(flags, "x86_64-pc-linux-gnu").unwrap()
    }

    #[test]
    fn options_change_the_processor_in_order() {
        for (flags, plain, more, less) in [
            ("-O2 -pipe", "x86-64", "", ""),
            ("-march=haswell -O2 -march=x86-64", "x86-64", "", ""),
            ("-mtune=znver3 -march=x86-64-v2", "x86-64-v2", "", ""),
            ("-mno-avx2 -march=haswell", "haswell", "", "avx2"),
            ("-march=haswell -mno-avx2 -mavx2", "haswell", "", ""),
            ("-march=x86-64 -mbmi", "x86-64", "bmi", ""),
            ("-march=x86-64 -mavx2 -mno-avx2", "x86-64", "", ""),
            (
                "-march=x86-64-v3 -mno-avx",
                "x86-64-v3",
                "",
                "avx avx2 f16c fma",
            ),
            ("-march=k8 -mno-3dnow", "k8", "", "3dnow 3dnowa"),
            ("-march=znver2 -mno-abm", "znver2", "", ""),
            ("-march=znver1 -mno-apxf -mno-amx-tf32", "znver1", "", ""),
            (
                "-mno-sse2 -mssse3 -march=x86-64",
                "x86-64",
                "sse3 ssse3",
                "",
            ),
            ("-march=nehalem -mno-sse4.2", "nehalem", "", "sse4_2 crc32"),
            (
                "-mno-popcnt -msse4.2",
                "x86-64",
                "sse3 ssse3 sse4_1 sse4_2 crc32",
                "",
            ),
            (
                "-march=haswell -mfpmath=sse -mprefer-vector-width=128 -mabi=sysv",
                "haswell",
                "",
                "",
            ),
        ] {
            let set = |names: &str| Features::of(Family::X86, names.split_whitespace()).0;
            let named = super::super::named(Family::X86, plain).unwrap();
            let expected = named.or(set(more)).or(set("lm")).without(set(less));
            let target = target(flags);
            assert_eq!(target.features, expected, "{flags}");
            assert_eq!(target.doubts, [], "{flags}");
        }
    }

    #[test]
    fn what_no_table_knows_is_a_doubt() {
        let name = |text: &str| Uncertainty::Name(text.to_owned());
        let option = |text: &str| Uncertainty::Option(text.to_owned());
        for (flags, doubts) in [
            ("-march=native", vec![Uncertainty::Native]),
            ("-march=native -march=x86-64", vec![]),
            ("-march=znver9 -O2", vec![name("znver9")]),
            ("-march=", vec![name("")]),
            (
                "-mavx99 -mavx99 -mno-avx77",
                vec![option("-mavx99"), option("-mno-avx77")],
            ),
        ] {
            assert_eq!(target(flags).doubts, doubts, "{flags}");
        }
        assert_eq!(of_cflags("-O2", "sparc-unknown-linux-gnu"), None);
    }
}
