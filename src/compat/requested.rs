//! What the configuration asks for when a package is built here.

use super::Machine;
use crate::cpu::{CpuTarget, Uncertainty, of_cflags};

/// Compiler options of the configuration for one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requested {
    /// What they allow; `None` where that cannot be determined.
    pub target: Option<CpuTarget>,
}

impl Requested {
    /// Read CFLAGS and its like. `-march=native` is what the machine has, where that is known.
    pub fn of<'f>(flags: impl IntoIterator<Item = &'f str>, machine: &Machine) -> Requested {
        let targets = flags.into_iter().filter(|text| !text.trim().is_empty());
        let targets = targets.filter_map(|text| of_cflags(text, &machine.chost));
        let target = targets.reduce(CpuTarget::and);
        let target = target.or_else(|| of_cflags("", &machine.chost));
        Requested {
            target: target.and_then(|target| resolved(target, machine)),
        }
    }
}

fn resolved(mut target: CpuTarget, machine: &Machine) -> Option<CpuTarget> {
    if target.doubts == [Uncertainty::Native] && machine.complete {
        target.features = target.features.or(machine.features);
        target.doubts.clear();
    }
    target.doubts.is_empty().then_some(target)
}

/// What options ask for, for people.
pub(super) fn label(target: &CpuTarget) -> String {
    let name = target.name.as_deref().unwrap_or("generic");
    [&[name.to_owned()], &target.options[..]].concat().join(" ")
}
