//! The package names that there are, and which of them a mistyped one may have meant.

use std::collections::BTreeSet;

use crate::pms::{Cpn, Cpv, Dep, wildcard};

/// Names that are suggested at once.
const MOST_SUGGESTIONS: usize = 5;

/// Longer names than this are not compared letter by letter.
const LONGEST: usize = 64;

/// All names that some database (ebuilds, binary packages, installed) has.
#[derive(Clone, Debug, Default)]
pub struct KnownNames(pub BTreeSet<Cpn>);

impl KnownNames {
    /// Names with this package part, in any category.
    pub fn with_package<'a>(&'a self, package: &'a str) -> impl Iterator<Item = &'a Cpn> {
        self.0.iter().filter(move |cpn| cpn.package() == package)
    }

    /// Whether an atom's name (wildcards allowed) is among them.
    pub fn has(&self, atom: &Dep) -> bool {
        let name = atom.name();
        if !name.contains('*') {
            return self.0.contains(name);
        }
        let Some((category, package)) = name.split_once('/') else {
            return false;
        };
        self.0.iter().any(|cpn| {
            wildcard::matches(package, cpn.package()) && wildcard::matches(category, cpn.category())
        })
    }

    /// Names that a mistyped one may have meant, best first, at most five.
    pub fn near(&self, name: &str) -> Vec<&Cpn> {
        let (category, package) = name.rsplit_once('/').unwrap_or(("", name));
        let package = package.to_lowercase();
        let mut found: Vec<(usize, bool, &Cpn)> = self
            .0
            .iter()
            .filter_map(|cpn| {
                let distance = unlikeness(&package, &cpn.package().to_lowercase())?;
                Some((distance, cpn.category() != category, cpn))
            })
            .collect();
        found.sort_unstable();
        found.truncate(MOST_SUGGESTIONS);
        found.into_iter().map(|(.., cpn)| cpn).collect()
    }

    /// The atoms `=category/package-version` that a file name without category may mean; a number
    /// after the version is a build-id.
    pub(super) fn at_version(&self, stem: &str) -> Vec<String> {
        let without_build_id = stem
            .rsplit_once('-')
            .filter(|(_, id)| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|(rest, _)| rest);
        // A name such as foo-1-2 has no version 2, so the build-id is tried first.
        for stem in without_build_id.into_iter().chain([stem]) {
            if let Some(cpv) = Cpv::parse(&format!("x/{stem}")) {
                let names = self.with_package(cpv.cpn.package());
                return names.map(|cpn| format!("={cpn}-{}", cpv.version)).collect();
            }
        }
        Vec::new()
    }
}

/// How far a name is from a typed one, smaller is nearer; `None` where it is not alike. Differing
/// letters count three each, so that a name that merely contains the typed one comes later than a
/// slip of the finger and earlier than two.
fn unlikeness(typed: &str, name: &str) -> Option<usize> {
    let longest = typed.len().max(name.len());
    if typed.len() >= 3 && (name.contains(typed) || (name.len() >= 3 && typed.contains(name))) {
        return Some(if typed == name {
            0
        } else {
            4 + name.len().abs_diff(typed.len()).min(20)
        });
    }
    if longest > LONGEST || typed.len().abs_diff(name.len()) > 3 {
        return None;
    }
    let most = match typed.chars().count() {
        0..=3 => 1,
        4..=5 => 2,
        _ => 3,
    };
    let distance = edit_distance(typed, name);
    (distance <= most && distance < typed.len()).then_some(distance * 3)
}

/// Letters that must be put in, removed, changed or swapped with their neighbour to make one text
/// the other.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    let mut previous = None;
    for (row, letter) in left.chars().enumerate() {
        let mut next = Vec::with_capacity(last.len());
        next.push(row + 1);
        for (column, &other) in right.iter().enumerate() {
            let change = last[column] + usize::from(letter != other);
            let mut least = change.min(last[column + 1] + 1).min(next[column] + 1);
            if column > 0 && previous == Some(other) && letter == right[column - 1] {
                least = least.min(before[column - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut last, next);
        previous = Some(letter);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::pms::Syntax;
    use proptest::prelude::*;

    fn known() -> KnownNames {
        let names = [
            "app-editors/vim",
            "app-editors/gvim",
            "app-editors/vim-core",
            "app-misc/jq",
            "dev-libs/openssl",
            "dev-libs/openssl-compat",
            "sys-apps/portage",
            "www-client/firefox",
            "www-client/firefox-bin",
            "dev-libs/jansson",
        ];
        KnownNames(names.iter().map(|name| Cpn::parse(name).unwrap()).collect())
    }

    #[test]
    fn mistyped_names() {
        let table = [
            ("vmi", "app-editors/vim"),
            ("firefx", "www-client/firefox"),
            ("Firefox", "www-client/firefox www-client/firefox-bin"),
            (
                "net-libs/openssl",
                "dev-libs/openssl dev-libs/openssl-compat",
            ),
            ("portag", "sys-apps/portage"),
            ("protage", "sys-apps/portage"),
            ("jansso", "dev-libs/jansson"),
            ("zzzzzzzz", ""),
            ("", ""),
        ];
        let known = known();
        for (typed, names) in table {
            let near: Vec<&str> = known.near(typed).into_iter().map(Cpn::as_str).collect();
            assert_eq!(near.join(" "), names, "{typed}");
        }
    }

    #[test]
    fn wildcards() {
        let table = [
            ("app-editors/vim", true),
            ("app-editors/emacs", false),
            ("*/jq", true),
            ("app-editors/*", true),
            ("dev-*/*ssl", true),
            ("app-*/openssl", false),
            ("*/*", true),
        ];
        for (text, found) in table {
            let atom = Dep::parse(text, Syntax::USER).unwrap();
            assert_eq!(known().has(&atom), found, "{text}");
        }
    }

    #[test]
    fn file_names() {
        let table = [
            ("jq-1.7", "=app-misc/jq-1.7"),
            ("jq-1.7-r1-3", "=app-misc/jq-1.7-r1"),
            ("jq-1-3", "=app-misc/jq-1"),
            ("other-1", ""),
            ("jq", ""),
        ];
        for (stem, atoms) in table {
            assert_eq!(known().at_version(stem).join(" "), atoms, "{stem}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(left in ".{0,20}", right in ".{0,20}") {
            prop_assert_eq!(edit_distance(&left, &right), edit_distance(&right, &left));
            prop_assert_eq!(edit_distance(&left, &left), 0);
            let _ = (known().near(&left), known().at_version(&left));
        }
    }
}
