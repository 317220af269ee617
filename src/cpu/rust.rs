//! RUSTFLAGS: `-C target-cpu=…`, `-C target-feature=+a,-b`.

use super::baseline::baseline;
use super::target::{CpuTarget, Uncertainty, named};
use super::{Family, Feature, Features, arm64};

/// What RUSTFLAGS allow rustc to use beyond the baseline of this CHOST; `None` where they leave it open.
pub fn of_rustflags(flags: &str, chost: &str) -> Option<CpuTarget> {
    let mut settings = settings(flags).peekable();
    settings.peek()?;
    let mut target = baseline(chost)?;
    for (key, value) in settings {
        match key {
            "target-cpu" => cpu(&mut target, value),
            _ => value
                .split(',')
                .for_each(|word| feature(&mut target, word.trim())),
        }
    }
    Some(target.by_llvm())
}

/// The values of the two settings, in order. `-C` and its value may be one word or two.
fn settings(flags: &str) -> impl Iterator<Item = (&str, &str)> {
    let words = flags.split([' ', '\t', '\n', '\u{1f}']);
    words.filter_map(|word| {
        let word = word
            .trim_start_matches("-C")
            .trim_start_matches("--codegen=");
        let (key, value) = word.split_once('=')?;
        matches!(key, "target-cpu" | "target-feature").then_some((key, value))
    })
}

fn cpu(target: &mut CpuTarget, name: &str) {
    target.name = Some(name.to_owned());
    match (name, named(target.family, name)) {
        ("native", _) => target.uncertainty(Uncertainty::Native),
        (_, Some(features)) => target.features = target.features.or(features),
        ("generic", None) => {}
        (_, None) => target.uncertainty(Uncertainty::Name(name.to_owned())),
    }
}

fn feature(target: &mut CpuTarget, word: &str) {
    let Some(features) = word.get(1..).and_then(|name| features(target.family, name)) else {
        // Not an instruction set.
        if !word.ends_with("crt-static") && !word.is_empty() {
            target.uncertainty(Uncertainty::Option(word.to_owned()));
        }
        return;
    };
    target.switch(features, !word.starts_with('-'));
}

/// A feature under rustc's name.
fn features(family: Family, name: &str) -> Option<Features> {
    if family == Family::Arm64 {
        return arm64::features(name);
    }
    let name = match name {
        "bmi1" => "bmi",
        "cmpxchg16b" => "cx16",
        "pclmulqdq" => "pclmul",
        "rdrand" => "rdrnd",
        "sse4.1" => "sse4_1",
        "sse4.2" => "sse4_2",
        "lahfsahf" => "lahf_sahf",
        name => name,
    };
    let feature = Feature::parse(family, name)?;
    Some([feature].into_iter().collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn settings_in_every_spelling() {
        let target = |flags| of_rustflags(flags, "x86_64-pc-linux-gnu");
        let lm = Features::of(Family::X86, ["lm"]).0;
        let znver3 = named(Family::X86, "znver3").unwrap().or(lm);
        for flags in [
            "-C target-cpu=znver3",
            "-Copt-level=3 -Ctarget-cpu=znver3 -C strip=none",
            "--codegen=target-cpu=znver3",
            "-C\u{1f}target-cpu=znver3",
        ] {
            let target = target(flags).unwrap();
            assert_eq!(target.deciding(), znver3.deciding(), "{flags}");
        }
        let plain = named(Family::X86, "x86-64").unwrap().or(lm);
        let more = target("-C target-feature=+crt-static,+avx2,+sse4.1,-sse4.1").unwrap();
        assert_eq!(more.features.without(plain).names(), "avx2");
        assert_eq!(more.doubts, []);
        assert_eq!(target("-C opt-level=3"), None);
        assert_eq!(
            target("-Ctarget-cpu=native").unwrap().doubts,
            [Uncertainty::Native]
        );
    }
}
