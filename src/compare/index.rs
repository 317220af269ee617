//! A system against the index of a binhost: what the host built, against what the system would build of the same versions.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cause, ComparedSystem, Comparison, SettingDifference, Side, flags, kept_from, largest_first,
    words,
};
use crate::binhost::{Index, InstanceId};
use crate::local::tree_state::revision;
use crate::packages::PackageId;

/// A binhost by its index.
#[derive(Clone, Copy, Debug)]
pub struct ComparedIndex<'i> {
    /// The index.
    pub index: &'i Index,
    /// What counts of it, in the store of the system.
    pub ids: &'i [InstanceId],
}

impl Comparison {
    /// Compare what a host built with what a system, which is `side`, would build.
    pub fn with_index(
        system: ComparedSystem<'_, '_>,
        side: Side,
        host: ComparedIndex<'_>,
    ) -> Comparison {
        let mut groups: BTreeMap<Cause, Vec<String>> = BTreeMap::new();
        let mut unknown = Vec::new();
        for id in host.ids {
            let built = system.packages.record(PackageId::Binary(*id));
            let cpv = &built.package.cpv;
            if system.is_partial && system.packages.all_ebuilds_of(&cpv.cpn).is_empty() {
                unknown.push(cpv.cpn.to_string());
                continue;
            }
            let ebuilds = system.packages.own_ebuilds(cpv);
            match ebuilds.own(built.package) {
                Some(own) if own.facts().is_visible() => {
                    let causes = match side {
                        Side::A => flags(own, &built),
                        Side::B => flags(&built, own),
                    };
                    for cause in causes {
                        groups.entry(cause).or_default().push(cpv.to_string());
                    }
                }
                _ => {
                    let cause = kept_from(&built, side, system);
                    groups.entry(cause).or_default().push(cpv.to_string());
                }
            }
        }
        Comparison {
            settings: settings(system, side, host.index),
            groups: largest_first(groups),
            only_installed: (Vec::new(), Vec::new()),
            unknown,
        }
    }
}

/// What the header of an index tells, and differs.
fn settings(system: ComparedSystem<'_, '_>, side: Side, index: &Index) -> Vec<SettingDifference> {
    let header = |name: &str| index.header(name).filter(|text| !text.is_empty());
    let sorted = |text: &str| {
        let words: BTreeSet<&str> = text.split_whitespace().collect();
        words.into_iter().collect::<Vec<_>>().join(" ")
    };
    let revision = header("REPO_REVISIONS").and_then(revision);
    let pairs = [
        (
            "profile",
            system.tree.profile.clone(),
            header("PROFILE").map(str::to_owned),
        ),
        (
            "CHOST",
            words(system, "CHOST"),
            header("CHOST").map(str::to_owned),
        ),
        (
            "ACCEPT_KEYWORDS",
            words(system, "ACCEPT_KEYWORDS"),
            header("ACCEPT_KEYWORDS").map(sorted),
        ),
        ("revision", system.tree.revision.clone(), revision),
    ];
    let differs = |(name, own, theirs): (&str, Option<String>, Option<String>)| {
        // What an index does not tell does not count as a difference.
        let theirs = theirs.filter(|theirs| own.as_ref() != Some(theirs))?;
        let (a, b) = match side {
            Side::A => (own, Some(theirs)),
            Side::B => (Some(theirs), own),
        };
        Some(SettingDifference {
            name: name.to_owned(),
            a,
            b,
        })
    };
    pairs.into_iter().filter_map(differs).collect()
}
