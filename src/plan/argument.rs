//! One target of a run (`portage: _emerge/DependencyArg.py`).

use crate::plan::packages::atom::Atom;
use crate::plan::packages::root::Root;

/// Name of the set of rebuilds; the space keeps it apart from any set of a user.
const REBUILDS: &str = "@ rebuilds";

/// Name of the set of packages to build again because of what they were built with.
const TRIGGERED: &str = "@ triggered rebuilds";

/// A target of a run, by its place among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::plan) struct ArgumentId(u32);

impl ArgumentId {
    /// The target at a place.
    pub fn new(place: usize) -> ArgumentId {
        ArgumentId(u32::try_from(place).unwrap_or(u32::MAX))
    }

    /// The place, for the list of targets.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What was requested: an atom, or a set.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Argument {
    /// The word as typed, or the set with `@`.
    pub name: String,
    /// The root that it is about.
    pub root: Root,
    /// Its atoms.
    pub atoms: Vec<Atom>,
    /// Whether it is a single atom of the command line.
    pub is_atom: bool,
    /// Whether its packages are installed anew even where they are as they should be.
    pub force_reinstall: bool,
    /// Whether depth counts from its packages.
    pub reset_depth: bool,
}

impl Argument {
    /// An atom of the command line.
    pub fn atom(word: &str, atom: Atom) -> Argument {
        Argument {
            name: word.to_owned(),
            root: atom.root,
            atoms: vec![atom],
            is_atom: true,
            force_reinstall: false,
            reset_depth: true,
        }
    }

    /// A set. Its atoms are sorted, as `PackageSet` gives them to the resolver
    /// (`portage: depgraph.py:depgraph._set_args`).
    pub fn set(name: &str, root: Root, mut atoms: Vec<Atom>) -> Argument {
        atoms.sort();
        Argument {
            name: name.to_owned(),
            root,
            atoms,
            is_atom: false,
            force_reinstall: false,
            reset_depth: true,
        }
    }

    /// Installed packages that earlier attempts found must be built again
    /// (`portage: depgraph.py:depgraph._select_files`, `__auto_slot_operator_replace_installed__`).
    pub fn rebuilds(root: Root, atoms: Vec<Atom>) -> Argument {
        Argument {
            force_reinstall: true,
            reset_depth: false,
            ..Argument::set(REBUILDS, root, atoms)
        }
    }

    /// Packages that are to be built again because something that they were built with is.
    pub fn triggered(root: Root, atoms: Vec<Atom>) -> Argument {
        Argument {
            name: TRIGGERED.to_owned(),
            ..Argument::rebuilds(root, atoms)
        }
    }

    /// Whether it is the set of rebuilds for slot operators.
    pub fn is_rebuild(&self) -> bool {
        self.name == REBUILDS
    }

    /// Whether it is a set that the resolver made itself.
    pub fn is_internal(&self) -> bool {
        self.is_rebuild() || self.name == TRIGGERED
    }

    /// Whether a missing package is only reported: for world and what the user selected.
    pub fn tolerates_missing(&self) -> bool {
        matches!(self.name.as_str(), "@world" | "@selected")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::atom;

    #[test]
    fn kinds_of_argument() {
        let set = Argument::set("@world", Root::Target, vec![atom("b/b"), atom("a/a")]);
        let names: Vec<&str> = set.atoms.iter().map(Atom::name).collect();
        assert_eq!(names, ["a/a", "b/b"]);
        assert!(set.tolerates_missing() && !set.is_rebuild() && set.reset_depth);
        let rebuilds = Argument::rebuilds(Root::Target, vec![atom("a/a:0")]);
        assert!(rebuilds.is_rebuild() && rebuilds.force_reinstall && !rebuilds.reset_depth);
        let one = Argument::atom("a", atom("a/a"));
        assert!(one.is_atom && !one.tolerates_missing() && !one.force_reinstall);
    }
}
