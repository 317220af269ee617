//! What `--resume` goes on with: the list that an earlier run left in `var/cache/edb/mtimedb`
//! (`portage: actions.py:action_build`).
//!
//! Portage 3.0.83 looks for the very builds of the list, and where one is not to be had it takes the last that it looked at,
//! which is the lowest (`portage: depgraph.py:depgraph._loadResumeCommand`). Before, the list named packages without their
//! builds. emerge then chooses builds anew, which may be those that the earlier run excluded.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use crate::binhost::{Candidate, HiddenEntry, Pool};
use crate::local::Base;

/// A binary package that would be merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResumedBinary {
    cpv: String,
    build: Option<ResumedBuild>,
}

/// The numbers by which Portage knows a build again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ResumedBuild {
    build_id: Option<i64>,
    build_time: Option<i64>,
    mtime: Option<i64>,
    size: Option<i64>,
}

impl ResumedBinary {
    /// It, as an atom.
    pub fn atom(&self) -> String {
        format!("={}", self.cpv)
    }

    fn is_named_by(&self, candidate: &Candidate) -> bool {
        candidate.package.cpv.to_string() == self.cpv
    }
}

impl ResumedBuild {
    fn of(text: &Map<String, Value>) -> ResumedBuild {
        let number = |key: &str| text.get(key).and_then(Value::as_i64);
        ResumedBuild {
            build_id: number("BUILD_ID"),
            build_time: number("BUILD_TIME"),
            mtime: number("MTIME"),
            size: number("SIZE"),
        }
    }

    fn is(self, candidate: &Candidate) -> bool {
        let package = &candidate.package;
        self.build_id == package.build_id
            && self.build_time == Some(package.build_time)
            && self.mtime == candidate.mtime
            && self.size == candidate.size
    }
}

/// The binary packages that would be merged; none where nothing can be read. With `skips_first` the first of the list is
/// left out, whatever it is.
pub fn binaries(base: &Base, skips_first: bool) -> Vec<ResumedBinary> {
    let file = base.roots.eroot.join("var/cache/edb/mtimedb");
    base.chroot
        .read_text(&file)
        .map_or(Vec::new(), |text| listed(&text, skips_first))
}

fn listed(text: &str, skips_first: bool) -> Vec<ResumedBinary> {
    let Ok(Value::Object(database)) = serde_json::from_str(text) else {
        return Vec::new();
    };
    let resumed = ["resume", "resume_backup"].iter().find_map(|name| {
        database
            .get(*name)
            .filter(|one| one["mergelist"].is_array())
    });
    let Some(resumed) = resumed else {
        return Vec::new();
    };
    let builds = resumed["binpkgs"].as_array();
    let builds = builds.map_or(&[][..], Vec::as_slice);
    let list = resumed["mergelist"].as_array();
    let list = list.map_or(&[][..], Vec::as_slice).iter();
    let merges = list.filter_map(Value::as_array).filter(is_merge);
    merges
        .skip(usize::from(skips_first))
        .filter_map(|entry| binary(entry, builds))
        .collect()
}

fn is_merge(entry: &&Vec<Value>) -> bool {
    entry.last().is_some_and(|action| action == "merge")
}

/// `["binary", "/", "app-misc/jq-1.8.1", "merge"]`
fn binary(entry: &[Value], builds: &[Value]) -> Option<ResumedBinary> {
    let [kind, root, cpv, _] = entry else {
        return None;
    };
    let cpv = cpv.as_str().filter(|_| kind == "binary")?;
    let mut builds = builds.iter().rev().filter_map(Value::as_object);
    let build = builds.find(|build| {
        let is = |key: &str, value: &Value| build.get(key) == Some(value);
        is("EROOT", root) && is("CPV", &Value::from(cpv))
    });
    Some(ResumedBinary {
        cpv: cpv.to_owned(),
        build: build.map(ResumedBuild::of),
    })
}

/// Entries of hosts that emerge must not get so that it takes what is judged: where it looks for a build, all others of the
/// version; where that is not to be had, all but the newest.
pub fn other_builds(resumed: &[ResumedBinary], pool: &Pool) -> Vec<HiddenEntry> {
    let mut others = Vec::new();
    for one in resumed {
        let Some(build) = one.build else { continue };
        let all = pool.entries.iter();
        let there =
            all.filter(|(candidate, absent)| absent.is_none() && one.is_named_by(candidate));
        let there: Vec<&Candidate> = there.map(|(candidate, _)| candidate).collect();
        let listed = there.iter().find(|candidate| build.is(candidate));
        let newest = || {
            let is_local = |candidate: &Candidate| candidate.host.is_none();
            let order =
                |candidate: &&&Candidate| (is_local(candidate), candidate.package.build_time);
            // Nothing hides what lies in PKGDIR.
            there
                .iter()
                .min_by_key(|candidate| Reverse(order(candidate)))
        };
        let Some(kept) = listed.or_else(newest) else {
            continue;
        };
        let key = kept.instance_key();
        let rest = there
            .iter()
            .filter(|other| other.host.is_some() && other.instance_key() != key);
        others.extend(rest.map(|other| HiddenEntry {
            host: other.host,
            build: other.instance_key(),
            path: other.path().to_owned(),
            every_copy: false,
            why: "--resume goes on with another build".to_owned(),
        }));
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binhost::HostId;
    use crate::report::fixture::candidate;

    fn atoms(text: &str, skips_first: bool) -> String {
        let listed = listed(text, skips_first);
        let atoms: Vec<String> = listed.iter().map(ResumedBinary::atom).collect();
        atoms.join(" ")
    }

    #[test]
    fn binary_packages_of_the_list() {
        const LIST: &str = r#"[["binary", "/", "a/b-1", "merge"], ["ebuild", "/", "a/c-1", "merge"],
            ["binary", "/", "a/d-2-r1", "merge"], ["binary", "/", "a/e-1", "uninstall"], ["binary"], 3]"#;
        for (text, expected, without_first) in [
            (
                format!(r#"{{"resume": {{"mergelist": {LIST}}}}}"#),
                "=a/b-1 =a/d-2-r1",
                "=a/d-2-r1",
            ),
            (
                format!(r#"{{"resume_backup": {{"mergelist": {LIST}, "myopts": {{}}}}}}"#),
                "=a/b-1 =a/d-2-r1",
                "=a/d-2-r1",
            ),
            (r#"{"resume": {}}"#.to_owned(), "", ""),
            (
                r#"{"resume": {"mergelist": 3, "binpkgs": [3]}}"#.to_owned(),
                "",
                "",
            ),
            ("{}".to_owned(), "", ""),
            ("[]".to_owned(), "", ""),
            ("\u{80}pickle".to_owned(), "", ""),
        ] {
            assert_eq!(atoms(&text, false), expected, "{text}");
            assert_eq!(atoms(&text, true), without_first, "{text}");
        }
    }

    /// A pool of builds of one version by their ids, which are their build times; local ones are negative.
    fn pool(ids: &[i64]) -> Pool {
        let entry = |id: &i64| {
            let host = (*id > 0).then(|| HostId::new(0));
            let mut made = candidate("a/b-1", host, Some(id.abs()));
            made.package.build_time = id.abs();
            made.size = Some(7);
            made.mtime = Some(1);
            (made, None)
        };
        Pool {
            entries: ids.iter().map(entry).collect(),
        }
    }

    #[test]
    fn the_build_of_the_list_is_left_alone() {
        let text = |id: i64| {
            format!(
                r#"{{"resume": {{"mergelist": [["binary", "/", "a/b-1", "merge"]], "binpkgs": [
                    {{"EROOT": "/", "CPV": "a/b-1", "BUILD_ID": {id}, "BUILD_TIME": {id}, "MTIME": 1, "SIZE": 7}}]}}}}"#
            )
        };
        for (id, there, hidden) in [
            (2, &[1, 2, 3][..], &[1, 3][..]),
            (9, &[1, 3, 2], &[1, 2]),
            (9, &[1, -1, 2], &[2]),
            (1, &[1], &[]),
            (1, &[], &[]),
        ] {
            let pool = pool(there);
            let others = other_builds(&listed(&text(id), false), &pool);
            let found: Vec<i64> = pool
                .entries
                .iter()
                .filter(|(candidate, _)| others.iter().any(|one| one.covers(candidate)))
                .filter_map(|(candidate, _)| candidate.package.build_id)
                .collect();
            assert_eq!(found, hidden, "{id} of {there:?}");
        }
        let unnamed = r#"{"resume": {"mergelist": [["binary", "/", "a/b-1", "merge"]]}}"#;
        assert!(other_builds(&listed(unnamed, false), &pool(&[1, 2])).is_empty());
    }
}
