//! The root in which a dependency is looked for (`portage: depgraph.py:depgraph._add_pkg_deps`).

use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PackageDb;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::packages::root::Root;
use crate::pms::{Eapi, Key, Reduced};

impl PackageDb<'_> {
    /// The root in which the dependencies of a package are looked for. What runs beside it lies in its own; what builds
    /// and installs it in the running system, but for headers and libraries of an EAPI that tells them apart.
    pub fn dep_root(&self, package: &PlanPackage<'_>, key: Key) -> Root {
        match key {
            Key::Bdepend | Key::Idepend => self.running_root(),
            Key::Depend => {
                let has_bdepend = package.package.eapi.is_none_or(Eapi::has_bdepend);
                let is_sysroot = self.local(package.root()).base.roots.is_own_sysroot();
                if has_bdepend && is_sysroot {
                    package.root()
                } else {
                    self.running_root()
                }
            }
            _ => package.root(),
        }
    }
}

/// The same dependencies, looked for in a root.
pub(in crate::plan) fn in_root(nodes: &[Reduced<Atom>], root: Root) -> Vec<Reduced<Atom>> {
    let one = |node: &Reduced<Atom>| match node {
        Reduced::Leaf(atom) => Reduced::Leaf(atom.in_root(root)),
        Reduced::AllOf(nodes) => Reduced::AllOf(in_root(nodes, root)),
        Reduced::AnyOf(nodes) => Reduced::AnyOf(in_root(nodes, root)),
        Reduced::EmptyAnyOf => Reduced::EmptyAnyOf,
    };
    nodes.iter().map(one).collect()
}
