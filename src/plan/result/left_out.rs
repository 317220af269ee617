//! Updates of what is only needed to build, which emerge leaves out where it takes binary packages
//! (`portage: create_depgraph_params.py:create_depgraph_params`, `bdeps`).

use crate::packages::{PackageId, Packages};
use crate::plan::result::plan::{Change, LeftOut, Plan};
use crate::pms::{Cpn, Cpv};

/// Whether there may be such updates: something installed that the plan does not merge has a visible ebuild of a higher
/// version in its slot. Without one there is no need to resolve once more.
pub fn may_leave_out(plan: &Plan<'_>, packages: &Packages<'_>) -> bool {
    let is_merged = |cpn: &Cpn| {
        plan.merges
            .iter()
            .any(|merge| merge.package.cpv.cpn == *cpn)
    };
    let names = packages.local().installed.names();
    plan.is_sound()
        && names
            .filter(|cpn| !is_merged(cpn))
            .any(|cpn| has_update(cpn, packages))
}

fn has_update(cpn: &Cpn, packages: &Packages<'_>) -> bool {
    let ebuilds = packages.ebuilds_of(cpn);
    let installed = packages.local().installed.of(cpn.as_str());
    installed.iter().any(|installed| {
        ebuilds.iter().any(|id| {
            let record = packages.record(PackageId::Ebuild(*id));
            let (ebuild, slot) = (record.package, installed.slot.as_ref());
            ebuild
                .cpv
                .version
                .cmp_version(&installed.cpv.version)
                .is_gt()
                && ebuild.slot.as_ref().map(|slot| slot.slot()) == slot.map(|slot| slot.slot())
                && record.facts().is_visible()
        })
    })
}

/// The updates of `all`, a plan for the same targets that reaches more, which `plan` does not have.
pub fn left_out(plan: &Plan<'_>, all: &Plan<'_>) -> Vec<LeftOut> {
    let is_merged = |cpv: &Cpv| plan.merges.iter().any(|merge| merge.package.cpv == *cpv);
    let updates = all
        .merges
        .iter()
        .filter(|merge| merge.change == Change::Upgrade);
    updates
        .filter(|merge| !is_merged(&merge.package.cpv))
        .filter_map(|merge| {
            Some(LeftOut {
                installed: merge.installed.clone()?,
                update: merge.package.cpv.clone(),
            })
        })
        .collect()
}
