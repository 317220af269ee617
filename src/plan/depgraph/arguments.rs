//! The targets of a walk, and which packages they speak of
//! (`portage: depgraph.py:depgraph._iter_atoms_for_pkg`, `._set_args`).

use crate::plan::depgraph::attempt::Depgraph;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::package_db::PlanPackage;

/// Name of the set of rebuilds; no set of a user can have it.
const REBUILDS: &str = "@ rebuilds";

/// What was asked for: an atom, or a set.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Argument {
    /// The word as typed, or the set with `@`.
    pub name: String,
    /// Its atoms.
    pub atoms: Vec<Atom>,
    /// Whether it is a single atom of the command line.
    pub is_atom: bool,
    /// Whether it always wants packages to be installed anew.
    pub force_reinstall: bool,
    /// Whether depth counts from its packages.
    pub reset_depth: bool,
}

impl Argument {
    /// An atom of the command line.
    pub fn atom(word: &str, atom: Atom) -> Argument {
        Argument {
            name: word.to_owned(),
            atoms: vec![atom],
            is_atom: true,
            force_reinstall: false,
            reset_depth: true,
        }
    }

    /// A set.
    pub fn set(name: &str, mut atoms: Vec<Atom>) -> Argument {
        atoms.sort();
        Argument {
            name: name.to_owned(),
            atoms,
            is_atom: false,
            force_reinstall: false,
            reset_depth: true,
        }
    }

    /// Packages that the walk itself wants to be built again.
    pub fn rebuilds(atoms: Vec<Atom>) -> Argument {
        Argument {
            force_reinstall: true,
            reset_depth: false,
            ..Argument::set(REBUILDS, atoms)
        }
    }

    /// Whether the walk itself made it.
    pub fn is_rebuild(&self) -> bool {
        self.name == REBUILDS
    }

    /// Whether a missing package is only reported: for world and what the user selected.
    pub fn forgives_missing(&self) -> bool {
        matches!(self.name.as_str(), "@world" | "@selected")
    }
}

impl<'a> Depgraph<'_, 'a> {
    /// The arguments that speak of a package: those with an atom that matches it, unless a higher
    /// slot is what they would get.
    pub fn arguments_for(&self, choice: &PlanPackage<'a>) -> Vec<(usize, Atom)> {
        let name = choice.package.cpv.cpn.as_str();
        let mut found = Vec::new();
        for (position, argument) in self.arguments.iter().enumerate() {
            let atoms = argument.atoms.iter().filter(|atom| atom.name() == name);
            for atom in atoms.filter(|atom| self.matches(atom, choice)) {
                if !self.has_higher_slot(atom, choice) {
                    found.push((position, atom.clone()));
                }
            }
        }
        found
    }

    /// Whether a package that was seen for the atom is higher and of another slot.
    fn has_higher_slot(&self, atom: &Atom, choice: &PlanPackage<'a>) -> bool {
        let Some(seen) = self.seen.get(atom.name()) else {
            return false;
        };
        let others = seen.iter().map(|id| self.get(*id));
        others
            .filter(|other| self.matches(atom, other) && choice.order(other).is_lt())
            .any(|other| other.slot() != choice.slot())
    }

    /// Whether any argument speaks of a package.
    pub fn is_argument(&self, choice: &PlanPackage<'a>) -> bool {
        !self.arguments_for(choice).is_empty()
    }

    /// Whether the user is content with an installed package
    /// (`portage: depgraph.py:depgraph._want_installed_pkg`).
    pub fn wants_installed(&self, choice: &PlanPackage<'a>) -> bool {
        if self.is_excluded(choice) {
            return true;
        }
        let arguments = self.arguments_for(choice);
        if arguments
            .iter()
            .any(|(position, _)| self.arguments[*position].force_reinstall)
        {
            return false;
        }
        self.options.selective || arguments.is_empty()
    }

    /// Whether a package below a parent should be updated
    /// (`portage: depgraph.py:depgraph._want_update_pkg`).
    pub fn wants_update(&self, parent: &PlanPackage<'a>, choice: &PlanPackage<'a>) -> bool {
        if self.complete_mode || self.is_excluded(choice) {
            return false;
        }
        let arguments = self.arguments_for(choice);
        let resets = arguments
            .iter()
            .any(|(position, _)| self.arguments[*position].reset_depth);
        let depth = match self.depths.get(&parent.id) {
            _ if resets => Some(0),
            Some(None) => None,
            Some(Some(depth)) => Some(depth + 1),
            None => Some(1),
        };
        (!arguments.is_empty() || self.options.update) && !self.is_too_deep(depth)
    }
}
