//! `--hosts`: each binhost against this machine: its index, what it builds with and for, whether its signatures hold,
//! how much of this machine it could serve, and what is wrong with it.

mod share;
mod warning;

use std::collections::{BTreeMap, HashMap};

use crate::binhost::{HostId, HostState, InstanceId, SignaturePolicy};
use crate::check::Code;
use crate::compat::{Compatibility, Concern, ConcernCode};
use crate::local::tree_state::{TreeState, revision};
use crate::packages::Packages;
use crate::plan::Plan;
use share::Shares;
pub use share::{Lack, ServedShare};
pub use warning::{HostWarning, cache_file};

/// What the survey is made of.
#[derive(Clone, Copy, Debug)]
pub struct SurveyGrounds<'a> {
    /// The hosts.
    pub hosts: &'a [HostState],
    /// What emerge would merge with all of them; `None` where it takes no such request.
    pub plan: Option<&'a Plan<'a>>,
    /// What was seen of package files.
    pub compatibility: &'a HashMap<InstanceId, Compatibility>,
    /// TIMESTAMP of Portage's own copies of the indexes, by host; `None` where there is none.
    pub portage_copies: &'a [Option<i64>],
    /// This machine's main repository and profile.
    pub tree: &'a TreeState,
    /// The time, in seconds since 1970.
    pub now: i64,
}

/// All hosts, in Portage's order.
#[derive(Debug)]
pub struct Survey<'a> {
    /// One entry each.
    pub hosts: Vec<SurveyedHost<'a>>,
    /// What was surveyed with.
    pub grounds: SurveyGrounds<'a>,
}

/// One host.
#[derive(Debug)]
pub struct SurveyedHost<'a> {
    /// Its place.
    pub id: HostId,
    /// Its settings, and what came of asking it.
    pub state: &'a HostState,
    /// The newest BUILD_TIME of its entries, in seconds since 1970.
    pub newest: Option<i64>,
    /// What Portage does about signatures of its packages.
    pub policy: SignaturePolicy,
    /// What the files that were seen come to.
    pub files: SeenFiles,
    /// Installed packages of which it has the same version, accepted here.
    pub installed: ServedShare,
    /// Merges of the request that it could serve.
    pub request: ServedShare,
    /// What keeps the other merges of the request from it, most frequent first.
    pub lacks: Vec<(Lack, usize)>,
    /// What is wrong with it.
    pub warnings: Vec<HostWarning>,
}

/// What the files of a host that were seen come to.
#[derive(Debug, Default)]
pub struct SeenFiles {
    /// How many were seen.
    pub number: usize,
    /// Those of them that will not run here.
    pub cannot_run: usize,
    /// Those that the index names and that are not there.
    pub gone: usize,
    /// Those without signature, or with one that Portage would not take, and the first such reason.
    pub refused: (usize, Option<(ConcernCode, String)>),
    /// How many each key signed, by its fingerprint or key id.
    pub signed_by: BTreeMap<String, usize>,
    /// How many were built for each value of `-march` or `-mcpu`.
    pub built_for: BTreeMap<String, usize>,
}

impl SeenFiles {
    fn of<'c>(seen: impl Iterator<Item = &'c Compatibility>) -> SeenFiles {
        let mut files = SeenFiles::default();
        for compatibility in seen {
            files.number += usize::from(compatibility.runs.is_some());
            let cannot_run = compatibility.runs == Some(crate::compat::CpuCompat::No);
            files.cannot_run += usize::from(cannot_run);
            let is_gone = compatibility
                .concern(|code| code == ConcernCode::Gone)
                .is_some();
            files.gone += usize::from(is_gone);
            if let Some(signer) = &compatibility.signer {
                *files.signed_by.entry(signer.clone()).or_default() += 1;
            }
            if let Some(built_for) = &compatibility.built_for {
                *files.built_for.entry(built_for.clone()).or_default() += 1;
            }
            let is_refused =
                |code: ConcernCode| code == ConcernCode::Unsigned || code.is_of_verification();
            if let Some(Concern { code, detail }) = compatibility.concern(is_refused) {
                files.refused.0 += 1;
                files.refused.1.get_or_insert((*code, detail.clone()));
            }
        }
        files
    }
}

impl<'a> Survey<'a> {
    /// Survey all hosts.
    pub fn of(packages: &Packages<'_>, grounds: SurveyGrounds<'a>) -> Survey<'a> {
        let shares = Shares::of(packages, &grounds);
        let one = |(id, state): (HostId, &'a HostState)| {
            let of_host = grounds.compatibility.iter().filter(|(instance, _)| {
                let (candidate, _) = packages.entry(**instance);
                candidate.host == Some(id)
            });
            let (installed, request, lacks) = shares.of_host(id);
            SurveyedHost {
                id,
                state,
                newest: newest(state),
                policy: SignaturePolicy::of(Some(&state.repo), &packages.local().base.vars),
                files: SeenFiles::of(of_host.map(|(_, seen)| seen)),
                installed,
                request,
                lacks,
                warnings: warning::of(id, &grounds),
            }
        };
        Survey {
            hosts: HostId::number(grounds.hosts).map(one).collect(),
            grounds,
        }
    }

    /// The host that could serve most of the request, or where none serves any of it, most of what is installed.
    pub fn best(&self) -> Option<&SurveyedHost<'a>> {
        let serving = self.hosts.iter();
        let serving = serving.filter(|host| host.request.served + host.installed.served > 0);
        // Of equals the first, which Portage would ask first.
        serving
            .rev()
            .max_by_key(|host| (host.request.served, host.installed.served))
    }

    /// Whether a host follows this machine's profile, where both name one.
    pub fn has_same_profile(&self, host: &SurveyedHost<'_>) -> Option<bool> {
        let theirs = host.state.index.as_ref()?.header("PROFILE")?;
        let ours = self.grounds.tree.profile.as_deref()?;
        (!theirs.is_empty()).then_some(theirs == ours)
    }

    /// Days by which this machine's main repository is newer than that of a host (negative: older), as far as
    /// timestamps tell; zero where both are of one revision.
    pub fn tree_lead(&self, host: &SurveyedHost<'_>) -> Option<i64> {
        let index = host.state.index.as_ref()?;
        let built = index.header("REPO_REVISIONS").and_then(revision);
        if built.is_some() && built == self.grounds.tree.revision {
            return Some(0);
        }
        let seconds = self.grounds.tree.timestamp?.checked_sub(index.timestamp?)?;
        Some(seconds / 86_400)
    }
}

/// The newest BUILD_TIME of an index.
fn newest(host: &HostState) -> Option<i64> {
    let entries = host.index.as_ref()?.entries.iter();
    let times =
        entries.filter_map(|entry| entry.get(crate::pms::Key::BuildTime)?.trim().parse().ok());
    times.max()
}

impl Lack {
    /// The word by which programs know it.
    pub fn as_str(self) -> &'static str {
        match self {
            Lack::NoPackage => "no-package",
            Lack::OtherVersion => "other-version",
            Lack::Rejected(code) => Code::as_str(code),
            Lack::Unusable => "unusable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_counted() {
        let signed = |key: &str| Compatibility {
            signer: Some(key.to_owned()),
            ..Compatibility::default()
        };
        let seen = [
            signed("AA"),
            Compatibility::default(),
            signed("BB"),
            signed("AA"),
        ];
        let by = SeenFiles::of(seen.iter()).signed_by;
        let by: Vec<(&str, usize)> = by
            .iter()
            .map(|(key, count)| (key.as_str(), *count))
            .collect();
        assert_eq!(by, [("AA", 2), ("BB", 1)]);
    }
}
