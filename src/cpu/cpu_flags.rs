//! `CPU_FLAGS_*`: instruction sets that a package was configured to use.

use super::{Family, Feature, Features};

/// The prefix of such USE flags, and the family that each is about.
const PREFIXES: [(&str, Family); 3] = [
    ("cpu_flags_x86_", Family::X86),
    ("cpu_flags_arm_", Family::Arm64),
    ("cpu_flags_ppc_", Family::Ppc64),
];

/// What the flags in a package's USE stand for. Words that stand for no feature here, such as `padlock`,
/// mean nothing.
pub fn of_use(family: Family, flags: &str) -> Features {
    let word = |flag: &'_ str| {
        let (prefix, _) = PREFIXES.iter().find(|(_, of)| *of == family)?;
        flag.strip_prefix(prefix).map(str::to_owned)
    };
    let words: Vec<String> = flags.split_whitespace().filter_map(word).collect();
    if words.is_empty() {
        return Features::NONE;
    }
    let named = |feature: &Feature| {
        feature
            .cpu_flags()
            .any(|known| words.iter().any(|word| word == known))
    };
    Feature::all(family).filter(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_gentoo() {
        let flags = "ssl cpu_flags_x86_sse3 cpu_flags_x86_fma3 cpu_flags_x86_rdrand cpu_flags_arm_neon \
                     cpu_flags_x86_avx512_vbmi2 cpu_flags_x86_padlock cpu_flags_x86_bmi1";
        assert_eq!(
            of_use(Family::X86, flags).names(),
            "avx512vbmi2 bmi fma rdrnd sse3"
        );
        assert_eq!(of_use(Family::Arm64, flags).names(), "neon");
        assert_eq!(of_use(Family::Riscv, flags), Features::NONE);
        assert_eq!(of_use(Family::X86, "sse2 avx"), Features::NONE);
    }
}
