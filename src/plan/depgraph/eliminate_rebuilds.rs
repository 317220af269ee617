//! Rebuilds that turn out to change nothing are dropped again
//! (`portage: depgraph.py:depgraph._eliminate_rebuilds`).

use std::rc::Rc;

use crate::check::deps;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::graph::dependency::Parent;
use crate::plan::graph::edge::Edge;
use crate::plan::packages::plan_package::{Id, PlanPackage};
use crate::pms::{Cpn, Dep, Key, Reduced, depspec};

impl<'a> Depgraph<'_, 'a> {
    /// Put installed packages back where a rebuild would give the same; tells whether there were any.
    pub fn drop_useless_rebuilds(&mut self) -> bool {
        if self.options.selection.empty || !self.slot_conflicts().is_empty() {
            return false;
        }
        let mut dropped = false;
        for key in self.parameters.replaced.clone() {
            for new in self.tracker.in_slot(self.packages, &key) {
                let Some(old) = self.packages.installed_in_slot(&new) else {
                    continue;
                };
                if !new.is_installed() && self.is_useless(&new, &old) {
                    self.put_back(new.id, &old);
                    dropped = true;
                }
            }
        }
        dropped
    }

    fn is_useless(&self, new: &Rc<PlanPackage<'a>>, old: &Rc<PlanPackage<'a>>) -> bool {
        let atoms = self.graph.atoms(new.id);
        let is_requested = |parent: &Parent| match parent {
            Parent::Argument(id) => !self.goal.argument(*id).is_rebuild(),
            Parent::Package(_) => false,
        };
        old.cpv() == new.cpv()
            && !self.memo.is_reinstalled(new.id)
            && !(self.options.reinstall.changed_slot
                && (self.selector().has_changed_slot(new) || self.selector().has_changed_slot(old)))
            && atoms
                .iter()
                .all(|(_, atom)| self.selector().matches(atom, old))
            && (self.options.selection.selective
                || !atoms.iter().any(|(parent, _)| is_requested(parent)))
            && old.slot() == new.slot()
            && old.sub_slot() == new.sub_slot()
            && (!new.is_built() || self.same_sonames(new, old))
            && self.same_deps(new, old)
    }

    fn same_sonames(&self, new: &PlanPackage<'a>, old: &PlanPackage<'a>) -> bool {
        let words = |package: &PlanPackage<'a>, key: Key| -> Vec<String> {
            let mut words: Vec<String> = package
                .text(key)
                .split_whitespace()
                .map(str::to_owned)
                .collect();
            words.sort();
            words
        };
        [Key::Provides, Key::Requires]
            .into_iter()
            .all(|key| words(new, key) == words(old, key))
    }

    /// Whether dependencies are those that the installed package records. The slots that a build of an
    /// ebuild would bind to are not compared: Portage works them out
    /// (`evaluate_slot_operator_equal_deps`), but then compares what it had before, where `:=` is still
    /// open. So an ebuild with such a dependency is built again in any case.
    fn same_deps(&self, new: &Rc<PlanPackage<'a>>, old: &Rc<PlanPackage<'a>>) -> bool {
        let Some(recorded) = self.packages.recorded(old) else {
            return false;
        };
        let local = self.packages.local(old.root());
        let libc = local.installed.libc();
        deps::KEYS.iter().all(|key| {
            let enabled = |flag: &str| self.selector().enabled(new, flag);
            let Ok(old_specs) = deps::read(local, recorded, *key) else {
                return false;
            };
            let before = depspec::reduce(&old_specs, new.package.eapi, &enabled);
            let Ok(new_specs) = self.packages.facts(new).deps(*key) else {
                return false;
            };
            let mut after = depspec::reduce(new_specs, new.package.eapi, &enabled);
            after.iter_mut().for_each(|node| evaluate(node, &enabled));
            strip_libc(before, libc) == strip_libc(after, libc)
        })
    }

    /// Let an installed package take the place of its rebuild.
    fn put_back(&mut self, new: Id, old: &Rc<PlanPackage<'a>>) {
        let atoms = self.graph.atoms(new).to_vec();
        let parents = self.graph.parents(new).iter();
        let parents: Vec<(Parent, Edge)> = parents
            .map(|parent| (*parent, self.graph.edge(*parent, new)))
            .collect();
        let children = self.graph.children(Parent::Package(new)).iter();
        let children: Vec<(Id, Edge)> = children
            .map(|child| (*child, self.graph.edge(Parent::Package(new), *child)))
            .collect();
        let package = self.get(new);
        self.graph.remove(new);
        self.tracker.remove(&package);
        self.tracker.add(old);
        for (parent, edge) in parents {
            self.graph.add_edge(old.id, parent, edge);
        }
        for (parent, atom) in atoms {
            self.graph.add_atom(old.id, parent, &atom);
        }
        for (child, edge) in children {
            if self.graph.has(child) {
                self.graph.add_edge(child, Parent::Package(old.id), edge);
            }
        }
    }
}

/// Evaluate USE dependencies.
fn evaluate(node: &mut Reduced<Dep>, enabled: &dyn Fn(&str) -> bool) {
    match node {
        Reduced::AllOf(nodes) | Reduced::AnyOf(nodes) => {
            nodes.iter_mut().for_each(|node| evaluate(node, enabled));
        }
        Reduced::EmptyAnyOf => {}
        Reduced::Leaf(dep) if dep.has_conditional_use() => *dep = dep.evaluate_use(enabled),
        Reduced::Leaf(_) => {}
    }
}

fn strip_libc(nodes: Vec<Reduced<Dep>>, libc: &[Cpn]) -> Vec<Reduced<Dep>> {
    let is_libc = |node: &Reduced<Dep>| matches!(node, Reduced::Leaf(atom) if libc.iter().any(|cpn| cpn.as_str() == atom.name()));
    nodes.into_iter().filter(|node| !is_libc(node)).collect()
}

#[cfg(test)]
mod tests {
    use crate::plan::graph::dependency::Parent;
    use crate::plan::options::ResolveOptions;
    use crate::plan::testing::database;

    #[test]
    fn an_installed_package_takes_its_place_back() {
        let packages = database(&[
            "ebuild p/p-1",
            "ebuild a/a-1",
            "installed a/a-1",
            "ebuild c/c-1",
        ]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        let [p, new, c] = ["p/p-1", "a/a-1", "c/c-1"].map(|cpv| packages.ebuild(cpv));
        let old = packages.installed("a/a-1");
        depgraph.insert(&p, None);
        depgraph.insert(&new, Some((p.id, "a/a")));
        depgraph.insert(&c, Some((new.id, "c/c")));
        depgraph.put_back(new.id, &old);
        assert!(!depgraph.graph.has(new.id) && !depgraph.tracker.has(&new));
        assert!(depgraph.tracker.has(&old));
        assert!(depgraph.graph.has_edge(Parent::Package(p.id), old.id));
        assert!(depgraph.graph.has_edge(Parent::Package(old.id), c.id));
        assert_eq!(depgraph.graph.atoms(old.id).len(), 1);
    }
}
