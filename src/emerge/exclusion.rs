//! Instances that emerge must not get: left out of the indexes, or where emerge reads those on its own,
//! excluded by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::binhost::{Candidate, HiddenEntry, HostId, HostState};
use crate::check::{OwnExclude, Policy};
use crate::pms::{Dep, Syntax};

/// Why an instance is excluded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExclusionReason {
    /// It holds code that this machine cannot run; so does the same build on any other host.
    WouldNotRun(String),
    /// Its host does not have the file that the index names; another may.
    File(String),
}

impl ExclusionReason {
    /// In words.
    pub fn as_str(&self) -> &str {
        match self {
            ExclusionReason::WouldNotRun(text) | ExclusionReason::File(text) => text,
        }
    }
}

/// One instance that emerge must not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// Its name, for people.
    pub name: String,
    /// Why not.
    pub why: ExclusionReason,
    /// Which entry it is.
    entry: HiddenEntry,
    /// Its name and slot: all that emerge's own options can express of it.
    atom: String,
}

impl Exclusion {
    /// A candidate, with the reason and a name for people.
    pub fn new(candidate: &Candidate, why: ExclusionReason, name: String) -> Exclusion {
        let package = &candidate.package;
        let cpn = &package.cpv.cpn;
        Exclusion {
            name,
            entry: HiddenEntry {
                host: candidate.host,
                build: candidate.instance_key(),
                path: candidate.path().to_owned(),
                every_copy: matches!(why, ExclusionReason::WouldNotRun(_)),
                why: why.as_str().to_owned(),
            },
            why,
            atom: match &package.slot {
                Some(slot) => format!("{cpn}:{}", slot.slot()),
                None => cpn.to_string(),
            },
        }
    }

    /// Whether nothing is wrong but the file.
    pub fn is_only_gone(&self) -> bool {
        matches!(self.why, ExclusionReason::File(_))
    }

    /// The entry that is excluded.
    pub fn entry(&self) -> &HiddenEntry {
        &self.entry
    }
}

/// The hosts without some entries in their indexes, and without what cannot be read; those of the local
/// PKGDIR stay.
pub fn without(excluded: &[&HiddenEntry], mut hosts: Vec<HostState>) -> Vec<HostState> {
    for (id, host) in HostId::number(&mut hosts) {
        let Some(index) = &mut host.index else {
            continue;
        };
        index.retain(|metadata| {
            let candidate = Candidate::new(metadata.clone(), Some(id), "");
            candidate.is_ok_and(|candidate| !excluded.iter().any(|one| one.covers(&candidate)))
        });
    }
    hosts
}

/// Atoms for emerge's exclude options. They hit good builds of the same slot too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excludes {
    /// For `--getbinpkg-exclude`.
    remote: BTreeSet<String>,
    /// For `--usepkg-exclude`, which hits whatever has the name; nothing else keeps emerge from
    /// packages in PKGDIR.
    all: BTreeSet<String>,
    /// For each atom what is excluded with it, and why.
    why: BTreeMap<String, String>,
}

impl Excludes {
    /// Add what has to be excluded. `from_indexes` says that the indexes are without the bad ones
    /// already; `by_host`, that Portage knows `--getbinpkg-exclude`.
    pub fn add(&mut self, bad: &[Exclusion], from_indexes: bool, by_host: bool) {
        for one in bad {
            let list = match one.entry.host {
                Some(_) if from_indexes => continue,
                Some(_) if by_host => &mut self.remote,
                _ => &mut self.all,
            };
            list.insert(one.atom.clone());
            let why = || {
                format!(
                    "{} is excluded, and {} with it: {}",
                    one.name,
                    one.atom,
                    one.why.as_str()
                )
            };
            self.why.entry(one.atom.clone()).or_insert_with(why);
        }
    }

    /// The same for what bincheck judges.
    #[must_use]
    pub fn applied_to(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        let add = |list: &mut Vec<Dep>, atoms: &BTreeSet<String>| {
            let atoms = atoms
                .iter()
                .filter_map(|atom| Dep::parse(atom, Syntax::USER).ok());
            for atom in atoms {
                if !list.contains(&atom) {
                    list.push(atom);
                }
            }
        };
        add(&mut policy.lists.getbinpkg_exclude, &self.remote);
        add(&mut policy.lists.usepkg_exclude, &self.all);
        policy.lists.own = self.own();
        policy
    }

    fn own(&self) -> Vec<OwnExclude> {
        let own = self.why.iter().filter_map(|(atom, why)| {
            Some(OwnExclude {
                atom: Dep::parse(atom, Syntax::USER).ok()?,
                why: why.clone(),
            })
        });
        own.collect()
    }

    /// As options.
    pub fn to_words(&self) -> Vec<String> {
        let lists = [
            ("getbinpkg-exclude", &self.remote),
            ("usepkg-exclude", &self.all),
        ];
        let given = lists.into_iter().filter(|(_, atoms)| !atoms.is_empty());
        let word = |(option, atoms): (&str, &BTreeSet<String>)| {
            let atoms: Vec<&str> = atoms.iter().map(String::as_str).collect();
            format!("--{option}={}", atoms.join(" "))
        };
        given.map(word).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::binhost::Index;
    use crate::pms::Key;
    use crate::report::fixture;

    const TEXT: &str = "VERSION: 0\nTIMESTAMP: 5\n\n\
        CPV: a/b-1\nBUILD_ID: 1\nPATH: one\nSIZE: 7\nSLOT: 3\n\n\
        CPV: a/b-1\nBUILD_ID: 2\nPATH: two\nSIZE: 7\n\n\
        CPV: not a cpv\nPATH: three\n\n\
        CPV: a/c-1\nPATH: four\n\n";

    fn hosts() -> [HostState; 2] {
        ["http://a", "http://b"].map(|uri| {
            let mut host = fixture::host(uri, true, uri);
            host.index = Some(Index::parse(TEXT.to_owned()).unwrap());
            host
        })
    }

    fn bad(host: Option<HostId>, entry: usize, why: ExclusionReason) -> Exclusion {
        let index = Index::parse(TEXT.to_owned()).unwrap();
        let candidate = Candidate::new(index.entries[entry].clone(), host, "").unwrap();
        Exclusion::new(&candidate, why, String::new())
    }

    fn paths(host: &HostState) -> String {
        let entries = &host.index.as_ref().unwrap().entries;
        let paths: Vec<&str> = entries.iter().map(|entry| entry.text(Key::Path)).collect();
        paths.join(" ")
    }

    #[test]
    fn only_what_is_bad_is_taken_out() {
        let no = || ExclusionReason::WouldNotRun("for another processor".to_owned());
        let gone = || ExclusionReason::File("not found".to_owned());
        for (bad, first, second) in [
            (Vec::new(), "one two four", "one two four"),
            (
                vec![bad(Some(HostId::new(0)), 0, no())],
                "two four",
                "two four",
            ),
            (
                vec![bad(Some(HostId::new(0)), 0, gone())],
                "two four",
                "one two four",
            ),
            (
                vec![bad(Some(HostId::new(1)), 1, gone())],
                "one two four",
                "one four",
            ),
            (vec![bad(None, 1, gone())], "one two four", "one two four"),
            (
                vec![
                    bad(Some(HostId::new(0)), 0, no()),
                    bad(Some(HostId::new(1)), 3, gone()),
                ],
                "two four",
                "two",
            ),
        ] {
            let hosts = without(
                &bad.iter().map(Exclusion::entry).collect::<Vec<_>>(),
                hosts().into(),
            );
            assert_eq!(paths(&hosts[0]), first, "{bad:?}");
            assert_eq!(paths(&hosts[1]), second, "{bad:?}");
        }
    }

    #[test]
    fn excludes_are_names_with_slots() {
        let gone = || ExclusionReason::File("not found".to_owned());
        let all = [bad(Some(HostId::new(0)), 0, gone()), bad(None, 3, gone())];
        for (from_indexes, by_host, words) in [
            (true, true, "--usepkg-exclude=a/c:0"),
            (
                false,
                true,
                "--getbinpkg-exclude=a/b:3 --usepkg-exclude=a/c:0",
            ),
            (false, false, "--usepkg-exclude=a/b:3 a/c:0"),
        ] {
            let mut excludes = Excludes::default();
            excludes.add(&all, from_indexes, by_host);
            assert_eq!(excludes.to_words().join(" "), words);
            let policy = excludes.applied_to(&fixture::policy());
            let policy = excludes.applied_to(&policy);
            let count = policy.lists.getbinpkg_exclude.len() + policy.lists.usepkg_exclude.len();
            assert_eq!(count, if from_indexes { 1 } else { 2 });
        }
    }
}
