//! What counts as available when one of several alternatives is selected
//! (`portage: depgraph.py:_dep_check_composite_db`).
//!
//! Some packages are hidden from this view, so that the selection leads to a graph without conflicts.

use std::rc::Rc;

use crate::plan::dep_check::{DepCheck, VirtualChain};
use crate::plan::graph::dependency::Priority;
use crate::plan::options::Deep;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::select::memo::Stamp;
use crate::plan::select::selector::Selector;
use crate::pms::{Cpn, Key};

impl<'a> DepCheck<'_, 'a> {
    /// Packages that would satisfy an atom, lowest first; for a virtual possibly one per sub-slot.
    pub(super) fn available(&self, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        if self.select.packages.effort.is_spent() {
            return Vec::new();
        }
        if self.select.goal.is_completing() {
            let finally = self.select.tracker.finally(self.select.packages, atom);
            return finally
                .into_iter()
                .filter(|package| self.select.matches(atom, package))
                .collect();
        }
        let memo = self.select.memo;
        if let Some(known) = memo.available(self.stamp(atom), atom) {
            return known.iter().map(|id| self.select.get(*id)).collect();
        }
        let found = self.find_available(atom);
        let ids = found.iter().map(|package| package.id).collect();
        memo.keep_available(self.stamp(atom), atom, ids);
        found
    }

    /// The state that what is available for an atom depends on. That is what the graph has of its name, and for a
    /// virtual what it has of the names that the virtual may lead to. If updates end at a depth, it is the whole
    /// graph, since then the depth of who asks counts.
    fn stamp(&self, atom: &Atom) -> Stamp {
        let Selector {
            packages,
            goal,
            tracker,
            memo,
            use_changes,
            ..
        } = self.select;
        let changes = use_changes.values().map(|change| change.flags.len()).sum();
        let (root, own) = (atom.root, [atom.name()]);
        if !atom.is_virtual() && atom.soname.is_none() {
            return memo.stamp(goal, tracker, changes, root, Some(own.into_iter()));
        }
        let follows = atom.is_virtual() && goal.deep() == Deep::All;
        let closure = follows
            .then(|| packages.virtual_closure(root, atom.name()))
            .flatten();
        let names = closure.as_ref().map(|names| names.iter().map(Cpn::as_str));
        memo.stamp(goal, tracker, changes, root, names)
    }

    fn find_available(&self, atom: &Atom) -> Vec<Rc<PlanPackage<'a>>> {
        let mut found = Vec::new();
        let Some(picked) = self.pick(atom) else {
            return found;
        };
        let package = self.select.get(picked);
        if self.is_usable(&package, atom, Strictness::Full) {
            found.push(Rc::clone(&package));
        }
        let look_at_all = package.is_virtual()
            && atom.dep.sub_slot().is_none()
            && (!self.select.options.selection.update || found.is_empty());
        if look_at_all {
            self.add_other_slots(atom, &package, &mut found);
        }
        found
    }

    /// For a virtual: the packages of its other slots, so that a lower one that is satisfied will do.
    fn add_other_slots(
        &self,
        atom: &Atom,
        first: &Rc<PlanPackage<'a>>,
        found: &mut Vec<Rc<PlanPackage<'a>>>,
    ) {
        let sub_slot =
            |package: &PlanPackage<'a>| (package.slot().to_owned(), package.sub_slot().to_owned());
        let mut open: Vec<(String, String)> = Vec::new();
        for package in self.select.all_matching(atom) {
            let key = sub_slot(&package);
            if !open.contains(&key) {
                open.push(key);
            }
        }
        let mut resolved: Vec<(String, String)> = Vec::new();
        let key = sub_slot(first);
        if found.is_empty() {
            if !open.contains(&key) {
                open.push(key);
            }
        } else {
            open.retain(|known| *known != key);
            resolved.push(key);
        }
        while let Some((slot, sub)) = open.pop() {
            let in_slot = Atom::plain(atom.dep.in_slot(&slot, &sub), atom.root);
            let Some(picked) = self.pick(&in_slot) else {
                continue;
            };
            let mut package = self.select.get(picked);
            if !self.is_usable(&package, atom, Strictness::AllowConflict) {
                let updates = self.virtual_updates(&package, atom);
                let better = updates
                    .into_iter()
                    .filter(|new| new.slot() == slot && !resolved.contains(&sub_slot(new)));
                let best = better.fold(Rc::clone(&package), |best, new| {
                    if best.order(&new).is_lt() { new } else { best }
                });
                if best.id == package.id {
                    continue;
                }
                package = best;
            }
            resolved.push(sub_slot(&package));
            found.push(package);
        }
        found.sort_by(|left, right| left.order(right));
        found.dedup_by_key(|package| package.id);
    }

    /// Whether a package should be taken for available (`_dep_check_composite_db._visible`).
    fn is_usable(
        &self,
        package: &Rc<PlanPackage<'a>>,
        atom: &Atom,
        strictness: Strictness,
    ) -> bool {
        if package.is_installed() && !self.select.may_stay_installed(package) {
            return false;
        }
        let masked = package.is_installed()
            && (self.select.packages.is_masked(package) || !self.select.is_visible(package));
        if masked && self.select.options.selection.update {
            let policy = self.select.packages.policy;
            if !policy.compare.use_ebuild_visibility && policy.sources.usepkgonly {
                return false;
            }
            if !self.select.packages.has_visible_ebuild(package) {
                return false;
            }
        }
        if package.is_virtual() {
            if !self.has_visible_deps(package) {
                return false;
            }
            if strictness >= Strictness::AllowConflict
                && self
                    .virtual_updates(package, atom)
                    .iter()
                    .any(|new| package.order(new).is_lt())
            {
                return false;
            }
        }
        strictness < Strictness::Full || self.fits_slot(package, atom)
    }

    /// Whether choosing a package would not start a slot conflict.
    fn fits_slot(&self, package: &Rc<PlanPackage<'a>>, atom: &Atom) -> bool {
        if let Some(in_graph) = self
            .select
            .tracker
            .in_slot(self.select.packages, package.slot_key())
            .pop()
        {
            return in_graph.id == package.id || !self.select.matches(atom, &in_graph);
        }
        let Some(highest) = self.pick(package.slot_atom()) else {
            return true;
        };
        let highest = self.select.get(highest);
        !(package.order(&highest).is_lt() && self.select.matches(atom, &highest))
    }

    fn virtual_updates(
        &self,
        package: &Rc<PlanPackage<'a>>,
        atom: &Atom,
    ) -> Vec<Rc<PlanPackage<'a>>> {
        let parent = self.select.get(self.parent);
        if !self.select.should_update(&parent, package) {
            return Vec::new();
        }
        let mut updates = self.select.similar(package, atom);
        updates.retain(|new| {
            self.has_visible_deps(new) && self.is_usable(new, atom, Strictness::AllowUpdate)
        });
        updates
    }

    /// Whether all that a virtual depends on is visible
    /// (`portage: depgraph.py:depgraph._virt_deps_visible`).
    fn has_visible_deps(&self, package: &PlanPackage<'a>) -> bool {
        let memo = self.select.memo;
        let stamp = || self.stamp(package.slot_atom());
        if let Some(known) = memo.visible_deps(stamp(), package.id) {
            return known;
        }
        let visible = self.find_visible_deps(package);
        memo.keep_visible_deps(stamp(), package.id, visible);
        visible
    }

    fn find_visible_deps(&self, package: &PlanPackage<'a>) -> bool {
        if self.chain.is_some_and(|chain| chain.includes(package.id)) {
            // Portage gives up at once (`depgraph._virtual_cycle_error`).
            let mut next = self.chain;
            while let Some(chain) = next {
                self.select.memo.note_virtual_cycle([chain.id]);
                next = chain.outer;
            }
            return false;
        }
        let Some(nodes) = self.select.reduced_deps(package, Key::Rdepend) else {
            return false;
        };
        let chain = VirtualChain {
            id: package.id,
            outer: self.chain,
        };
        let of_virtual = DepCheck {
            parent: package.id,
            chain: Some(&chain),
            ..*self
        };
        let selected = of_virtual.select_atoms(&nodes, Priority::RUNTIME);
        let mut atoms = selected.all_atoms().filter(|atom| !atom.is_blocker());
        atoms.all(|atom| {
            let picked = self.pick(&atom.without_use());
            picked.is_some_and(|id| self.select.is_visible(&self.select.get(id)))
        })
    }
}

/// What must hold for a package to be taken for available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strictness {
    /// A slot conflict and an update of a virtual are left out of account.
    AllowUpdate,
    /// A slot conflict is left out of account.
    AllowConflict,
    /// Everything.
    Full,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::{atom, database, options_with};

    fn available(lines: &[&str], in_graph: &[&str], text: &str) -> String {
        let packages = database(lines);
        let options = options_with(|options| options.selection.update = true);
        let mut depgraph = packages.attempt(&options);
        for cpv in in_graph {
            depgraph.insert(&packages.ebuild(cpv), None);
        }
        let parent = packages.ebuild("p/p-1").id;
        let check = DepCheck::new(depgraph.selector(), parent);
        let found = check.available(&atom(text));
        let found: Vec<String> = found.iter().map(|one| one.cpv().to_string()).collect();
        found.join(" ")
    }

    #[test]
    fn a_package_that_would_start_a_conflict_is_hidden() {
        let lines = ["ebuild p/p-1", "ebuild a/a-1", "ebuild a/a-2"];
        assert_eq!(available(&lines, &[], "a/a"), "a/a-2");
        assert_eq!(available(&lines, &["a/a-1"], "a/a"), "a/a-1");
        assert_eq!(available(&lines, &["a/a-1"], ">a/a-1"), "a/a-2");
        assert_eq!(available(&lines, &[], "b/b"), "");
    }

    #[test]
    fn the_slot_decides_what_would_start_a_conflict() {
        let packages = database(&["ebuild p/p-1", "ebuild a/a-1", "ebuild a/a-2"]);
        let options = options_with(|options| options.selection.update = true);
        for (in_graph, cpv, text, fits) in [
            (None, "a/a-2", "a/a", true),
            (None, "a/a-1", "a/a", false),
            (None, "a/a-1", "<a/a-2", true),
            (Some("a/a-1"), "a/a-1", "a/a", true),
            (Some("a/a-1"), "a/a-2", "a/a", false),
            (Some("a/a-1"), "a/a-2", ">a/a-1", true),
        ] {
            let mut depgraph = packages.attempt(&options);
            if let Some(cpv) = in_graph {
                depgraph.insert(&packages.ebuild(cpv), None);
            }
            let check = DepCheck::new(depgraph.selector(), packages.ebuild("p/p-1").id);
            let package = packages.ebuild(cpv);
            assert_eq!(
                check.fits_slot(&package, &atom(text)),
                fits,
                "{in_graph:?} {cpv} {text}"
            );
        }
    }

    #[test]
    fn a_virtual_is_available_if_what_it_depends_on_is() {
        let virtual_1 = "ebuild virtual/v-1; RDEPEND=b/b";
        let lines = ["ebuild p/p-1", virtual_1, "ebuild b/b-1"];
        assert_eq!(available(&lines, &[], "virtual/v"), "virtual/v-1");
        let lines = ["ebuild p/p-1", virtual_1, "ebuild b/b-1; KEYWORDS="];
        assert_eq!(available(&lines, &[], "virtual/v"), "");
    }
}
