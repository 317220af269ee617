//! How much of this machine a host could serve.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::SurveyGrounds;
use crate::binhost::{HostId, InstanceId};
use crate::check::{Code, Verdict};
use crate::compat::Compatibility;
use crate::packages::Packages;
use crate::pms::Cpv;

/// A part of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServedShare {
    /// What is served.
    pub served: usize,
    /// The whole.
    pub of: usize,
}

impl ServedShare {
    /// In per cent, rounded down; `None` of nothing.
    pub fn percent(self) -> Option<usize> {
        (self.served * 100).checked_div(self.of)
    }
}

/// What keeps a package from being served by a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// It has no package of the name.
    NoPackage,
    /// It has another version.
    OtherVersion,
    /// A rule rejects its build of that version.
    Rejected(Code),
    /// Its build does not run here, or its file is not as it has to be.
    Unusable,
}

/// Shares of all hosts.
pub(super) struct Shares<'s, 'p, 'a> {
    packages: &'s Packages<'p>,
    grounds: &'s SurveyGrounds<'a>,
    installed: Vec<Cpv>,
    wanted: Vec<Cpv>,
}

impl<'s, 'p, 'a> Shares<'s, 'p, 'a> {
    /// Judge what has the name of something installed or wanted.
    pub(super) fn of(
        packages: &'s Packages<'p>,
        grounds: &'s SurveyGrounds<'a>,
    ) -> Shares<'s, 'p, 'a> {
        let installed = packages.local().installed.packages();
        let installed: Vec<Cpv> = installed.map(|package| package.cpv.clone()).collect();
        let merges = grounds.plan.into_iter().flat_map(|plan| &plan.merges);
        let wanted: Vec<Cpv> = merges.map(|merge| merge.package.cpv.clone()).collect();
        let names = installed.iter().chain(&wanted);
        let ids = names.flat_map(|cpv| packages.instances_of(cpv.cpn.as_str()));
        let mut ids: Vec<InstanceId> = ids.copied().collect();
        ids.sort_unstable();
        ids.dedup();
        packages.judge(&ids);
        Shares {
            packages,
            grounds,
            installed,
            wanted,
        }
    }

    /// Of what is installed, of the request, and what the request lacks.
    pub(super) fn of_host(&self, host: HostId) -> (ServedShare, ServedShare, Vec<(Lack, usize)>) {
        let served = |cpvs: &[Cpv]| ServedShare {
            served: cpvs
                .iter()
                .filter(|cpv| self.lack(cpv, host).is_none())
                .count(),
            of: cpvs.len(),
        };
        let mut lacks: BTreeMap<Lack, usize> = BTreeMap::new();
        for lack in self.wanted.iter().filter_map(|cpv| self.lack(cpv, host)) {
            *lacks.entry(lack).or_default() += 1;
        }
        let mut lacks: Vec<(Lack, usize)> = lacks.into_iter().collect();
        lacks.sort_by_key(|(_, count)| Reverse(*count));
        (served(&self.installed), served(&self.wanted), lacks)
    }

    /// Why a host cannot serve a version; `None` where it can.
    fn lack(&self, cpv: &Cpv, host: HostId) -> Option<Lack> {
        let instances = self.packages.instances_of(cpv.cpn.as_str()).iter().copied();
        let mut own = instances.filter(|id| self.packages.entry(*id).0.host == Some(host));
        let mut lack = Lack::NoPackage;
        own.find_map(|id| {
            if self.packages.entry(id).0.package.cpv != *cpv {
                lack = lack.max(Lack::OtherVersion);
                return None;
            }
            match self.rejection(self.packages.delivered(id)) {
                None => Some(()),
                Some(reason) => {
                    lack = lack.max(reason);
                    None
                }
            }
        })
        .map_or(Some(lack), |()| None)
    }

    /// The first reason against an instance.
    fn rejection(&self, id: InstanceId) -> Option<Lack> {
        let judged = self.packages.judged(id);
        let seen = self.grounds.compatibility.get(&id);
        if judged.verdict == Verdict::Accepted {
            let is_excluded = seen.is_some_and(Compatibility::must_be_excluded);
            return is_excluded.then_some(Lack::Unusable);
        }
        let first = judged.findings.first();
        first.map(|finding| Lack::Rejected(finding.code))
    }
}
