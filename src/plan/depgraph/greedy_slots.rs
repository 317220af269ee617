//! Other installed slots of a target (`portage: depgraph.py:depgraph._greedy_slots`).

use crate::check::deps;
use crate::plan::argument::Argument;
use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::plan_package::PlanPackage;
use crate::pms::{Dep, Kind, Reduced};

impl<'a> Depgraph<'_, 'a> {
    /// Updating a single package updates its other installed slots too.
    pub fn add_greedy_slots(&mut self) {
        let mut all = Vec::new();
        for argument in self.goal.arguments().to_vec() {
            let more = if argument.is_atom {
                self.greedy_slots(&argument)
            } else {
                Vec::new()
            };
            all.push(argument);
            all.extend(more);
        }
        self.goal.set_arguments(all);
    }

    fn greedy_slots(&mut self, argument: &Argument) -> Vec<Argument> {
        let Some(atom) = argument.atoms.first().cloned() else {
            return Vec::new();
        };
        let Some(highest) = self.pick_target(&atom) else {
            return Vec::new();
        };
        let mut slots: Vec<String> = Vec::new();
        for installed in self.packages.matching(Kind::Installed, &atom) {
            let slot = installed.slot().to_owned();
            if slot != highest.slot() && !slots.contains(&slot) {
                slots.push(slot);
            }
        }
        let mut greedy = Vec::new();
        for slot in slots {
            let slot_atom = Atom::plain(Dep::of_slot(highest.cpn(), &slot), highest.root());
            let Some(package) = self.pick_target(&slot_atom) else {
                continue;
            };
            if package.order(&highest).is_lt() && !self.block_each_other(&package, &highest) {
                greedy.push(Argument::atom(&argument.name, slot_atom));
            }
        }
        greedy
    }

    fn block_each_other(&self, one: &PlanPackage<'a>, other: &PlanPackage<'a>) -> bool {
        self.blocks_package(one, other) || self.blocks_package(other, one)
    }

    fn blocks_package(&self, holder: &PlanPackage<'a>, blocked: &PlanPackage<'a>) -> bool {
        let select = self.selector();
        let mut keys = deps::KEYS.iter();
        keys.any(|key| {
            let nodes = select.reduced_deps(holder, *key).unwrap_or_default();
            nodes.iter().any(|node| match node {
                Reduced::Leaf(atom) => {
                    let atom = atom.in_root(blocked.root());
                    atom.is_blocker() && select.matches(&atom, blocked)
                }
                _ => false,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::argument::Argument;
    use crate::plan::testing::{atom, database, options_with};

    #[test]
    fn installed_slots_are_targets_unless_they_exclude_the_highest() {
        let packages = database(&[
            "ebuild a/a-3; SLOT=3",
            "ebuild a/a-2; SLOT=2",
            "installed a/a-2; SLOT=2",
            "ebuild a/a-1; SLOT=1; RDEPEND=!a/a:3",
            "installed a/a-1; SLOT=1; RDEPEND=!a/a:3",
        ]);
        let options = options_with(|options| options.selection.update = true);
        let mut depgraph = packages.attempt(&options);
        depgraph
            .goal
            .add_argument(Argument::atom("a/a", atom("a/a")));
        depgraph.add_greedy_slots();
        let atoms = depgraph.goal.arguments().iter();
        let atoms: Vec<String> = atoms.map(|one| one.atoms[0].to_string()).collect();
        assert_eq!(atoms, ["a/a", "a/a:2"]);
    }
}
