//! Which packages require shared libraries that will not be there once a plan is carried out.

use std::collections::{BTreeMap, HashMap};

use crate::binhost::InstanceId;
use crate::compat::{self, Compatibility, Concern, ConcernCode, LinkChange, Linked};
use crate::local::Local;
use crate::packages::Packages;
use crate::plan::{Merge, Plan};
use crate::pms::soname::sonames;
use crate::pms::{Key, Package};
use crate::report::plan::LostLibrary;

/// What a plan does to what links here.
pub(super) struct SonameLinks<'l, 'p> {
    packages: &'l Packages<'p>,
    merges: Vec<&'l Merge<'l>>,
    stays: Vec<&'l Package>,
    goes: Vec<&'l Package>,
    change: LinkChange,
}

impl<'l, 'p> SonameLinks<'l, 'p> {
    /// Those of a plan.
    pub(super) fn of(packages: &'l Packages<'p>, plan: &'l Plan<'l>) -> SonameLinks<'l, 'p> {
        let goes = |installed: &&Package| {
            let replaced = plan
                .to_target()
                .any(|merge| is_same_slot(merge.package, installed));
            replaced
                || plan
                    .uninstalled_from_target()
                    .any(|gone| *gone == installed.cpv)
        };
        let installed = packages.local().installed.packages();
        let (goes, stays): (Vec<_>, Vec<_>) = installed.map(|package| &**package).partition(goes);
        let built = |all: &[&Package]| all.iter().map(|package| linked(package, true)).collect();
        let merges: Vec<&Merge<'_>> = plan.to_target().collect();
        let comes = merges
            .iter()
            .map(|merge| linked(merge.package, merge.origin.instance().is_some()));
        SonameLinks {
            change: LinkChange {
                stays: built(&stays),
                goes: built(&goes),
                comes: comes.collect(),
            },
            packages,
            merges,
            stays,
            goes,
        }
    }

    /// Add what will be missing to the answers about the binary packages that require it.
    pub(super) fn add_missing(&self, compatibility: &mut HashMap<InstanceId, Compatibility>) {
        for missing in compat::missing(&self.change, &self.owners()) {
            let merge = self.merges.get(missing.needed_by);
            let Some(id) = merge.and_then(|merge| merge.origin.instance()) else {
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

    /// Add where the C library will be older than that of the build, or another one.
    pub(super) fn add_libc(&self, compatibility: &mut HashMap<InstanceId, Compatibility>) {
        let libc = self.packages.local().installed.libc();
        let merged = self.merges.iter().map(|merge| merge.package);
        let after = self.stays.iter().copied().chain(merged);
        let after: Vec<&Package> = after.filter(|one| compat::is_libc(one, libc)).collect();
        for merge in &self.merges {
            if let Some(id) = merge.origin.instance()
                && let Some(concern) = compat::libc_concern(merge.package, libc, &after)
            {
                compatibility.entry(id).or_default().concerns.push(concern);
            }
        }
    }

    /// What is taken away from packages that stay installed.
    pub(super) fn lost(&self) -> Vec<LostLibrary> {
        let local = self.packages.local();
        let lost = compat::lost(&self.change).into_iter();
        let lost = lost.filter(|lost| !local.soname_provided.has(&lost.soname));
        let library = |lost: compat::LostSoname| {
            let had_by = *self.goes.get(lost.had_by)?;
            let merges = self.merges.iter().map(|merge| merge.package);
            let by = merges.clone().find(|merged| is_same_slot(merged, had_by));
            let needed_by = lost.needed_by.iter();
            let needed_by = needed_by.filter_map(|place| Some(self.stays.get(*place)?.cpv.clone()));
            Some(LostLibrary {
                soname: lost.soname,
                had_by: had_by.cpv.clone(),
                needed_by: needed_by.collect(),
                is_preserved: is_preserved(local, had_by, by),
            })
        };
        lost.filter_map(library).collect()
    }

    /// Which packages are known to have a library, in any version or build: those that are installed now, and what
    /// hosts offer of packages that will be there.
    fn owners(&self) -> BTreeMap<String, Vec<(String, String)>> {
        let provided = &self.packages.local().soname_provided;
        let mut wanted = self.change.unprovided();
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
        for package in self.stays.iter().chain(&self.goes) {
            add(package);
        }
        for other in self.change.after() {
            for id in self.packages.instances_of(&other.name) {
                add(&self.packages.entry(*id).0.package);
            }
        }
        owners
    }
}

fn is_same_slot(one: &Package, other: &Package) -> bool {
    let slot = |package: &Package| package.slot_or_zero().slot().to_owned();
    one.cpv.cpn == other.cpv.cpn && slot(one) == slot(other)
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

/// Whether Portage keeps the libraries of a package that goes as long as they are needed: FEATURES of what is merged in
/// its place, or of itself where it is uninstalled, ask for it, and RESTRICT of neither forbids it
/// (`portage: vartree.py:dblink.treewalk`, `.unmerge`, `._find_libs_to_preserve`).
fn is_preserved(local: &Local, gone: &Package, by: Option<&Package>) -> bool {
    let forbids = |package: &Package| {
        let mut words = package.metadata.text(Key::Restrict).split_whitespace();
        words.any(|word| word == PRESERVE)
    };
    let own = local.package_env.of(&by.unwrap_or(gone).subject());
    let own = own.into_iter().filter(|one| one.name == "FEATURES");
    let is_global = local.base.vars.has("FEATURES", PRESERVE);
    asks(is_global, own.map(|one| one.value.as_str())) && !forbids(gone) && !by.is_some_and(forbids)
}

/// Whether FEATURES of a package ask for it, by their values in package.env, weakest first.
fn asks<'v>(is_global: bool, own: impl Iterator<Item = &'v str>) -> bool {
    let words = own.flat_map(str::split_whitespace);
    let decided = words.filter_map(|word| match word.strip_prefix('-') {
        Some("*" | PRESERVE) => Some(false),
        _ => (word == PRESERVE).then_some(true),
    });
    decided.last().unwrap_or(is_global)
}

/// The word of FEATURES, and of RESTRICT.
const PRESERVE: &str = "preserve-libs";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_decides_what_is_kept() {
        for (is_global, own, expected) in [
            (true, &[][..], true),
            (false, &[], false),
            (true, &["-preserve-libs"], false),
            (true, &["test -test"], true),
            (true, &["-*"], false),
            (false, &["-* preserve-libs"], true),
            (false, &["preserve-libs", "-preserve-libs test"], false),
        ] {
            let found = asks(is_global, own.iter().copied());
            assert_eq!(found, expected, "{is_global} {own:?}");
        }
    }
}
