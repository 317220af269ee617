//! The plan as it is reported, and what it comes to.

use std::collections::{BTreeMap, HashMap};

use super::{MergeState, Report};
use crate::binhost::{HostId, InstanceId};
use crate::compat::{Compatibility, Usability};
use crate::emerge_log::{CompileTimes, CompileTotal};
use crate::plan::{Merge, Origin, Plan, ReasonCode, RequiredBy};
use crate::pms::Cpv;

/// A plan and how it came about.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The outcome.
    pub plan: Plan<'a>,
    /// Whether `-uDN` was added, since nothing but @world was requested.
    pub implies_update: bool,
    /// How long what is compiled takes.
    pub compile_times: CompileTimes,
    /// Libraries that it takes away from packages that stay installed.
    pub lost: Vec<LostLibrary>,
    /// For each atom of a target that something is merged for, the place of that merge.
    by_atom: HashMap<String, usize>,
}

/// A shared library that goes with the package that has it, although something that stays installed requires it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostLibrary {
    /// `x86_64: libz.so.1`
    pub soname: String,
    /// What has it today, and is replaced or uninstalled.
    pub had_by: Cpv,
    /// Who requires it.
    pub needed_by: Vec<Cpv>,
    /// Whether Portage keeps its file until nothing needs it (FEATURES="preserve-libs").
    pub is_preserved: bool,
}

impl<'a> Planned<'a> {
    /// A plan, ready for lookups.
    pub fn new(plan: Plan<'a>, implies_update: bool, compile_times: CompileTimes) -> Planned<'a> {
        let mut by_atom = HashMap::new();
        for (place, merge) in plan.merges.iter().enumerate() {
            for (parent, atom) in &merge.parents {
                if matches!(parent, RequiredBy::Target(_)) {
                    by_atom.entry(atom.clone()).or_insert(place);
                }
            }
        }
        Planned {
            plan,
            implies_update,
            compile_times,
            lost: Vec::new(),
            by_atom,
        }
    }

    /// With libraries that it takes away.
    #[must_use]
    pub fn with_lost(self, lost: Vec<LostLibrary>) -> Planned<'a> {
        Planned { lost, ..self }
    }

    /// What would be merged for an atom of a target.
    pub fn merge_for(&self, atom: &str) -> Option<&Merge<'a>> {
        self.plan.merges.get(*self.by_atom.get(atom)?)
    }
}

/// What a plan comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanSummary {
    /// Merges.
    pub merges: usize,
    /// Whether emerge would carry them out.
    pub is_sound: bool,
    /// Those from binary packages.
    pub binary: usize,
    /// Those from binary packages that are there, pass the signature check, and run here.
    pub usable: usize,
    /// The other binary packages by what is known of them ([`crate::compat::Compatibility::usability`]).
    pub doubtful: BTreeMap<Usability, usize>,
    /// Those from source.
    pub source: usize,
    /// Bytes to fetch.
    pub download: u64,
    /// Per host (`None`: the local PKGDIR): merges and bytes.
    pub by_host: BTreeMap<Option<HostId>, (usize, u64)>,
    /// Merges from source by reason; one that several rules reject counts for each of them.
    pub by_reason: BTreeMap<ReasonCode, usize>,
    /// How long those from source take.
    pub compile: CompileTotal,
    /// Merges in an unsolved conflict, where emerge decides.
    pub undecided: usize,
}

impl PlanSummary {
    /// Count.
    pub fn of(planned: &Planned<'_>, report: &Report<'_>) -> PlanSummary {
        let mut summary = PlanSummary {
            merges: planned.plan.merges.len(),
            is_sound: planned.plan.is_sound(),
            compile: planned.compile_times.total(planned.plan.merges.iter()),
            ..PlanSummary::default()
        };
        for merge in &planned.plan.merges {
            summary.undecided += usize::from(merge.undecided);
            match &merge.origin {
                Origin::Binary(id) => {
                    summary.add_state(report, merge, *id);
                    summary.add_binary(report, *id, report.state(merge));
                }
                Origin::Source(why) => {
                    summary.source += 1;
                    for code in why.codes() {
                        *summary.by_reason.entry(code).or_default() += 1;
                    }
                }
            }
        }
        summary
    }

    fn add_state(&mut self, report: &Report<'_>, merge: &Merge<'_>, id: InstanceId) {
        let known = report.compatibility(id);
        match (
            report.state(merge),
            known.and_then(Compatibility::usability),
        ) {
            (MergeState::Unusable | MergeState::Uncertain, Some(usability)) => {
                *self.doubtful.entry(usability).or_default() += 1;
            }
            _ => self.usable += 1,
        }
    }

    fn add_binary(&mut self, report: &Report<'_>, id: InstanceId, state: MergeState) {
        self.binary += 1;
        let Some(judged) = report.instances.get(id) else {
            return;
        };
        let host = judged.candidate.host;
        let size = judged
            .candidate
            .size
            .and_then(|size| u64::try_from(size).ok());
        // What is gone, or of no use here, is not fetched.
        let is_fetched = host.is_some() && state != MergeState::Unusable;
        let size = size.filter(|_| is_fetched).unwrap_or(0);
        self.download = self.download.saturating_add(size);
        let of_host = self.by_host.entry(host).or_default();
        of_host.0 += 1;
        of_host.1 = of_host.1.saturating_add(size);
    }

    /// Merges from usable binary packages, in per cent of all. All of nothing is fine, unless emerge stops before it has
    /// anything to merge.
    pub fn coverage(&self) -> usize {
        let of_nothing = if self.is_sound { 100 } else { 0 };
        let percent = (self.usable * 100).checked_div(self.merges);
        percent.unwrap_or(of_nothing)
    }
}
