//! Whether the C library that will be there is what a package was built with, or newer. Portage writes that into
//! RDEPEND of what it builds (`portage: doebuild.py:_inject_libc_dep`); with `--nodeps` nothing sees to it. Pure.

use super::{Concern, ConcernCode};
use crate::pms::{Cpn, Dep, DepSpec, Key, Package, Reduced, Syntax, depspec};

/// C libraries of Gentoo systems, of which there is one.
const KNOWN: [&str; 2] = ["sys-libs/glibc", "sys-libs/musl"];

/// Whether a package is a C library, where a system's own is named so.
pub fn is_libc(package: &Package, own: &[Cpn]) -> bool {
    own.contains(&package.cpv.cpn) || KNOWN.contains(&package.cpv.cpn.as_str())
}

/// What speaks against a built package; `libc` names the C library of the system, and `after` those that are there
/// once a plan is carried out. Nothing where either is not known.
pub fn libc_concern(package: &Package, libc: &[Cpn], after: &[&Package]) -> Option<Concern> {
    let details = required(package).into_iter();
    let mut details = details.filter_map(|atom| detail(&atom, libc, after));
    let detail = details.next()?;
    Some(Concern {
        code: ConcernCode::Soname,
        detail,
    })
}

/// Versions that RDEPEND requires whatever else holds; that of the C library is among them.
fn required(package: &Package) -> Vec<Dep> {
    let syntax = Syntax::dependency(package.eapi);
    let text = package.metadata.text(Key::Rdepend);
    let Ok(nodes) = DepSpec::parse(text, |word| Dep::parse(word, syntax)) else {
        return Vec::new();
    };
    let nodes = depspec::reduce(&nodes, package.eapi, &|_| false);
    let atoms = nodes.into_iter().filter_map(|node| match node {
        Reduced::Leaf(atom) => Some(atom),
        _ => None,
    });
    let atoms = atoms.filter(|atom| atom.blocker().is_none() && atom.operator().is_some());
    atoms.collect()
}

fn detail(atom: &Dep, libc: &[Cpn], after: &[&Package]) -> Option<String> {
    let own: Vec<&str> = libc.iter().map(Cpn::as_str).collect();
    let is_there = |name: &str| after.iter().any(|package| package.cpv.cpn.as_str() == name);
    if own.contains(&atom.name()) {
        let named = after.iter();
        let named = named.filter(|one| atom.name_matches(one.cpv.cpn.as_str()));
        let named: Vec<&&Package> = named.collect();
        let is_met = named.iter().any(|one| atom.matches(&one.subject()));
        let newest = named.last().filter(|_| !is_met)?;
        return Some(format!("requires {atom}, and {} will be there", newest.cpv));
    }
    let other = own
        .iter()
        .find(|name| KNOWN.contains(name) && is_there(name))?;
    let is_other = KNOWN.contains(&atom.name()) && !is_there(atom.name());
    is_other.then(|| format!("requires {atom}, and the C library here is {other}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::pms::testing::installed;

    fn package(cpv: &str, rdepend: &str) -> Package {
        installed(cpv, &[(Key::Rdepend, rdepend)])
    }

    #[test]
    fn the_library_of_the_build_or_a_newer_one_has_to_be_there() {
        let glibc = "requires >=sys-libs/glibc-2.42, and sys-libs/glibc-2.41 will be there";
        let musl = "requires >=sys-libs/glibc-2.42, and the C library here is sys-libs/musl";
        for (rdepend, libc, after, expected) in [
            (
                "a/b >=sys-libs/glibc-2.41",
                "sys-libs/glibc",
                "sys-libs/glibc-2.41",
                None,
            ),
            (
                ">=sys-libs/glibc-2.42",
                "sys-libs/glibc",
                "sys-libs/glibc-2.41",
                Some(glibc),
            ),
            (
                ">=sys-libs/glibc-2.42",
                "sys-libs/musl",
                "sys-libs/musl-1.2",
                Some(musl),
            ),
            // Nobody knows which one is there.
            (
                ">=sys-libs/glibc-2.42",
                "virtual/libc",
                "sys-libs/musl-1.2",
                None,
            ),
            (">=sys-libs/glibc-2.42", "sys-libs/glibc", "a/b-1", None),
            // What is required under a condition, or of another package.
            (
                "|| ( >=sys-libs/glibc-2.42 a/b )",
                "sys-libs/glibc",
                "sys-libs/glibc-2.41",
                None,
            ),
            (
                "!>=sys-libs/glibc-2.42",
                "sys-libs/glibc",
                "sys-libs/glibc-2.41",
                None,
            ),
            (">=a/b-2", "sys-libs/glibc", "a/b-1", None),
            ("( broken", "sys-libs/glibc", "sys-libs/glibc-2.41", None),
        ] {
            let libc = [Cpn::parse(libc).unwrap()];
            let after = package(after, "");
            let found = libc_concern(&package("a/app-1", rdepend), &libc, &[&after]);
            let found = found.map(|concern| concern.detail);
            assert_eq!(found.as_deref(), expected, "{rdepend} {libc:?}");
        }
    }
}
