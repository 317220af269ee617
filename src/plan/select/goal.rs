//! What an attempt resolves for: the targets, how deep updates go, and whether the graph grows or is only
//! completed.
//!
//! Whatever changes here can change which package is selected, so each change counts up a generation
//! that [`Memo`](super::memo::Memo) compares.

use foldhash::HashMap;

use crate::plan::argument::{Argument, ArgumentId};
use crate::plan::options::{Deep, ResolveOptions};
use crate::plan::packages::atom::Atom;

/// How packages are selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::plan) enum GraphMode {
    /// The best that is available (`portage: depgraph.py:depgraph._select_pkg_highest_available`).
    Highest,
    /// What the graph has already, else what is installed: the graph is only completed
    /// (`portage: depgraph.py:depgraph._select_pkg_from_graph`).
    FromGraph,
}

/// The targets, and how they are resolved.
#[derive(Debug)]
pub(in crate::plan) struct Goal {
    arguments: Vec<Argument>,
    /// Atoms of all targets by the name that each asks for, as the targets have them.
    by_name: HashMap<String, Vec<(ArgumentId, Atom)>>,
    /// Atoms of @selected.
    selected: Vec<Atom>,
    /// Atoms of @system.
    system: Vec<Atom>,
    /// The same by name.
    system_by_name: HashMap<String, Vec<Atom>>,
    mode: GraphMode,
    deep: Deep,
    must_complete: bool,
    generation: u64,
}

impl Goal {
    /// The targets of a run.
    pub fn new(
        arguments: Vec<Argument>,
        selected: Vec<Atom>,
        system: Vec<Atom>,
        options: &ResolveOptions,
    ) -> Goal {
        let mut system_by_name: HashMap<String, Vec<Atom>> = HashMap::default();
        for atom in &system {
            let of_name = system_by_name.entry(atom.name().to_owned()).or_default();
            of_name.push(atom.clone());
        }
        let mut goal = Goal {
            arguments: Vec::new(),
            by_name: HashMap::default(),
            selected,
            system,
            system_by_name,
            mode: GraphMode::Highest,
            deep: options.selection.deep,
            must_complete: options.complete.always,
            generation: 0,
        };
        goal.index_all(arguments);
        goal
    }

    fn index_all(&mut self, arguments: Vec<Argument>) {
        self.by_name.clear();
        self.arguments.clear();
        for argument in arguments {
            self.index(argument);
        }
    }

    fn index(&mut self, argument: Argument) {
        let id = ArgumentId::new(self.arguments.len());
        for atom in &argument.atoms {
            let of_name = self.by_name.entry(atom.name().to_owned()).or_default();
            of_name.push((id, atom.clone()));
        }
        self.arguments.push(argument);
    }

    /// Atoms of all targets that ask for a name, in the order of the targets.
    pub fn atoms_for(&self, name: &str) -> &[(ArgumentId, Atom)] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The ids of all targets.
    pub fn argument_ids(&self) -> impl Iterator<Item = ArgumentId> + use<> {
        (0..self.arguments.len()).map(ArgumentId::new)
    }

    /// All targets.
    pub fn arguments(&self) -> &[Argument] {
        &self.arguments
    }

    /// One of the targets.
    pub fn argument(&self, id: ArgumentId) -> &Argument {
        &self.arguments[id.index()]
    }

    /// Atoms of @selected.
    pub fn selected(&self) -> &[Atom] {
        &self.selected
    }

    /// Atoms of @system.
    pub fn system(&self) -> &[Atom] {
        &self.system
    }

    /// Atoms of @system for a name.
    pub fn system_atoms(&self, name: &str) -> &[Atom] {
        self.system_by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// How packages are selected.
    pub fn mode(&self) -> GraphMode {
        self.mode
    }

    /// Whether the graph is only completed.
    pub fn is_completing(&self) -> bool {
        self.mode == GraphMode::FromGraph
    }

    /// How deep updates are considered.
    pub fn deep(&self) -> Deep {
        self.deep
    }

    /// Whether the rest of the installed system is to be looked at too.
    pub fn must_complete(&self) -> bool {
        self.must_complete
    }

    /// Let the rest of the installed system be looked at too. What is selected does not depend on it.
    pub fn require_completion(&mut self) {
        self.must_complete = true;
    }

    /// How often anything changed that packages are selected by.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Replace the targets.
    pub fn set_arguments(&mut self, arguments: Vec<Argument>) {
        self.index_all(arguments);
        self.generation += 1;
    }

    /// Add a target; ids of the others stay.
    pub fn add_argument(&mut self, argument: Argument) {
        self.index(argument);
        self.generation += 1;
    }

    /// From now on the graph is only completed, at any depth: what the world set depends on is looked
    /// at all the way down (`portage: depgraph.py:depgraph._complete_graph`, `myparams["deep"] = True`).
    pub fn start_completing(&mut self) {
        self.mode = GraphMode::FromGraph;
        self.deep = Deep::All;
        self.generation += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::packages::root::Root;

    #[test]
    fn every_change_counts() {
        let mut goal = Goal::new(
            Vec::new(),
            Vec::new(),
            Vec::new(),
            &ResolveOptions::default(),
        );
        assert_eq!((goal.generation(), goal.mode()), (0, GraphMode::Highest));
        goal.add_argument(Argument::set("@system", Root::Target, Vec::new()));
        goal.set_arguments(vec![Argument::set("@world", Root::Target, Vec::new())]);
        assert_eq!(goal.generation(), 2);
        goal.start_completing();
        assert_eq!((goal.generation(), goal.deep()), (3, Deep::All));
        assert!(goal.is_completing());
    }
}
