//! What several processors have in common: the processor to name for code that is to run on all of them.

use std::cmp::Reverse;

use super::{Family, Features, of_cflags, target};

/// The name that lets a compiler use most of what processors with these features have and nothing that they lack, with
/// what it stands for under this CHOST; `None` where no table has such a name. Of equals a level such as `x86-64-v3`
/// comes before the model of a maker, then the first by name.
pub fn closest(chost: &str, features: Features) -> Option<(&'static str, Features)> {
    let family = Family::of_chost(chost)?;
    let names = target::names().filter(|(of, _)| *of == family);
    let known = names.filter_map(|(_, name)| {
        let target = of_cflags(&format!("{}={name}", option(family, name)), chost)?;
        target.doubts.is_empty().then_some((name, target.features))
    });
    let runs = |needed: Features| needed.deciding().is_within(features);
    known
        .filter(|(_, needed)| runs(*needed))
        .max_by_key(|(name, needed)| {
            let is_level = name.starts_with("x86-64-v") || name.starts_with("armv");
            (needed.deciding().iter().count(), is_level, Reverse(*name))
        })
}

/// The option of gcc that takes a name of [`closest`].
pub fn option(family: Family, name: &str) -> &'static str {
    match family {
        Family::X86 | Family::Riscv => "-march",
        Family::Arm64 if name.starts_with("armv") => "-march",
        Family::Arm64 | Family::Ppc64 => "-mcpu",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHOST: &str = "x86_64-pc-linux-gnu";

    fn of(name: &str) -> Features {
        let target = of_cflags(&format!("-march={name}"), CHOST);
        target.map_or(Features::NONE, |target| target.features)
    }

    fn common(names: &[&str]) -> Option<&'static str> {
        let all = names.iter().map(|name| of(name)).reduce(Features::and)?;
        closest(CHOST, all).map(|(name, _)| name)
    }

    #[test]
    fn the_closest_name_for_several_processors() {
        for (names, wanted) in [
            (&["haswell"][..], "haswell"),
            (&["skylake", "skylake-avx512"], "skylake"),
            (&["haswell", "x86-64-v3"], "x86-64-v3"),
            (&["core2", "x86-64"], "x86-64"),
        ] {
            let found = common(names);
            // Names that stand for the same are as good.
            let decide = |name| of(name).deciding();
            assert_eq!(
                found.map(decide),
                Some(decide(wanted)),
                "{names:?}: {found:?}"
            );
        }
        // Nothing is lost that both have, as far as some name has it.
        let both = common(&["znver3", "skylake"]);
        let v3 = of("x86-64-v3").deciding();
        assert!(both.is_some_and(|both| v3.is_within(of(both))), "{both:?}");
        assert_eq!(closest("hppa-unknown-linux-gnu", Features::NONE), None);
        assert_eq!(option(Family::Arm64, "cortex-a72"), "-mcpu");
    }

    #[test]
    fn no_machine_gives_up_what_its_own_name_stands_for() {
        for name in ["znver3", "skylake", "x86-64-v3", "x86-64"] {
            let lost = closest(CHOST, of(name))
                .map(|(_, found)| of(name).deciding().without(found).names());
            assert_eq!(lost.as_deref(), Some(""), "{name}");
        }
    }
}
