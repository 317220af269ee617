//! GOAMD64 and its like (`go help environment`).

use super::baseline::baseline;
use super::target::{CpuTarget, Uncertainty, named};
use super::{Family, Features, arm64, ppc64, riscv};

/// What a setting of the environment allows the Go compiler to use; `None` where it is about another
/// family, or about none.
pub fn of_go(name: &str, value: &str, chost: &str) -> Option<CpuTarget> {
    let mut target = baseline(chost)?;
    if target.family != family(name)? || value.is_empty() {
        return None;
    }
    match features(name, value) {
        Some(features) => target.features = target.features.or(features),
        None => target.uncertainty(Uncertainty::Name(format!("{name}={value}"))),
    }
    target.name = Some(format!("{name}={value}"));
    Some(target)
}

fn family(name: &str) -> Option<Family> {
    match name {
        "GOAMD64" | "GO386" => Some(Family::X86),
        "GOARM64" => Some(Family::Arm64),
        "GOPPC64" => Some(Family::Ppc64),
        "GORISCV64" => Some(Family::Riscv),
        _ => None,
    }
}

fn features(name: &str, value: &str) -> Option<Features> {
    match (name, value) {
        ("GOAMD64", "v1") => named(Family::X86, "x86-64"),
        ("GOAMD64", level) => named(Family::X86, &format!("x86-64-{level}")),
        ("GO386", "sse2") => Some(Features::of(Family::X86, ["sse", "sse2"]).0),
        ("GO386", "softfloat") => Some(Features::NONE),
        ("GOARM64", value) => go_arm64(value),
        ("GOPPC64", value) => ppc64::features(value),
        ("GORISCV64", value) => {
            let (features, unknown) = riscv::parse(value);
            unknown.is_empty().then_some(features)
        }
        _ => None,
    }
}

/// `v8.2,lse,crypto`
fn go_arm64(value: &str) -> Option<Features> {
    let mut words = value.split(',');
    let version = words.next()?.strip_prefix('v')?;
    let version = version.strip_suffix(".0").unwrap_or(version);
    let start = named(Family::Arm64, &format!("armv{version}-a"))?;
    words.try_fold(start, |all, word| Some(all.or(arm64::features(word)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_go() {
        let level = |name, value, chost| of_go(name, value, chost).map(|target| target.features);
        let lm = Features::of(Family::X86, ["lm"]).0;
        let with_lm = |name| Some(named(Family::X86, name)?.or(lm));
        let amd64 = "x86_64-pc-linux-gnu";
        assert_eq!(level("GOAMD64", "v3", amd64), with_lm("x86-64-v3"));
        assert_eq!(level("GOAMD64", "v1", amd64), with_lm("x86-64"));
        assert_eq!(level("GOARM64", "v8.2,lse", amd64), None);
        let arm64 = "aarch64-unknown-linux-gnu";
        assert_eq!(
            level("GOARM64", "v8.0", arm64),
            named(Family::Arm64, "armv8-a")
        );
        assert!(level("GOARM64", "v8.2,crypto", arm64) != level("GOARM64", "v8.2", arm64));
        assert_eq!(of_go("GOARM", "7", arm64), None);
        let doubts = of_go("GOAMD64", "v9", amd64).map(|target| target.doubts.len());
        assert_eq!(doubts, Some(1));
    }
}
