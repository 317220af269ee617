//! Which binary packages of a plan require shared libraries that will not be there once it is carried out.

use std::collections::{BTreeMap, HashMap};

use crate::binhost::InstanceId;
use crate::compat::{self, Compatibility, Concern, ConcernCode, Linked};
use crate::packages::Packages;
use crate::plan::Plan;
use crate::pms::soname::sonames;
use crate::pms::{Key, Package};

/// Add what will be missing to the answers about the packages that require it.
pub(super) fn add_missing(
    packages: &Packages<'_>,
    plan: &Plan<'_>,
    compatibility: &mut HashMap<InstanceId, Compatibility>,
) {
    let (after, ids) = after(packages, plan);
    let owners = owners(packages, &after);
    for missing in compat::missing(&after, &owners) {
        let Some(id) = ids.get(missing.needed_by).copied().flatten() else {
            continue;
        };
        let detail = format!(
            "requires {}, which {} has and nothing that will be there",
            missing.soname, missing.had_by
        );
        let concern = Concern {
            code: ConcernCode::Soname,
            detail,
        };
        compatibility.entry(id).or_default().concerns.push(concern);
    }
}

/// What is there once the plan is carried out, and which instance that is if it comes from a binary package.
fn after(packages: &Packages<'_>, plan: &Plan<'_>) -> (Vec<Linked>, Vec<Option<InstanceId>>) {
    let slot = |package: &Package| package.slot_or_zero().slot().to_owned();
    let goes = |installed: &Package| {
        let replaced = plan.merges.iter().any(|merge| {
            merge.package.cpv.cpn == installed.cpv.cpn && slot(merge.package) == slot(installed)
        });
        replaced
            || plan
                .uninstalls
                .iter()
                .any(|gone| gone.package == installed.cpv)
    };
    let installed = packages.local().installed.packages();
    let stays = installed.filter(|package| !goes(package));
    let stays = stays.map(|package| (linked(package, true), None));
    let merged = plan.merges.iter().map(|merge| {
        let id = merge.origin.instance();
        (linked(merge.package, id.is_some()), id)
    });
    stays.chain(merged).unzip()
}

fn linked(package: &Package, is_built: bool) -> Linked {
    let of = |key| sonames(package.metadata.text(key)).collect::<Vec<String>>();
    Linked {
        name: package.cpv.cpn.as_str().to_owned(),
        provides: is_built.then(|| of(Key::Provides)),
        requires: if is_built {
            of(Key::Requires)
        } else {
            Vec::new()
        },
    }
}

/// Which packages are known to have a library, in any version or build: those that are installed now, and what
/// hosts offer of packages that will be there.
fn owners(packages: &Packages<'_>, after: &[Linked]) -> BTreeMap<String, Vec<(String, String)>> {
    let provided = &packages.local().soname_provided;
    let mut wanted = compat::unprovided(after);
    wanted.retain(|soname| !provided.has(soname));
    let mut owners: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    if wanted.is_empty() {
        return owners;
    }
    let mut add = |package: &Package| {
        for soname in sonames(package.metadata.text(Key::Provides)) {
            if wanted.contains(soname.as_str()) {
                let name = package.cpv.cpn.as_str().to_owned();
                let owner = (name, package.cpv.to_string());
                owners.entry(soname).or_default().push(owner);
            }
        }
    };
    for package in packages.local().installed.packages() {
        add(package);
    }
    for other in after {
        for id in packages.instances_of(&other.name) {
            add(&packages.entry(*id).0.package);
        }
    }
    owners
}
