//! Instances that emerge must not get, and how well that can be said without an index of our own.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::binhost::candidate::InstanceKey;
use crate::binhost::{Candidate, Pool};

/// One entry of one host: what tells it from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instance {
    /// Position of the host; `None` for the local PKGDIR.
    pub host: Option<usize>,
    /// CPV, as in the index.
    pub cpv: String,
    /// BUILD_ID.
    pub build_id: Option<i64>,
    /// PATH.
    pub path: String,
}

impl Instance {
    /// The entry of a candidate.
    pub fn of(candidate: &Candidate) -> Instance {
        Instance {
            host: candidate.host,
            cpv: candidate.package.cpv.to_string(),
            build_id: candidate.package.build_id,
            path: candidate.path().to_owned(),
        }
    }
}

/// Why an instance is kept away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It holds code that this machine cannot run; so does the same build on any other host.
    WouldNotRun(String),
    /// The host does not have its file; another may.
    FileGone(String),
}

impl Why {
    /// In words.
    pub fn as_str(&self) -> &str {
        match self {
            Why::WouldNotRun(text) | Why::FileGone(text) => text,
        }
    }
}

/// All instances that emerge must not get.
#[derive(Clone, Debug, Default)]
pub struct KeepAway {
    instances: BTreeMap<Instance, Why>,
    builds: HashSet<InstanceKey>,
}

impl KeepAway {
    /// Put them together. Of a build that would not run, every copy is kept away, for without the first
    /// emerge would take the next.
    pub fn new(found: BTreeMap<Instance, Why>, pool: &Pool) -> KeepAway {
        let would_not_run = |candidate: &&Candidate| {
            let why = found.get(&Instance::of(candidate));
            matches!(why, Some(Why::WouldNotRun(_)))
        };
        let candidates = pool.entries.iter().map(|(candidate, _)| candidate);
        let builds = candidates
            .filter(would_not_run)
            .map(Candidate::instance_key);
        KeepAway {
            builds: builds.collect(),
            instances: found,
        }
    }

    /// Whether nothing is kept away.
    pub fn is_empty(&self) -> bool {
        self.instances.is_empty()
    }

    /// The instances, in order, with the reasons.
    pub fn iter(&self) -> impl Iterator<Item = (&Instance, &Why)> {
        self.instances.iter()
    }

    /// Whether an entry is kept away.
    pub fn has(&self, candidate: &Candidate) -> bool {
        !self.is_empty()
            && (self.instances.contains_key(&Instance::of(candidate))
                || self.builds.contains(&candidate.instance_key()))
    }

    /// Names with slots of everything that is kept away: all that emerge's own options can say. They
    /// hit good builds in the same slot too.
    pub fn excludes(&self, pool: &Pool) -> Excludes {
        let mut excludes = Excludes::default();
        for (candidate, absent) in &pool.entries {
            if absent.is_some() || !self.has(candidate) {
                continue;
            }
            let package = &candidate.package;
            let name = &package.cpv.cpn;
            let atom = match &package.slot {
                Some(slot) => format!("{name}:{}", slot.slot()),
                None => name.to_string(),
            };
            match candidate.host {
                Some(_) => excludes.remote.insert(atom),
                None => excludes.local.insert(atom),
            };
        }
        excludes
    }
}

/// Atoms for emerge's exclude options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excludes {
    /// For `--getbinpkg-exclude`.
    pub remote: BTreeSet<String>,
    /// For `--usepkg-exclude`: what lies in PKGDIR cannot be excluded otherwise.
    pub local: BTreeSet<String>,
}

impl Excludes {
    /// As options; where Portage does not know `--getbinpkg-exclude`, the other has to do for all.
    pub fn to_words(&self, knows_getbinpkg_exclude: bool) -> Vec<String> {
        let (remote, local) = match knows_getbinpkg_exclude {
            true => (self.remote.clone(), self.local.clone()),
            false => (BTreeSet::new(), &self.remote | &self.local),
        };
        let word = |option: &str, atoms: BTreeSet<String>| {
            let atoms: Vec<String> = atoms.into_iter().collect();
            (!atoms.is_empty()).then(|| format!("--{option}={}", atoms.join(" ")))
        };
        let words = [
            word("getbinpkg-exclude", remote),
            word("usepkg-exclude", local),
        ];
        words.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::candidate;

    fn pool(entries: &[(&str, Option<usize>, i64)]) -> Pool {
        let entry =
            |&(cpv, host, id): &(&str, Option<usize>, i64)| (candidate(cpv, host, Some(id)), None);
        Pool {
            entries: entries.iter().map(entry).collect(),
        }
    }

    fn keep(pool: &Pool, positions: &[usize], why: &Why) -> KeepAway {
        let found = positions
            .iter()
            .map(|&position| (Instance::of(&pool.entries[position].0), why.clone()));
        KeepAway::new(found.collect(), pool)
    }

    fn kept(pool: &Pool, away: &KeepAway) -> Vec<usize> {
        let entries = pool.entries.iter().enumerate();
        let bad = entries.filter(|(_, (candidate, _))| away.has(candidate));
        bad.map(|(position, _)| position).collect()
    }

    #[test]
    fn every_copy_of_a_build_that_would_not_run() {
        let pool = pool(&[
            ("a/b-1", Some(0), 1),
            ("a/b-1", Some(1), 1),
            ("a/b-1", Some(1), 2),
        ]);
        let away = keep(
            &pool,
            &[0],
            &Why::WouldNotRun("for another processor".to_owned()),
        );
        assert_eq!(kept(&pool, &away), [0, 1]);
        let away = keep(&pool, &[0], &Why::FileGone("not found".to_owned()));
        assert_eq!(kept(&pool, &away), [0]);
        assert_eq!(kept(&pool, &KeepAway::default()), [0; 0]);
    }

    #[test]
    fn excludes_are_names_with_slots() {
        let pool = pool(&[
            ("a/b-1", Some(0), 1),
            ("a/c-1", None, 1),
            ("a/d-1", Some(0), 1),
        ]);
        let away = keep(&pool, &[0, 1], &Why::FileGone("not found".to_owned()));
        let excludes = away.excludes(&pool);
        assert_eq!(
            excludes.to_words(true),
            ["--getbinpkg-exclude=a/b:0", "--usepkg-exclude=a/c:0"]
        );
        assert_eq!(excludes.to_words(false), ["--usepkg-exclude=a/b:0 a/c:0"]);
        assert_eq!(KeepAway::default().excludes(&pool).to_words(true), [""; 0]);
    }
}
