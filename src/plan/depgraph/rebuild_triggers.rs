//! Packages that are compiled again because something that they were built with is compiled
//! (`portage: depgraph.py:_rebuild_config`; `--rebuild-if-unbuilt` and its like).

use std::collections::BTreeMap;

use crate::binhost::HostId;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::Dependency;
use crate::plan::options::RebuildIf;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::plan::packages::root::Root;
use crate::plan::packages::slot_key::SlotKey;
use crate::pms::{Dep, Kind};

/// Built packages with what they were built with, in order of their coming.
#[derive(Clone, Debug, Default)]
pub(in crate::plan) struct BuildGraph {
    order: Vec<Id>,
    edges: Vec<(Id, Id)>,
}

impl BuildGraph {
    fn add(&mut self, child: Id, parent: Id) {
        for id in [child, parent] {
            if !self.order.contains(&id) {
                self.order.push(id);
            }
        }
        if !self.edges.contains(&(parent, child)) {
            self.edges.push((parent, child));
        }
    }

    fn is_leaf(&self, id: Id) -> bool {
        !self.edges.iter().any(|(parent, _)| *parent == id)
    }

    /// Take a package out; gives those that were built with it.
    fn remove(&mut self, id: Id) -> Vec<Id> {
        self.order.retain(|known| *known != id);
        let parents = self.edges.iter().filter(|(_, child)| *child == id);
        let parents = parents.map(|(parent, _)| *parent).collect();
        self.edges
            .retain(|(parent, child)| *parent != id && *child != id);
        parents
    }
}

type BuildDeps = BTreeMap<SlotKey, Id>;

impl<'a> Depgraph<'_, 'a> {
    /// Note that a built package was built with another one.
    pub fn note_build_dependency(&mut self, child: Id, dependency: &Dependency) {
        if self.options.rebuild.because.is_none() || !dependency.collapsed.buildtime {
            return;
        }
        let Some(parent) = dependency.collapsed_parent.package().map(|id| self.get(id)) else {
            return;
        };
        let names = |atoms: &[Dep], package: &PlanPackage<'a>| {
            let mut atoms = atoms.iter();
            atoms.any(|atom| atom.matches(&package.subject()))
        };
        if parent.is_built()
            && !names(&self.options.rebuild.exclude, &parent)
            && !names(&self.options.rebuild.ignore, &self.get(child))
        {
            self.records.built_with.add(child, parent.id);
        }
    }

    /// Find which packages are to be compiled or merged again, from the leaves up, so that those that
    /// were built with them follow.
    pub fn trigger_rebuilds(&mut self) -> bool {
        let mut graph = std::mem::take(&mut self.records.built_with);
        let mut leaves: Vec<Id> = graph.order.clone();
        leaves.retain(|id| graph.is_leaf(*id));
        let mut build_deps: BTreeMap<Id, BuildDeps> = BTreeMap::new();
        let mut next = 0;
        let mut found = false;
        while let Some(last) = graph.order.last().copied() {
            if next == leaves.len() {
                leaves.push(last); // a cycle: some edge has to go
            }
            let id = leaves[next];
            next += 1;
            if !graph.order.contains(&id) {
                continue;
            }
            let slot = self.slot_of(id);
            for parent in graph.remove(id).into_iter().filter(|parent| *parent != id) {
                build_deps
                    .entry(parent)
                    .or_default()
                    .insert(slot.clone(), id);
                if graph.is_leaf(parent) {
                    leaves.push(parent);
                }
            }
            found |= self.trigger_rebuild(id, &build_deps.remove(&id).unwrap_or_default());
        }
        if found {
            self.outcome.feedback.config = true;
            self.outcome.request_restart();
        }
        found
    }

    fn trigger_rebuild(&mut self, id: Id, build_deps: &BuildDeps) -> bool {
        let slot = self.slot_of(id);
        if self.compiles_again(&slot) {
            return false;
        }
        let parent = self.get(id);
        let merges_again = self.parameters.merged_again.contains(&slot)
            || self.outcome.feedback.merged_again.contains(&slot);
        let mut reinstall = false;
        for (dep_slot, dep) in build_deps {
            let dep = self.get(*dep);
            if self.needs_rebuild(&dep) {
                self.outcome.feedback.compiled_again.insert(slot);
                return true;
            }
            let comes_anew = !dep.is_installed()
                || self.compiles_again(dep_slot)
                || self.parameters.merged_again.contains(dep_slot)
                || self.outcome.feedback.merged_again.contains(dep_slot);
            if !self.packages.policy.sources.usepkg || !comes_anew {
                continue;
            }
            if self.is_from_elsewhere(&parent, &dep) {
                self.outcome.feedback.compiled_again.insert(slot);
                return true;
            }
            // With several builds of a version Portage looks for the very build that is installed, by size and
            // time of the file too, and never finds it (`portage: virtual.py:fakedbapi._instance_key_multi_instance`).
            if self.has_several_builds() {
                continue;
            }
            let version = self.selector().version_atom(&parent);
            let mut binaries = self.packages.matching(Kind::Binary, &version);
            if let Some(binary) = binaries.next().filter(|_| parent.is_installed()) {
                reinstall |=
                    !merges_again && binary.package.build_time != parent.package.build_time;
            }
        }
        if reinstall {
            self.outcome.feedback.merged_again.insert(slot);
        }
        reinstall
    }

    /// Whether what is built with a package has to be compiled again.
    fn needs_rebuild(&self, dep: &PlanPackage<'a>) -> bool {
        let slot = self.slot_of(dep.id);
        if dep.is_built() || self.parameters.compiled_again.contains(&slot) {
            return false;
        }
        let versions = self.packages.versions_of(dep);
        let mut installed = versions.of(Kind::Installed).iter();
        let in_slot = |other: &PlanPackage<'a>| other.slot() == dep.slot();
        match self.options.rebuild.because {
            Some(RebuildIf::NewRevision) => {
                !installed.any(|other| in_slot(other) && other.cpv() == dep.cpv())
            }
            Some(RebuildIf::NewVersion) => {
                let version = dep.cpv().version.split_revision().0;
                !installed.any(|other| {
                    in_slot(other) && other.cpv().version.split_revision().0 == version
                })
            }
            Some(RebuildIf::Unbuilt) | None => true,
        }
    }

    fn compiles_again(&self, slot: &SlotKey) -> bool {
        self.parameters.compiled_again.contains(slot)
            || self.outcome.feedback.compiled_again.contains(slot)
    }

    /// Whether a binhost has a package, and not what the package was built with: then its build is not
    /// the one that fits. With `--rebuild-if-new-ver` another revision of that will do.
    fn is_from_elsewhere(&self, parent: &PlanPackage<'a>, dep: &PlanPackage<'a>) -> bool {
        let Some(host) = self.index_of(parent) else {
            return false;
        };
        let has_another_revision = || {
            let version = dep.cpv().version.split_revision().0;
            let versions = self.packages.versions_of(dep);
            let mut binaries = versions.of(Kind::Binary).iter();
            binaries.any(|binary| {
                binary.slot() == dep.slot()
                    && binary.cpv().version.split_revision().0 == version
                    && self.packages.host_of(binary) == Some(host)
            })
        };
        self.index_of(dep) != Some(host)
            && (self.options.rebuild.because != Some(RebuildIf::NewVersion)
                || !has_another_revision())
    }

    /// The binhost whose index has a package (`portage: bintree.py:binarytree.get_pkgindex_uri`): with several builds
    /// of a version this very build, otherwise any of the version.
    fn index_of(&self, package: &PlanPackage<'a>) -> Option<HostId> {
        if self.has_several_builds() {
            return self.packages.host_of(package);
        }
        let version = self.selector().version_atom(package);
        let mut binaries = self.packages.matching(Kind::Binary, &version);
        binaries.find_map(|binary| self.packages.host_of(&binary))
    }

    /// Whether builds of one version are told apart.
    fn has_several_builds(&self) -> bool {
        let vars = &self.packages.local(Root::Target).base.vars;
        vars.has("FEATURES", "binpkg-multi-instance")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::options::{Deep, ResolveOptions};
    use crate::plan::testing::{database, options_with, plan};

    fn because(because: Option<RebuildIf>) -> ResolveOptions {
        options_with(|options| {
            options.selection.update = true;
            options.selection.deep = Deep::All;
            options.selection.selective = true;
            options.complete.always = true;
            options.rebuild.because = because;
        })
    }

    /// A tool of one version is installed and another can be had; what was built with it is installed.
    fn with_tool(installed: &str, ebuild: &str, options: &ResolveOptions) -> String {
        let (installed, ebuild) = (format!("installed {installed}"), format!("ebuild {ebuild}"));
        let lines = [
            &installed,
            &ebuild,
            "installed p/p-1; BDEPEND=b/b",
            "ebuild p/p-1; BDEPEND=b/b",
        ];
        plan(&lines, &["p/p", "b/b"], options)
    }

    #[test]
    fn what_was_built_with_a_new_version_is_built_again() {
        for (installed, ebuild, rebuild_if, wanted) in [
            ("b/b-1", "b/b-2", None, "U b/b-2"),
            (
                "b/b-1",
                "b/b-2",
                Some(RebuildIf::NewVersion),
                "U b/b-2, R p/p-1",
            ),
            (
                "b/b-1",
                "b/b-1-r1",
                Some(RebuildIf::NewVersion),
                "U b/b-1-r1",
            ),
            (
                "b/b-1",
                "b/b-1-r1",
                Some(RebuildIf::NewRevision),
                "U b/b-1-r1, R p/p-1",
            ),
            ("b/b-1", "b/b-1", Some(RebuildIf::NewRevision), ""),
        ] {
            let found = with_tool(installed, ebuild, &because(rebuild_if));
            assert_eq!(found, wanted, "{ebuild} {rebuild_if:?}");
        }
    }

    #[test]
    fn excluded_and_ignored_packages_trigger_nothing() {
        let name = |text: &str| Dep::selection(text).into_iter().collect();
        let mut options = because(Some(RebuildIf::NewVersion));
        options.rebuild.exclude = name("p/p");
        assert_eq!(with_tool("b/b-1", "b/b-2", &options), "U b/b-2");
        let mut options = because(Some(RebuildIf::NewVersion));
        options.rebuild.ignore = name("b/b");
        assert_eq!(with_tool("b/b-1", "b/b-2", &options), "U b/b-2");
    }

    #[test]
    fn leaves_of_the_build_graph_have_no_build_dependencies() {
        let packages = database(&["ebuild a/a-1", "ebuild b/b-1", "ebuild c/c-1"]);
        let [a, b, c] = ["a/a-1", "b/b-1", "c/c-1"].map(|cpv| packages.ebuild(cpv).id);
        let mut graph = BuildGraph::default();
        graph.add(b, a);
        graph.add(b, a);
        graph.add(c, b);
        assert_eq!(graph.order, [b, a, c]);
        assert_eq!([a, b, c].map(|id| graph.is_leaf(id)), [false, false, true]);
        assert_eq!(graph.remove(c), [b]);
        assert!(graph.is_leaf(b));
        assert_eq!(graph.remove(b), [a]);
        assert_eq!(graph.order, [a]);
    }
}
