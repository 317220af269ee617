//! The dependencies of a package of the graph: plain ones first, any-of groups and virtuals after
//! everything else (`portage: depgraph.py:depgraph._add_pkg_deps`, `._wrapped_add_pkg_dep_string`,
//! `._queue_disjunctive_deps`, `._ignore_dependency`).

use std::rc::Rc;

use crate::plan::depgraph::create_graph::{Creator, ResolveError};
use crate::plan::depgraph::worklist::Disjunction;
use crate::plan::graph::dependency::{Dependency, Parent, Priority};
use crate::plan::options::{Deep, OnlyDeps, RootDeps};
use crate::plan::packages::atom::Atom;
use crate::plan::packages::dep_root::in_root;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::pms::soname::sonames;
use crate::pms::{Eapi, Key, Reduced};

impl<'a> Creator<'_, '_, 'a> {
    /// Look at all dependencies of a package.
    pub(super) fn add_dependencies(&mut self, id: Id) -> Result<(), ResolveError> {
        let package = self.depgraph.get(id);
        let cross = package.root() != self.depgraph.packages.running_root();
        let with_tests = self.wants_test_deps(&package);
        // With `--with-bdeps=y` dependencies of a built package to build it are looked at for updates; not
        // having them is not an error.
        let buildtime = Priority {
            buildtime: true,
            optional: package.is_built(),
            ignored: package.is_built() && !self.depgraph.options.deps.of_built,
            cross,
            ..Priority::default()
        };
        let is_left = self.leaves_depend(&package);
        let depend = Priority {
            optional: buildtime.optional || is_left,
            ignored: buildtime.ignored || is_left,
            ..buildtime
        };
        self.add_soname_deps(&package)?;
        // Portage's order; the first that comes decides what is in the graph for the others.
        let order = [
            (Key::Rdepend, Priority::RUNTIME),
            (Key::Idepend, Priority::RUNTIME),
            (Key::Pdepend, Priority::POST_RUNTIME),
            (Key::Depend, depend),
            (Key::Bdepend, buildtime),
        ];
        for (key, priority) in order {
            if with_tests && self.counts(&package, key) {
                let nodes = self.depgraph.selector().test_deps(&package, key);
                self.add_sorted(id, Priority::POST_RUNTIME, nodes)?;
            }
            let nodes = self.nodes(&package, key);
            self.add_sorted(id, Priority { cross, ..priority }, nodes)?;
        }
        self.depgraph.worklist.traversed.insert(id);
        Ok(())
    }

    /// What counts of a dependency variable. With `--root-deps` RDEPEND has more than its own, also of what is left out
    /// elsewhere.
    fn nodes(&self, package: &Rc<PlanPackage<'a>>, key: Key) -> Vec<Reduced<Atom>> {
        let all_at_run_time = self.depgraph.options.deps.root_deps == Some(RootDeps::AtRunTime);
        let more: &[Key] = match key {
            Key::Rdepend if all_at_run_time => &[Key::Idepend, Key::Depend, Key::Bdepend],
            _ => &[],
        };
        let own = self.counts(package, key).then_some(key);
        let root = self.depgraph.packages.dep_root(package, key);
        let select = self.depgraph.selector();
        let all = own.into_iter().chain(more.iter().copied());
        all.filter(|key| !package.text(*key).is_empty())
            .filter_map(|key| select.reduced_deps(package, key))
            .flat_map(|nodes| in_root(&nodes, root))
            .collect()
    }

    /// Look at the shared libraries that a built package depends on
    /// (`portage: depgraph.py:depgraph._add_pkg_soname_deps`).
    fn add_soname_deps(&mut self, package: &PlanPackage<'a>) -> Result<(), ResolveError> {
        if !self.depgraph.options.deps.sonames {
            return Ok(());
        }
        let depth = self.depgraph.graph.depth_or_target(package.id);
        let depth = depth.map(|depth| depth + 1);
        let local = self.depgraph.packages.local(package.root());
        let provided = &local.soname_provided;
        let required = sonames(package.text(Key::Requires));
        let required = required.filter(|soname| !provided.has(soname));
        for atom in required.filter_map(|soname| Atom::soname(&soname, package.root())) {
            let parent = Parent::Package(package.id);
            self.add_dependency(Dependency::new(atom, parent, depth, Priority::RUNTIME))?;
        }
        Ok(())
    }

    /// Look at plain dependencies now, and at the others later.
    fn add_sorted(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
    ) -> Result<(), ResolveError> {
        let plain = self.queue_disjunctions(id, priority, nodes);
        if plain.is_empty() {
            return Ok(());
        }
        self.add_nodes(id, priority, &plain)
    }

    /// Whether what the tests of a package depend on is looked at too: `--with-test-deps`, for targets whose
    /// tests are not enabled anyway.
    fn wants_test_deps(&self, package: &PlanPackage<'a>) -> bool {
        let depgraph = &*self.depgraph;
        let select = depgraph.selector();
        depgraph.options.deps.with_test
            && depgraph.graph.depth_or_target(package.id) == Some(0)
            && select.has_flag(package, "test")
            && !select.enabled(package, "test")
            && !depgraph.packages.facts(package).flags.is_masked("test")
            && select
                .arguments_for(package)
                .iter()
                .any(|(id, _)| depgraph.goal.argument(*id).is_atom)
    }

    /// Whether a dependency variable is looked at: not what is only for building where it is built, nor
    /// what `--onlydeps` leaves out for a target.
    fn counts(&self, package: &PlanPackage<'a>, key: Key) -> bool {
        let to_build = matches!(key, Key::Depend | Key::Bdepend);
        if to_build {
            let options = &self.depgraph.options;
            let is_left = key == Key::Depend && self.leaves_depend(package);
            let is_ignored = is_left || package.is_built() && !options.deps.of_built;
            return !is_ignored || options.rebuild.because.is_some();
        }
        if self.depgraph.options.build.buildpkgonly
            && !package.is_built()
            && self.depgraph.goal.deep() == Deep::Levels(0)
        {
            return false; // it is not going to run here
        }
        match self.depgraph.options.deps.onlydeps_runtime {
            _ if !package.onlydeps => true,
            OnlyDeps::All => true,
            OnlyDeps::NotAtRunTime => key == Key::Idepend,
            OnlyDeps::BuildTime => false,
        }
    }

    /// Whether DEPEND is left aside: under `--root-deps=rdeps`, in an EAPI that has no BDEPEND.
    fn leaves_depend(&self, package: &PlanPackage<'a>) -> bool {
        let has_bdepend = package.package.eapi.is_none_or(Eapi::has_bdepend);
        self.depgraph.options.deps.root_deps == Some(RootDeps::WithoutDepend) && !has_bdepend
    }

    /// Put any-of groups and virtuals aside, so that everything plain is selected before them.
    fn queue_disjunctions(
        &mut self,
        id: Id,
        priority: Priority,
        nodes: Vec<Reduced<Atom>>,
    ) -> Vec<Reduced<Atom>> {
        let (mut plain, mut aside) = (Vec::with_capacity(nodes.len()), Vec::new());
        split(nodes, &mut plain, &mut aside);
        if !aside.is_empty() {
            self.depgraph.worklist.disjunctions.push(Disjunction {
                package: id,
                priority,
                nodes: aside,
            });
        }
        plain
    }
}

fn split(
    nodes: Vec<Reduced<Atom>>,
    plain: &mut Vec<Reduced<Atom>>,
    aside: &mut Vec<Reduced<Atom>>,
) {
    for node in nodes {
        match node {
            Reduced::AnyOf(_) => aside.push(node),
            Reduced::AllOf(nodes) => split(nodes, plain, aside),
            Reduced::Leaf(ref atom) if atom.is_virtual() => aside.push(node),
            Reduced::Leaf(_) | Reduced::EmptyAnyOf => plain.push(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::options::RootDeps;
    use crate::plan::testing::{database_with, options_with, plan, plan_on};

    /// The plan for `a/a`, of binary packages alone.
    fn of_binaries(lines: &[&str], sonames: bool) -> String {
        let packages = database_with(lines, |policy| {
            policy.sources.usepkgonly = true;
            policy.sources.ebuilds = false;
        });
        let options = options_with(|options| options.deps.sonames = sonames);
        plan_on(packages, &["a/a"], &options)
    }

    #[test]
    fn libraries_that_a_binary_package_needs_come_with_it() {
        let a = "binary a/a-1; REQUIRES=x86_64: libb.so.1";
        let b = "binary b/b-1; PROVIDES=x86_64: libb.so.1";
        let other = "binary c/c-1; PROVIDES=x86_32: libb.so.1";
        assert_eq!(
            of_binaries(&[a, b, other], true),
            "N b/b-1 from binary, N a/a-1 from binary"
        );
        assert_eq!(of_binaries(&[a, b, other], false), "N a/a-1 from binary");
        let missing = of_binaries(&[a, other], true);
        assert!(missing.contains("; Unsatisfied"), "{missing}");
    }

    #[test]
    fn a_package_may_have_the_library_that_it_needs() {
        let a = "binary a/a-1; REQUIRES=x86_64: liba.so.1; PROVIDES=x86_64: liba.so.1";
        assert_eq!(of_binaries(&[a], true), "N a/a-1 from binary");
    }

    #[test]
    fn what_root_deps_makes_of_dependencies_to_build() {
        let lines = [
            "binary a/a-1; EAPI=8; DEPEND=b/b; BDEPEND=c/c",
            "ebuild o/o-1; EAPI=6; DEPEND=b/b",
            "ebuild n/n-1; EAPI=8; DEPEND=b/b",
            "ebuild b/b-1",
            "ebuild c/c-1",
        ];
        let of = |root_deps, target: &str| {
            plan(
                &lines,
                &[target],
                &options_with(|options| options.deps.root_deps = root_deps),
            )
        };
        assert_eq!(of(None, "a/a"), "N a/a-1 from binary");
        let run_time = Some(RootDeps::AtRunTime);
        assert_eq!(of(run_time, "a/a"), "N b/b-1, N c/c-1, N a/a-1 from binary");
        let without = Some(RootDeps::WithoutDepend);
        assert_eq!(of(without, "a/a"), "N a/a-1 from binary");
        assert_eq!(of(without, "o/o"), "N o/o-1");
        assert_eq!(of(without, "n/n"), "N b/b-1, N n/n-1");
    }
}
