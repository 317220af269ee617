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

/// With --fleet: a request on several machines.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FleetDocument<'f> {
    #[serde(flatten)]
    head: HeadJson,
    /// The exit status.
    status: u8,
    /// What was requested of each machine.
    request: &'f [String],
    /// All hosts of all machines; others name them by their place.
    hosts: Vec<FleetHostJson<'f>>,
    /// In the order in which they were named; others name them by their place.
    machines: Vec<FleetMachineJson<'f>>,
    /// Packages that are compiled, those that cost most first.
    compiled: Vec<CommonBuildJson<'f>>,
    /// Binary packages that will not run, or of which that is unknown, by reason.
    unrunnable: Vec<UnrunnableJson<'f>>,
    /// Machines that could share one configuration.
    groups: Vec<GroupJson<'f>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetHostJson<'f> {
    /// Its name.
    label: &'f str,
    /// Where it is, without password.
    uri: String,
    #[serde(flatten)]
    index: IndexJson,
    /// Where its index came from, as `origin` of a host.
    origin: &'static str,
    /// Why its index could not be read, or is old.
    #[serde(rename = "trouble")]
    error: Option<&'f str>,
}

/// One machine; `error` says why it could not be judged, and then nothing else is known.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetMachineJson<'f> {
    /// A short name.
    name: &'f str,
    /// The path by which it was given.
    path: &'f str,
    /// The exit status of the request on it.
    status: u8,
    /// Why it could not be judged.
    error: Option<&'f str>,
    #[serde(flatten)]
    judged: Option<JudgedJson<'f>>,
}

/// What is known of a machine that could be judged.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct JudgedJson<'f> {
    /// Its CHOST.
    chost: &'f str,
    /// Its processor.
    processor: String,
    /// Its profile.
    profile: Option<&'f str>,
    /// The revision of its main repository.
    revision: Option<&'f str>,
    /// How many packages it has installed.
    installed: usize,
    /// What the request comes to.
    plan: FleetPlanJson,
    /// What each of its hosts could serve.
    hosts: Vec<FleetShareJson>,
    /// What emerge would merge there.
    merges: Vec<FleetMergeJson<'f>>,
    /// What keeps the plan from being carried out.
    unmet: &'f [String],
    /// Lines of its configuration that were skipped and the like.
    notices: &'f [String],
}

/// What the request comes to on a machine.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetPlanJson {
    /// Whether emerge would carry it out.
    sound: bool,
    /// Packages that would be merged.
    merges: usize,
    /// How many of them are usable binary packages.
    usable: usize,
    /// How many are other binary packages.
    doubtful: usize,
    /// How many are compiled.
    source: usize,
    /// Usable ones in per cent; of nothing 100, and 0 where emerge would stop.
    coverage: usize,
    /// Bytes to fetch.
    download: u64,
    /// How long compiling takes, as far as known.
    compile_seconds: u64,
    /// Of how many packages that is the sum.
    compile_known: usize,
}

/// What a host could serve of a machine; `host` is its place.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetShareJson {
    /// The place of the host.
    host: usize,
    /// How much of the request it could serve.
    request: ShareJson,
    /// How much of what is installed it could serve.
    installed: ShareJson,
    /// Why it could not serve the rest, counted by code.
    lacks: BTreeMap<&'static str, usize>,
}

/// A merge on a machine.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FleetMergeJson<'f> {
    /// The package.
    cpv: &'f str,
    /// `binary` (usable), `uncertain`, `unusable` or `compiled`.
    state: &'static str,
    /// Where a binary package comes from.
    host: Option<&'f str>,
    /// The codes of what keeps it from being a binary package.
    reasons: &'f [&'static str],
    /// The same for people.
    detail: &'f str,
    /// The lines of configuration that decide.
    evidence: &'f [String],
    /// How long it compiles there; null if that is unknown.
    compile_seconds: Option<u64>,
}

/// A package that machines compile.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CommonBuildJson<'f> {
    /// The package.
    name: &'f str,
    /// Its versions.
    versions: Vec<&'f str>,
    /// The machines that compile it, by their places.
    machines: &'f [usize],
    /// How many builds a host would make for all of them.
    builds: usize,
    /// Of one build.
    compile_seconds: Option<u64>,
    /// How much less is compiled where a host builds it.
    saved_seconds: Option<u64>,
    /// The codes of why it is compiled.
    reasons: Vec<&'static str>,
}

/// Binary packages of a host that do not run on machines, for one reason.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UnrunnableJson<'f> {
    /// The host that has them.
    host: &'f str,
    /// Whether they surely do not run.
    certain: bool,
    /// What they need.
    detail: &'f str,
    /// The packages.
    packages: Vec<&'f str>,
    /// The machines, by their places.
    machines: Vec<usize>,
}

/// Machines that could share one configuration.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct GroupJson<'f> {
    /// The machines, by their places.
    machines: &'f [usize],
    /// The -march that all of their processors run; null if there is none.
    march: Option<&'f str>,
    /// What each machine gives up by it.
    gives_up: Vec<SacrificeJson<'f>>,
    /// Machines whose processor is unknown.
    unknown: &'f [usize],
    /// Packages that differ from the first group of the same CHOST and profile; 0 for that one.
    differing: usize,
}

/// What a machine gives up.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SacrificeJson<'f> {
    /// The place of the machine.
    machine: usize,
    /// The instruction sets that it has and does not use.
    features: &'f [&'static str],
}

/// Write it, with a line feed at the end.
///
/// # Errors
/// Writing to the stream fails.
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
        processor: identity.processor(),
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
