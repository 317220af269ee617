//! Which targets speak of a package, and what follows from that
//! (`portage: depgraph.py:depgraph._iter_atoms_for_pkg`).

use crate::plan::argument::ArgumentId;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::PlanPackage;
use crate::plan::select::selector::Selector;

impl<'a> Selector<'_, 'a> {
    /// The arguments that speak of a package: those with an atom that matches it, unless a higher
    /// slot is what they would get.
    pub fn arguments_for(&self, package: &PlanPackage<'a>) -> Vec<(ArgumentId, Atom)> {
        self.arguments_of(package).cloned().collect()
    }

    fn arguments_of<'t>(
        &'t self,
        package: &'t PlanPackage<'a>,
    ) -> impl Iterator<Item = &'t (ArgumentId, Atom)> {
        let atoms = self.goal.atoms_for(package.name()).iter();
        atoms
            .filter(|(_, atom)| self.matches(atom, package) && !self.has_higher_slot(atom, package))
    }

    /// Whether a package that was selected for the name is higher and of another slot. Portage asks only
    /// packages that it has selected before, so that the answer depends on the order of its questions.
    fn has_higher_slot(&self, atom: &Atom, package: &PlanPackage<'a>) -> bool {
        self.memo.any_visible(atom, |id| {
            let other = self.get(id);
            self.matches(atom, &other)
                && !package.is_at_least(&other)
                && other.slot() != package.slot()
        })
    }

    /// Whether any argument speaks of a package.
    pub fn is_argument(&self, package: &PlanPackage<'a>) -> bool {
        self.arguments_of(package).next().is_some()
    }

    /// Whether one of some arguments has its packages installed anew.
    pub fn forces_reinstall(&self, arguments: &[(ArgumentId, Atom)]) -> bool {
        let mut arguments = arguments.iter().map(|(id, _)| self.goal.argument(*id));
        arguments.any(|argument| argument.force_reinstall)
    }

    /// Whether depth counts from one of some arguments.
    pub fn resets_depth(&self, arguments: &[(ArgumentId, Atom)]) -> bool {
        let mut arguments = arguments.iter().map(|(id, _)| self.goal.argument(*id));
        arguments.any(|argument| argument.reset_depth)
    }

    /// Whether an installed package may stay as it is
    /// (`portage: depgraph.py:depgraph._want_installed_pkg`).
    pub fn may_stay_installed(&self, package: &PlanPackage<'a>) -> bool {
        if self.is_excluded(package) {
            return true;
        }
        let arguments = self.arguments_for(package);
        if self.forces_reinstall(&arguments) {
            return false;
        }
        self.options.selection.selective || arguments.is_empty()
    }

    /// Whether a package below a parent should be updated
    /// (`portage: depgraph.py:depgraph._want_update_pkg`).
    pub fn should_update(&self, parent: &PlanPackage<'a>, package: &PlanPackage<'a>) -> bool {
        if self.goal.is_completing() || self.is_excluded(package) {
            return false;
        }
        let arguments = self.arguments_for(package);
        let depth = match self.graph.depth(parent.id) {
            _ if self.resets_depth(&arguments) => Some(0),
            Some(depth) => depth.map(|depth| depth + 1),
            // a parent that is not in the graph yet is looked at as if it were a target
            None => Some(1),
        };
        (!arguments.is_empty() || self.options.selection.update) && !self.is_too_deep(depth)
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::argument::Argument;
    use crate::plan::options::{Deep, ResolveOptions};
    use crate::plan::packages::root::Root;
    use crate::plan::testing::{atom, database, options_with};

    #[test]
    fn an_argument_speaks_of_the_highest_slot_that_was_selected() {
        let packages = database(&["ebuild a/a-1", "ebuild a/a-2; SLOT=2", "ebuild a/a-1.1"]);
        let options = ResolveOptions::default();
        let mut depgraph = packages.attempt(&options);
        depgraph.goal.add_argument(Argument::atom("a", atom("a/a")));
        let lower = packages.ebuild("a/a-1");
        assert!(depgraph.selector().is_argument(&lower));
        depgraph.memo.note_visible(&packages.ebuild("a/a-1.1"));
        assert!(depgraph.selector().is_argument(&lower), "the same slot");
        depgraph.memo.note_visible(&packages.ebuild("a/a-2"));
        assert!(!depgraph.selector().is_argument(&lower));
    }

    #[test]
    fn what_is_installed_stays_unless_asked_for() {
        let packages = database(&["installed a/a-1", "installed b/b-1"]);
        let (a, b) = (packages.installed("a/a-1"), packages.installed("b/b-1"));
        for (selective, stays) in [(false, false), (true, true)] {
            let options = options_with(|options| options.selection.selective = selective);
            let mut depgraph = packages.attempt(&options);
            depgraph.goal.add_argument(Argument::atom("a", atom("a/a")));
            assert_eq!(depgraph.selector().may_stay_installed(&a), stays);
            assert!(depgraph.selector().may_stay_installed(&b));
            depgraph
                .goal
                .add_argument(Argument::rebuilds(Root::Target, vec![atom("b/b:0")]));
            assert!(!depgraph.selector().may_stay_installed(&b));
        }
    }

    #[test]
    fn updates_end_where_deep_ends() {
        let packages = database(&["ebuild a/a-1", "installed b/b-1"]);
        let (a, b) = (packages.ebuild("a/a-1"), packages.installed("b/b-1"));
        for (update, deep, depth, due) in [
            (true, Deep::Levels(1), 0, true),
            (true, Deep::Levels(1), 1, false),
            (true, Deep::All, 7, true),
            (false, Deep::All, 0, false),
        ] {
            let options = options_with(|options| {
                options.selection.update = update;
                options.selection.deep = deep;
            });
            let mut depgraph = packages.attempt(&options);
            depgraph.graph.set_depth(a.id, Some(depth));
            assert_eq!(depgraph.selector().should_update(&a, &b), due, "{deep:?}");
            depgraph.goal.start_completing();
            assert!(!depgraph.selector().should_update(&a, &b));
        }
    }
}
