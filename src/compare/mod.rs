//! Two systems against each other, in effect rather than in text: for every package that either has installed, which
//! version each would take of its repositories and with which USE, and what decides where they differ. Pure.

mod index;

pub use index::ComparedIndex;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::{Code, Record};
use crate::local::tree_state::TreeState;
use crate::packages::{PackageId, Packages};
use crate::pms::Cpn;

/// Variables whose value is the same for all packages that have none of their own.
const VARIABLES: [&str; 8] = [
    "CHOST",
    "CFLAGS",
    "CXXFLAGS",
    "LDFLAGS",
    "RUSTFLAGS",
    "ACCEPT_KEYWORDS",
    "ACCEPT_LICENSE",
    "FEATURES",
];

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The first.
    A,
    /// The second.
    B,
}

/// A system to compare.
#[derive(Clone, Copy)]
#[allow(missing_debug_implementations)]
pub struct ComparedSystem<'s, 'a> {
    /// Its packages.
    pub packages: &'s Packages<'a>,
    /// Its main repository and profile.
    pub tree: &'s TreeState,
    /// Whether it knows a part of its repositories only, as a frozen system may.
    pub is_partial: bool,
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What holds for all packages.
    pub settings: Vec<SettingDifference>,
    /// What differs for packages, by its cause; what concerns most packages first.
    pub groups: Vec<DifferenceGroup>,
    /// Packages that only the first has installed, and those that only the second has. They are not differences of
    /// configuration.
    pub only_installed: (Vec<String>, Vec<String>),
    /// Packages that could not be compared, since a system knows a part of its repositories only.
    pub unknown: Vec<String>,
}

/// A setting that differs; `None` where a system has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingDifference {
    /// Its name.
    pub name: String,
    /// What the first has.
    pub a: Option<String>,
    /// What the second has.
    pub b: Option<String>,
}

/// Packages that differ for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceGroup {
    /// The cause.
    pub cause: Cause,
    /// Names of the packages; for versions with both of them.
    pub packages: Vec<String>,
}

/// Why a package differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A flag is on in one and off in the other; for each what decides.
    Use {
        /// The flag.
        flag: String,
        /// Where it is on.
        enabled: Side,
        /// The line that decides in the first; `None` for the default of the ebuild.
        a: Option<String>,
        /// The same in the second.
        b: Option<String>,
    },
    /// A rule keeps one of them from the version that the other takes.
    Masked {
        /// Who is kept from it.
        side: Side,
        /// Which rule.
        code: Code,
        /// The line that decides, if one does.
        source: Option<String>,
    },
    /// The repositories of one have no such version.
    NoEbuild(Side),
    /// The ebuilds have other flags or dependencies, although they are of one version.
    OtherEbuild,
}

impl Comparison {
    /// Compare two systems.
    pub fn of(a: ComparedSystem<'_, '_>, b: ComparedSystem<'_, '_>) -> Comparison {
        let names = |system: ComparedSystem<'_, '_>| -> BTreeSet<Cpn> {
            let installed = &system.packages.local().installed;
            installed
                .names()
                .filter(|name| !installed.versions(name.as_str()).is_empty())
                .cloned()
                .collect()
        };
        let (of_a, of_b) = (names(a), names(b));
        let mut groups: BTreeMap<Cause, Vec<String>> = BTreeMap::new();
        let is_unknown = |name: &Cpn, system: ComparedSystem<'_, '_>| {
            system.is_partial && system.packages.all_ebuilds_of(name).is_empty()
        };
        let mut unknown = Vec::new();
        for name in of_a.union(&of_b) {
            if is_unknown(name, a) || is_unknown(name, b) {
                unknown.push(name.to_string());
                continue;
            }
            for (cause, package) in package(name, a, b) {
                groups.entry(cause).or_default().push(package);
            }
        }
        let only = |one: &BTreeSet<Cpn>, other: &BTreeSet<Cpn>| {
            let only = one.difference(other);
            only.map(ToString::to_string).collect()
        };
        Comparison {
            settings: settings(a, b),
            groups: largest_first(groups),
            only_installed: (only(&of_a, &of_b), only(&of_b, &of_a)),
            unknown,
        }
    }

    /// Whether both do the same.
    pub fn is_same(&self) -> bool {
        self.settings.is_empty() && self.groups.is_empty()
    }
}

fn largest_first(groups: BTreeMap<Cause, Vec<String>>) -> Vec<DifferenceGroup> {
    let group = |(cause, packages)| DifferenceGroup { cause, packages };
    let mut groups: Vec<DifferenceGroup> = groups.into_iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.packages.len()));
    groups
}

fn settings(a: ComparedSystem<'_, '_>, b: ComparedSystem<'_, '_>) -> Vec<SettingDifference> {
    let mut found = Vec::new();
    let mut compare = |name: &str, a: Option<String>, b: Option<String>| {
        if a != b {
            let name = name.to_owned();
            found.push(SettingDifference { name, a, b });
        }
    };
    compare("profile", a.tree.profile.clone(), b.tree.profile.clone());
    for name in VARIABLES {
        compare(name, words(a, name), words(b, name));
    }
    let repositories = |system: ComparedSystem<'_, '_>| {
        let list = &system.packages.local().base.repositories.list;
        let names: BTreeSet<String> = list.iter().map(|one| one.name.to_string()).collect();
        Some(names.into_iter().collect::<Vec<_>>().join(" "))
    };
    compare("repositories", repositories(a), repositories(b));
    compare("revision", a.tree.revision.clone(), b.tree.revision.clone());
    found
}

/// The words of a variable as they take effect.
fn words(system: ComparedSystem<'_, '_>, name: &str) -> Option<String> {
    let vars = &system.packages.local().base.vars;
    let words: Vec<String> = match name {
        "FEATURES" | "ACCEPT_KEYWORDS" => {
            let tokens = vars.incremental(name).into_iter();
            tokens.map(|token| token.word).collect()
        }
        _ => {
            let words = vars.get(name)?.split_whitespace();
            words.map(str::to_owned).collect()
        }
    };
    (!words.is_empty()).then(|| words.join(" "))
}

/// The version that a system would take.
fn best<'a>(name: &Cpn, system: ComparedSystem<'_, 'a>) -> Option<Arc<Record<'a>>> {
    version_taken(name, system.packages)
}

/// The highest visible ebuild of a name: the version that a system would take of its repositories.
pub fn version_taken<'a>(name: &Cpn, packages: &Packages<'a>) -> Option<Arc<Record<'a>>> {
    let ebuilds = packages.ebuilds_of(name).into_iter();
    let mut records = ebuilds.map(|id| packages.record(PackageId::Ebuild(id)));
    records.find(|record| record.facts().is_visible())
}

fn package(
    name: &Cpn,
    a: ComparedSystem<'_, '_>,
    b: ComparedSystem<'_, '_>,
) -> Vec<(Cause, String)> {
    let (one, other) = (best(name, a), best(name, b));
    match (&one, &other) {
        (None, None) => Vec::new(),
        (Some(one), Some(other)) => {
            let order = one
                .package
                .cpv
                .version
                .cmp_version(&other.package.cpv.version);
            let text = format!("{} ({})", one.package.cpv, other.package.cpv.version);
            match order {
                Ordering::Equal => {
                    let causes = flags(one, other).into_iter();
                    causes.map(|cause| (cause, name.to_string())).collect()
                }
                Ordering::Greater => vec![(kept_from(one, Side::B, b), text)],
                Ordering::Less => vec![(kept_from(other, Side::A, a), text)],
            }
        }
        (Some(one), None) => vec![(kept_from(one, Side::B, b), one.package.cpv.to_string())],
        (None, Some(other)) => vec![(kept_from(other, Side::A, a), other.package.cpv.to_string())],
    }
}

/// What keeps a system from the version that the other takes.
fn kept_from(wanted: &Record<'_>, side: Side, system: ComparedSystem<'_, '_>) -> Cause {
    let ebuilds = system.packages.own_ebuilds(&wanted.package.cpv);
    let Some(record) = ebuilds.own(wanted.package) else {
        return Cause::NoEbuild(side);
    };
    match record.facts().masks().first() {
        Some(mask) => Cause::Masked {
            side,
            code: mask.code,
            source: mask.evidence.sources.first().map(ToString::to_string),
        },
        None => Cause::OtherEbuild,
    }
}

/// What decides about a flag of a package that was built.
const BUILT: &str = "as it was built";

/// Flags of one version that are on in one system and off in the other.
fn flags(one: &Record<'_>, other: &Record<'_>) -> Vec<Cause> {
    let iuse = |record: &Record<'_>| -> BTreeSet<String> {
        let iuse = record.package.iuse();
        iuse.map(|iuse| iuse.flag.to_owned()).collect()
    };
    let (own, others) = (iuse(one), iuse(other));
    let mut causes = Vec::new();
    if own != others {
        causes.push(Cause::OtherEbuild);
    }
    for flag in own.intersection(&others) {
        let ((is_on, a), (is_on_there, b)) = (state(one, flag), state(other, flag));
        if is_on != is_on_there {
            let enabled = if is_on { Side::A } else { Side::B };
            let flag = flag.clone();
            causes.push(Cause::Use {
                flag,
                enabled,
                a,
                b,
            });
        }
    }
    causes
}

/// Whether a flag is on, and what decides that: the configuration, or how the package was built.
fn state(record: &Record<'_>, flag: &str) -> (bool, Option<String>) {
    let flags = &record.facts().flags;
    if record.package.is_built() {
        return (flags.built_with(flag), Some(BUILT.to_owned()));
    }
    let decision = flags.decide(flag);
    let source = decision.source.map(|source| source.to_string());
    (decision.enabled, source)
}
