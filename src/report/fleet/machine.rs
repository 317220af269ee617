//! What the judgement of one machine comes to, in values of its own: the machine itself is let go.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::binhost::{HostState, Uri};
use crate::compare::version_taken;
use crate::compat::{CpuSource, Machine};
use crate::emerge_log::CompileTotal;
use crate::exit::Exit;
use crate::local::tree_state::TreeState;
use crate::packages::Packages;
use crate::plan::{Merge, Origin};
use crate::pms::Cpn;
use crate::redact::redact;
use crate::report::plan::{PlanSummary, Planned};
use crate::report::survey::{Lack, ServedShare, Survey, SurveyGrounds};
use crate::report::{MergeState, Report, human};

/// One machine.
#[derive(Clone, Debug)]
pub struct JudgedMachine {
    /// How it runs, and what its repositories and profile are.
    pub identity: MachineIdentity,
    /// How the request ends on it.
    pub exit: Exit,
    /// What the request comes to.
    pub totals: MachineTotals,
    /// How much each of its hosts could serve, in the order in which Portage asks them.
    pub shares: Vec<HostShare>,
    /// What emerge would merge.
    pub merges: Vec<FleetMerge>,
    /// What keeps the plan from being carried out, one line each.
    pub unmet: Vec<String>,
    /// Lines of its configuration that were skipped and the like.
    pub notices: Vec<String>,
    /// The configuration of each package that is installed or wanted, for comparison.
    pub settings: BTreeMap<Cpn, PackageSettings>,
}

/// What a machine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineIdentity {
    /// Its processor.
    pub machine: Machine,
    /// Its main repository and profile.
    pub tree: TreeState,
    /// Installed packages.
    pub installed: usize,
}

impl MachineIdentity {
    /// Its processor in words; where a file describes it, that file says nothing to people.
    pub fn processor(&self) -> String {
        match (&self.machine.measure, &self.machine.model) {
            (CpuSource::Cpuinfo(_), Some(model)) => model.clone(),
            _ => self.machine.describe(),
        }
    }
}

/// What a request comes to on a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineTotals {
    /// Merges.
    pub merges: usize,
    /// Those from binary packages that are there, pass the signature check, and run there.
    pub usable: usize,
    /// Other binary packages: they will not run, or that cannot be determined.
    pub doubtful: usize,
    /// Those from source.
    pub source: usize,
    /// Usable ones in per cent of all.
    pub coverage: usize,
    /// Bytes to fetch.
    pub download: u64,
    /// How long those from source take.
    pub compile: CompileTotal,
    /// Whether emerge would carry the plan out.
    pub sound: bool,
}

/// How much a host could serve.
#[derive(Clone, Debug)]
pub struct HostShare {
    /// The host, as one machine has it.
    pub host: FleetHost,
    /// Of the request.
    pub request: ServedShare,
    /// Of what is installed.
    pub installed: ServedShare,
    /// What keeps the other merges of the request from it, most frequent first.
    pub lacks: Vec<(Lack, usize)>,
}

/// A host, without its entries.
#[derive(Clone, Debug)]
pub struct FleetHost {
    /// Its settings and what came of asking it; the index is left out.
    pub state: HostState,
    /// TIMESTAMP of its index.
    pub timestamp: Option<i64>,
    /// Entries of its index; `None` where there is no index.
    pub entries: Option<usize>,
    /// Size of its index in bytes.
    pub size: Option<usize>,
}

impl FleetHost {
    fn of(state: &HostState) -> FleetHost {
        FleetHost {
            timestamp: state.index.as_ref().and_then(|index| index.timestamp),
            entries: state.index.as_ref().map(|index| index.entries.len()),
            size: state.index.as_ref().map(|index| index.size),
            state: HostState {
                repo: state.repo.clone(),
                index: None,
                error: state.error.clone(),
                insecure: state.insecure.clone(),
                ..*state
            },
        }
    }

    /// What tells it from others, secrets included.
    pub fn uri(&self) -> &Uri {
        &self.state.repo.sync_uri
    }
}

/// One merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetMerge {
    /// Its name.
    pub name: Cpn,
    /// Name and version.
    pub cpv: String,
    /// What it comes to.
    pub state: MergeState,
    /// Where a binary package comes from, for people.
    pub host: Option<String>,
    /// Why it is compiled, as codes.
    pub codes: Vec<&'static str>,
    /// Why it is compiled, or what speaks against the binary package; may be empty.
    pub detail: String,
    /// What is known behind it.
    pub evidence: Vec<String>,
    /// How long it compiles there, in seconds; `None` where that is unknown.
    pub seconds: Option<u64>,
    /// The flags that it is built with: two machines with the same can share a build.
    pub flags: String,
}

/// The configuration of a package in effect, without what depends on the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageSettings {
    version: u64,
    flags: u64,
}

impl PackageSettings {
    /// Whether two machines could have one configuration as far as this package tells. Another version speaks
    /// against it only where both have the `same_tree`; else the repositories may be why.
    pub fn agrees_with(self, other: PackageSettings, same_tree: bool) -> bool {
        match self.version == other.version {
            true => self.flags == other.flags,
            false => !same_tree,
        }
    }
}

impl JudgedMachine {
    /// Put other times into it: seconds by name and version of what is compiled.
    pub fn set_compile_times(&mut self, seconds: impl Fn(&str) -> Option<u64>) {
        let compile = &mut self.totals.compile;
        *compile = CompileTotal {
            compiled: compile.compiled,
            ..CompileTotal::default()
        };
        for merge in &mut self.merges {
            if merge.state == MergeState::Compiled {
                merge.seconds = seconds(&merge.cpv);
                compile.add(merge.seconds);
            }
        }
    }

    /// What a report with a plan comes to; `None` without one.
    pub fn of(report: &Report<'_>, packages: &Packages<'_>) -> Option<JudgedMachine> {
        let planned = report.plan.as_ref()?;
        let summary = PlanSummary::of(planned, report);
        let grounds = SurveyGrounds {
            hosts: report.setting.hosts,
            plan: Some(&planned.plan),
            compatibility: &report.compatibility,
            portage_copies: &[],
            tree: report.setting.tree,
            now: report.setting.now,
        };
        let shares = Survey::of(packages, grounds).hosts.into_iter();
        Some(JudgedMachine {
            identity: MachineIdentity {
                machine: report.setting.machine.clone(),
                tree: report.setting.tree.clone(),
                installed: packages.local().installed.packages().count(),
            },
            exit: report.exit(),
            totals: totals(planned, &summary),
            shares: shares
                .map(|host| HostShare {
                    host: FleetHost::of(host.state),
                    request: host.request,
                    installed: host.installed,
                    lacks: host.lacks,
                })
                .collect(),
            merges: planned
                .plan
                .merges
                .iter()
                .map(|merge| FleetMerge::of(report, planned, merge))
                .collect(),
            unmet: human::unmet(planned, report),
            notices: report
                .notices
                .iter()
                .map(|notice| redact(&notice.to_string()).into_owned())
                .collect(),
            settings: settings(planned, packages),
        })
    }
}

fn totals(planned: &Planned<'_>, summary: &PlanSummary) -> MachineTotals {
    MachineTotals {
        merges: summary.merges,
        usable: summary.usable,
        doubtful: summary.binary - summary.usable,
        source: summary.source,
        coverage: summary.coverage(),
        download: summary.download,
        compile: summary.compile,
        sound: planned.plan.is_sound(),
    }
}

impl FleetMerge {
    /// As the report tells it.
    fn of(report: &Report<'_>, planned: &Planned<'_>, merge: &Merge<'_>) -> FleetMerge {
        let cpv = &merge.package.cpv;
        let (codes, (detail, evidence)) = match &merge.origin {
            Origin::Source(reason) => (
                reason.codes().iter().map(|code| code.as_str()).collect(),
                human::reason(report, reason, cpv.cpn.as_str()),
            ),
            Origin::Binary(id) => {
                let concerns = report.concerns(*id).iter();
                let mut texts: Vec<String> = concerns
                    .map(|concern| format!("{}: {}", concern.code, concern.detail))
                    .collect();
                let first = (!texts.is_empty()).then(|| texts.remove(0));
                (Vec::new(), (first.unwrap_or_default(), texts))
            }
        };
        let judged = merge
            .origin
            .instance()
            .and_then(|id| report.instances.get(id));
        let enabled = merge.flags.iter().filter(|(_, enabled)| *enabled);
        let mut enabled: Vec<&str> = enabled.map(|(flag, _)| flag.as_str()).collect();
        enabled.sort_unstable();
        FleetMerge {
            name: cpv.cpn.clone(),
            cpv: cpv.to_string(),
            state: report.state(merge),
            host: judged.map(|judged| report.host_label(judged.candidate.host).to_owned()),
            codes,
            detail,
            evidence,
            seconds: planned.compile_times.get(merge),
            flags: enabled.join(" "),
        }
    }
}

/// The settings of what is installed or wanted.
fn settings(planned: &Planned<'_>, packages: &Packages<'_>) -> BTreeMap<Cpn, PackageSettings> {
    let installed = packages.local().installed.names();
    let merged = planned
        .plan
        .merges
        .iter()
        .map(|merge| &merge.package.cpv.cpn);
    let names = installed.chain(merged);
    let one = |name: &Cpn| {
        let record = version_taken(name, packages)?;
        let mut flags: Vec<&str> = record
            .package
            .iuse()
            .map(|iuse| iuse.flag)
            .filter(|flag| !flag.starts_with("cpu_flags_") && record.facts().enabled(flag))
            .collect();
        flags.sort_unstable();
        flags.dedup();
        let settings = PackageSettings {
            version: hash(&record.package.cpv.version.to_string()),
            flags: hash(&flags),
        };
        Some((name.clone(), settings))
    };
    names.filter_map(one).collect()
}

/// The same in every run.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
impl PackageSettings {
    /// For tests.
    pub(super) fn new(version: &str, flags: &str) -> PackageSettings {
        PackageSettings {
            version: hash(&version),
            flags: hash(&flags),
        }
    }
}
