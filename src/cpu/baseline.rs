//! What compilers use by default.

use super::feature::Features;
use super::target::{CpuTarget, named};
use super::{Family, ppc64, riscv};

/// What a compiler for this CHOST uses by default: Gentoo's compilers are configured with
/// no other `-march` than the one that follows from CHOST.
pub(super) fn baseline(chost: &str) -> Option<CpuTarget> {
    let family = Family::of_chost(chost)?;
    let machine = chost.split('-').next().unwrap_or_default();
    let features = match machine {
        "x86_64" => long_mode().or(named(family, "x86-64").unwrap_or_default()),
        "aarch64" | "aarch64_be" => named(family, "armv8-a").unwrap_or_default(),
        "powerpc64le" => ppc64::features("power8").unwrap_or_default(),
        "powerpc64" => ppc64::features("power4").unwrap_or_default(),
        _ if family == Family::Riscv => riscv::default_features(),
        _ => named(family, machine).unwrap_or_default(),
    };
    Some(CpuTarget {
        named: Features::NONE,
        ..CpuTarget::plain(family, features)
    })
}

/// What 64-bit code needs of a processor, whatever else it is compiled for.
fn long_mode() -> Features {
    Features::of(Family::X86, ["lm"]).0
}
