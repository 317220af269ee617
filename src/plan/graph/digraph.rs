//! Who depends on whom.

use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashSet};

use crate::plan::graph::dependency::{Depth, Parent, Priority};
use crate::plan::graph::edge::Edge;
use crate::plan::packages::atom::Atom;
use crate::plan::packages::id_map::IdMap;
use crate::plan::packages::plan_package::Id;

/// Packages and targets with their edges, in order of their coming.
#[derive(Debug, Default)]
pub(in crate::plan) struct Digraph {
    order: Vec<Id>,
    parents: IdMap<Vec<Parent>>,
    children: HashMap<Parent, Vec<Id>>,
    /// The same to look up, with what order it demands: a package may have tens of thousands of dependencies.
    edges: HashMap<(Parent, Id), Edge>,
    /// For each package, who depends on it with which atom.
    atoms: IdMap<Vec<(Parent, Atom)>>,
    /// The same to look up.
    requests: HashSet<(Id, Parent, Atom)>,
    /// Depths of all packages that ever were in the graph; one that comes back has its old depth, as
    /// `Package.depth` has in Portage.
    depths: IdMap<Depth>,
}

impl Digraph {
    /// Whether a package is in the graph.
    pub fn has(&self, id: Id) -> bool {
        self.parents.has(id)
    }

    /// All packages, in order of their coming.
    pub fn packages(&self) -> &[Id] {
        &self.order
    }

    /// Add a package below a parent that depends on it.
    pub fn add_edge(&mut self, child: Id, parent: Parent, edge: Edge) {
        self.add(child, None);
        match self.edges.entry((parent, child)) {
            Entry::Occupied(mut known) => {
                let both = known.get().and(edge);
                known.insert(both);
            }
            Entry::Vacant(place) => {
                place.insert(Edge::default().and(edge));
                self.link(child, parent);
            }
        }
    }

    /// Add a package for a dependency of a parent.
    pub fn add_dependency(&mut self, child: Id, parent: Parent, priority: Priority) {
        self.add_edge(child, parent, Edge::of(priority));
    }

    /// Add a package, maybe below a parent.
    pub fn add(&mut self, child: Id, parent: Option<Parent>) {
        if !self.has(child) {
            self.order.push(child);
            self.parents.insert(child, Vec::new());
        }
        if let Some(parent) = parent
            && let Entry::Vacant(place) = self.edges.entry((parent, child))
        {
            place.insert(Edge::default());
            self.link(child, parent);
        }
    }

    /// What a new edge comes with. A parent that is not in the graph yet comes behind its child.
    fn link(&mut self, child: Id, parent: Parent) {
        self.parents.or_default(child).push(parent);
        if let Parent::Package(id) = parent {
            self.add(id, None);
        }
        self.children.entry(parent).or_default().push(child);
    }

    /// What order a parent's dependencies on a package demand.
    pub fn edge(&self, parent: Parent, child: Id) -> Edge {
        let known = self.edges.get(&(parent, child));
        known.copied().unwrap_or_default()
    }

    /// Record with which atom a parent depends on a package.
    pub fn add_atom(&mut self, child: Id, parent: Parent, atom: &Atom) {
        if self.requests.insert((child, parent, atom.clone())) {
            self.atoms.or_default(child).push((parent, atom.clone()));
        }
    }

    /// Whether a parent depends on a package with an atom.
    pub fn has_atom(&self, child: Id, (parent, atom): &(Parent, Atom)) -> bool {
        self.requests.contains(&(child, *parent, atom.clone()))
    }

    /// Who depends on a package, with which atoms.
    pub fn atoms(&self, child: Id) -> &[(Parent, Atom)] {
        self.atoms.get(child).map_or(&[], Vec::as_slice)
    }

    /// Who depends on any of some packages, with which atoms, each pair once.
    pub fn atoms_of_all(&self, packages: &[Id]) -> Vec<(Parent, Atom)> {
        let mut known = HashSet::default();
        let pairs = packages.iter().flat_map(|id| self.atoms(*id));
        pairs.filter(|pair| known.insert(*pair)).cloned().collect()
    }

    /// Packages that a parent depends on.
    pub fn children(&self, parent: Parent) -> &[Id] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// Parents of a package.
    pub fn parents(&self, child: Id) -> &[Parent] {
        self.parents.get(child).map_or(&[], Vec::as_slice)
    }

    /// Whether a parent depends on a package.
    pub fn has_edge(&self, parent: Parent, child: Id) -> bool {
        self.edges.contains_key(&(parent, child))
    }

    /// How deep a package lies, if it ever was in the graph.
    pub fn depth(&self, id: Id) -> Option<Depth> {
        self.depths.get(id).copied()
    }

    /// How deep a package lies; one that never was in the graph counts as a target.
    pub fn depth_or_target(&self, id: Id) -> Depth {
        self.depth(id).unwrap_or(Some(0))
    }

    /// Record how deep a package lies.
    pub fn set_depth(&mut self, id: Id, depth: Depth) {
        self.depths.insert(id, depth);
    }

    /// Remove a package with its edges; gives what it depended on.
    pub fn remove(&mut self, id: Id) -> Vec<Id> {
        self.order.retain(|known| *known != id);
        for parent in self.parents.remove(id).unwrap_or_default() {
            self.edges.remove(&(parent, id));
            if let Some(children) = self.children.get_mut(&parent) {
                children.retain(|child| *child != id);
            }
        }
        for (parent, atom) in self.atoms.remove(id).unwrap_or_default() {
            self.requests.remove(&(id, parent, atom));
        }
        let me = Parent::Package(id);
        let children = self.children.remove(&me).unwrap_or_default();
        for child in &children {
            self.edges.remove(&(me, *child));
            if let Some(parents) = self.parents.get_mut(*child) {
                parents.retain(|parent| *parent != me);
            }
            let Some(atoms) = self.atoms.get_mut(*child) else {
                continue;
            };
            for (_, atom) in atoms.extract_if(.., |(parent, _)| *parent == me) {
                self.requests.remove(&(*child, me, atom));
            }
        }
        children.into_iter().filter(|child| *child != id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::argument::ArgumentId;
    use crate::plan::testing::{atom, database};

    #[test]
    fn a_package_leaves_no_trace_but_its_depth() {
        let packages = database(&["ebuild a/a-1", "ebuild b/b-1", "ebuild c/c-1"]);
        let [a, b, c] = ["a/a-1", "b/b-1", "c/c-1"].map(|cpv| packages.ebuild(cpv).id);
        let mut graph = Digraph::default();
        for (parent, child) in [(a, b), (b, c)] {
            let parent = Parent::Package(parent);
            graph.add_dependency(child, parent, Priority::RUNTIME);
            graph.add_dependency(child, parent, Priority::POST_RUNTIME);
            graph.add_atom(child, parent, &atom("x/x"));
        }
        graph.set_depth(b, Some(3));
        assert_eq!(graph.packages(), [b, a, c]);
        let both = Edge::of(Priority::RUNTIME).and(Edge::of(Priority::POST_RUNTIME));
        assert_eq!(graph.edge(Parent::Package(a), b), both);
        assert_eq!(graph.remove(b), [c]);
        assert_eq!(graph.packages(), [a, c]);
        assert!(graph.children(Parent::Package(a)).is_empty());
        assert!(graph.parents(c).is_empty() && graph.atoms(c).is_empty());
        assert_eq!(graph.edge(Parent::Package(a), b), Edge::default());
        assert_eq!((graph.depth(b), graph.depth(c)), (Some(Some(3)), None));
    }

    #[test]
    fn atoms_of_several_packages_come_once() {
        let packages = database(&["ebuild a/a-1", "ebuild a/a-2"]);
        let [one, two] = ["a/a-1", "a/a-2"].map(|cpv| packages.ebuild(cpv).id);
        let mut graph = Digraph::default();
        for id in [one, two] {
            graph.add_atom(id, Parent::Argument(ArgumentId::new(0)), &atom("a/a"));
        }
        graph.add_atom(two, Parent::Argument(ArgumentId::new(1)), &atom("a/a"));
        assert_eq!(graph.atoms_of_all(&[one, two]).len(), 2);
    }
}
