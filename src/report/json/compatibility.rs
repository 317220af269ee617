//! Whether packages run, and on what.

use serde::Serialize;

use crate::binhost::InstanceId;
use crate::compat::{Concern, CpuCompat, CpuSource, FlagsAnswer, Machine};
use crate::cpu::Feature;
use crate::report::Report;

/// The keys of an instance; all are empty where nobody looked.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CompatibilityJson<'r> {
    /// Whether it runs here: `yes`, `no` or `unknown`; null where it was not inspected.
    runs: Option<&'static str>,
    /// Its compiler options against yours: `same`, `lower`, `higher` or `different`; null where that is unknown or
    /// nothing was compiled.
    flags: Option<&'static str>,
    /// What it was built for, as -march or -mcpu name it, with options that change it; `generic` where it names none.
    built_for: Option<&'r str>,
    /// What speaks against running it here.
    concerns: Vec<ConcernJson<'r>>,
}

/// What speaks against running a package here.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ConcernJson<'r> {
    /// What it is.
    #[cfg_attr(test, schemars(with = "crate::compat::ConcernCode"))]
    code: &'static str,
    /// The same for people.
    detail: &'r str,
}

impl<'r> CompatibilityJson<'r> {
    pub(super) fn of(report: &'r Report<'_>, id: InstanceId) -> CompatibilityJson<'r> {
        let compatibility = report.compatibility(id);
        let concern = |concern: &'r Concern| ConcernJson {
            code: concern.code.as_str(),
            detail: &concern.detail,
        };
        CompatibilityJson {
            runs: compatibility
                .and_then(|compatibility| compatibility.runs)
                .map(runs),
            flags: compatibility
                .and_then(|compatibility| compatibility.flags)
                .map(flags),
            built_for: compatibility.and_then(|compatibility| compatibility.built_for.as_deref()),
            concerns: report.concerns(id).iter().map(concern).collect(),
        }
    }
}

fn runs(runs: CpuCompat) -> &'static str {
    match runs {
        CpuCompat::Yes => "yes",
        CpuCompat::No => "no",
        CpuCompat::Unknown => "unknown",
    }
}

fn flags(flags: FlagsAnswer) -> &'static str {
    match flags {
        FlagsAnswer::Same => "same",
        FlagsAnswer::Lower => "lower",
        FlagsAnswer::Higher => "higher",
        FlagsAnswer::Different => "different",
    }
}

/// `machine`: how it is known what packages have to run on, and what that has.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct MachineJson<'r> {
    /// How that is known: `processor` (/proc/cpuinfo), `cpu` (--cpu), `cpuinfo` (--cpuinfo) or `config` (-march of
    /// CFLAGS).
    measure: &'static str,
    /// The model or the name.
    name: Option<&'r str>,
    /// The family of instruction sets.
    family: Option<&'static str>,
    /// Whether it has nothing but `features`.
    complete: bool,
    /// What it has, as -m options name it.
    features: Vec<&'static str>,
}

impl<'r> MachineJson<'r> {
    pub(super) fn of(machine: &'r Machine) -> MachineJson<'r> {
        let (measure, name) = match &machine.measure {
            CpuSource::Processor => ("processor", machine.model.as_deref()),
            CpuSource::Cpu(name) => ("cpu", Some(name.as_str())),
            CpuSource::Cpuinfo(file) => ("cpuinfo", Some(file.as_str())),
            CpuSource::Config(name) => ("config", name.as_deref()),
        };
        MachineJson {
            measure,
            name,
            family: machine.family.map(crate::cpu::Family::name),
            complete: machine.complete,
            features: machine.features.iter().map(Feature::name).collect(),
        }
    }
}
