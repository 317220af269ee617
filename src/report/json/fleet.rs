//! `--fleet` for programs.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::HeadJson;
use super::formatter::SafeFormatter;
use super::hosts::{IndexJson, origin};
use super::survey::ShareJson;
use crate::report::fleet::{
    CommonBuild, Fleet, FleetHost, FleetMachine, FleetMerge, JudgedMachine, MachineGroup,
    MachineTotals, Unrunnable,
};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FleetDocument<'f> {
    #[serde(flatten)]
    head: HeadJson,
    status: u8,
    request: &'f [String],
    hosts: Vec<FleetHostJson<'f>>,
    /// In the order in which they were named; others name them by their place.
    machines: Vec<FleetMachineJson<'f>>,
    compiled: Vec<CommonBuildJson<'f>>,
    unrunnable: Vec<UnrunnableJson<'f>>,
    groups: Vec<GroupJson<'f>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetHostJson<'f> {
    label: &'f str,
    uri: String,
    #[serde(flatten)]
    index: IndexJson,
    origin: &'static str,
    #[serde(rename = "trouble")]
    error: Option<&'f str>,
}

/// One machine; `error` says why it could not be judged, and then nothing else is known.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetMachineJson<'f> {
    name: &'f str,
    path: &'f str,
    status: u8,
    error: Option<&'f str>,
    #[serde(flatten)]
    judged: Option<JudgedJson<'f>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct JudgedJson<'f> {
    chost: &'f str,
    processor: String,
    profile: Option<&'f str>,
    revision: Option<&'f str>,
    installed: usize,
    plan: FleetPlanJson,
    hosts: Vec<FleetShareJson>,
    merges: Vec<FleetMergeJson<'f>>,
    unmet: &'f [String],
    notices: &'f [String],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetPlanJson {
    sound: bool,
    merges: usize,
    usable: usize,
    doubtful: usize,
    source: usize,
    coverage: usize,
    download: u64,
    compile_seconds: u64,
    compile_known: usize,
}

/// What a host could serve of a machine; `host` is its place.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetShareJson {
    host: usize,
    request: ShareJson,
    installed: ShareJson,
    lacks: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetMergeJson<'f> {
    cpv: &'f str,
    state: &'static str,
    host: Option<&'f str>,
    reasons: &'f [&'static str],
    detail: &'f str,
    evidence: &'f [String],
    compile_seconds: Option<u64>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CommonBuildJson<'f> {
    name: &'f str,
    versions: Vec<&'f str>,
    machines: &'f [usize],
    /// How many builds a host would make for all of them.
    builds: usize,
    /// Of one build.
    compile_seconds: Option<u64>,
    saved_seconds: Option<u64>,
    reasons: Vec<&'static str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UnrunnableJson<'f> {
    host: &'f str,
    certain: bool,
    detail: &'f str,
    packages: Vec<&'f str>,
    machines: Vec<usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct GroupJson<'f> {
    machines: &'f [usize],
    march: Option<&'f str>,
    gives_up: Vec<SacrificeJson<'f>>,
    /// Machines whose processor is unknown.
    unknown: &'f [usize],
    differing: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SacrificeJson<'f> {
    machine: usize,
    features: &'f [&'static str],
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// What the stream says.
pub fn write(fleet: &Fleet, out: &mut impl Write) -> io::Result<()> {
    let labelled = fleet.hosts.iter().zip(&fleet.host_labels);
    let machines = fleet.machines.iter();
    let document = FleetDocument {
        head: HeadJson::CURRENT,
        status: fleet.exit().code(),
        request: &fleet.request,
        hosts: labelled
            .map(|(host, label)| host_json(host, label, fleet.now))
            .collect(),
        machines: machines
            .map(|machine| machine_json(fleet, machine))
            .collect(),
        compiled: fleet.compiled.iter().map(common_build).collect(),
        unrunnable: fleet.unrunnable.iter().map(unrunnable).collect(),
        groups: fleet.groups.iter().map(group).collect(),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, SafeFormatter);
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

fn host_json<'f>(host: &'f FleetHost, label: &'f str, now: i64) -> FleetHostJson<'f> {
    FleetHostJson {
        label,
        uri: host.uri().to_string(),
        index: IndexJson {
            timestamp: host.timestamp,
            age: host.timestamp.map(|made| now.saturating_sub(made)),
            size: host.size,
            entries: host.entries,
        },
        origin: origin(host.state.origin),
        error: host.state.error.as_deref(),
    }
}

fn machine_json<'f>(fleet: &Fleet, machine: &'f FleetMachine) -> FleetMachineJson<'f> {
    FleetMachineJson {
        name: &machine.name,
        path: &machine.path,
        status: machine.exit().code(),
        error: machine.outcome.as_ref().err().map(String::as_str),
        judged: machine
            .judged()
            .map(|judged| judged_json(fleet, machine, judged)),
    }
}

fn judged_json<'f>(
    fleet: &Fleet,
    machine: &'f FleetMachine,
    judged: &'f JudgedMachine,
) -> JudgedJson<'f> {
    let identity = &judged.identity;
    let share = |host: usize| {
        let share = fleet.share(machine, host)?;
        Some(FleetShareJson {
            host,
            request: share.request.into(),
            installed: share.installed.into(),
            lacks: share
                .lacks
                .iter()
                .map(|(lack, count)| (lack.as_str(), *count))
                .collect(),
        })
    };
    JudgedJson {
        chost: &identity.machine.chost,
        processor: identity.machine.describe(),
        profile: identity.tree.profile.as_deref(),
        revision: identity.tree.revision.as_deref(),
        installed: identity.installed,
        plan: plan(&judged.totals),
        hosts: (0..fleet.hosts.len()).filter_map(share).collect(),
        merges: judged.merges.iter().map(merge).collect(),
        unmet: &judged.unmet,
        notices: &judged.notices,
    }
}

fn plan(totals: &MachineTotals) -> FleetPlanJson {
    FleetPlanJson {
        sound: totals.sound,
        merges: totals.merges,
        usable: totals.usable,
        doubtful: totals.doubtful,
        source: totals.source,
        coverage: totals.coverage,
        download: totals.download,
        compile_seconds: totals.compile.seconds,
        compile_known: totals.compile.known,
    }
}

fn merge(merge: &FleetMerge) -> FleetMergeJson<'_> {
    FleetMergeJson {
        cpv: &merge.cpv,
        state: merge.state.as_str(),
        host: merge.host.as_deref(),
        reasons: &merge.codes,
        detail: &merge.detail,
        evidence: &merge.evidence,
        compile_seconds: merge.seconds,
    }
}

fn common_build(build: &CommonBuild) -> CommonBuildJson<'_> {
    CommonBuildJson {
        name: build.name.as_str(),
        versions: build.versions.iter().map(String::as_str).collect(),
        machines: &build.machines,
        builds: build.builds,
        compile_seconds: build.seconds,
        saved_seconds: build.saved(),
        reasons: build.codes.iter().copied().collect(),
    }
}

fn unrunnable(one: &Unrunnable) -> UnrunnableJson<'_> {
    UnrunnableJson {
        host: &one.host,
        certain: one.is_certain,
        detail: &one.detail,
        packages: one.packages.iter().map(String::as_str).collect(),
        machines: one.machines.iter().copied().collect(),
    }
}

fn group(group: &MachineGroup) -> GroupJson<'_> {
    let sacrifices = group.sacrifices.iter();
    GroupJson {
        machines: &group.machines,
        march: group.march.as_deref(),
        gives_up: sacrifices
            .map(|sacrifice| SacrificeJson {
                machine: sacrifice.machine,
                features: &sacrifice.features,
            })
            .collect(),
        unknown: &group.unknown,
        differing: group.differing,
    }
}
