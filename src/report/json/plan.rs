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
    /// Whether emerge would carry it out.
    sound: bool,
    /// Options that were added, such as `-uDN`.
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
    /// Packages that would be merged.
    merges: usize,
    /// How many of them are binary packages.
    binary: usize,
    /// How many of these are there, pass the signature check and run here.
    usable: usize,
    /// How many are compiled.
    source: usize,
    /// Usable ones in per cent; of nothing 100, and 0 where emerge would stop.
    coverage: usize,
    /// Bytes to fetch.
    download: u64,
    /// The same by host.
    hosts: Vec<HostMergesJson<'r>>,
    /// How many are compiled for each reason, by code.
    reasons: std::collections::BTreeMap<&'static str, usize>,
    /// How long compiling takes, as far as known.
    compile_seconds: u64,
    /// Of how many packages that is the sum.
    compile_known: usize,
    /// Packages in unsolved slot conflicts.
    emerge_decides: usize,
}

/// What stands in the way, or aside.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ObstaclesJson<'r> {
    /// What emerge stops at.
    unresolved: Vec<ObstacleJson<'r>>,
    /// Installed packages that make room.
    uninstalls: Vec<UninstalledJson>,
    /// Updates that are skipped because of others.
    skipped: Vec<SkippedJson<'r>>,
    /// Blockers that nothing solves, and those that an uninstall solves.
    blockers: Vec<BlockedJson<'r>>,
    /// Atoms of @world or @selected that nothing satisfies.
    missing: &'r [String],
    /// Atoms of @world or @selected that only something installed satisfies, whose ebuild is gone.
    orphaned: &'r [String],
    /// Targets that package.provided satisfies.
    provided: &'r [String],
    /// How many attempts the resolver made.
    attempts: u32,
    /// Packages whose ebuilds could not be read.
    unreadable: &'r [String],
    /// Updates of what is only needed to build, which -g skips.
    left_out: Vec<LeftOutJson>,
    /// Shared libraries that go although something that stays requires them.
    lost_libraries: Vec<LostLibraryJson<'r>>,
}

/// A shared library that goes although something that stays installed requires it.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct LostLibraryJson<'r> {
    /// The library.
    soname: &'r str,
    /// What has it today.
    had_by: String,
    /// What is installed and requires it.
    needed_by: Vec<String>,
    /// Whether preserve-libs keeps it.
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
    /// What is installed.
    installed: String,
    /// What would replace it.
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

/// What one host delivers.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct HostMergesJson<'r> {
    /// The host.
    host: &'r str,
    /// How many packages it delivers.
    merges: usize,
    /// Bytes to fetch from it.
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
