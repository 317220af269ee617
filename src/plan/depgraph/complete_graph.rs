//! The rest of the installed system is looked at when something installed will change
//! (`portage: depgraph.py:depgraph._complete_graph`).

use crate::plan::argument::Argument;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::depgraph::create_graph::{OnUnsatisfied, ResolveError};
use crate::plan::depgraph::rebuild_probe::{Because, Looking};
use crate::plan::depgraph::slot_operators::RebuildOf;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::options::{Deep, RootDeps};
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::pms::Kind;

impl<'a> Depgraph<'_, 'a> {
    /// Add what the world set depends on, so that nothing that is installed breaks unnoticed.
    pub fn complete_graph(&mut self, world: &[Argument]) -> Result<(), ResolveError> {
        if self.options.deps.nodeps {
            return Ok(());
        }
        if !self.goal.must_complete() {
            let mut packages = self.graph.packages().iter();
            if !packages.any(|id| self.changes_system(*id)) {
                return Ok(());
            }
            self.goal.require_completion();
        }
        let already_deep = self.goal.deep() == Deep::All;
        self.goal.start_completing();
        for root in self.packages.roots() {
            let world: Vec<&Argument> = world
                .iter()
                .filter(|set| set.root == root && self.is_required(set))
                .collect();
            let covered = already_deep
                && root == Root::Target
                && world.iter().all(|set| self.is_argument_set(set));
            if !(covered && self.worklist.postponed.is_empty() && self.worklist.stack.is_empty()) {
                self.add_world(&world);
            }
        }
        self.add_all_arguments()?;
        self.worklist.resume_postponed();
        self.create_graph(OnUnsatisfied::Collect)?;
        self.add_broken()
    }

    /// Whether a set of world must not break.
    fn is_required(&self, set: &Argument) -> bool {
        let looks_at_root = set.root == Root::Target
            || self.options.deps.root_deps != Some(RootDeps::WithoutDepend);
        looks_at_root && !self.options.complete.ignore_world
    }

    fn is_argument_set(&self, set: &Argument) -> bool {
        let mut arguments = self.goal.arguments().iter();
        arguments.any(|argument| argument.name == set.name && argument.root == set.root)
    }

    fn add_world(&mut self, world: &[&Argument]) {
        for set in world.iter().copied() {
            if !self.is_argument_set(set) {
                self.goal.add_argument(Argument {
                    reset_depth: false,
                    ..set.clone()
                });
            }
        }
    }

    fn add_all_arguments(&mut self) -> Result<(), ResolveError> {
        for id in self.goal.argument_ids() {
            for atom in self.goal.argument(id).atoms.clone() {
                let dependency =
                    Dependency::new(atom, Parent::Argument(id), None, Priority::default());
                self.creator(OnUnsatisfied::Collect)
                    .add_dependency(dependency)?;
            }
        }
        Ok(())
    }

    /// Dependencies that were satisfied and would no longer be: the installed package goes into the
    /// graph, where it shows as a conflict.
    fn add_broken(&mut self) -> Result<(), ResolveError> {
        while let Some(mut dependency) = self.worklist.unsatisfied.pop() {
            let installed = self.packages.matching(Kind::Installed, &dependency.atom);
            let Some(package) = installed
                .into_iter()
                .find(|package| self.selector().use_matches(&dependency.atom, package))
            else {
                continue; // it never was
            };
            if self.may_retry()
                && !self.selector().may_stay_installed(&package)
                && dependency.atom.is_bound()
            {
                dependency.child = Some(package.id);
                if let Some(new) =
                    self.rebuild_probe()
                        .find(&dependency, Looking::SubSlot, Because::Update)
                {
                    self.record_rebuild(&dependency, RebuildOf::Parent(new.parent));
                    continue;
                }
            }
            self.add_package(package.id, dependency)?;
            self.create_graph(OnUnsatisfied::Collect)?;
        }
        Ok(())
    }

    /// Whether installing a package changes version, build, slot or USE of something installed.
    fn changes_system(&self, id: Id) -> bool {
        let package = self.get(id);
        if !package.is_merge() {
            return false;
        }
        let versions = self.packages.versions_of(&package);
        let installed = versions.of(Kind::Installed);
        if installed.is_empty() {
            return false;
        }
        let options = self.options;
        if let Some(old) = installed.iter().find(|old| old.slot() == package.slot()) {
            // Another build of the version counts too.
            let moved = old.order(&package).is_ne() || old.sub_slot() != package.sub_slot();
            if options.complete.if_new_version && moved
                || options.complete.if_new_use && self.changes_use(old, &package)
            {
                return true;
            }
        }
        options.rebuild.if_new_slot
            && installed
                .iter()
                .all(|old| old.slot() != package.slot() || old.sub_slot() != package.sub_slot())
    }

    fn changes_use(&self, old: &PlanPackage<'a>, new: &PlanPackage<'a>) -> bool {
        let flags = |package: &PlanPackage<'a>| -> std::collections::BTreeSet<String> {
            package
                .package
                .iuse()
                .map(|flag| flag.flag.to_owned())
                .collect()
        };
        let (before, after) = (flags(old), flags(new));
        before != after
            || after.iter().any(|flag| {
                self.selector().enabled(old, flag) != self.selector().enabled(new, flag)
            })
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::database;
    use crate::plan::testing::options_with;
    use crate::pms::Kind;

    #[test]
    fn what_makes_the_rest_of_the_system_matter() {
        let packages = database(&[
            "installed a/a-1; IUSE=x",
            "ebuild a/a-2; IUSE=x",
            "ebuild a/a-1; IUSE=x",
            "ebuild a/a-3; SLOT=3",
            "ebuild b/b-1",
            "installed c/c-1",
            "ebuild c/c-1; IUSE=y",
            "installed d/d-1; BUILD_TIME=1",
            "binary d/d-1; BUILD_TIME=2",
        ]);
        let none = options_with(|options| {
            options.complete.if_new_version = false;
            options.complete.if_new_use = false;
            options.rebuild.if_new_slot = false;
        });
        for (cpv, changes) in [
            ("a/a-2", true),
            ("a/a-1", false),
            ("a/a-3", true),
            ("b/b-1", false),
            ("c/c-1", true),
        ] {
            let id = packages.ebuild(cpv).id;
            let options = ResolveOptions::default();
            assert_eq!(
                packages.attempt(&options).changes_system(id),
                changes,
                "{cpv}"
            );
            assert!(!packages.attempt(&none).changes_system(id), "{cpv}");
        }
        let options = ResolveOptions::default();
        let other_build = packages.find(Kind::Binary, "d/d-1").id;
        assert!(packages.attempt(&options).changes_system(other_build));
        let installed = packages.installed("a/a-1").id;
        let options = ResolveOptions::default();
        assert!(!packages.attempt(&options).changes_system(installed));
    }
}
