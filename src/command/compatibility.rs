//! Whether packages run here: the machine from options, processor or configuration, then each package.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::judging::now;
use super::output;
use crate::binhost::{BinRepo, Candidate, HostState, InstanceId, SignaturePolicy, TimeLimits};
use crate::cache::CacheDir;
use crate::check::{Code, Evidence, Finding};
use crate::chroot::{Chroot, FileKind};
use crate::cli::Cli;
use crate::compat::{
    self, Compatibility, Concern, ConcernCode, CpuSource, FLAGS, Machine, Requested, verification,
};
use crate::cpu::{CpuinfoError, Processor};
use crate::exit::Hinted;
use crate::freeze::CPUINFO;
use crate::inspect::{InspectDepth, InspectOptions, Inspection, Inspector};
use crate::local::{Base, Local};
use crate::openpgp::{FileSignature, Keyring};
use crate::packages::Packages;
use crate::pms::{Key, signed};
use crate::source::Notices;

/// The largest description of processors: a machine with a thousand of them writes some 2 MiB.
const MAX_CPUINFO: u64 = 64 << 20;

/// What packages have to run on: as options name it; else this processor, or for a system that is judged from
/// elsewhere what its configuration says.
///
/// # Errors
/// `--cpu` names a processor that no table knows, or `--cpuinfo` a file that describes none.
pub(super) fn machine(cli: &Cli, base: &Base, notices: &Notices) -> Result<Machine> {
    let chost = base.vars.get("CHOST").unwrap_or_default();
    if let Some(name) = &cli.cpu.cpu {
        return Machine::of_name(name, chost).map_err(|error| {
            let message = error.to_string();
            let hints = vec!["name it as -march or -mcpu of gcc do, or give --cpuinfo".to_owned()];
            Hinted { message, hints }.into()
        });
    }
    if let Some(file) = &cli.cpu.cpuinfo {
        let processor = processor(Path::new(file)).with_context(|| format!("--cpuinfo {file}"))?;
        let measure = CpuSource::Cpuinfo(file.clone());
        return Ok(Machine::of_processor(processor, measure, chost));
    }
    if let Some((file, text)) = cpuinfo_of(base) {
        let processor = Processor::parse(&text).with_context(|| file.clone())?;
        let measure = CpuSource::Cpuinfo(file);
        return Ok(Machine::of_processor(processor, measure, chost));
    }
    if !is_foreign(base) {
        match processor(Path::new("/proc/cpuinfo")) {
            Ok(processor) => {
                return Ok(Machine::of_processor(
                    processor,
                    CpuSource::Processor,
                    chost,
                ));
            }
            Err(error) => notices.general(format!("/proc/cpuinfo: {error:#}")),
        }
    }
    let cflags = base.vars.get("CFLAGS").unwrap_or_default();
    Ok(Machine::of_config(cflags, &cpu_flags(base), chost))
}

/// Whether the judged system is not the running one.
fn is_foreign(base: &Base) -> bool {
    let roots = &base.roots;
    let is_own = |path: &Path| path == Path::new("/") || path == roots.eprefix;
    let chroot = base.chroot.is_foreign();
    chroot || !is_own(&roots.config_root) || !is_own(&roots.root)
}

/// The processor of a system that was frozen, or whose directory has a copy of its /proc/cpuinfo: the file's name, for
/// people, and its text.
fn cpuinfo_of(base: &Base) -> Option<(String, String)> {
    cpuinfo_in(&base.chroot)
}

fn cpuinfo_in(chroot: &Chroot) -> Option<(String, String)> {
    // Of two machines of one kind it tells other speeds and revisions: what counts of it is compared.
    let chroot = chroot.untraced();
    let path = Path::new("/").join(CPUINFO);
    let is_there = chroot.is_foreign() && chroot.kind(&path) == Some(FileKind::File);
    let file = is_there.then(|| chroot.label(&path).display().to_string())?;
    let bytes = chroot.read_limited(&path, MAX_CPUINFO).ok()?;
    Some((file, String::from_utf8_lossy(&bytes).into_owned()))
}

/// The processor that a system brings with it: the file's name, and what it says.
pub(super) fn own_processor(chroot: &Chroot) -> Option<(String, Result<Processor, CpuinfoError>)> {
    let (file, text) = cpuinfo_in(chroot)?;
    Some((file, Processor::parse(&text)))
}

fn processor(path: &Path) -> Result<Processor> {
    ensure!(fs::metadata(path)?.is_file(), "it is not a regular file");
    let mut bytes = Vec::new();
    let file = File::open(path)?;
    file.take(MAX_CPUINFO).read_to_end(&mut bytes)?;
    Ok(Processor::parse(&String::from_utf8_lossy(&bytes))?)
}

/// CPU_FLAGS_* of the configuration, as USE flags.
fn cpu_flags(base: &Base) -> String {
    let mut flags = String::new();
    for (name, prefix) in [
        ("CPU_FLAGS_X86", "cpu_flags_x86_"),
        ("CPU_FLAGS_ARM", "cpu_flags_arm_"),
        ("CPU_FLAGS_PPC", "cpu_flags_ppc_"),
    ] {
        for word in base.vars.get(name).unwrap_or_default().split_whitespace() {
            flags.push_str(&format!("{prefix}{word} "));
        }
    }
    flags
}

/// How far to inspect packages.
pub(super) fn options(cli: &Cli, cache: CacheDir) -> InspectOptions {
    let depth = match () {
        () if cli.cpu.no_fetch_metadata => InspectDepth::Index,
        // Tens of thousands of packages are not inspected without a request.
        () if cli.action.all && !cli.cpu.fetch_metadata && cli.action.export.export.is_none() => {
            InspectDepth::Cache
        }
        () if cli.hosts.offline => InspectDepth::Files,
        () => InspectDepth::Network,
    };
    InspectOptions {
        depth,
        whole: cli.cpu.fetch_whole,
        allow_commands: cli.hosts.allow_fetchcommand,
        progress: output::is_watched() && !cli.quiet(),
        cache,
        time: if cli.cpu.fetch_whole || cli.action.all {
            TimeLimits::PATIENT
        } else {
            TimeLimits::DEFAULT
        },
        most: if cli.action.all {
            InspectOptions::MOST_OF_ALL
        } else {
            InspectOptions::MOST
        },
        failed: None,
    }
}

/// All that it takes to tell whether packages run.
pub(super) struct CompatChecker<'a> {
    pub(super) local: &'a Local,
    pub(super) machine: &'a Machine,
    pub(super) hosts: &'a [HostState],
    pub(super) keyring: &'a Keyring,
    pub(super) options: InspectOptions,
    pub(super) notices: &'a Notices,
}

impl CompatChecker<'_> {
    /// Inspect these instances and judge them.
    pub(super) fn judge(
        &self,
        packages: &Packages<'_>,
        ids: &[InstanceId],
    ) -> HashMap<InstanceId, Compatibility> {
        let candidates: Vec<&Candidate> = ids.iter().map(|id| packages.entry(*id).0).collect();
        let compatibility = self.of_candidates(&candidates);
        ids.iter().copied().zip(compatibility).collect()
    }

    /// Inspect packages, many at once; one answer each, in their order.
    pub(super) fn of_candidates(&self, candidates: &[&Candidate]) -> Vec<Compatibility> {
        let base = &self.local.base;
        let inspector = Inspector::new(base, self.hosts, &self.options, self.keyring, self.notices);
        let inspections = inspector.inspect(candidates);
        let mut requested = HashMap::new();
        let judge = |(candidate, inspection): (&&Candidate, Inspection)| {
            self.compatibility(candidate, inspection, &mut requested)
        };
        candidates.iter().zip(inspections).map(judge).collect()
    }

    fn compatibility<'a>(
        &'a self,
        candidate: &Candidate,
        inspection: Inspection,
        requested: &mut HashMap<Vec<&'a str>, Requested>,
    ) -> Compatibility {
        let built = match inspection {
            Inspection::No => return Compatibility::default(),
            Inspection::Built(built) => built,
            Inspection::Gone => {
                let detail = "the file that the index names is gone".to_owned();
                return Compatibility::unknown(ConcernCode::Gone, detail);
            }
            Inspection::Size(size) => {
                return Compatibility::unknown(ConcernCode::Size, other_size(candidate, size));
            }
            Inspection::Unreadable(cause) => {
                return Compatibility::unknown(ConcernCode::Unreadable, cause);
            }
        };
        let flags = self.flags(candidate);
        let requested = requested
            .entry(flags)
            .or_insert_with_key(|flags| Requested::of(flags.iter().copied(), self.machine));
        let use_flags = candidate.package.metadata.text(Key::Use);
        let mut compatibility = compat::judge(&built, use_flags, self.machine, requested);
        compatibility
            .concerns
            .extend(self.signature(candidate, built.signature.as_ref()));
        compatibility
    }

    /// What Portage's check of the signature would come to.
    fn signature(
        &self,
        candidate: &Candidate,
        signature: Option<&FileSignature>,
    ) -> Option<Concern> {
        let host = candidate.host.and_then(|host| host.of(self.hosts));
        let repo = host.map(|host| &host.repo);
        let policy = SignaturePolicy::of(repo, &self.local.base.vars);
        match signature? {
            FileSignature::Missing if policy.required => Some(Concern {
                code: ConcernCode::Unsigned,
                detail: format!(
                    "not signed, although {} asks for it",
                    self.asks_for_signatures(repo)
                ),
            }),
            FileSignature::Missing => None,
            _ if !policy.verified => None,
            signature => verification::concern(signature, self.keyring, now()),
        }
    }

    /// The setting by which files of a host, or of PKGDIR where there is none, must carry signatures.
    fn asks_for_signatures(&self, repo: Option<&BinRepo>) -> String {
        let feature = "binpkg-request-signature";
        let words = self.local.base.vars.incremental("FEATURES");
        let of_feature = words.into_iter().find(|token| token.word == feature);
        match (of_feature, repo) {
            (Some(token), _) => format!("FEATURES={feature} ({})", token.source),
            (None, Some(repo)) => format!(
                "verify-signature of [{}] ({})",
                repo.name,
                repo.place("verify-signature")
            ),
            (None, None) => format!("FEATURES={feature}"),
        }
    }

    /// CFLAGS and its like for one package.
    fn flags(&self, candidate: &Candidate) -> Vec<&str> {
        let own = self.local.package_env.of(&candidate.package.subject());
        let value = |name: &&str| {
            let mut own = own.iter().rev();
            let own = own.find(|assignment| assignment.name == *name);
            match own {
                Some(assignment) => Some(assignment.value.as_str()),
                None => self.local.base.vars.get(name),
            }
        };
        FLAGS.iter().filter_map(value).collect()
    }
}

/// Add what emerge does not compare under these options, of the instances that it takes by name or plan.
pub(super) fn add_uncompared(
    packages: &Packages<'_>,
    compatibility: &mut HashMap<InstanceId, Compatibility>,
) {
    for (id, compatibility) in compatibility {
        let findings = packages.uncompared(*id);
        let concerns = findings.iter().filter_map(uncompared);
        compatibility.concerns.extend(concerns);
        compatibility.concerns.extend(outside_iuse(packages, *id));
        let name = &packages.entry(*id).0.package.cpv.cpn;
        let moved = packages.local().moves().new_name(name);
        compatibility
            .concerns
            .extend(moved.map(|(new, source)| Concern {
                code: ConcernCode::Moved,
                detail: format!("is {new} by now, by {source}"),
            }));
    }
}

/// What the build has of flags outside IUSE that another one has as configured.
fn outside_iuse(packages: &Packages<'_>, id: InstanceId) -> Option<Concern> {
    let wrong = packages.wrong_outside_iuse(id);
    let words = |of_build: bool| -> String {
        let words = wrong
            .iter()
            .map(|(flag, built)| signed(flag, *built == of_build));
        words.collect::<Vec<_>>().join(" ")
    };
    (!wrong.is_empty()).then(|| Concern {
        code: ConcernCode::UseDiffers,
        detail: format!(
            "built with USE=\"{}\", configured is USE=\"{}\", which another build has; outside IUSE",
            words(true),
            words(false),
        ),
    })
}

fn uncompared(finding: &Finding) -> Option<Concern> {
    let Evidence { wanted, found, .. } = &finding.evidence;
    let (code, detail) = match finding.code {
        Code::Use => (
            ConcernCode::UseDiffers,
            format!("built with {found}, configured is {wanted}"),
        ),
        Code::Deps => (
            ConcernCode::DepsDiffer,
            format!("built with {found}; its ebuild has {wanted}"),
        ),
        _ => return None,
    };
    Some(Concern { code, detail })
}

fn other_size(candidate: &Candidate, size: u64) -> String {
    let expected = candidate.size.unwrap_or(-1);
    format!("the file has {size} bytes, and {expected} by the index")
}
