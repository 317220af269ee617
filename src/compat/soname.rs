//! Will it link here: shared libraries that packages require once a plan is carried out, against what is there
//! then. Pure.
//!
//! Nobody can tell whether a library that no package is known to provide is there: programs bring their own and find
//! them by RPATH, and ebuilds hide what they like (`REQUIRES_EXCLUDE`). So a library is missing only where it is known
//! whose it was: a package that is there afterwards has it in another version or build, and not in this one.

use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A package that is there after the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Category and name.
    pub name: String,
    /// Its sonames, with their category; `None` for what is yet to be compiled, of which nobody knows.
    pub provides: Option<Vec<String>>,
    /// What it requires, the same way.
    pub requires: Vec<String>,
}

/// A library that a package requires and that will not be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSoname {
    /// Who requires it, as a place in the list.
    pub needed_by: usize,
    /// `x86_64: libz.so.1`
    pub soname: String,
    /// What had it.
    pub had_by: String,
}

/// What is required and provided by nothing.
pub fn unprovided(after: &[Linked]) -> BTreeSet<&str> {
    let provided = after.iter().filter_map(|package| package.provides.as_ref());
    let provided: HashSet<&str> = provided.flatten().map(String::as_str).collect();
    let required = after.iter().flat_map(|package| &package.requires);
    let required = required.map(String::as_str);
    required
        .filter(|soname| !provided.contains(soname))
        .collect()
}

/// The libraries that will be missing; `owners` tells for a soname which packages, by name and version, have it
/// in some version or build.
pub fn missing(
    after: &[Linked],
    owners: &BTreeMap<String, Vec<(String, String)>>,
) -> Vec<MissingSoname> {
    // A package that provides nothing now may have stopped recording it.
    let is_certain = |name: &str| {
        let mut own = after
            .iter()
            .filter(|package| package.name == name)
            .peekable();
        let there = own.peek().is_some();
        let is_known =
            |package: &Linked| package.provides.as_ref().is_some_and(|all| !all.is_empty());
        there && own.all(is_known)
    };
    let unprovided = unprovided(after);
    let mut found = Vec::new();
    for (needed_by, package) in after.iter().enumerate() {
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
            let mut after = vec![app.clone(), libc.clone()];
            after.extend(icu);
            missing(&after, &owners).len()
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
        let after = [
            linked("d/icu", Some("icu.76"), ""),
            linked("a/app", Some(""), "icu.74"),
        ];
        let owner = ("d/icu".to_owned(), "d/icu-74".to_owned());
        let owners = BTreeMap::from([("icu.74".to_owned(), vec![owner])]);
        let expected = MissingSoname {
            needed_by: 1,
            soname: "icu.74".to_owned(),
            had_by: "d/icu-74".to_owned(),
        };
        assert_eq!(missing(&after, &owners), [expected]);
        assert_eq!(unprovided(&after), BTreeSet::from(["icu.74"]));
    }
}
