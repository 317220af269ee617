//! Dependency variables with the conditionals of a package's USE worked out.

use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::packages::reduced_cache::ReducedDeps;
use crate::plan::packages::root::Root;
use crate::plan::select::selector::Selector;
use crate::pms::{Dep, DepSpec, Key, Reduced};

impl<'a> Selector<'_, 'a> {
    /// A dependency variable of a package, reduced with its USE, for the root in which it is looked for; `None` where it
    /// cannot be read.
    pub(in crate::plan) fn reduced_deps(&self, package: &PlanPackage<'a>, key: Key) -> ReducedDeps {
        let reduce = || {
            let specs = self.packages.facts(package).deps(key).as_ref().ok()?;
            let enabled = |flag: &str| self.enabled(package, flag);
            Some(self.reduced(package, key, specs, &enabled).into())
        };
        let as_configured = !self.use_changes.contains_key(&package.id)
            && !self.options.deps.ignore_built_slot_operators;
        if as_configured {
            package.reduced_deps.get(key, reduce)
        } else {
            reduce()
        }
    }

    /// What the tests of a package need, with the flag `test` on.
    pub(in crate::plan) fn test_deps(
        &self,
        package: &PlanPackage<'a>,
        key: Key,
    ) -> Vec<Reduced<Atom>> {
        let Ok(specs) = self.packages.facts(package).deps(key) else {
            return Vec::new();
        };
        let enabled = |flag: &str| flag == "test" || self.enabled(package, flag);
        let specs = DepSpec::only_for(specs, "test", &enabled);
        self.reduced(package, key, &specs, &enabled)
    }

    fn reduced(
        &self,
        package: &PlanPackage<'a>,
        key: Key,
        specs: &[DepSpec<Dep>],
        enabled: &dyn Fn(&str) -> bool,
    ) -> Vec<Reduced<Atom>> {
        let reduced = crate::pms::depspec::reduce(specs, package.package.eapi, enabled);
        let drop_built = self.options.deps.ignore_built_slot_operators && package.is_built();
        let root = self.packages.dep_root(package, key);
        let nodes = reduced.iter();
        nodes
            .map(|node| evaluate(node, root, enabled, drop_built))
            .collect()
    }
}

fn evaluate(
    node: &Reduced<crate::pms::Dep>,
    root: Root,
    enabled: &dyn Fn(&str) -> bool,
    drop_built: bool,
) -> Reduced<Atom> {
    let all = |nodes: &[Reduced<crate::pms::Dep>]| {
        nodes
            .iter()
            .map(|node| evaluate(node, root, enabled, drop_built))
            .collect()
    };
    match node {
        Reduced::Leaf(dep) => {
            let atom = Atom::evaluated(dep, root, enabled);
            Reduced::Leaf(if drop_built && atom.is_built() {
                Atom::plain(atom.dep.without_slot(), root)
            } else {
                atom
            })
        }
        Reduced::AllOf(nodes) => Reduced::AllOf(all(nodes)),
        Reduced::AnyOf(nodes) => Reduced::AnyOf(all(nodes)),
        Reduced::EmptyAnyOf => Reduced::EmptyAnyOf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::database;
    use crate::plan::testing::options_with;

    #[test]
    fn conditionals_and_built_slots() {
        let packages = database(&[
            "ebuild a/a-1; IUSE=+x y; RDEPEND=x? ( b/b[x?] ) y? ( c/c )",
            "installed a/a-1; RDEPEND=b/b:1/2=",
            "ebuild a/a-2; RDEPEND=(",
        ]);
        let deps = |ignore: bool, package: &PlanPackage<'static>| {
            let options = options_with(|options| options.deps.ignore_built_slot_operators = ignore);
            let depgraph = packages.attempt(&options);
            let nodes = depgraph.selector().reduced_deps(package, Key::Rdepend)?;
            let atoms = nodes.iter().map(|node| match node {
                Reduced::Leaf(atom) => atom.to_string(),
                other => format!("{other:?}"),
            });
            Some(atoms.collect::<Vec<_>>().join(" "))
        };
        let (ebuild, installed) = (packages.ebuild("a/a-1"), packages.installed("a/a-1"));
        assert_eq!(deps(false, &ebuild).as_deref(), Some("b/b[x]"));
        assert_eq!(deps(false, &installed).as_deref(), Some("b/b:1/2="));
        assert_eq!(deps(true, &installed).as_deref(), Some("b/b"));
        assert_eq!(deps(false, &packages.ebuild("a/a-2")), None);
    }
}
