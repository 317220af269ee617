//! Which packages are the C library: the atoms that the installed `virtual/libc` stands for
//! (`portage: libc.py:find_libc_deps`, `_expand_new_virt.py:expand_new_virt`).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Installed;
use crate::pms::{Cpn, Dep, DepSpec, Key, Package, Reduced, Syntax, depspec};

/// Virtuals of virtuals are followed this often; there is one step in practice.
const MOST_STEPS: usize = 100;

/// The names; `virtual/libc` itself where it is not installed.
pub(super) fn providers(installed: &Installed) -> Vec<Cpn> {
    let mut names = BTreeSet::new();
    let mut expanded: Vec<&Package> = Vec::new();
    let mut open: Vec<Dep> = Dep::parse("virtual/libc", Syntax::USER)
        .into_iter()
        .collect();
    while let Some(atom) = open.pop() {
        let package = best(installed, &atom);
        if package.is_some_and(|package| expanded.iter().any(|done| std::ptr::eq(*done, package))) {
            continue;
        }
        let atoms = package.and_then(|package| runtime_atoms(installed, package));
        match package.zip(atoms).filter(|_| expanded.len() < MOST_STEPS) {
            Some((package, atoms)) => {
                expanded.push(package);
                open.extend(atoms);
            }
            None if atom.blocker().is_none() => names.extend(Cpn::parse(atom.name())),
            None => {}
        }
    }
    names.into_iter().collect()
}

/// The installed virtual that an atom leads to; `None` for an atom that stands for itself.
fn best<'a>(installed: &'a Installed, atom: &Dep) -> Option<&'a Package> {
    if atom.blocker().is_some() || !atom.name().starts_with("virtual/") {
        return None;
    }
    let packages = installed.of(atom.name()).iter().rev();
    let mut packages = packages.map(Arc::as_ref);
    packages.find(|package| atom.matches(&package.subject()))
}

/// Run-time dependencies with the alternatives chosen that are installed; `None` where they cannot
/// be read.
fn runtime_atoms(installed: &Installed, package: &Package) -> Option<Vec<Dep>> {
    package.eapi?;
    let syntax = Syntax::dependency(package.eapi);
    let text = package.metadata.text(Key::Rdepend);
    let nodes = DepSpec::parse(text, |word| Dep::parse(word, syntax)).ok()?;
    let enabled: BTreeSet<&str> = package.built_use().collect();
    let reduced = depspec::reduce(&nodes, package.eapi, &|flag| enabled.contains(flag));
    let mut atoms = Vec::new();
    choose(installed, &reduced, &mut atoms).then_some(atoms)
}

/// Collect atoms; false for a group that nothing can satisfy. The parser bounds the depth.
fn choose(installed: &Installed, nodes: &[Reduced<Dep>], atoms: &mut Vec<Dep>) -> bool {
    nodes.iter().all(|node| match node {
        Reduced::Leaf(atom) => {
            atoms.push(atom.clone());
            true
        }
        Reduced::AllOf(children) => choose(installed, children, atoms),
        Reduced::AnyOf(children) => {
            let here = |child: &&Reduced<Dep>| is_installed(installed, child);
            let chosen = children.iter().find(here).or(children.first());
            chosen.is_some_and(|child| choose(installed, std::slice::from_ref(child), atoms))
        }
        Reduced::EmptyAnyOf => false,
    })
}

fn is_installed(installed: &Installed, node: &Reduced<Dep>) -> bool {
    match node {
        Reduced::Leaf(atom) => {
            let mut packages = installed.of(atom.name()).iter();
            atom.blocker().is_some() || packages.any(|package| atom.matches(&package.subject()))
        }
        Reduced::AllOf(children) => children.iter().all(|child| is_installed(installed, child)),
        Reduced::AnyOf(children) => children.iter().any(|child| is_installed(installed, child)),
        Reduced::EmptyAnyOf => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::pms::testing::installed;

    fn package(cpv: &str, rdepend: &str) -> Package {
        installed(cpv, &[(Key::Rdepend, rdepend), (Key::Use, "elibc_glibc")])
    }

    fn libc(packages: &[(&str, &str)]) -> String {
        let packages = packages.iter().map(|(cpv, rdepend)| package(cpv, rdepend));
        let installed: Installed = packages.collect();
        let names: Vec<&str> = installed.libc().iter().map(Cpn::as_str).collect();
        names.join(" ")
    }

    #[test]
    fn dependencies_of_the_installed_virtual() {
        let table: [(&[(&str, &str)], &str); 9] = [
            (&[], "virtual/libc"),
            (
                &[("virtual/libc-1", "sys-libs/glibc:2.2")],
                "sys-libs/glibc",
            ),
            (
                &[("virtual/libc-1", "a/b"), ("virtual/libc-2", "a/c !a/d")],
                "a/c",
            ),
            (
                &[("virtual/libc-1", "elibc_glibc? ( a/b ) elibc_musl? ( a/c )")],
                "a/b",
            ),
            (&[("virtual/libc-1", "|| ( a/b a/c )")], "a/b"),
            (
                &[("virtual/libc-1", "|| ( a/b a/c )"), ("a/c-1", "")],
                "a/c",
            ),
            (
                &[
                    ("virtual/libc-1", "virtual/x"),
                    ("virtual/x-1", "virtual/libc a/b"),
                ],
                "a/b",
            ),
            (&[("virtual/libc-1", "virtual/x")], "virtual/x"),
            (&[("virtual/libc-1", "( broken")], "virtual/libc"),
        ];
        for (packages, names) in table {
            assert_eq!(libc(packages), names, "{packages:?}");
        }
    }
}
