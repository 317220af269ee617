//! USE flag by flag: what this machine's configuration says, and what each build has.

use std::collections::BTreeSet;

use crate::binhost::InstanceId;
use crate::check::r#use::is_about_stable;
use crate::check::{Facts, OwnEbuilds, Record};
use crate::packages::{PackageId, Packages};
use crate::pms::{Cpn, Cpv};
use crate::source::Source;

/// The flags of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseTable {
    /// The version.
    pub cpv: Cpv,
    /// Its builds, best first.
    pub builds: Vec<InstanceId>,
    /// The flags in order of name.
    pub rows: Vec<FlagRow>,
}

/// One flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagRow {
    /// The flag.
    pub flag: String,
    /// What the configuration gives the ebuild; `None` where it has no such flag.
    pub configured: Option<bool>,
    /// The line that sets it; `None` where nothing speaks of the flag, or only IUSE.
    pub source: Option<Source>,
    /// For a line about stable packages the one that makes this package stable.
    pub made_stable: Option<Source>,
    /// Whether use.mask or use.force hold it.
    pub forced: bool,
    /// Whether it is outside IUSE, so that Portage does not compare it.
    pub implicit: bool,
    /// What each build has; `None` where its IUSE has no such flag.
    pub builds: Vec<Option<bool>>,
}

impl FlagRow {
    /// Whether a build has it otherwise than configured, or builds differ.
    pub fn differs(&self) -> bool {
        let first = self.builds.first().copied().flatten();
        let compared = if self.implicit {
            first
        } else {
            self.configured
        };
        self.builds.iter().any(|built| *built != compared)
    }
}

/// One table for each version that binary packages have.
pub(super) fn tables(name: &Cpn, packages: &Packages<'_>) -> Vec<UseTable> {
    let ids = packages.instances_of(name.as_str());
    let cpv = |id: &InstanceId| &packages.entry(*id).0.package.cpv;
    let same_version = |one: &InstanceId, other: &InstanceId| {
        cpv(one).version.cmp_version(&cpv(other).version).is_eq()
    };
    let versions = ids.chunk_by(same_version);
    versions
        .map(|builds| table(cpv(&builds[0]), builds, packages))
        .collect()
}

fn table(cpv: &Cpv, builds: &[InstanceId], packages: &Packages<'_>) -> UseTable {
    let records: Vec<_> = builds
        .iter()
        .map(|id| packages.record(PackageId::Binary(*id)))
        .collect();
    let ebuilds: OwnEbuilds<'_> = packages.own_ebuilds(cpv);
    let visible = ebuilds.visible().next();
    let any = || ebuilds.known.first().map(|record| &**record);
    // Where the tree has dropped the version, the configuration speaks of the package itself.
    let reference = visible
        .or_else(any)
        .or(records.first().map(|record| &**record));
    let mut rows = Vec::new();
    if let Some(reference) = reference {
        let facts: Vec<&Facts<'_>> = records.iter().map(|record| record.facts()).collect();
        rows.extend(
            names(reference, &facts)
                .into_iter()
                .map(|flag| row(flag, reference, &facts)),
        );
    }
    UseTable {
        cpv: cpv.clone(),
        builds: builds.to_vec(),
        rows,
    }
}

/// All flags of IUSE, and those outside it that tell builds apart.
fn names(reference: &Record<'_>, builds: &[&Facts<'_>]) -> BTreeSet<String> {
    let packages = builds
        .iter()
        .map(|facts| facts.package)
        .chain([reference.package]);
    let mut names: BTreeSet<String> = packages
        .flat_map(|package| package.iuse().map(|iuse| iuse.flag.to_owned()))
        .collect();
    let has = |facts: &Facts<'_>, flag: &str| facts.package.built_use().any(|built| built == flag);
    for flag in builds.iter().flat_map(|facts| facts.package.built_use()) {
        let count = builds.iter().filter(|facts| has(facts, flag)).count();
        if count < builds.len() {
            names.insert(flag.to_owned());
        }
    }
    names
}

fn row(flag: String, reference: &Record<'_>, builds: &[&Facts<'_>]) -> FlagRow {
    let in_iuse = |facts: &Facts<'_>| facts.package.iuse().any(|iuse| iuse.flag == flag);
    let reference = reference.facts();
    let decision = reference.flags.decide(&flag);
    let implicit = !in_iuse(reference) && !builds.iter().any(|facts| in_iuse(facts));
    let built = |facts: &&Facts<'_>| {
        let has = facts.package.built_use().any(|built| built == flag);
        (implicit || in_iuse(facts)).then_some(has)
    };
    let is_known = in_iuse(reference) || implicit && reference.flags.is_valid(&flag);
    FlagRow {
        configured: is_known.then_some(decision.enabled),
        made_stable: decision
            .source
            .as_ref()
            .filter(|source| is_about_stable(source))
            .and_then(|_| reference.keywords.made_stable.clone()),
        source: decision.source,
        forced: decision.forced,
        implicit,
        builds: builds.iter().map(built).collect(),
        flag,
    }
}
