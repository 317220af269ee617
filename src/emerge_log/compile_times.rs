//! How long the compiled merges of a plan take, as far as the judged machine's log tells.

use std::collections::HashMap;

use super::MergeTimes;
use crate::packages::{PackageId, Packages};
use crate::plan::{Merge, Origin, Plan};
use crate::pms::{Cpn, Cpv, Version};

/// What a log is asked for how long a package takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeQuestion {
    /// The package.
    pub cpv: Cpv,
    /// Its slot.
    slot: String,
    /// The slots of all versions that are in a repository or installed.
    slots: Vec<(Version, String)>,
}

impl TimeQuestion {
    /// What to ask about everything that a plan compiles, in its order.
    pub fn all(plan: &Plan<'_>, packages: &Packages<'_>) -> Vec<TimeQuestion> {
        let of = |merge: &Merge<'_>| TimeQuestion {
            cpv: merge.package.cpv.clone(),
            slot: merge.package.slot_or_zero().slot().to_owned(),
            slots: slots(&merge.package.cpv.cpn, packages),
        };
        plan.from_source().map(of).collect()
    }

    /// In seconds; `None` where that is unknown.
    pub fn answer(&self, times: &MergeTimes) -> Option<u64> {
        times.estimate(self.cpv.cpn.as_str(), &self.slot, &self.slots)
    }
}

/// Seconds by package, for what is compiled and was compiled before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompileTimes(HashMap<Cpv, u64>);

/// What they come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompileTotal {
    /// Seconds of all merges whose time is known, one after the other.
    pub seconds: u64,
    /// How many these are.
    pub known: usize,
    /// How many are compiled.
    pub compiled: usize,
}

impl CompileTotal {
    /// One merge more whose time is known, if it is.
    pub fn add(&mut self, seconds: Option<u64>) {
        if let Some(seconds) = seconds {
            self.known += 1;
            self.seconds = self.seconds.saturating_add(seconds);
        }
    }
}

impl CompileTimes {
    /// Look up everything that a plan compiles.
    pub fn of(plan: &Plan<'_>, packages: &Packages<'_>, times: &MergeTimes) -> CompileTimes {
        let questions = TimeQuestion::all(plan, packages).into_iter();
        let known = questions.filter_map(|asked| {
            let seconds = asked.answer(times)?;
            Some((asked.cpv, seconds))
        });
        CompileTimes(known.collect())
    }

    /// How long one merge compiles, in seconds; `None` where that is unknown, and for a binary package.
    pub fn get(&self, merge: &Merge<'_>) -> Option<u64> {
        match merge.origin {
            Origin::Source(_) => self.0.get(&merge.package.cpv).copied(),
            Origin::Binary(_) => None,
        }
    }

    /// What some merges come to.
    pub fn total<'m, 'a: 'm>(&self, merges: impl Iterator<Item = &'m Merge<'a>>) -> CompileTotal {
        let mut total = CompileTotal::default();
        for merge in merges.filter(|merge| merge.origin.instance().is_none()) {
            total.compiled += 1;
            total.add(self.get(merge));
        }
        total
    }
}

/// The slots of all versions that are in a repository or installed.
fn slots(cpn: &Cpn, packages: &Packages<'_>) -> Vec<(Version, String)> {
    let ebuilds = packages.ebuilds_of(cpn).into_iter().map(PackageId::Ebuild);
    let installed = packages.installed_of(cpn.as_str());
    let installed = installed.iter().copied().map(PackageId::Installed);
    let slot = |id| {
        let package = packages.record(id).package;
        let slot = package.slot_or_zero().slot().to_owned();
        (package.cpv.version.clone(), slot)
    };
    ebuilds.chain(installed).map(slot).collect()
}
