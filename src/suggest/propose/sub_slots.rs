//! Binary packages that were built against an older sub-slot: they can be used as long as what they were built against
//! stays.

use super::mask;
use crate::binhost::InstanceId;
use crate::check::{Verdict, deps};
use crate::packages::{PackageId, Packages};
use crate::plan::{BuildReason, Merge, Origin, RejectedBinary};
use crate::pms::{Cpn, Cpv, Dep, DepSpec, Key, Slot};
use crate::suggest::edit::{Edit, SuggestionKind};

/// Dependencies that builds write the sub-slot into.
const KEYS: [Key; 3] = [Key::Rdepend, Key::Depend, Key::Pdepend];

/// Masks of all that is newer than what the package was built against, with that package; `None` where that is not
/// what keeps it from being used, or where what it was built against cannot be had or would be a downgrade.
pub(super) fn way(merge: &Merge<'_>, packages: &Packages<'_>) -> Option<(InstanceId, Vec<Edit>)> {
    let Origin::Source(BuildReason::RejectedBinary(id, why)) = &merge.origin else {
        return None;
    };
    if !matches!(
        why,
        RejectedBinary::SlotOperator(_) | RejectedBinary::Dependency(_)
    ) {
        return None;
    }
    let mut edits = Vec::new();
    for (name, slot) in built_against(*id, packages) {
        edits.extend(newer_than(&name, &slot, packages)?);
    }
    edits.dedup();
    (!edits.is_empty()).then_some((*id, edits))
}

/// The slots and sub-slots that a package was built against.
fn built_against(id: InstanceId, packages: &Packages<'_>) -> Vec<(Cpn, Slot)> {
    let record = packages.record(PackageId::Binary(id));
    let facts = record.facts();
    let keys = deps::KEYS.iter().filter(|key| KEYS.contains(key));
    let specs = keys.filter_map(|key| facts.deps(*key).as_ref().ok());
    let enabled = |flag: &str| facts.enabled(flag);
    let slot = |atom: &Dep| {
        atom.slot_operator()?;
        let text = format!("{}/{}", atom.slot()?, atom.sub_slot()?);
        Some((Cpn::parse(atom.name())?, Slot::parse(&text, None)?))
    };
    let mut all: Vec<(Cpn, Slot)> = Vec::new();
    for atom in specs.flat_map(|specs| DepSpec::active_leaves(specs, &enabled)) {
        if let Some(one) = slot(atom).filter(|one| !all.contains(one)) {
            all.push(one);
        }
    }
    all
}

/// A mask of what is newer than the highest version with this sub-slot; nothing where that is the highest of its slot.
fn newer_than(name: &Cpn, wanted: &Slot, packages: &Packages<'_>) -> Option<Option<Edit>> {
    let all = usable(name, wanted.slot(), packages);
    let highest = |all: &mut dyn Iterator<Item = &(Cpv, Slot)>| {
        let cpvs = all.map(|(cpv, _)| cpv.clone());
        cpvs.max_by(|one, other| one.version.cmp_version(&other.version))
    };
    let own = highest(&mut all.iter().filter(|(_, slot)| slot == wanted))?;
    let best = highest(&mut all.iter())?;
    if best.version.cmp_version(&own.version).is_eq() {
        return Some(None);
    }
    let installed = packages.installed_of(name.as_str());
    let is_higher = installed.iter().any(|id| {
        let package = packages.record(PackageId::Installed(*id)).package;
        package.slot_or_zero().slot() == wanted.slot()
            && package.cpv.version.cmp_version(&own.version).is_gt()
    });
    if is_higher {
        return None;
    }
    Some(Some(Edit::line(
        SuggestionKind::Mask,
        mask(wanted.slot(), &own, packages),
    )))
}

/// Versions of a slot that emerge could take or keep, with their sub-slots.
fn usable(name: &Cpn, slot: &str, packages: &Packages<'_>) -> Vec<(Cpv, Slot)> {
    let ebuilds = packages.ebuilds_of(name).into_iter().map(PackageId::Ebuild);
    let ebuilds = ebuilds.filter(|id| packages.record(*id).facts().is_visible());
    let instances = packages.instances_of(name.as_str()).iter().copied();
    let instances = instances.filter(|id| packages.judged(*id).verdict == Verdict::Accepted);
    let installed = packages.installed_of(name.as_str());
    let installed = installed.iter().copied().map(PackageId::Installed);
    let all = ebuilds
        .chain(instances.map(PackageId::Binary))
        .chain(installed);
    let known = all.map(|id| {
        let package = packages.record(id).package;
        (package.cpv.clone(), package.slot_or_zero().clone())
    });
    known.filter(|(_, known)| known.slot() == slot).collect()
}
