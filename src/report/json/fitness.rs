//! Whether packages run, and on what.

use serde::Serialize;

use crate::cpu::Feature;
use crate::runs::{Concern, Fitness, FlagsAnswer, Machine, Measure, Runs};

/// The keys of an instance; all are empty where nobody looked.
#[derive(Serialize)]
pub(super) struct Answers<'r> {
    runs: Option<&'static str>,
    flags: Option<&'static str>,
    built_for: Option<&'r str>,
    concerns: Vec<ConcernJson<'r>>,
}

#[derive(Serialize)]
struct ConcernJson<'r> {
    code: &'static str,
    detail: &'r str,
}

impl<'r> Answers<'r> {
    pub(super) fn of(fitness: Option<&'r Fitness>) -> Answers<'r> {
        let concerns = fitness.map_or(&[][..], |fitness| &fitness.concerns);
        let concern = |concern: &'r Concern| ConcernJson {
            code: concern.code,
            detail: &concern.detail,
        };
        Answers {
            runs: fitness.and_then(|fitness| fitness.runs).map(runs),
            flags: fitness.and_then(|fitness| fitness.flags).map(flags),
            built_for: fitness.and_then(|fitness| fitness.built_for.as_deref()),
            concerns: concerns.iter().map(concern).collect(),
        }
    }
}

fn runs(runs: Runs) -> &'static str {
    match runs {
        Runs::Yes => "yes",
        Runs::No => "no",
        Runs::Unknown => "unknown",
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
pub(super) struct MachineJson<'r> {
    measure: &'static str,
    name: Option<&'r str>,
    family: Option<&'static str>,
    complete: bool,
    features: Vec<&'static str>,
}

impl<'r> MachineJson<'r> {
    pub(super) fn of(machine: &'r Machine) -> MachineJson<'r> {
        let (measure, name) = match &machine.measure {
            Measure::Processor => ("processor", machine.model.as_deref()),
            Measure::Cpu(name) => ("cpu", Some(name.as_str())),
            Measure::Cpuinfo(file) => ("cpuinfo", Some(file.as_str())),
            Measure::Config(name) => ("config", name.as_deref()),
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
