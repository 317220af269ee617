//! Several machines side by side: what the request comes to on each, what each host could serve of it, what is compiled
//! on many of them, what will not run, and which of them could have one configuration. Also one machine alone, for the
//! page and the metrics of an ordinary run.

mod common;
mod group;
mod machine;
mod names;

use std::collections::BTreeMap;

pub use common::{CommonBuild, Unrunnable};
pub use group::{MachineGroup, Sacrifice};
pub use machine::{
    FleetHost, FleetMerge, HostShare, JudgedMachine, MachineIdentity, MachineTotals,
    PackageSettings,
};

pub use names::names;

use super::host_labels;
use crate::exit::Exit;

/// All machines.
#[derive(Debug)]
pub struct Fleet {
    /// What was requested.
    pub request: Vec<String>,
    /// One each, in the order in which they were named.
    pub machines: Vec<FleetMachine>,
    /// Every host that some machine has, in the order in which they were met.
    pub hosts: Vec<FleetHost>,
    /// A short name for each host.
    pub host_labels: Vec<String>,
    /// Packages that are compiled, what costs most first.
    pub compiled: Vec<CommonBuild>,
    /// Binary packages that will not run, or of which that cannot be determined, those of most machines first.
    pub unrunnable: Vec<Unrunnable>,
    /// Machines that could have one configuration.
    pub groups: Vec<MachineGroup>,
    /// When they were judged, in seconds since 1970.
    pub now: i64,
}

/// One of them.
#[derive(Debug)]
pub struct FleetMachine {
    /// A short name, different from those of the others.
    pub name: String,
    /// Where it lies: a directory or a frozen file; `/` is the running system.
    pub path: String,
    /// What it comes to, or why it could not be judged.
    pub outcome: Result<JudgedMachine, String>,
}

impl FleetMachine {
    /// What it comes to, if it could be judged.
    pub fn judged(&self) -> Option<&JudgedMachine> {
        self.outcome.as_ref().ok()
    }

    /// How the request ends on it.
    pub fn exit(&self) -> Exit {
        self.judged().map_or(Exit::Unknown, |judged| judged.exit)
    }
}

impl Fleet {
    /// Put machines together.
    pub fn of(request: Vec<String>, machines: Vec<FleetMachine>, now: i64) -> Fleet {
        let mut places: BTreeMap<HostKey, usize> = BTreeMap::new();
        let mut hosts: Vec<FleetHost> = Vec::new();
        let judged = machines.iter().filter_map(FleetMachine::judged);
        for share in judged.flat_map(|judged| &judged.shares) {
            let place = *places.entry(key(&share.host)).or_insert(hosts.len());
            match hosts.get(place) {
                None => hosts.push(share.host.clone()),
                // One machine may have had no way to it, or a name for it.
                Some(known) if known.entries.is_none() && share.host.entries.is_some() => {
                    hosts[place] = share.host.clone();
                }
                Some(_) => {}
            }
        }
        let states: Vec<_> = hosts.iter().map(|host| host.state.clone()).collect();
        Fleet {
            host_labels: host_labels::of(&states),
            compiled: common::compiled(&machines),
            unrunnable: common::unrunnable(&machines),
            groups: group::of(&machines),
            request,
            machines,
            hosts,
            now,
        }
    }

    /// What the machines come to that could be judged.
    pub fn judged(&self) -> impl Iterator<Item = &JudgedMachine> {
        self.machines.iter().filter_map(FleetMachine::judged)
    }

    /// What a machine has of a host; `None` where it does not have the host.
    pub fn share<'f>(&self, machine: &'f FleetMachine, host: usize) -> Option<&'f HostShare> {
        let wanted = key(self.hosts.get(host)?);
        let mut shares = machine.judged()?.shares.iter();
        shares.find(|share| key(&share.host) == wanted)
    }

    /// How the run ends: as for the targets of one request.
    pub fn exit(&self) -> Exit {
        let all = self.machines.iter().map(FleetMachine::exit);
        all.fold(Exit::AllUsable, Exit::or_worse)
    }

    /// How many machines end so.
    pub fn count(&self, exit: Exit) -> usize {
        let machines = self.machines.iter();
        machines.filter(|machine| machine.exit() == exit).count()
    }
}

/// What tells hosts apart: the URI, and for a directory, which another system may have too, what lies in it.
type HostKey = (String, Option<(Option<i64>, Option<usize>)>);

fn key(host: &FleetHost) -> HostKey {
    let index = (!host.state.is_remote()).then_some((host.timestamp, host.size));
    (host.uri().secret().to_owned(), index)
}
#[cfg(test)]
pub(crate) mod testing;
