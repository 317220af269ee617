//! The judgement: what a package was built for, against the machine and what is requested.

use super::requested::label;
use super::{
    Built, Compatibility, Concern, ConcernCode, Content, CpuCompat, FlagsAnswer, Machine, Requested,
};
use crate::cpu::{CpuTarget, Family, Features, of_cflags, of_go, of_rustflags, of_use};
use crate::openpgp::FileSignature;

/// Judge one package; `use_flags` is the USE that it was built with.
pub fn judge(
    built: &Built,
    use_flags: &str,
    machine: &Machine,
    requested: &Requested,
) -> Compatibility {
    let chost = built.chost.as_deref().unwrap_or(&machine.chost);
    let code = compiled(built, chost);
    let mut concerns = Vec::new();
    let runs = match built.content {
        Content::NoCode => CpuCompat::Yes,
        Content::KernelModules | Content::Code => {
            runs(built, use_flags, chost, machine, &mut concerns)
        }
    };
    let code = code.filter(|_| built.content == Content::Code);
    let flags = code.as_ref().and_then(|code| compare(code, requested));
    if let (Some(code), Some(flags), Some(wanted)) = (&code, flags, &requested.target) {
        concerns.extend(flags_concern(flags, code, wanted, runs));
    }
    Compatibility {
        runs: Some(runs),
        flags,
        built_for: built_for(code.as_ref(), built, chost),
        signer: built.signature.as_ref().and_then(FileSignature::issuer),
        concerns,
    }
}

/// What it was built for: the options of C, and those of other languages that allow more.
fn built_for(code: Option<&CpuTarget>, built: &Built, chost: &str) -> Option<String> {
    if built.content != Content::Code {
        return None;
    }
    let mut labels: Vec<String> = code.map(label).into_iter().collect();
    let floor = code.map_or(Features::NONE, CpuTarget::deciding);
    let is_more = |target: &CpuTarget| !target.deciding().is_within(floor);
    let rust = built.rustflags.as_deref();
    let rust = rust.and_then(|flags| of_rustflags(flags, chost));
    let rust = rust.filter(is_more).and_then(|target| target.name);
    labels.extend(rust.map(|name| format!("Rust {name}")));
    for (name, value) in &built.go {
        let target = of_go(name, value, chost).filter(is_more);
        labels.extend(target.map(|_| format!("{name}={value}")));
    }
    (!labels.is_empty()).then(|| labels.join(", "))
}

/// What the compilers of C, C++ and Fortran were allowed to use; `None` where no options are recorded.
fn compiled(built: &Built, chost: &str) -> Option<CpuTarget> {
    let mut targets = built.flags.values();
    // CFLAGS come first and give the name.
    let first = of_cflags(targets.next()?, chost)?;
    let others = targets.filter_map(|flags| of_cflags(flags, chost));
    let target = others.fold(first, CpuTarget::and);
    Some(if built.llvm { target.by_llvm() } else { target })
}

/// Everything that the package may use, each part with its source.
fn parts(built: &Built, use_flags: &str, chost: &str, family: Family) -> Vec<(String, CpuTarget)> {
    let mut parts = Vec::new();
    if let Some(target) = compiled(built, chost) {
        parts.push((format!("built for {}", label(&target)), target));
    }
    let rust = built.rustflags.as_deref();
    if let Some(target) = rust.and_then(|flags| of_rustflags(flags, chost)) {
        parts.push(("by its RUSTFLAGS".to_owned(), target));
    }
    for (name, value) in &built.go {
        if let Some(target) = of_go(name, value, chost) {
            parts.push((format!("by {name}={value}"), target));
        }
    }
    let features = of_use(family, use_flags);
    if !features.is_empty() {
        let target = CpuTarget::plain(family, features);
        parts.push(("by its CPU_FLAGS".to_owned(), target));
    }
    parts
}

fn runs(
    built: &Built,
    use_flags: &str,
    chost: &str,
    machine: &Machine,
    concerns: &mut Vec<Concern>,
) -> CpuCompat {
    let mut concern = |code, detail: String| concerns.push(Concern { code, detail });
    let (Some(family), Some(own)) = (Family::of_chost(chost), machine.family) else {
        concern(
            ConcernCode::CpuUnknown,
            format!("no table for processors of {chost}"),
        );
        return CpuCompat::Unknown;
    };
    if family != own {
        let (theirs, own) = (family.name(), own.name());
        concern(
            ConcernCode::Cpu,
            format!("built for {theirs} ({chost}), the machine is {own}"),
        );
        return CpuCompat::No;
    }
    if built.content == Content::KernelModules {
        let detail = "holds kernel modules, which have the options of their kernel's configuration; CFLAGS tell nothing";
        concern(ConcernCode::CpuUnknown, detail.to_owned());
        return CpuCompat::Unknown;
    }
    let parts = parts(built, use_flags, chost, family);
    let lacks = |target: &CpuTarget| target.deciding().without(machine.features);
    let lacking = parts.iter().find(|(_, target)| !lacks(target).is_empty());
    if let Some((origin, target)) = lacking {
        let names = some_names(lacks(target));
        if machine.complete {
            let detail = format!(
                "needs {names} ({origin}), which {} lacks",
                machine.subject()
            );
            concern(ConcernCode::Cpu, detail);
            return CpuCompat::No;
        }
        let detail =
            format!("needs {names} ({origin}); the configuration does not tell the processor");
        concern(ConcernCode::CpuUnknown, detail);
        return CpuCompat::Unknown;
    }
    if let Some(uncertainty) = parts.iter().flat_map(|(_, target)| &target.doubts).next() {
        concern(ConcernCode::CpuUnknown, uncertainty.to_string());
        return CpuCompat::Unknown;
    }
    if parts.is_empty() {
        let detail = "holds programs or libraries without a record of how they were compiled";
        concern(ConcernCode::CpuUnknown, detail.to_owned());
        return CpuCompat::Unknown;
    }
    CpuCompat::Yes
}

/// A few names, and how many more.
fn some_names(features: Features) -> String {
    const NAMED: usize = 4;
    let names: Vec<&str> = features.iter().map(|feature| feature.name()).collect();
    match names.len().saturating_sub(NAMED) {
        0 => names.join(" "),
        more => format!("{} and {more} more", names[..NAMED].join(" ")),
    }
}

fn compare(code: &CpuTarget, requested: &Requested) -> Option<FlagsAnswer> {
    let wanted = requested.target.as_ref()?;
    if !code.doubts.is_empty() || code.family != wanted.family {
        return None;
    }
    let (code, wanted) = (code.deciding(), wanted.deciding());
    Some(match (code.is_within(wanted), wanted.is_within(code)) {
        (true, true) => FlagsAnswer::Same,
        (true, false) => FlagsAnswer::Lower,
        (false, true) => FlagsAnswer::Higher,
        (false, false) => FlagsAnswer::Different,
    })
}

fn flags_concern(
    flags: FlagsAnswer,
    code: &CpuTarget,
    wanted: &CpuTarget,
    runs: CpuCompat,
) -> Option<Concern> {
    let (code, wanted) = (label(code), label(wanted));
    let and_runs = |rest: &str| match runs {
        CpuCompat::Yes => format!(": runs, {rest}"),
        _ => String::new(),
    };
    let (concern, rest) = match flags {
        FlagsAnswer::Same => return None,
        FlagsAnswer::Lower => (ConcernCode::FlagsLower, and_runs("generic build")),
        FlagsAnswer::Higher => (
            ConcernCode::FlagsHigher,
            and_runs("uses more than you ask for"),
        ),
        FlagsAnswer::Different => (ConcernCode::FlagsDifferent, and_runs("different tuning")),
    };
    Some(Concern {
        code: concern,
        detail: format!("built for {code}, you ask for {wanted}{rest}"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::compat::Usability;

    const AMD64: &str = "x86_64-pc-linux-gnu";

    fn built(flags: &str) -> Built {
        Built::of(|name| match name {
            "CFLAGS" => Some(flags),
            "CHOST" => Some(AMD64),
            "NEEDED.ELF.2" => Some("X86_64;/usr/bin/x;;;libc.so.6"),
            _ => None,
        })
    }

    fn compatibility(flags: &str, use_flags: &str, cpu: &str, requested: &str) -> Compatibility {
        let machine = Machine::of_name(cpu, AMD64).unwrap();
        let requested = Requested::of([requested], &machine);
        judge(&built(flags), use_flags, &machine, &requested)
    }

    fn describe(compatibility: &Compatibility) -> String {
        let concerns = compatibility.concerns.iter();
        let texts = concerns.map(|concern| format!("{}: {}", concern.code, concern.detail));
        texts.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn answers_in_words() {
        let lower = "flags-lower: built for x86-64-v2, you ask for znver3: runs, generic build";
        let higher = "flags-higher: built for znver3, you ask for x86-64-v2: runs, uses more than you ask for";
        let native = "cpu-unknown: built with -march=native on an unknown processor";
        let lacking = "cpu: needs avx512f (built for x86-64 -mavx512f), which znver3 lacks\n\
                       flags-different: built for x86-64 -mavx512f, you ask for znver3";
        for (flags, requested, usability, text) in [
            (
                "-march=znver3 -O2",
                "-march=znver3 -O3",
                Usability::Runs,
                "",
            ),
            ("-march=znver3", "-march=native", Usability::Runs, ""),
            (
                "-march=x86-64-v2",
                "-march=znver3",
                Usability::Generic,
                lower,
            ),
            (
                "-march=znver3",
                "-march=x86-64-v2",
                Usability::Higher,
                higher,
            ),
            ("-march=native", "-march=znver3", Usability::Unknown, native),
            (
                "-march=x86-64 -mavx512f",
                "-march=znver3",
                Usability::CannotRun,
                lacking,
            ),
        ] {
            let compatibility = compatibility(flags, "", "znver3", requested);
            assert_eq!(
                (compatibility.usability(), &*describe(&compatibility)),
                (Some(usability), text),
                "{flags}"
            );
        }
    }

    #[test]
    fn other_evidence_may_settle_what_options_leave_open() {
        let compatibility = compatibility("-march=native", "cpu_flags_x86_avx512f", "haswell", "");
        assert_eq!(compatibility.runs, Some(CpuCompat::No));
        let text = describe(&compatibility);
        assert!(
            text.contains("needs avx512f (by its CPU_FLAGS), which haswell lacks"),
            "{text}"
        );
        assert!(compatibility.must_be_excluded());
    }

    #[test]
    fn rust_and_go_count() {
        let machine = Machine::of_name("haswell", AMD64).unwrap();
        let requested = Requested::of(["-O2"], &machine);
        let mut rust = built("-O2");
        rust.rustflags = Some("-C target-cpu=znver4".to_owned());
        assert_eq!(
            judge(&rust, "", &machine, &requested).runs,
            Some(CpuCompat::No)
        );
        let mut go = built("-O2");
        go.go.insert("GOAMD64".to_owned(), "v3".to_owned());
        assert_eq!(
            judge(&go, "", &machine, &requested).runs,
            Some(CpuCompat::Yes)
        );
        go.go.insert("GOAMD64".to_owned(), "v4".to_owned());
        let both = Built {
            rustflags: rust.rustflags.clone(),
            ..go.clone()
        };
        let compatibility = judge(&both, "", &machine, &requested);
        assert_eq!(compatibility.runs, Some(CpuCompat::No));
        assert_eq!(
            compatibility.built_for.as_deref(),
            Some("generic, Rust znver4, GOAMD64=v4")
        );
    }

    #[test]
    fn the_compiler_counts_where_it_is_recorded() {
        let machine = Machine::of_name("znver3", AMD64).unwrap();
        let requested = Requested::of(["-O2"], &machine);
        let gcc = built("-march=k8");
        let clang = Built {
            llvm: true,
            ..gcc.clone()
        };
        let runs = |built| judge(built, "", &machine, &requested).runs;
        assert_eq!(runs(&gcc), Some(CpuCompat::No));
        assert_eq!(runs(&clang), Some(CpuCompat::Yes));
    }

    #[test]
    fn what_nothing_is_known_of() {
        let machine = Machine::of_config("-O2 -march=native", "cpu_flags_x86_avx", AMD64);
        let requested = Requested::of(["-O2 -march=native"], &machine);
        let runs = |flags| judge(&built(flags), "", &machine, &requested).runs;
        assert_eq!(runs("-O2"), Some(CpuCompat::Yes));
        assert_eq!(runs("-O2 -mavx2"), Some(CpuCompat::Unknown));
        assert_eq!(judge(&built("-O2"), "", &machine, &requested).flags, None);
        let silent = built("");
        assert_eq!(
            judge(&silent, "", &machine, &requested).runs,
            Some(CpuCompat::Unknown)
        );
        let nothing = Built::of(|_| None);
        assert_eq!(
            judge(&nothing, "", &machine, &requested).runs,
            Some(CpuCompat::Yes)
        );
    }

    #[test]
    fn of_kernel_modules_only_the_family_is_known() {
        let machine = Machine::of_name("haswell", AMD64).unwrap();
        let requested = Requested::of(["-O2"], &machine);
        let modules = Built {
            content: Content::KernelModules,
            ..built("-march=znver4")
        };
        let compatibility = judge(&modules, "", &machine, &requested);
        assert_eq!(compatibility.runs, Some(CpuCompat::Unknown));
        assert_eq!(
            (compatibility.flags, &compatibility.built_for),
            (None, &None)
        );
        assert!(!compatibility.must_be_excluded());
        let text = describe(&compatibility);
        assert!(text.contains("kernel modules"), "{text}");
        let foreign = Built {
            chost: Some("aarch64-unknown-linux-gnu".to_owned()),
            ..modules
        };
        let runs = judge(&foreign, "", &machine, &requested).runs;
        assert_eq!(runs, Some(CpuCompat::No));
    }

    #[test]
    fn other_families_do_not_run() {
        let mut arm = built("-O2");
        arm.chost = Some("aarch64-unknown-linux-gnu".to_owned());
        let machine = Machine::of_name("znver3", AMD64).unwrap();
        let requested = Requested::of(["-O2"], &machine);
        assert_eq!(
            judge(&arm, "", &machine, &requested).runs,
            Some(CpuCompat::No)
        );
        arm.chost = Some("sparc-unknown-linux-gnu".to_owned());
        assert_eq!(
            judge(&arm, "", &machine, &requested).runs,
            Some(CpuCompat::Unknown)
        );
    }
}
