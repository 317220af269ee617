//! Whether a built package and the ebuild of its version depend on the same
//! (`portage: depgraph.py:depgraph._changed_deps`).

use super::dependencies::KEYS;
use super::{Facts, Policy};
use crate::pms::{Cpn, Dep, Key, Reduced, depspec};

/// Those that are compared without `--with-bdeps=y`.
const RUNTIME_KEYS: [Key; 3] = [Key::Idepend, Key::Pdepend, Key::Rdepend];

/// The variables that differ between a built package and the ebuild of its version.
pub(crate) fn changed(policy: &Policy, built: &Facts<'_>, ebuild: &Facts<'_>) -> Vec<Key> {
    let keys: &[Key] = if policy.compare.bdeps {
        &KEYS
    } else {
        &RUNTIME_KEYS
    };
    keys.iter()
        .copied()
        .filter(|&key| differs(built, ebuild, key))
        .collect()
}

/// Whether a variable differs. A string that cannot be read differs, whoever wrote it: on one of the
/// ebuild Portage aborts.
fn differs(binary: &Facts<'_>, ebuild: &Facts<'_>, key: Key) -> bool {
    match (
        normal_form(binary, binary, key),
        normal_form(ebuild, binary, key),
    ) {
        (None, _) | (_, None) => true,
        (Some(found), Some(wanted)) => found != wanted,
    }
}

/// A dependency variable as the comparison sees it, reduced with the flags of `built`.
pub(super) fn normal_form(
    of: &Facts<'_>,
    built: &Facts<'_>,
    key: Key,
) -> Option<Vec<Reduced<Dep>>> {
    let specs = of.deps(key).as_ref().ok()?;
    if specs.is_empty() {
        return Some(Vec::new());
    }
    let enabled = |flag: &str| built.flags.built_with(flag);
    let mut reduced = depspec::reduce_dependencies(specs, of.package.eapi, &enabled);
    depspec::strip_built_slots(&mut reduced);
    let libc = of.local.installed.libc();
    reduced.retain(|node| !is_libc(node, libc));
    Some(reduced)
}

fn is_libc(node: &Reduced<Dep>, libc: &[Cpn]) -> bool {
    matches!(node, Reduced::Leaf(atom) if libc.iter().any(|cpn| cpn.as_str() == atom.name()))
}
