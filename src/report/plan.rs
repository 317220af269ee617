//! The plan as it is reported: every merge with where it comes from and why.

use std::collections::{BTreeMap, HashMap};

use super::Report;
use crate::binhost::Pool;
use crate::check::Judged;
use crate::exit::Exit;
use crate::plan::{BuildReason, Merge, Plan, from_source};

/// A plan joined with the verdicts on instances.
#[derive(Debug)]
pub struct Planned<'a> {
    /// The outcome of the walk.
    pub plan: Plan<'a>,
    /// Where each merge comes from, in the order of the plan.
    pub origins: Vec<Origin>,
    /// Whether `-uDN` was added, since nothing but @world was asked for.
    pub implies_update: bool,
}

/// Where a merge comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A binary package, by position in [`Report::instances`].
    Binary(usize),
    /// The ebuild.
    Source(BuildReason),
}

impl<'a> Planned<'a> {
    /// Join a plan with the instances of the report.
    pub fn new(
        plan: Plan<'a>,
        instances: &[Judged<'a>],
        pool: &'a Pool,
        implies_update: bool,
    ) -> Planned<'a> {
        let index = Index::of(instances, pool);
        let origins = plan
            .merges
            .iter()
            .map(|merge| index.origin(merge))
            .collect();
        Planned {
            plan,
            origins,
            implies_update,
        }
    }

    /// Every merge with where it comes from.
    pub fn merges(&self) -> impl Iterator<Item = (&Merge<'a>, &Origin)> {
        self.plan.merges.iter().zip(&self.origins)
    }

    /// Whether everything that would be merged comes from binary packages, emerge would do it, and no
    /// target is missing.
    pub fn exit(&self) -> Exit {
        let from_binary = |origin: &Origin| matches!(origin, Origin::Binary(_));
        let served = self.origins.iter().all(from_binary) && self.plan.missing.is_empty();
        let served = match (served, self.plan.unreadable.is_empty()) {
            (false, _) => Exit::SomeMissing,
            (true, true) => Exit::AllUsable,
            (true, false) => Exit::Unknown,
        };
        match self.feasibility() {
            Exit::AllUsable => served,
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

/// Instances by name and by place in the pool.
struct Index<'r, 'a> {
    by_name: HashMap<&'r str, Vec<(usize, &'r Judged<'a>)>>,
    entries: HashMap<*const crate::binhost::Candidate, usize>,
    positions: HashMap<usize, usize>,
}

impl<'r, 'a> Index<'r, 'a> {
    fn of(instances: &'r [Judged<'a>], pool: &Pool) -> Index<'r, 'a> {
        let mut by_name: HashMap<&str, Vec<(usize, &Judged<'a>)>> = HashMap::new();
        let mut wanted: HashMap<*const _, usize> = HashMap::new();
        for (position, judged) in instances.iter().enumerate() {
            let name = judged.candidate.package.cpv.cpn.as_str();
            by_name.entry(name).or_default().push((position, judged));
            wanted.insert(std::ptr::from_ref(judged.candidate), position);
        }
        let mut entries = HashMap::new();
        let mut positions = HashMap::new();
        for (entry, (candidate, _)) in pool.entries.iter().enumerate() {
            let address = std::ptr::from_ref(candidate);
            if let Some(position) = wanted.get(&address) {
                entries.insert(address, entry);
                positions.insert(entry, *position);
            }
        }
        Index {
            by_name,
            entries,
            positions,
        }
    }

    fn origin(&self, merge: &Merge<'_>) -> Origin {
        let position = merge.entry.and_then(|entry| self.positions.get(&entry));
        if let Some(position) = position {
            return Origin::Binary(*position);
        }
        let name = merge.package.cpv.cpn.as_str();
        let instances = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let entry = |judged: &Judged<'_>| {
            self.entries
                .get(&std::ptr::from_ref(judged.candidate))
                .copied()
        };
        Origin::Source(from_source(merge, instances, &entry))
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
    pub by_host: BTreeMap<Option<usize>, (usize, u64)>,
    /// Merges from source by reason; one that several rules reject counts for each of them.
    pub by_reason: BTreeMap<&'static str, usize>,
    /// Merges in an unsolved conflict, where emerge decides.
    pub undecided: usize,
}

impl PlanSummary {
    /// Count.
    pub fn of(planned: &Planned<'_>, report: &Report<'_>) -> PlanSummary {
        let mut summary = PlanSummary {
            merges: planned.plan.merges.len(),
            ..PlanSummary::default()
        };
        for (merge, origin) in planned.merges() {
            summary.undecided += usize::from(merge.undecided);
            match origin {
                Origin::Binary(position) => summary.add_binary(report, *position),
                Origin::Source(why) => {
                    summary.source += 1;
                    for code in codes(why, report) {
                        *summary.by_reason.entry(code).or_default() += 1;
                    }
                }
            }
        }
        summary
    }

    fn add_binary(&mut self, report: &Report<'_>, position: usize) {
        self.binary += 1;
        let Some(judged) = report.instances.get(position) else {
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

/// The words that say why a merge is compiled: the rules that reject the nearest instance, or the
/// reason itself.
pub fn codes(why: &BuildReason, report: &Report<'_>) -> Vec<&'static str> {
    if let BuildReason::Rejected(position) = why
        && let Some(judged) = report.instances.get(*position)
    {
        return judged.findings.iter().map(|finding| finding.code).collect();
    }
    vec![why.code()]
}
