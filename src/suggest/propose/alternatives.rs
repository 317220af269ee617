//! The other alternatives of any-of groups: what stands beside a name in the dependencies of those that want it.

use crate::check::deps;
use crate::packages::{PackageId, Packages};
use crate::plan::RequiredBy;
use crate::pms::{Cpv, Dep, DepSpec, Kind};

/// How many are tried.
const MOST: usize = 4;

/// Atoms of other names in any-of groups that also name this one, in their order.
pub(super) fn beside<'p>(
    parents: impl Iterator<Item = &'p RequiredBy>,
    name: &str,
    packages: &Packages<'_>,
) -> Vec<Dep> {
    let mut found: Vec<Dep> = Vec::new();
    for parent in parents {
        let RequiredBy::Package(cpv, kind) = parent else {
            continue;
        };
        for id in ids(cpv, *kind, packages) {
            let record = packages.record(id);
            let specs = deps::KEYS.map(|key| record.facts().deps(key));
            for specs in specs.iter().filter_map(|specs| specs.as_ref().ok()) {
                add(specs, name, &mut found);
            }
        }
    }
    found.truncate(MOST);
    found
}

/// The packages of a version.
fn ids(cpv: &Cpv, kind: Kind, packages: &Packages<'_>) -> Vec<PackageId> {
    let name = cpv.cpn.as_str();
    let mut ids: Vec<PackageId> = match kind {
        Kind::Ebuild => {
            let ebuilds = packages.ebuilds_of(&cpv.cpn).into_iter();
            ebuilds.map(PackageId::Ebuild).collect()
        }
        Kind::Binary => {
            let instances = packages.instances_of(name).iter().copied();
            instances.map(PackageId::Binary).collect()
        }
        Kind::Installed => {
            let installed = packages.installed_of(name);
            installed
                .iter()
                .copied()
                .map(PackageId::Installed)
                .collect()
        }
    };
    ids.retain(|id| packages.record(*id).package.cpv == *cpv);
    ids
}

fn add(specs: &[DepSpec<Dep>], name: &str, found: &mut Vec<Dep>) {
    for spec in specs {
        if let DepSpec::AnyOf(children) = spec {
            let leaves = DepSpec::leaves(children);
            if leaves.iter().any(|leaf| leaf.name() == name) {
                let others = leaves.into_iter().filter(|leaf| leaf.name() != name);
                for other in others {
                    if !found.contains(other) {
                        found.push(other.clone());
                    }
                }
            }
        }
        add(spec.children(), name, found);
    }
}
