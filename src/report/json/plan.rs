//! `plan`: what the merges come to, and what stands in their way.

use serde::{Serialize, Serializer};

use crate::binhost::HostId;
use crate::plan::LeftOut;
use crate::pms::Cpv;
use crate::report::Report;
use crate::report::plan::{LostLibrary, PlanSummary, Planned};

use super::obstacles::{BlockedJson, ObstacleJson, SkippedJson, UninstalledJson, obstacle};

/// `plan`: its summary and what stands in its way.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct PlanJson<'r> {
    sound: bool,
    implied: Option<&'static str>,
    #[serde(flatten)]
    totals: TotalsJson<'r>,
    #[serde(flatten)]
    obstacles: ObstaclesJson<'r>,
}

/// What the merges come to.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct TotalsJson<'r> {
    merges: usize,
    binary: usize,
    usable: usize,
    source: usize,
    coverage: usize,
    download: u64,
    hosts: Vec<HostMergesJson<'r>>,
    reasons: std::collections::BTreeMap<&'static str, usize>,
    compile_seconds: u64,
    compile_known: usize,
    emerge_decides: usize,
}

/// What stands in the way, or aside.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ObstaclesJson<'r> {
    unresolved: Vec<ObstacleJson<'r>>,
    uninstalls: Vec<UninstalledJson>,
    skipped: Vec<SkippedJson<'r>>,
    blockers: Vec<BlockedJson<'r>>,
    missing: &'r [String],
    orphaned: &'r [String],
    provided: &'r [String],
    attempts: u32,
    unreadable: &'r [String],
    left_out: Vec<LeftOutJson>,
    lost_libraries: Vec<LostLibraryJson<'r>>,
}

/// A shared library that goes although something that stays installed requires it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LostLibraryJson<'r> {
    soname: &'r str,
    had_by: String,
    needed_by: Vec<String>,
    preserved: bool,
}

impl LostLibraryJson<'_> {
    fn of(lost: &LostLibrary) -> LostLibraryJson<'_> {
        LostLibraryJson {
            soname: &lost.soname,
            had_by: lost.had_by.to_string(),
            needed_by: lost.needed_by.iter().map(Cpv::to_string).collect(),
            preserved: lost.is_preserved,
        }
    }
}

/// An update of what is only needed to build, which is left out where binary packages are taken.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LeftOutJson {
    installed: String,
    update: String,
}

impl LeftOutJson {
    fn of(left_out: &LeftOut) -> LeftOutJson {
        LeftOutJson {
            installed: left_out.installed.to_string(),
            update: left_out.update.to_string(),
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HostMergesJson<'r> {
    host: &'r str,
    merges: usize,
    download: u64,
}

/// `plan`; `null` where none was made.
pub(super) fn plan<S: Serializer>(report: &&Report<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let plan = report.plan.as_ref();
    plan.map(|planned| document(report, planned))
        .serialize(serializer)
}

fn document<'r>(report: &'r Report<'_>, planned: &'r Planned<'_>) -> PlanJson<'r> {
    let summary = PlanSummary::of(planned, report);
    let coverage = summary.coverage();
    let host = |(host, (merges, download)): (&Option<HostId>, &(usize, u64))| HostMergesJson {
        host: host.map_or("local", |host| {
            let host = host.of(report.setting.hosts);
            host.map_or("", |host| host.repo.name.as_str())
        }),
        merges: *merges,
        download: *download,
    };
    let plan = &planned.plan;
    PlanJson {
        sound: plan.is_sound(),
        implied: planned.implies_update.then_some("-uDN"),
        totals: TotalsJson {
            merges: summary.merges,
            binary: summary.binary,
            usable: summary.usable,
            source: summary.source,
            coverage,
            download: summary.download,
            hosts: summary.by_host.iter().map(host).collect(),
            compile_seconds: summary.compile.seconds,
            compile_known: summary.compile.known,
            emerge_decides: summary.undecided,
            reasons: summary
                .by_reason
                .iter()
                .map(|(code, count)| (code.as_str(), *count))
                .collect(),
        },
        obstacles: ObstaclesJson {
            unresolved: plan.obstacles.iter().map(obstacle).collect(),
            skipped: plan.skipped.iter().map(SkippedJson::of).collect(),
            uninstalls: plan.uninstalls.iter().map(UninstalledJson::of).collect(),
            blockers: plan.blocks.iter().map(BlockedJson::of).collect(),
            missing: &plan.missing,
            orphaned: &plan.orphaned,
            provided: &plan.provided,
            attempts: plan.attempts,
            unreadable: &plan.unreadable,
            left_out: plan.left_out.iter().map(LeftOutJson::of).collect(),
            lost_libraries: planned.lost.iter().map(LostLibraryJson::of).collect(),
        },
    }
}
