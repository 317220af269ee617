//! Machines for tests.

use std::collections::BTreeMap;

use super::{
    Fleet, FleetHost, FleetMachine, FleetMerge, HostShare, JudgedMachine, MachineIdentity,
    MachineTotals, PackageSettings,
};
use crate::compat::Machine;
use crate::emerge_log::CompileTotal;
use crate::exit::Exit;
use crate::local::tree_state::TreeState;
use crate::pms::{Cpn, Cpv};
use crate::report::MergeState;
use crate::report::survey::{Lack, ServedShare};

/// A merge as `a/b-1 STATE [HOST [DETAIL [USE]]]`, compiled for as many seconds as the host says.
pub(crate) fn merge(words: &str) -> FleetMerge {
    let mut words = words.splitn(5, ' ');
    let mut next = || words.next().unwrap_or_default();
    let cpv = next().to_owned();
    let state = match next() {
        "compiled" => MergeState::Compiled,
        "unusable" => MergeState::Unusable,
        "uncertain" => MergeState::Uncertain,
        _ => MergeState::Usable,
    };
    let (host, detail, flags) = (next().to_owned(), next().to_owned(), next().to_owned());
    let is_compiled = state == MergeState::Compiled;
    FleetMerge {
        name: Cpv::parse(&cpv).map_or_else(|| panic!("{cpv}"), |cpv| cpv.cpn),
        cpv,
        state,
        seconds: host.parse().ok().filter(|_| is_compiled),
        host: Some(host).filter(|_| !is_compiled),
        codes: if is_compiled { vec!["use"] } else { Vec::new() },
        detail,
        evidence: Vec::new(),
        flags,
    }
}

/// A machine with these merges, and for packages a version and USE (`a/b 1 x y`).
pub(crate) fn machine(name: &str, march: &str, merges: &[&str], settings: &[&str]) -> FleetMachine {
    let merges: Vec<FleetMerge> = merges.iter().map(|words| merge(words)).collect();
    let count = |state| merges.iter().filter(|merge| merge.state == state).count();
    let usable = count(MergeState::Usable);
    let known = merges.iter().filter_map(|merge| merge.seconds);
    let setting = |words: &&str| {
        let mut words = words.splitn(3, ' ');
        let name = Cpn::parse(words.next()?)?;
        let version = words.next().unwrap_or_default();
        let settings = PackageSettings::new(version, words.next().unwrap_or_default());
        Some((name, settings))
    };
    let settings: BTreeMap<Cpn, PackageSettings> = settings.iter().filter_map(setting).collect();
    let chost = "x86_64-pc-linux-gnu";
    let judged = JudgedMachine {
        identity: MachineIdentity {
            machine: Machine::of_config(&format!("-march={march}"), "", chost),
            tree: TreeState {
                revision: Some("r".to_owned()),
                profile: Some("desktop".to_owned()),
                timestamp: None,
            },
            installed: settings.len(),
        },
        exit: if usable == merges.len() {
            Exit::AllUsable
        } else {
            Exit::SomeMissing
        },
        totals: MachineTotals {
            merges: merges.len(),
            usable,
            doubtful: count(MergeState::Unusable) + count(MergeState::Uncertain),
            source: count(MergeState::Compiled),
            coverage: (usable * 100).checked_div(merges.len()).unwrap_or(100),
            download: 0,
            compile: CompileTotal {
                seconds: known.clone().sum(),
                known: known.count(),
                compiled: count(MergeState::Compiled),
            },
            sound: true,
        },
        shares: Vec::new(),
        merges,
        unmet: Vec::new(),
        notices: Vec::new(),
        settings,
    };
    FleetMachine {
        name: name.to_owned(),
        path: format!("/srv/{name}"),
        outcome: Ok(judged),
    }
}

/// The same with a host that serves so many of its merges.
pub(crate) fn with_host(mut machine: FleetMachine, uri: &str, served: usize) -> FleetMachine {
    let mut state = crate::report::fixture::host("0123", false, uri);
    state.error = None;
    if let Ok(judged) = &mut machine.outcome {
        let of = judged.merges.len();
        judged.shares.push(HostShare {
            host: FleetHost {
                state,
                timestamp: Some(1_699_000_000),
                entries: Some(7),
                size: Some(700),
            },
            request: ServedShare { served, of },
            installed: ServedShare::default(),
            lacks: vec![(Lack::NoPackage, of - served)],
        });
    }
    machine
}

/// One that could not be judged.
pub(crate) fn failed(name: &str, error: &str) -> FleetMachine {
    FleetMachine {
        outcome: Err(error.to_owned()),
        ..machine(name, "x86-64", &[], &[])
    }
}

/// Machines as a fleet of which `@world` was requested.
pub(crate) fn fleet(machines: Vec<FleetMachine>) -> Fleet {
    Fleet::of(vec!["@world".to_owned()], machines, 1_700_000_000)
}
