//! `merges` and `plan`: what emerge would merge, and what stands in its way.

use serde::{Serialize, Serializer};

use crate::binhost::{HostId, InstanceId};
use crate::plan::{
    Blocked, BuildReason, LeftOut, Merge, Obstacle, Origin, ReasonCode, RejectedBinary, RequiredBy,
    SkippedBecause, SkippedUpdate, Uninstalled,
};
use crate::pms::Kind;
use crate::report::Report;
use crate::report::plan::{PlanSummary, Planned};

/// One merge.
#[derive(Serialize)]
struct MergeJson<'r> {
    r#type: &'static str,
    cpv: String,
    slot: Option<String>,
    repo: Option<&'r str>,
    build_id: Option<i64>,
    change: &'static str,
    installed: Option<String>,
    host: Option<&'r str>,
    path: Option<&'r str>,
    size: Option<i64>,
    instance: Option<usize>,
    r#use: Vec<String>,
    reasons: Vec<ReasonJson<'r>>,
    parents: Vec<ParentJson<'r>>,
    higher: Option<Higher<'r>>,
    emerge_decides: bool,
    compile_seconds: Option<u64>,
}

/// The highest version of the slot, and why it is not taken.
#[derive(Serialize)]
struct Higher<'r> {
    cpv: String,
    why: &'r str,
}

/// Why a merge is compiled. `instance` names the nearest binary package.
#[derive(Serialize)]
struct ReasonJson<'r> {
    code: &'static str,
    detail: String,
    instance: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    older: Option<Other<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newer: Option<Other<'r>>,
}

/// A binary package of another version.
#[derive(Serialize)]
struct Other<'r> {
    version: String,
    host: &'r str,
    instance: usize,
}

#[derive(Serialize)]
struct ParentJson<'r> {
    target: Option<&'r str>,
    cpv: Option<String>,
    installed: bool,
    atom: &'r str,
}

/// `merges`; `null` where no plan was made.
pub(super) fn merges<S: Serializer>(
    report: &&Report<'_>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(planned) = &report.plan else {
        return serializer.serialize_none();
    };
    let merges = planned.plan.merges.iter();
    serializer.collect_seq(merges.map(|merge| one(report, planned, merge)))
}

fn one<'r>(
    report: &'r Report<'_>,
    planned: &'r Planned<'_>,
    merge: &'r Merge<'_>,
) -> MergeJson<'r> {
    let package = merge.package;
    let instance = merge.origin.instance();
    let reasons = match &merge.origin {
        Origin::Binary(_) => Vec::new(),
        Origin::Source(why) => reasons(report, why),
    };
    let candidate = instance
        .and_then(|id| report.instances.get(id))
        .map(|judged| judged.candidate);
    MergeJson {
        r#type: match package.kind {
            Kind::Ebuild => "ebuild",
            Kind::Binary | Kind::Installed => "binary",
        },
        cpv: package.cpv.to_string(),
        slot: package.slot.as_ref().map(ToString::to_string),
        repo: package.repository.as_deref(),
        build_id: package.build_id.filter(|id| *id != 0),
        change: merge.change.as_str(),
        installed: merge.installed.as_ref().map(ToString::to_string),
        host: candidate.map(|candidate| report.host_name(candidate)),
        path: candidate.map(|candidate| candidate.path()),
        size: candidate.and_then(|candidate| candidate.size),
        instance: instance.and_then(|id| report.instances.position(id)),
        r#use: flags(&merge.flags),
        reasons,
        parents: merge.parents.iter().map(parent).collect(),
        higher: merge.higher.as_ref().map(|(cpv, why)| Higher {
            cpv: cpv.to_string(),
            why,
        }),
        emerge_decides: merge.undecided,
        compile_seconds: planned.compile_times.get(merge),
    }
}

fn flags(flags: &[(String, bool)]) -> Vec<String> {
    let text = |(flag, enabled): &(String, bool)| match enabled {
        true => flag.clone(),
        false => format!("-{flag}"),
    };
    flags.iter().map(text).collect()
}

fn reasons<'r>(report: &'r Report<'_>, why: &BuildReason) -> Vec<ReasonJson<'r>> {
    let nearest = why.nearest().and_then(|id| report.instances.get(id));
    let instance = nearest.and_then(|judged| report.instances.position(judged.id));
    let plain = |code: ReasonCode, detail: &str| ReasonJson {
        code: code.as_str(),
        detail: detail.to_owned(),
        instance,
        older: None,
        newer: None,
    };
    let findings = nearest.into_iter().flat_map(|judged| judged.findings);
    let only = why.codes().into_iter();
    match why {
        BuildReason::VersionSkew { older, newer } => only
            .map(|code| ReasonJson {
                older: other(report, *older),
                newer: other(report, *newer),
                ..plain(code, "")
            })
            .collect(),
        BuildReason::Rejected { .. } => findings
            .map(|finding| plain(ReasonCode::Rule(finding.code), &finding.detail))
            .collect(),
        BuildReason::RejectedBinary(_, RejectedBinary::Atom(atom)) => {
            only.map(|code| plain(code, atom)).collect()
        }
        BuildReason::RejectedBinary(_, why) => {
            only.map(|code| plain(code, &why.describe())).collect()
        }
        BuildReason::NoBinary | BuildReason::Renamed { .. } | BuildReason::Undetermined(_) => {
            only.map(|code| plain(code, "")).collect()
        }
    }
}

fn other<'r>(report: &'r Report<'_>, id: Option<InstanceId>) -> Option<Other<'r>> {
    let candidate = report.instances.get(id?)?.candidate;
    Some(Other {
        version: candidate.package.cpv.version.to_string(),
        host: report.host_name(candidate),
        instance: report.instances.position(id?)?,
    })
}

fn parent((required_by, atom): &(RequiredBy, String)) -> ParentJson<'_> {
    wanted(required_by, atom)
}

/// `plan`: its summary and what stands in its way.
#[derive(Serialize)]
struct PlanJson<'r> {
    sound: bool,
    implied: Option<&'static str>,
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
}

/// An update of what is only needed to build, which is left out where binary packages are taken.
#[derive(Serialize)]
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
            let host = host.of(report.hosts);
            host.map_or("", |host| host.repo.name.as_str())
        }),
        merges: *merges,
        download: *download,
    };
    let plan = &planned.plan;
    PlanJson {
        sound: plan.is_sound(),
        implied: planned.implies_update.then_some("-uDN"),
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
        reasons: summary
            .by_reason
            .iter()
            .map(|(code, count)| (code.as_str(), *count))
            .collect(),
    }
}

/// An update that is skipped: because of a dependency that nothing satisfies, or of others.
#[derive(Serialize)]
struct SkippedJson<'r> {
    cpv: String,
    selected: String,
    dependency: Option<&'r str>,
    parents: Vec<ParentJson<'r>>,
}

impl<'r> SkippedJson<'r> {
    fn of(skipped: &'r SkippedUpdate) -> SkippedJson<'r> {
        let (dependency, pairs) = match &skipped.because {
            SkippedBecause::Dependency(atom) => (Some(atom.as_str()), &[][..]),
            SkippedBecause::Conflict(pairs) => (None, pairs.as_slice()),
        };
        SkippedJson {
            cpv: skipped.package.to_string(),
            selected: skipped.selected.to_string(),
            dependency,
            parents: pairs.iter().map(parent).collect(),
        }
    }
}

/// An installed package that makes room, and how many merges come before that.
#[derive(Serialize)]
struct UninstalledJson {
    cpv: String,
    after: usize,
}

impl UninstalledJson {
    fn of(uninstalled: &Uninstalled) -> UninstalledJson {
        UninstalledJson {
            cpv: uninstalled.package.to_string(),
            after: uninstalled.after,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
enum ObstacleJson<'r> {
    Unsatisfied {
        why: String,
        parent: ParentJson<'r>,
    },
    RequiredUse {
        cpv: String,
        parent: ParentJson<'r>,
    },
    Circular {
        cpvs: Vec<String>,
    },
    NeedsMerge {
        cpv: String,
        parent: ParentJson<'r>,
    },
    UseChange {
        cpv: String,
        flags: Vec<String>,
        parents: Vec<ParentJson<'r>>,
    },
    Unmask {
        cpv: String,
        keyword: Option<&'r str>,
        masked: bool,
        licenses: &'r [String],
        parents: Vec<ParentJson<'r>>,
    },
    SlotConflict {
        slot: &'r str,
        packages: Vec<ConflictingJson<'r>>,
    },
    Blocker {
        by: String,
        atom: &'r str,
        cpv: String,
    },
}

#[derive(Serialize)]
struct ConflictingJson<'r> {
    cpv: String,
    parents: Vec<ParentJson<'r>>,
}

#[derive(Serialize)]
struct BlockedJson<'r> {
    by: String,
    atom: &'r str,
    cpv: String,
    solvable: bool,
}

impl<'r> BlockedJson<'r> {
    fn of(blocked: &'r Blocked) -> BlockedJson<'r> {
        BlockedJson {
            by: blocked.by.to_string(),
            atom: &blocked.atom,
            cpv: blocked.package.to_string(),
            solvable: !blocked.unsolvable,
        }
    }
}

fn wanted<'r>(required_by: &'r RequiredBy, atom: &'r str) -> ParentJson<'r> {
    let (target, cpv, installed) = match required_by {
        RequiredBy::Target(name) => (Some(name.as_str()), None, false),
        RequiredBy::Rebuild => (None, None, false),
        RequiredBy::Package(cpv, kind) => (None, Some(cpv.to_string()), *kind == Kind::Installed),
    };
    ParentJson {
        target,
        cpv,
        installed,
        atom,
    }
}

fn obstacle(obstacle: &Obstacle) -> ObstacleJson<'_> {
    match obstacle {
        Obstacle::Unsatisfied { atom, parent, why } => ObstacleJson::Unsatisfied {
            why: why.to_string(),
            parent: wanted(parent, atom),
        },
        Obstacle::RequiredUse { package, parent } => ObstacleJson::RequiredUse {
            cpv: package.to_string(),
            parent: wanted(parent, ""),
        },
        Obstacle::Circular { packages } => ObstacleJson::Circular {
            cpvs: packages.iter().map(ToString::to_string).collect(),
        },
        Obstacle::NeedsMerge { package, parent } => ObstacleJson::NeedsMerge {
            cpv: package.to_string(),
            parent: wanted(parent, ""),
        },
        Obstacle::UseChange {
            package,
            flags: changes,
            parents,
        } => ObstacleJson::UseChange {
            cpv: package.to_string(),
            flags: flags(changes),
            parents: parents.iter().map(parent).collect(),
        },
        Obstacle::Unmask {
            package,
            keyword,
            masked,
            licenses,
            parents,
        } => ObstacleJson::Unmask {
            cpv: package.to_string(),
            keyword: keyword.as_deref(),
            masked: *masked,
            licenses,
            parents: parents.iter().map(parent).collect(),
        },
        Obstacle::SlotConflict { slot, packages } => ObstacleJson::SlotConflict {
            slot,
            packages: packages
                .iter()
                .map(|(cpv, parents)| ConflictingJson {
                    cpv: cpv.to_string(),
                    parents: parents.iter().map(parent).collect(),
                })
                .collect(),
        },
        Obstacle::Blocked(blocked) => ObstacleJson::Blocker {
            by: blocked.by.to_string(),
            atom: &blocked.atom,
            cpv: blocked.package.to_string(),
        },
    }
}
