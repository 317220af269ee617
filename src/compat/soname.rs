//! Will it link here: shared libraries that packages require once a plan is carried out, against what is there
//! then. Pure.
//!
//! Nobody can tell whether a library that no package is known to provide is there: programs bring their own and find
//! them by RPATH, and ebuilds hide what they like (`REQUIRES_EXCLUDE`). So a library is missing only where it is known
//! whose it was: a package that is there afterwards has it in another version or build, and not in this one. And it is
//! lost only where it is there today, and nothing that is compiled could bring it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A package that is there before or after the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Category and name.
    pub name: String,
    /// Its sonames, with their category; `None` for what is yet to be compiled, of which nobody knows.
    pub provides: Option<Vec<String>>,
    /// What it requires, the same way.
    pub requires: Vec<String>,
}

/// What a plan does to a system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkChange {
    /// Installed, and stays so.
    pub stays: Vec<Linked>,
    /// Installed, and replaced or uninstalled.
    pub goes: Vec<Linked>,
    /// Merged.
    pub comes: Vec<Linked>,
}

/// A library that a package requires and that will not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSoname {
    /// Who requires it, by its place in [`LinkChange::comes`].
    pub needed_by: usize,
    /// `x86_64: libz.so.1`
    pub soname: String,
    /// What had it.
    pub had_by: String,
}

/// A library that is taken away from what stays installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostSoname {
    /// `x86_64: libz.so.1`
    pub soname: String,
    /// Whose it is, by its place in [`LinkChange::goes`].
    pub had_by: usize,
    /// Who requires it, by their places in [`LinkChange::stays`].
    pub needed_by: Vec<usize>,
}

impl LinkChange {
    /// What is there once the plan is carried out.
    pub fn after(&self) -> impl Iterator<Item = &Linked> {
        self.stays.iter().chain(&self.comes)
    }

    /// What is required then and provided by nothing.
    pub fn unprovided(&self) -> BTreeSet<&str> {
        let provided: HashSet<&str> = self.after().flat_map(Linked::provided).collect();
        let required = self.after().flat_map(|package| &package.requires);
        let required = required.map(String::as_str);
        required
            .filter(|soname| !provided.contains(soname))
            .collect()
    }

    /// Whether a package comes of which nobody knows what it brings, under a name that is not installed.
    fn brings_unknown(&self) -> bool {
        let is_new = |name: &str| {
            let mut installed = self.stays.iter().chain(&self.goes);
            !installed.any(|package| package.name == name)
        };
        let mut comes = self.comes.iter();
        comes.any(|package| package.provides.is_none() && is_new(&package.name))
    }
}

impl Linked {
    fn provided(&self) -> impl Iterator<Item = &str> {
        self.provides.iter().flatten().map(String::as_str)
    }

    /// Whether it is known what it provides; what provides nothing may have stopped recording it.
    fn is_known(&self) -> bool {
        self.provided().next().is_some()
    }
}

/// The libraries that will be missing to what is merged; `owners` tells for a soname which packages, by name and
/// version, have it in some version or build.
pub fn missing(
    change: &LinkChange,
    owners: &BTreeMap<String, Vec<(String, String)>>,
) -> Vec<MissingSoname> {
    let is_certain = |name: &str| {
        let mut own = change
            .after()
            .filter(|package| package.name == name)
            .peekable();
        own.peek().is_some() && own.all(Linked::is_known)
    };
    let unprovided = change.unprovided();
    let mut found = Vec::new();
    for (needed_by, package) in change.comes.iter().enumerate() {
        for soname in &package.requires {
            let all = owners.get(soname).map_or(&[][..], Vec::as_slice);
            // One owner that may yet bring it is enough.
            let certain = !all.is_empty() && all.iter().all(|(name, _)| is_certain(name));
            if certain && unprovided.contains(soname.as_str()) {
                found.push(MissingSoname {
                    needed_by,
                    soname: soname.clone(),
                    had_by: all[0].1.clone(),
                });
            }
        }
    }
    found
}

/// The libraries that what stays installed requires, and that go with what has them today.
pub fn lost(change: &LinkChange) -> Vec<LostSoname> {
    if change.brings_unknown() {
        return Vec::new();
    }
    let mut unprovided = change.unprovided();
    let mut found = Vec::new();
    for (had_by, package) in change.goes.iter().enumerate() {
        let mut successors = change.comes.iter().filter(|one| one.name == package.name);
        if !successors.all(Linked::is_known) {
            continue;
        }
        // Each is reported once, whoever else had it.
        for soname in package.provided().filter(|one| unprovided.remove(*one)) {
            let stays = change.stays.iter().enumerate();
            let needs =
                stays.filter(|(_, package)| package.requires.iter().any(|own| own == soname));
            let needed_by: Vec<usize> = needs.map(|(place, _)| place).collect();
            if !needed_by.is_empty() {
                found.push(LostSoname {
                    soname: soname.to_owned(),
                    had_by,
                    needed_by,
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(name: &str, provides: Option<&str>, requires: &str) -> Linked {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Linked {
            name: name.to_owned(),
            provides: provides.map(words),
            requires: words(requires),
        }
    }

    #[test]
    fn missing_only_where_its_owner_is_there_without_it() {
        let app = linked("a/app", Some(""), "icu.74 libc own.so");
        let libc = linked("s/libc", Some("libc"), "");
        let owners = BTreeMap::from([(
            "icu.74".to_owned(),
            vec![("d/icu".to_owned(), "d/icu-74".to_owned())],
        )]);
        let count = |icu: Option<Linked>| {
            let mut comes = vec![app.clone()];
            comes.extend(icu);
            let change = LinkChange {
                stays: vec![libc.clone()],
                comes,
                ..LinkChange::default()
            };
            missing(&change, &owners).len()
        };
        assert_eq!(count(Some(linked("d/icu", Some("icu.76"), ""))), 1);
        assert_eq!(count(Some(linked("d/icu", Some("icu.74"), ""))), 0);
        // Compiled, without a record, or not there at all: nobody knows.
        assert_eq!(count(Some(linked("d/icu", None, ""))), 0);
        assert_eq!(count(Some(linked("d/icu", Some(""), ""))), 0);
        assert_eq!(count(None), 0);
        // Another package has it too.
        assert_eq!(count(Some(linked("d/compat", Some("icu.74"), ""))), 0);
    }

    #[test]
    fn who_and_what_is_reported() {
        let change = LinkChange {
            stays: vec![linked("d/icu", Some("icu.76"), "")],
            comes: vec![linked("a/app", Some(""), "icu.74")],
            ..LinkChange::default()
        };
        let owner = ("d/icu".to_owned(), "d/icu-74".to_owned());
        let owners = BTreeMap::from([("icu.74".to_owned(), vec![owner])]);
        let expected = MissingSoname {
            needed_by: 0,
            soname: "icu.74".to_owned(),
            had_by: "d/icu-74".to_owned(),
        };
        assert_eq!(missing(&change, &owners), [expected]);
        assert_eq!(change.unprovided(), BTreeSet::from(["icu.74"]));
    }

    #[test]
    fn lost_where_nothing_else_could_bring_it() {
        let known = |name, provides| linked(name, Some(provides), "");
        let compiled = |name| linked(name, None, "");
        for (what, comes, expected) in [
            ("replaced", vec![known("d/icu", "icu.76")], true),
            ("uninstalled", vec![known("d/other", "other")], true),
            ("the same", vec![known("d/icu", "icu.74")], false),
            ("without a record", vec![known("d/icu", "")], false),
            ("compiled", vec![compiled("d/icu")], false),
            (
                "moved to another package",
                vec![known("d/icu", "icu.76"), known("d/icu-compat", "icu.74")],
                false,
            ),
            (
                "perhaps moved to another package",
                vec![known("d/icu", "icu.76"), compiled("d/icu-compat")],
                false,
            ),
            (
                "beside a compiled update",
                vec![known("d/icu", "icu.76"), compiled("a/old")],
                true,
            ),
        ] {
            let change = LinkChange {
                stays: vec![
                    linked("a/app", Some(""), "libc icu.74"),
                    linked("a/other", Some(""), "libc other.1"),
                    known("a/old", "old"),
                ],
                goes: vec![known("d/icu", "icu.74 icudata.74 icu.74")],
                comes,
            };
            let all = LostSoname {
                soname: "icu.74".to_owned(),
                had_by: 0,
                needed_by: vec![0],
            };
            let expected: Vec<LostSoname> = expected.then_some(all).into_iter().collect();
            assert_eq!(lost(&change), expected, "{what}");
        }
    }

    #[test]
    fn nothing_is_lost_that_another_has_or_nobody_needs() {
        let mut change = LinkChange {
            stays: vec![
                linked("a/app", Some(""), "icu.74"),
                linked("d/icu", Some("icu.74"), ""),
            ],
            goes: vec![linked("d/icu", Some("icu.74"), "")],
            comes: vec![linked("d/icu", Some("icu.76"), "")],
        };
        assert_eq!(lost(&change), []);
        change.stays.pop();
        assert_eq!(lost(&change).len(), 1);
        // What is built anew does not need it any more.
        let rebuilt = change.stays.remove(0);
        change.goes.push(rebuilt);
        change.comes.push(linked("a/app", None, ""));
        assert_eq!(lost(&change), []);
    }
}
