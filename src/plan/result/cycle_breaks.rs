//! USE flags that would break a cycle of packages that wait for each other
//! (`portage: resolver/circular_dependency.py:circular_dependency_handler._find_suggestions`).

use std::rc::Rc;

use crate::check::deps;
use crate::plan::graph::dependency::Parent;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::select::selector::Selector;
use crate::pms::{Cpv, DepSpec, Key, RequiredUse};

/// So many flags are named of one cycle.
const MOST: usize = 6;

/// Packages of a cycle with a flag each, and the state in which the package would no longer depend on another one of the
/// cycle. Flags that the profile holds, and those of which REQUIRED_USE would not hold, are none.
pub(in crate::plan) fn of(select: &Selector<'_, '_>, cycle: &[Id]) -> Vec<(Cpv, String, bool)> {
    let mut breaks = Vec::new();
    for id in cycle {
        let package = select.get(*id);
        if package.is_built() {
            continue;
        }
        let depends = |other: &&Id| select.graph.has_edge(Parent::Package(*id), **other);
        for child in cycle.iter().filter(|other| *other != id).filter(depends) {
            for flag in breaking(select, &package, *child) {
                let state = !select.enabled(&package, &flag);
                let one = (package.cpv().clone(), flag, state);
                if !breaks.contains(&one) {
                    breaks.push(one);
                }
            }
        }
    }
    breaks.truncate(MOST);
    breaks
}

/// The flags of a package of which another state takes away its dependency on a child.
fn breaking<'a>(
    select: &Selector<'_, 'a>,
    package: &Rc<PlanPackage<'a>>,
    child: Id,
) -> Vec<String> {
    let facts = select.packages.facts(package);
    let mut flags: Vec<&str> = Vec::new();
    for key in deps::KEYS {
        if let Ok(specs) = facts.deps(key).as_ref() {
            flags.extend(DepSpec::conditional_flags(specs));
        }
    }
    flags.sort_unstable();
    flags.dedup();
    let now = |flag: &str| select.enabled(package, flag);
    flags.retain(|flag| {
        let changed = |other: &str| now(other) != (other == *flag);
        select.has_flag(package, flag)
            && select.can_have(package, flag, !now(flag))
            && keeps_required_use(package, &changed)
            && depends(select, package, child, &now)
            && !depends(select, package, child, &changed)
    });
    flags.into_iter().map(str::to_owned).collect()
}

fn keeps_required_use(package: &PlanPackage<'_>, enabled: &dyn Fn(&str) -> bool) -> bool {
    let text = package.text(Key::RequiredUse);
    let required = RequiredUse::parse(text, package.package.eapi);
    required.is_ok_and(|required| required.is_met(enabled))
}

/// Whether a dependency of a package could mean the child.
fn depends<'a>(
    select: &Selector<'_, 'a>,
    package: &PlanPackage<'a>,
    child: Id,
    enabled: &dyn Fn(&str) -> bool,
) -> bool {
    let facts = select.packages.facts(package);
    let child = select.get(child);
    deps::KEYS.iter().any(|key| {
        let Ok(specs) = facts.deps(*key).as_ref() else {
            return false;
        };
        let leaves = DepSpec::active_leaves(specs, enabled).into_iter();
        let mut leaves = leaves.filter(|dep| dep.blocker().is_none());
        leaves.any(|dep| dep.matches(&child.subject()))
    })
}

#[cfg(test)]
mod tests {
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::plan;

    #[test]
    fn flags_that_take_a_dependency_away() {
        let child = "ebuild b/b-1; DEPEND=a/a";
        for (lines, breaks) in [
            (
                ["ebuild a/a-1; IUSE=+doc; DEPEND=doc? ( b/b )", child],
                true,
            ),
            (
                ["ebuild a/a-1; IUSE=lean; DEPEND=!lean? ( b/b )", child],
                true,
            ),
            (
                [
                    "ebuild a/a-1; IUSE=+doc; DEPEND=doc? ( b/b ); REQUIRED_USE=doc",
                    child,
                ],
                false,
            ),
            (["ebuild a/a-1; IUSE=+doc; DEPEND=b/b", child], false),
        ] {
            let text = plan(&lines, &["a/a"], &ResolveOptions::default());
            assert!(text.contains("Circular"), "{text}");
            assert_eq!(!text.contains("breaks: []"), breaks, "{text}");
        }
    }
}
