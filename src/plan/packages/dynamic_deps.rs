//! Dependencies of installed packages as their ebuilds have them now
//! (`_emerge/FakeVartree.py:FakeVartree._apply_dynamic_deps`).

use std::rc::Rc;

use crate::check::deps;
use crate::local::Local;
use crate::plan::options::DepOptions;
use crate::plan::packages::plan_package::PlanPackage;
use crate::pms::{Dep, Eapi, Key, Metadata, Package, Reduced, SlotOperator, depspec};

/// Keys that the ebuild's values replace.
const LIVE: [Key; 7] = [
    Key::Bdepend,
    Key::Depend,
    Key::Idepend,
    Key::Pdepend,
    Key::Rdepend,
    Key::Eapi,
    Key::Keywords,
];

/// Which dependencies an installed package has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum InstalledDeps {
    /// Those that were recorded with it (`--dynamic-deps=n`).
    Recorded,
    /// Those that its ebuild has now, and what its build bound to slots.
    Live,
    /// Those that its ebuild has now (`--ignore-built-slot-operator-deps=y`).
    LiveUnbound,
}

impl InstalledDeps {
    /// As the options have it.
    pub fn of(options: &DepOptions) -> InstalledDeps {
        match (options.dynamic, options.ignore_built_slot_operators) {
            (false, _) => InstalledDeps::Recorded,
            (true, false) => InstalledDeps::Live,
            (true, true) => InstalledDeps::LiveUnbound,
        }
    }
}

/// The ebuild of the installed version in its own repository, if both EAPIs are supported.
pub(in crate::plan) fn live_ebuild<'a>(
    installed: &Package,
    ebuilds: &[Rc<PlanPackage<'a>>],
) -> Option<&'a Package> {
    let same = |ebuild: &&Rc<PlanPackage<'a>>| {
        ebuild.package.cpv == installed.cpv
            && installed.repository.is_some()
            && ebuild.package.repository == installed.repository
    };
    let ebuild = ebuilds.iter().find(same)?;
    (ebuild.package.eapi.is_some() && installed.eapi.is_some()).then_some(ebuild.package)
}

/// The installed package with the ebuild's dependencies, and what the build had bound to slots where that counts. None
/// where the ebuild's EAPI has no place for it.
pub(in crate::plan) fn with_live_deps(
    installed: &Package,
    live: &Package,
    local: &Local,
    which: InstalledDeps,
) -> Option<Package> {
    let is_bound = which == InstalledDeps::Live;
    let can_bind = Eapi::allows(live.eapi, Eapi::has_sub_slots);
    let mut texts: Vec<(Key, String)> = Key::ALL
        .into_iter()
        .filter(|key| !LIVE.contains(key))
        .filter_map(|key| {
            installed
                .metadata
                .get(key)
                .map(|text| (key, text.to_owned()))
        })
        .collect();
    let built_with = local.use_flags.of(installed, false);
    for key in LIVE {
        let mut text = live.metadata.text(key).to_owned();
        if deps::KEYS.contains(&key) {
            let built = || built_atoms(local, installed, key, &|flag| built_with.built_with(flag));
            for atom in if is_bound { built() } else { Vec::new() } {
                if !can_bind {
                    return None;
                }
                text.push(' ');
                text.push_str(atom.as_str());
            }
        }
        texts.push((key, text));
    }
    let pairs = texts.iter().map(|(key, text)| (*key, text.as_str()));
    Some(Package {
        metadata: Metadata::from_pairs(pairs),
        eapi: live.eapi,
        ..installed.clone()
    })
}

/// Atoms of the form `:slot/sub-slot=` in one variable, wherever they stand.
fn built_atoms(
    local: &Local,
    package: &Package,
    key: Key,
    enabled: &dyn Fn(&str) -> bool,
) -> Vec<Dep> {
    let Ok(specs) = deps::read(local, package, key) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    collect(&depspec::reduce(&specs, package.eapi, enabled), &mut found);
    found
}

fn collect(nodes: &[Reduced<Dep>], found: &mut Vec<Dep>) {
    for node in nodes {
        match node {
            Reduced::Leaf(atom) => {
                let built =
                    atom.slot_operator() == Some(SlotOperator::Equal) && atom.sub_slot().is_some();
                if built && atom.blocker().is_none() {
                    found.push(atom.clone());
                }
            }
            Reduced::AllOf(nodes) | Reduced::AnyOf(nodes) => collect(nodes, found),
            Reduced::EmptyAnyOf => {}
        }
    }
}
