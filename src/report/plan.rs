//! The plan as it is reported, and what it comes to.

use std::collections::BTreeMap;

use super::Report;
use super::compile_times::{CompileTimes, CompileTotal};
use crate::binhost::{HostId, InstanceId};
use crate::exit::Exit;
use crate::plan::{Origin, Plan};

/// A plan and how it came about.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The outcome.
    pub plan: Plan<'a>,
    /// Whether `-uDN` was added, since nothing but @world was asked for.
    pub implies_update: bool,
    /// How long what is compiled takes.
    pub compile_times: CompileTimes,
}

impl Planned<'_> {
    /// Whether everything that would be merged comes from binary packages, emerge would do it, and no
    /// target is missing.
    pub fn exit(&self) -> Exit {
        let satisfied = self.plan.from_source().next().is_none() && self.plan.missing.is_empty();
        let satisfied = match (satisfied, self.plan.unreadable.is_empty()) {
            (false, _) => Exit::SomeMissing,
            (true, true) => Exit::AllUsable,
            (true, false) => Exit::Unknown,
        };
        match self.feasibility() {
            Exit::AllUsable => satisfied,
            other => other,
        }
    }

    /// Whether emerge would carry it out, wherever the packages come from.
    pub fn feasibility(&self) -> Exit {
        match (self.plan.is_sound(), self.plan.unreadable.is_empty()) {
            (true, _) => Exit::AllUsable,
            (false, true) => Exit::SomeMissing,
            (false, false) => Exit::Unknown,
        }
    }
}

/// What a plan comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanSummary {
    /// Merges.
    pub merges: usize,
    /// Those from binary packages.
    pub binary: usize,
    /// Those from source.
    pub source: usize,
    /// Bytes to fetch.
    pub download: u64,
    /// Per host (`None`: the local PKGDIR): merges and bytes.
    pub by_host: BTreeMap<Option<HostId>, (usize, u64)>,
    /// Merges from source by reason; one that several rules reject counts for each of them.
    pub by_reason: BTreeMap<&'static str, usize>,
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
            compile: planned.compile_times.total(planned.plan.merges.iter()),
            ..PlanSummary::default()
        };
        for merge in &planned.plan.merges {
            summary.undecided += usize::from(merge.undecided);
            match &merge.origin {
                Origin::Binary(id) => summary.add_binary(report, *id),
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

    fn add_binary(&mut self, report: &Report<'_>, id: InstanceId) {
        self.binary += 1;
        let Some(judged) = report.instances.get(id) else {
            return;
        };
        let host = judged.candidate.host;
        let size = judged
            .candidate
            .size
            .and_then(|size| u64::try_from(size).ok());
        let size = size.filter(|_| host.is_some()).unwrap_or(0);
        self.download = self.download.saturating_add(size);
        let of_host = self.by_host.entry(host).or_default();
        of_host.0 += 1;
        of_host.1 = of_host.1.saturating_add(size);
    }

    /// Merges from binary packages, in per cent of all.
    pub fn coverage(&self) -> usize {
        (self.binary * 100).checked_div(self.merges).unwrap_or(100)
    }
}
